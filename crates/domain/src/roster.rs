//! Who is in a meeting, pieced together from what several observers saw (design 4.4, `zoom.md` 6.4, 7.6, 11).
//!
//! Two observers report: Zoom's signed webhooks, and the panel of a host through the SDK. The webhooks are evidence; the panel is
//! a browser that anybody controls, so it adds display names and presence as hints, never an address or a Zoom user.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::aside::Whereabouts;
use crate::ids::{ParticipantId, ParticipantUuid, ZoomUserId};
use crate::{EmailAddress, Timestamp};

/// Longest display name that we keep; Zoom allows far less, but a browser may claim anything.
pub const LONGEST_NAME: usize = 200;
/// Most people that one meeting may hold here; Zoom's largest meeting has 1,000 seats.
pub const MOST_PARTICIPANTS: usize = 2_000;
/// Most of them that only a browser claims: it must not use up the places of those whom Zoom reports.
pub const MOST_HINTED: usize = 1_000;

/// Who told us, weakest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Source {
    /// The participant list of a host's panel: a hint.
    SdkList,
    /// Of an address alone: somebody whom the host invited has this name. A guess.
    InvitedName,
    /// Of an address alone: somebody registered under this name. A guess.
    RegisteredName,
    /// Of an address alone: in an earlier meeting, a colleague said who somebody of this name is. A guess.
    RememberedName,
    /// A colleague who knows who is there.
    Ticked,
    /// Of an address alone: the person, whom Zoom asked for it, as a colleague's panel was told.
    Consented,
    /// Of an address alone: a colleague said who it is, now or in an earlier meeting.
    Remembered,
    /// Of an address alone: the registration that the person joined with.
    Registration,
    /// Zoom's list of those who took part, read with the host's authorisation when the meeting is over.
    PastList,
    /// A signed webhook of the host's account.
    HostWebhook,
    /// The person's own Zoom authorisation of our app.
    OwnOauth,
}

impl Source {
    /// Whether somebody has to confirm it before anything is written on the strength of it.
    #[must_use]
    pub const fn is_guess(self) -> bool {
        matches!(self, Self::InvitedName | Self::RegisteredName | Self::RememberedName)
    }
}

/// A role in the meeting, in one spelling (`zoom.md` 8.2).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Owns the meeting.
    Host,
    /// Shares the host's rights.
    CoHost,
    /// Everybody else, and every spelling we do not know.
    Attendee,
}

impl Role {
    /// Reads any of Zoom's spellings: `coHost`, `co-host`, `cohost`, `participant`, …
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let letters = text.replace('-', "");
        match [("host", Self::Host), ("cohost", Self::CoHost)]
            .iter()
            .find(|(name, _)| letters.eq_ignore_ascii_case(name))
        {
            Some((_, role)) => *role,
            None => Self::Attendee,
        }
    }

    /// Whether Zoom hands this role the participant list.
    #[must_use]
    pub const fn sees_participants(self) -> bool {
        matches!(self, Self::Host | Self::CoHost)
    }
}

/// One uninterrupted stay of one device.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Connection {
    /// Changes with each join, and at times with the role; the key that webhook and SDK share.
    pub uuid: ParticipantUuid,
    /// What it was before the role changed.
    #[serde(default)]
    pub former: Vec<ParticipantUuid>,
    /// The number of this join (webhook `user_id`), which a new role leaves as it is.
    #[serde(default)]
    pub join_number: Option<String>,
    /// When the device came, as far as anybody saw it.
    pub joined_at: Option<Timestamp>,
    /// When it left.
    pub left_at: Option<Timestamp>,
    /// The strongest observer of this stay.
    pub source: Source,
}

/// A person, phone or room in the meeting.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Participant {
    /// Ours; survives rejoin and role change.
    pub id: ParticipantId,
    /// The latest display name.
    pub name: String,
    /// The address, with the observer who gave it.
    pub email: Option<(EmailAddress, Source)>,
    /// The Zoom user, where signed in and disclosed.
    pub zoom_user: Option<ZoomUserId>,
    /// The registration, the only id of a guest that survives a rejoin (`zoom.md` 6.4).
    pub registrant: Option<String>,
    /// The latest role, if anybody said.
    pub role: Option<Role>,
    /// Whether the webhook carried a phone number.
    pub phone: bool,
    /// The last move into a breakout room or out of one.
    #[serde(default)]
    pub whereabouts: Option<Whereabouts>,
    /// All stays, oldest first.
    pub connections: Vec<Connection>,
}

impl Participant {
    /// Whether any device is still connected.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.connections.iter().any(|connection| connection.left_at.is_none())
    }

    /// How many devices are connected.
    #[must_use]
    pub fn device_count(&self) -> u32 {
        crate::count(self.connections.iter().filter(|connection| connection.left_at.is_none()).count())
    }

    /// When this person was first seen.
    #[must_use]
    pub fn joined_at(&self) -> Option<Timestamp> {
        self.connections.iter().filter_map(|connection| connection.joined_at).min()
    }

    /// Whether anybody but a browser saw this person.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.connections.iter().any(|connection| connection.source > Source::SdkList)
    }
}

/// What one observer reports of one participant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The stay it is about.
    pub uuid: ParticipantUuid,
    /// The number of the join, where the observer told it.
    pub join_number: Option<String>,
    /// Display name; empty when the observer did not say.
    pub name: String,
    /// Address, where Zoom's rules disclose it (`zoom.md` 7.6).
    pub email: Option<EmailAddress>,
    /// Zoom user, where signed in and disclosed.
    pub zoom_user: Option<ZoomUserId>,
    /// Registration, where the meeting has one.
    pub registrant: Option<String>,
    /// Role, where the observer said.
    pub role: Option<Role>,
    /// Whether there was a phone number.
    pub phone: bool,
    /// What was seen.
    pub movement: Movement,
    /// When, by the observer's clock.
    pub at: Timestamp,
}

/// What a participant was seen doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Movement {
    /// Came in.
    Joined,
    /// Went out.
    Left,
    /// Is still there, with new details.
    Changed,
}

/// Everybody who was ever seen in a meeting.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Roster {
    /// In order of first appearance.
    pub participants: Vec<Participant>,
}

impl Roster {
    /// Adds what a signed webhook told, and returns who changed. Reports may come late, doubled and out of order.
    pub fn witness(
        &mut self,
        sighting: &Sighting,
        fresh_id: impl FnOnce() -> ParticipantId,
    ) -> BTreeSet<ParticipantId> {
        let index = match self.position_of(sighting) {
            Some(index) => index,
            None if self.participants.len() >= MOST_PARTICIPANTS => return BTreeSet::new(),
            None => {
                self.participants.push(Participant::unseen(fresh_id()));
                self.participants.len() - 1
            }
        };
        let mut changed = BTreeSet::new();
        for (place, person) in self.participants.iter_mut().enumerate() {
            let is_changed = if place == index { person.accept(sighting) } else { person.yield_to(sighting) };
            if is_changed {
                changed.insert(person.id);
            }
        }
        changed
    }

    /// Adds the participant list of a host's panel as a hint and returns who changed.
    ///
    /// People whom only such lists showed and who are missing from this one have left; a list says nothing about people whom
    /// a webhook showed. A list of a breakout room says nothing about anybody who is not on it (`zoom.md` 8, 11).
    pub fn hint(
        &mut self,
        listed: &[(ParticipantUuid, String, Option<Role>)],
        is_of_breakout: bool,
        at: Timestamp,
        mut fresh_id: impl FnMut() -> ParticipantId,
    ) -> BTreeSet<ParticipantId> {
        let mut changed = BTreeSet::new();
        let mut hinted = self.participants.iter().filter(|person| !person.is_proven()).count();
        let mut places = self.places();
        for (uuid, name, role) in listed {
            let known = places.get(uuid).copied();
            if known.is_none() && (hinted >= MOST_HINTED || self.participants.len() >= MOST_PARTICIPANTS) {
                continue;
            }
            let index = known.unwrap_or_else(|| {
                self.participants.push(Participant::unseen(fresh_id()));
                hinted += 1;
                places.insert(uuid.clone(), self.participants.len() - 1);
                self.participants.len() - 1
            });
            if let Some(person) = self.participants.get_mut(index)
                && person.take_hint(uuid, name, *role, at)
            {
                changed.insert(person.id);
            }
        }
        if is_of_breakout {
            return changed;
        }
        let here: BTreeSet<&ParticipantUuid> = listed.iter().map(|(uuid, ..)| uuid).collect();
        for person in &mut self.participants {
            for connection in &mut person.connections {
                let hinted_only = connection.source == Source::SdkList && connection.left_at.is_none();
                let is_listed =
                    here.contains(&connection.uuid) || connection.former.iter().any(|uuid| here.contains(uuid));
                if hinted_only && !is_listed {
                    connection.left_at = Some(at);
                    changed.insert(person.id);
                }
            }
        }
        changed
    }

    /// Marks everybody as gone: the meeting ended.
    pub fn end(&mut self, at: Timestamp) {
        for connection in self.participants.iter_mut().flat_map(|person| &mut person.connections) {
            connection.left_at.get_or_insert(at);
        }
    }

    /// Who had which stay; where several had, whom a webhook showed.
    fn places(&self) -> HashMap<ParticipantUuid, usize> {
        let mut places = HashMap::new();
        let (proven, hinted): (Vec<_>, Vec<_>) =
            self.participants.iter().enumerate().partition(|(_, person)| person.is_proven());
        for (place, person) in proven.into_iter().chain(hinted) {
            for stay in &person.connections {
                for uuid in stay.former.iter().chain([&stay.uuid]) {
                    places.entry(uuid.clone()).or_insert(place);
                }
            }
        }
        places
    }

    fn position_of(&self, sighting: &Sighting) -> Option<usize> {
        let by = |same: &dyn Fn(&Participant) -> bool| self.participants.iter().position(same);
        let (user, registrant) = (sighting.zoom_user.as_ref(), sighting.registrant.as_ref());
        // Strongest key first. A display name is never a key: two people may share one (`zoom.md` 11, 10).
        by(&|person| person.is_proven() && person.has(&sighting.uuid))
            .or_else(|| by(&|person| person.joined_as(sighting.join_number.as_deref())))
            .or_else(|| by(&|person| user.is_some() && person.zoom_user.as_ref() == user))
            .or_else(|| by(&|person| registrant.is_some() && person.registrant.as_ref() == registrant))
            .or_else(|| {
                let email = sighting.email.as_ref()?;
                by(&|person| person.email.as_ref().is_some_and(|(known, _)| known == email))
            })
            .or_else(|| by(&|person| person.has(&sighting.uuid)))
    }
}

impl Participant {
    pub(crate) const fn unseen(id: ParticipantId) -> Self {
        Self {
            id,
            name: String::new(),
            email: None,
            zoom_user: None,
            registrant: None,
            role: None,
            phone: false,
            whereabouts: None,
            connections: Vec::new(),
        }
    }

    fn has(&self, uuid: &ParticipantUuid) -> bool {
        self.connections.iter().any(|connection| connection.is(uuid))
    }

    fn joined_as(&self, number: Option<&str>) -> bool {
        number.is_some() && self.connections.iter().any(|connection| connection.join_number.as_deref() == number)
    }

    fn learn(&mut self, sighting: &Sighting) {
        let latest = self.connections.iter().filter_map(|connection| connection.joined_at).max();
        let newer = latest.is_none_or(|latest| sighting.at >= latest);
        if !sighting.name.is_empty() && (newer || self.name.is_empty()) {
            self.name = clipped(&sighting.name);
        }
        if let Some(email) = &sighting.email {
            self.email = Some((email.clone(), Source::HostWebhook));
        }
        if sighting.zoom_user.is_some() {
            self.zoom_user.clone_from(&sighting.zoom_user);
        }
        if sighting.registrant.is_some() {
            self.registrant.clone_from(&sighting.registrant);
        }
        if sighting.role.is_some() && newer {
            self.role = sighting.role;
        }
        self.phone |= sighting.phone;
    }

    fn connect(&mut self, sighting: &Sighting) {
        let stay = self.stay_of(sighting).unwrap_or_else(|| {
            self.connections.push(Connection::begun(sighting.uuid.clone(), Source::HostWebhook));
            self.connections.len() - 1
        });
        let Some(stay) = self.connections.get_mut(stay) else { return };
        if !stay.is(&sighting.uuid) {
            stay.former.push(std::mem::replace(&mut stay.uuid, sighting.uuid.clone()));
        }
        if sighting.join_number.is_some() {
            stay.join_number.clone_from(&sighting.join_number);
        }
        // A webhook outranks the list: what the list guessed about this stay's end is void.
        if stay.source < Source::HostWebhook {
            stay.source = Source::HostWebhook;
            stay.left_at = None;
        }
        match sighting.movement {
            Movement::Joined => {
                stay.joined_at = Some(sighting.at);
                // Let in again from the waiting room, where he had been put.
                stay.left_at = stay.left_at.filter(|left_at| *left_at >= sighting.at);
            }
            Movement::Left => stay.left_at = Some(sighting.at),
            Movement::Changed => {}
        }
    }

    fn accept(&mut self, sighting: &Sighting) -> bool {
        let before = self.clone();
        self.learn(sighting);
        self.connect(sighting);
        before != *self
    }

    /// A list showed this stay as somebody unknown before a webhook told whose it is: the stranger was never there.
    fn yield_to(&mut self, sighting: &Sighting) -> bool {
        let is_same = |stay: &&mut Connection| stay.source == Source::SdkList && stay.is(&sighting.uuid);
        let strangers = self.connections.iter_mut().filter(is_same).filter(|stay| stay.left_at.is_none());
        strangers.map(|stay| stay.left_at = Some(sighting.at)).count() > 0
    }

    /// The stay that a sighting is about. A new role may bring a new uuid for the same stay (`zoom.md` 8.3): then the number of the join
    /// tells, or that there is only one stay it can be.
    fn stay_of(&self, sighting: &Sighting) -> Option<usize> {
        let find = |is_it: &dyn Fn(&Connection) -> bool| self.connections.iter().position(is_it);
        let open = || self.connections.iter().filter(|stay| stay.left_at.is_none()).count();
        let number = sighting.join_number.as_ref();
        find(&|stay| stay.is(&sighting.uuid))
            .or_else(|| number.and_then(|number| find(&|stay| stay.join_number.as_ref() == Some(number))))
            .or_else(|| {
                let only = sighting.movement == Movement::Changed && open() == 1;
                only.then(|| find(&|stay| stay.left_at.is_none())).flatten()
            })
    }

    fn take_hint(&mut self, uuid: &ParticipantUuid, name: &str, role: Option<Role>, at: Timestamp) -> bool {
        let before = self.clone();
        match self.connections.iter_mut().find(|connection| connection.is(uuid)) {
            Some(stay) if stay.source == Source::SdkList => stay.left_at = None,
            Some(_) => {}
            None => {
                let stay = Connection::begun(uuid.clone(), Source::SdkList);
                self.connections.push(Connection { joined_at: Some(at), ..stay });
            }
        }
        // A rename reaches the host's list before any webhook; there is no webhook for it at all (`zoom.md` 6.4).
        if !name.trim().is_empty() {
            self.name = clipped(name);
        }
        if role.is_some() {
            self.role = role;
        }
        *self != before
    }
}

impl Connection {
    const fn begun(uuid: ParticipantUuid, source: Source) -> Self {
        Self { uuid, former: Vec::new(), join_number: None, joined_at: None, left_at: None, source }
    }

    pub(crate) fn is(&self, uuid: &ParticipantUuid) -> bool {
        self.uuid == *uuid || self.former.contains(uuid)
    }
}

fn clipped(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
