//! Everybody whom Zoom has heard of: users of its accounts, guests with a name only, and telephones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::meeting::Role;
use crate::world::World;
use crate::world::cast::plain;
use crate::world::meetings::{self, Seat};

/// Why Zoom shows a guest's address to the host's apps, or does not (`zoom.md` 7.6).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Disclosure {
    /// Registered for the meeting with the address.
    Registered,
    /// On the host's calendar invitation.
    CalendarInvitation,
    /// Signed in through the host's external authentication profile.
    ExternalAuthentication,
    /// Let in by name although authentication is required.
    AuthenticationException,
    /// Assigned to a breakout room ahead of the meeting.
    BreakoutAssignment,
    /// None of these: the address stays empty.
    #[default]
    Hidden,
}

/// What somebody does whom an app has asked for the address (`zoom.md` 7.6, 8).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// Agrees. Only a verified address of a signed-in user is told.
    #[default]
    Yes,
    No,
    /// Does not answer at all.
    Silent,
}

/// Who somebody is towards Zoom.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Identity {
    /// The address that Zoom knows, disclosed or not.
    pub(crate) email: Option<String>,
    pub(crate) disclosure: Disclosure,
    /// The Zoom user; none for somebody who is not signed in.
    pub(crate) user: Option<String>,
    /// The account of the Zoom user.
    pub(crate) account: Option<String>,
    /// Only with registration; the one id of a guest that survives a rejoin (`zoom.md` 6.4).
    pub(crate) registrant: Option<String>,
    /// For those who dialled in.
    pub(crate) phone: Option<String>,
}

impl Identity {
    /// The address as an app of the host's account sees it: empty rather than absent where it is hidden (`zoom.md` 7.6).
    pub(crate) fn email_for(&self, host_account: &str) -> &str {
        let own = self.account.as_deref() == Some(host_account);
        let shown = own || self.disclosure != Disclosure::Hidden;
        self.email.as_deref().filter(|_| shown).unwrap_or_default()
    }
}

/// Somebody who may be in a meeting.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// `ana-ruiz`
    pub(crate) key: String,
    pub(crate) name: String,
    /// What he does, where it is known.
    pub(crate) title: String,
    /// Whom he works for, if that is a customer.
    pub(crate) company: String,
    pub(crate) timezone: String,
    pub(crate) identity: Identity,
}

impl Person {
    /// Somebody of whom only a name is known, and who he is towards Zoom. The key comes with the adding.
    pub(crate) fn named(name: &str, identity: Identity) -> Self {
        Self {
            key: String::new(),
            name: name.to_owned(),
            title: String::new(),
            company: String::new(),
            timezone: "UTC".to_owned(),
            identity,
        }
    }

    /// First name and the rest.
    pub(crate) fn names(&self) -> (&str, &str) {
        self.name.split_once(' ').unwrap_or((&self.name, ""))
    }
}

impl From<&Seat> for Person {
    fn from(seat: &Seat) -> Self {
        let disclosure = match seat.disclosure {
            meetings::Disclosure::Registered => Disclosure::Registered,
            meetings::Disclosure::Invited => Disclosure::CalendarInvitation,
            // Members of the host's account are shown for their account's sake, and hidden elsewhere.
            meetings::Disclosure::OwnAccount | meetings::Disclosure::Hidden => Disclosure::Hidden,
        };
        let registrant = (disclosure == Disclosure::Registered).then(|| format!("reg-{}", seat.key));
        let identity = Identity {
            email: seat.email.clone(),
            disclosure,
            user: seat.zoom_user.clone(),
            account: seat.zoom_account.clone(),
            registrant,
            phone: seat.phone.clone(),
        };
        Self { key: seat.key.clone(), ..Self::named(&seat.name, identity) }
    }
}

/// Who joins: somebody known, or somebody new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Newcomer {
    /// Key of somebody known; everything else is then ignored but the role.
    pub(crate) person: Option<String>,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) disclosure: Disclosure,
    /// Whether the guest has a Zoom user of his own.
    pub(crate) is_signed_in: bool,
    pub(crate) phone: Option<String>,
    pub(crate) registrant: Option<String>,
    pub(crate) role: Role,
}

/// All people, by key, and the tenants whose customers are among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct People(BTreeMap<String, Person>, BTreeSet<&'static str>);

impl People {
    /// The people of the world at its start.
    pub(crate) fn of(world: &World) -> Self {
        let seats = world.meetings.iter().flat_map(|meeting| &meeting.participants);
        let mut people: BTreeMap<_, _> = seats.map(Person::from).map(|person| (person.key.clone(), person)).collect();
        for member in &world.members {
            let person =
                people.entry(member.key.clone()).or_insert_with(|| Person::named(&member.name(), Identity::default()));
            person.key.clone_from(&member.key);
            member.title.clone_into(&mut person.title);
            member.timezone.clone_into(&mut person.timezone);
            person.identity.email = Some(member.email.clone());
            person.identity.user = Some(member.zoom_user.clone());
            person.identity.account = Some(member.zoom_account.to_owned());
        }
        Self(people, BTreeSet::new())
    }

    /// Adds somebody under a key made of the name, and tells the key.
    pub(crate) fn add(&mut self, person: Person) -> String {
        let base = Some(plain(&person.name)).filter(|key| !key.is_empty()).unwrap_or_else(|| "somebody".to_owned());
        // Two people may share a name (`zoom.md` 11); their keys must not.
        let key = (1..=self.0.len() + 1)
            .map(|count| if count == 1 { base.clone() } else { format!("{base}-{count}") })
            .find(|key| !self.0.contains_key(key))
            .unwrap_or(base);
        self.0.insert(key.clone(), Person { key: key.clone(), ..person });
        key
    }

    /// Adds a newcomer whom nobody knew, signed in if he wants to be, and tells the key.
    pub(crate) fn admit(&mut self, newcomer: &Newcomer) -> String {
        let identity = Identity {
            email: newcomer.email.clone(),
            disclosure: newcomer.disclosure,
            registrant: newcomer.registrant.clone(),
            phone: newcomer.phone.clone(),
            ..Identity::default()
        };
        let key = self.add(Person::named(&newcomer.name, identity));
        if newcomer.is_signed_in {
            self.sign_in(&key);
        }
        key
    }

    /// Adds the customers of the tenant that has this Zoom account, once. They are drawn only when somebody asks: a book of
    /// business takes its time.
    pub(crate) fn learn_customers(&mut self, world: &World, account: &str) {
        let tenant = world.members.iter().find(|member| member.zoom_account == account).map(|member| member.tenant);
        let Some(tenant) = tenant.filter(|tenant| self.1.insert(tenant)) else { return };
        let emails = self.0.values().filter_map(|person| person.identity.email.as_ref());
        let known: BTreeSet<_> = emails.map(|email| email.to_lowercase()).collect();
        let Some(book) = world.book(tenant) else { return };
        for person in book.people.iter().filter(|person| !known.contains(&person.email.to_lowercase())) {
            let identity = Identity {
                email: Some(person.email.clone()),
                disclosure: Disclosure::CalendarInvitation,
                ..Identity::default()
            };
            let employment = person.employments.first();
            let company = employment.and_then(|employment| book.companies.get(employment.company));
            let key = self.add(Person {
                title: employment.map(|employment| employment.title.clone()).unwrap_or_default(),
                company: company.map(|company| company.name.clone()).unwrap_or_default(),
                ..Person::named(&person.name, identity)
            });
            self.sign_in(&key);
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Person> {
        self.0.get(key)
    }

    /// The person who is signed in as this Zoom user.
    pub(crate) fn of_user(&self, user: &str) -> Option<&Person> {
        self.0.values().find(|person| person.identity.user.as_deref() == Some(user))
    }

    /// Everybody, by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.values()
    }

    /// Makes a guest a Zoom user of his own account; tells the user id. Whoever is signed in stays who he is.
    pub(crate) fn sign_in(&mut self, key: &str) -> Option<String> {
        let person = self.0.get_mut(key).filter(|person| person.identity.phone.is_none())?;
        let user = person.identity.user.get_or_insert_with(|| format!("x-{key}")).clone();
        person.identity.account.get_or_insert_with(|| "acc-elsewhere".to_owned());
        Some(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_domain::Timestamp;

    fn people() -> People {
        People::of(&World::new(7, 1, Timestamp::from_millis(1_780_000_000_000)).unwrap())
    }

    #[test]
    fn an_address_is_shown_to_the_own_account_and_by_rule() {
        let identity = |account: Option<&str>, disclosure| Identity {
            email: Some("ana@x.example".to_owned()),
            account: account.map(str::to_owned),
            disclosure,
            ..Identity::default()
        };
        let cases = [
            (identity(Some("acc-lumen"), Disclosure::Hidden), "ana@x.example"),
            (identity(Some("acc-other"), Disclosure::Hidden), ""),
            (identity(None, Disclosure::Hidden), ""),
            (identity(None, Disclosure::Registered), "ana@x.example"),
            (identity(Some("acc-other"), Disclosure::CalendarInvitation), "ana@x.example"),
            (identity(None, Disclosure::ExternalAuthentication), "ana@x.example"),
            (identity(None, Disclosure::AuthenticationException), "ana@x.example"),
            (identity(None, Disclosure::BreakoutAssignment), "ana@x.example"),
            (Identity { email: None, ..identity(Some("acc-lumen"), Disclosure::Registered) }, ""),
        ];
        for (identity, expected) in cases {
            assert_eq!(identity.email_for("acc-lumen"), expected, "{identity:?}");
        }
    }

    #[test]
    fn members_and_visitors_are_known_by_key_and_by_user() {
        let people = people();
        let maya = people.get("maya-lindqvist").unwrap();
        assert_eq!(maya.title, "Senior Customer Success Manager");
        assert_eq!(people.of_user("u-maya-lindqvist").unwrap().key, maya.key);
        assert_eq!(people.get("sam").unwrap().identity.user, None);
        assert_eq!(maya.names(), ("Maya", "Lindqvist"));
    }

    #[test]
    fn customers_are_learnt_once_and_nobody_twice() {
        let world = World::new(7, 1, Timestamp::from_millis(1_780_000_000_000)).unwrap();
        let mut people = People::of(&world);
        let strangers = people.iter().count();
        people.learn_customers(&world, "acc-lumen");
        let all = people.iter().count();
        people.learn_customers(&world, "acc-lumen");
        people.learn_customers(&world, "acc-elsewhere");
        assert!(all > strangers + 100 && people.iter().count() == all);
        let ana = people.iter().filter(|person| person.name == "Ana Ruiz").count();
        assert_eq!(ana, 1, "she was in a meeting before");
        let colleague = people.iter().find(|person| person.company == "Northwind Traders").unwrap();
        assert!(!colleague.title.is_empty() && colleague.identity.email_for("acc-lumen").contains('@'));
    }

    #[test]
    fn two_people_of_one_name_have_two_keys() {
        let mut people = people();
        let first = people.add(Person::named("Ana Ruiz", Identity::default()));
        let second = people.add(Person::named("Ana Ruiz", Identity::default()));
        assert_eq!((first.as_str(), second.as_str()), ("ana-ruiz-2", "ana-ruiz-3"));
        assert_eq!(people.add(Person::named("李雷", Identity::default())), "somebody");
    }

    #[test]
    fn a_guest_becomes_a_user_by_signing_in_and_a_phone_does_not() {
        let mut people = people();
        assert_eq!(people.sign_in("sam").as_deref(), Some("x-sam"));
        assert_eq!(people.sign_in("tom-okafor").as_deref(), Some("u-tom-okafor"));
        let phone = people.iter().find(|person| person.identity.phone.is_some()).unwrap().key.clone();
        assert_eq!(people.sign_in(&phone), None);
    }
}
