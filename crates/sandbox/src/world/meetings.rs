//! The meetings that run when the sandbox starts, and the large one on demand.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sidelight_domain::Timestamp;

use super::cast::plain;
use crate::chance::Chance;

/// A meeting.
#[derive(Clone, Debug)]
pub(crate) struct Meeting {
    /// What people dial, digits only.
    pub(crate) number: String,
    /// This instance of it (`zoom.md` 6.4).
    pub(crate) uuid: String,
    pub(crate) topic: String,
    /// Key of the member who hosts it.
    pub(crate) host: String,
    /// When the host started it.
    pub(crate) started_at: Timestamp,
    /// As planned.
    pub(crate) duration: Duration,
    pub(crate) timezone: &'static str,
    /// Who is in the room at the start, in order of arrival.
    pub(crate) participants: Vec<Seat>,
}

/// A role in a meeting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    Host,
    CoHost,
    Attendee,
}

/// Why Zoom shows a participant's address to the host's app, or does not (`zoom.md` 7.6).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Disclosure {
    /// Same Zoom account as the host: shown.
    OwnAccount,
    /// Registered for the meeting with the address: shown.
    Registered,
    /// On the host's calendar invitation: shown.
    Invited,
    /// A guest like any other: empty.
    Hidden,
}

/// Somebody who is in a meeting, or may come.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// `ana-ruiz`; for members of a tenant, the member's key.
    pub(crate) key: String,
    /// As shown in the meeting.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The address that Zoom knows, whether it is disclosed or not.
    pub(crate) email: Option<String>,
    pub(crate) disclosure: Disclosure,
    /// Id of the Zoom user, if signed in.
    pub(crate) zoom_user: Option<String>,
    /// Account of the Zoom user, if signed in.
    pub(crate) zoom_account: Option<String>,
    /// For those who dialled in.
    pub(crate) phone: Option<String>,
    /// How long after the start of the meeting they came.
    pub(crate) came_after: Duration,
}

impl Seat {
    /// A member of a tenant, signed in to Zoom with the tenant's account.
    fn member(first: &str, last: &str, tenant: Home, role: Role) -> Self {
        let key = format!("{}-{}", plain(first), plain(last));
        Self {
            name: format!("{first} {last}"),
            role,
            email: Some(format!("{}.{}@{}", plain(first), plain(last), tenant.domain)),
            disclosure: Disclosure::OwnAccount,
            zoom_user: Some(format!("u-{key}")),
            zoom_account: Some(tenant.account.to_owned()),
            phone: None,
            came_after: Duration::ZERO,
            key,
        }
    }

    /// Somebody from outside, signed in to a Zoom account of their own.
    fn outsider(name: &str, email: &str, disclosure: Disclosure) -> Self {
        let key = plain(name);
        Self {
            name: name.to_owned(),
            role: Role::Attendee,
            email: Some(email.to_owned()),
            disclosure,
            zoom_user: Some(format!("x-{key}")),
            zoom_account: Some("acc-elsewhere".to_owned()),
            phone: None,
            came_after: Duration::ZERO,
            key,
        }
    }

    /// Somebody who only typed a name.
    fn guest(name: &str) -> Self {
        Self {
            email: None,
            zoom_user: None,
            zoom_account: None,
            disclosure: Disclosure::Hidden,
            ..Self::outsider(name, "", Disclosure::Hidden)
        }
    }

    /// Somebody on the phone.
    fn phone(number: &str) -> Self {
        Self { phone: Some(number.to_owned()), ..Self::guest(number) }
    }

    fn after(mut self, seconds: u64) -> Self {
        self.came_after = Duration::from_secs(seconds);
        self
    }
}

#[derive(Clone, Copy)]
struct Home {
    domain: &'static str,
    account: &'static str,
}

const LUMEN_HOME: Home = Home { domain: "lumenworks.example", account: "acc-lumen" };
const HARBOR_HOME: Home = Home { domain: "harborcloud.example", account: "acc-harbor" };
const CORVANE_HOME: Home = Home { domain: "corvane.example", account: "acc-corvane" };

/// The number of the demo meeting.
pub(crate) const NORTHWIND_NUMBER: &str = "81234567890";
/// The number of the other tenant's meeting.
pub(crate) const SOLSTICE_NUMBER: &str = "82345678901";
/// The number of the meeting without customers.
pub(crate) const INTERNAL_NUMBER: &str = "83456789012";
/// The number of the meeting with a thousand people.
pub(crate) const TOWN_HALL_NUMBER: &str = "84567890123";

/// The number of the meeting whose people belong to tenants of two data centres.
pub(crate) const AURELIO_NUMBER: &str = "85678901234";

/// The meetings that run at `now`.
pub(crate) fn of_the_day(seed: u64, now: Timestamp) -> Vec<Meeting> {
    let meeting = |number: &str, topic: &str, host: &str, minutes: u64, timezone, participants| Meeting {
        number: number.to_owned(),
        uuid: instance(seed, number, now),
        topic: topic.to_owned(),
        host: host.to_owned(),
        started_at: now.before(Duration::from_secs(minutes * 60)),
        duration: Duration::from_mins(45),
        timezone,
        participants,
    };
    vec![
        meeting(
            NORTHWIND_NUMBER,
            "Northwind Traders: weekly sync",
            "maya-lindqvist",
            12,
            "Europe/Stockholm",
            northwind(),
        ),
        meeting(
            SOLSTICE_NUMBER,
            "Solstice Energy: rollout check-in",
            "dana-whitfield",
            7,
            "America/New_York",
            solstice(),
        ),
        meeting(INTERNAL_NUMBER, "Customer success stand-up", "hannah-becker", 4, "Europe/Berlin", stand_up()),
        meeting(AURELIO_NUMBER, "Aurelio Foods: both sides", "nadia-ferreira", 9, "Europe/Lisbon", aurelio()),
    ]
}

/// A fresh instance id: base64 of 16 bytes, other at each start.
pub(crate) fn instance(seed: u64, number: &str, started_at: Timestamp) -> String {
    let mut bytes = [0; 16];
    Chance::new(seed, &format!("instance {number} {}", started_at.as_millis())).fill(&mut bytes);
    STANDARD.encode(bytes)
}

fn northwind() -> Vec<Seat> {
    vec![
        Seat::member("Maya", "Lindqvist", LUMEN_HOME, Role::Host),
        Seat::member("Tom", "Okafor", LUMEN_HOME, Role::Attendee).after(35),
        Seat::outsider("Ana Ruiz", "ana.ruiz@northwindtraders.example", Disclosure::Invited).after(48),
        // As the mail system writes it; Gainsight has it in lower case.
        Seat::outsider("Ben Carter", "Ben.Carter@NorthwindTraders.example", Disclosure::Invited).after(61),
        Seat::outsider("Chioma Eze", "chioma.eze@northwindtraders.example", Disclosure::Registered).after(74),
        Seat::outsider("Diego Santos", "diego.santos@fabrikanalytics.example", Disclosure::Invited).after(102),
        Seat::outsider("Erin Walsh", "erin.walsh@northwindtraders.example", Disclosure::Registered).after(131),
        Seat::guest("Sam").after(160),
        Seat::phone("+1 (415) 555-0142").after(193),
    ]
}

fn solstice() -> Vec<Seat> {
    vec![
        Seat::member("Dana", "Whitfield", HARBOR_HOME, Role::Host),
        Seat::member("Luis", "Ortega", HARBOR_HOME, Role::CoHost).after(20),
        Seat::outsider("Ingrid Solberg", "ingrid.solberg@solsticeenergy.example", Disclosure::Invited).after(41),
        Seat::outsider("Pavel Novák", "pavel.novak@solsticeenergy.example", Disclosure::Invited).after(66),
        Seat::outsider("Tariq Aziz", "tariq.aziz@solsticeenergy.example", Disclosure::Hidden).after(80),
    ]
}

fn stand_up() -> Vec<Seat> {
    vec![
        Seat::member("Hannah", "Becker", LUMEN_HOME, Role::Host),
        Seat::member("Oluwaseun", "Balogun", LUMEN_HOME, Role::CoHost).after(12),
        Seat::member("Claire", "Fontaine", LUMEN_HOME, Role::Attendee).after(19),
        Seat::member("Priya", "Raman", LUMEN_HOME, Role::Attendee).after(33),
    ]
}

/// Colleagues and customers of a tenant in the EU and of one in US2, one of them known to both.
fn aurelio() -> Vec<Seat> {
    vec![
        Seat::member("Nadia", "Ferreira", CORVANE_HOME, Role::Host),
        Seat::member("Stefan", "Brandt", CORVANE_HOME, Role::Attendee).after(15),
        Seat::member("Jordan", "Pike", CORVANE_HOME, Role::Attendee).after(22),
        Seat::outsider("Lucia Bianchi", "lucia.bianchi@aureliofoods.example", Disclosure::Invited).after(40),
        Seat::outsider("Wes Harmon", "wes.harmon@aureliofoods.example", Disclosure::Invited).after(52),
        Seat::outsider("Tommaso Riva", "tommaso.riva@aureliofoods.example", Disclosure::Registered).after(70),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::world::cast::members;

    #[test]
    fn hosts_and_members_in_the_room_are_part_of_the_cast() {
        let members = members();
        for meeting in of_the_day(7, Timestamp::from_millis(1_780_000_000_000)) {
            assert!(members.iter().any(|member| member.key == meeting.host), "{}", meeting.topic);
            for seat in meeting.participants.iter().filter(|seat| seat.disclosure == Disclosure::OwnAccount) {
                let member = members.iter().find(|member| member.key == seat.key).unwrap();
                assert_eq!(Some(&member.email), seat.email.as_ref());
                assert_eq!(Some(&member.zoom_user), seat.zoom_user.as_ref());
            }
            let keys: HashSet<_> = meeting.participants.iter().map(|seat| &seat.key).collect();
            assert_eq!(keys.len(), meeting.participants.len());
        }
    }

    #[test]
    fn an_instance_is_new_at_each_start_and_the_same_in_the_same_world() {
        let at = |millis| instance(7, NORTHWIND_NUMBER, Timestamp::from_millis(millis));
        assert_eq!(at(1), at(1));
        assert_ne!(at(1), at(2));
    }
}
