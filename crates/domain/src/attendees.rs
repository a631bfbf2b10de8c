//! From participants to people: which of the tenant's records each attendee is (design 4.4, `gainsight.md` 14.4).

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::EmailAddress;
use crate::ids::Gsid;
use crate::roster::{Participant, Source};

/// The section of the People tab that an attendee stands in, in the order of the screen.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Group {
    /// Works at the selected company.
    Customer,
    /// Is a person of another company.
    OtherCompany,
    /// Has an address about which a tenant has not answered yet: whether somebody knows it is open.
    NotLookedUp,
    /// Has an address that the tenant does not know.
    NotInGainsight,
    /// Has no address, so nobody can say.
    NeedsEmail,
    /// Is a user of the tenant.
    Colleague,
    /// Is a phone or a meeting room.
    Device,
}

/// A user of the tenant.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct UserFact {
    /// The `GsUser` record.
    pub id: Gsid,
    /// Full name.
    pub name: String,
    /// Job title, if the tenant keeps one.
    pub title: Option<String>,
}

/// A person of the tenant with his companies.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PersonFact {
    /// The `Person` record.
    pub id: Gsid,
    /// Full name.
    pub name: String,
    /// Every `Company_Person` row; one human may work for several companies.
    pub links: Vec<CompanyLink>,
}

/// That somebody works at a company (`Company_Person`).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CompanyLink {
    /// The company.
    pub company: Gsid,
    /// Its name.
    pub company_name: String,
    /// Job title there.
    pub title: Option<String>,
    /// Role there, such as "Champion".
    pub role: Option<String>,
    /// Whether it is the person's main employer.
    pub is_primary: bool,
    /// Whether the link is switched on.
    pub is_active: bool,
}

/// What a tenant says about the addresses of a meeting.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Directory {
    /// Users, by address.
    pub users: HashMap<EmailAddress, UserFact>,
    /// People, by address.
    pub people: HashMap<EmailAddress, PersonFact>,
    /// About whom nothing was said: that somebody is neither user nor person here is not known of them.
    #[serde(default)]
    pub unsaid: HashSet<EmailAddress>,
}

impl Directory {
    /// What several tenants know together, and whose word counts for each address: that of the first tenant in which somebody works
    /// here, else works for a company now, else is known at all.
    #[must_use]
    pub fn joined<Origin: Clone>(tenants: &[(Origin, &Self)]) -> (Self, HashMap<EmailAddress, Origin>) {
        let (mut joined, mut origins) = (Self::default(), HashMap::new());
        for (origin, known) in tenants {
            joined.unsaid.extend(known.unsaid.iter().cloned());
            for (email, user) in &known.users {
                joined.users.entry(email.clone()).or_insert_with(|| user.clone());
                origins.entry(email.clone()).or_insert_with(|| origin.clone());
            }
        }
        // A former employee in one tenant may work for a customer that another one knows.
        for is_employed in [true, false] {
            for (origin, known) in tenants {
                for (email, person) in known.people.iter().filter(|(_, person)| person.is_employed() == is_employed) {
                    joined.people.entry(email.clone()).or_insert_with(|| person.clone());
                    origins.entry(email.clone()).or_insert_with(|| origin.clone());
                }
            }
        }
        (joined, origins)
    }
}

impl PersonFact {
    fn is_employed(&self) -> bool {
        self.links.iter().any(|link| link.is_active)
    }
}

/// An attendee as the People tab shows him.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendee<'a> {
    /// Who is in the room.
    pub participant: &'a Participant,
    /// Where he stands.
    pub group: Group,
    /// The tenant's user, for colleagues.
    pub user: Option<&'a UserFact>,
    /// The tenant's person, for customers.
    pub person: Option<&'a PersonFact>,
    /// The link that explains the group: to the selected company, else the main one.
    pub link: Option<&'a CompanyLink>,
    /// Where the address came from.
    pub email_source: Option<Source>,
}

/// Sorts the present participants into groups, as seen by somebody who looks at `selected`.
///
/// `company` is the company of the selection: itself, or the one that the selected relationship belongs to. The order inside a
/// group is the order of arrival, so that nobody jumps when somebody else joins.
#[must_use]
pub fn sort_into_groups<'a>(
    participants: impl IntoIterator<Item = &'a Participant>,
    directory: &'a Directory,
    company: Option<&Gsid>,
) -> Vec<Attendee<'a>> {
    let mut attendees: Vec<_> = participants
        .into_iter()
        .filter(|participant| participant.is_present())
        .map(|participant| attendee(participant, directory, company))
        .collect();
    attendees.sort_by_key(|attendee| attendee.group);
    attendees
}

fn attendee<'a>(participant: &'a Participant, directory: &'a Directory, company: Option<&Gsid>) -> Attendee<'a> {
    let email = participant.email.as_ref().map(|(email, _)| email);
    let user = email.and_then(|email| directory.users.get(email));
    let person = email.and_then(|email| directory.people.get(email));
    let link = person.and_then(|person| explaining_link(person, company));
    let group = match (email, link) {
        _ if user.is_some() => Group::Colleague,
        (_, Some(link)) if Some(&link.company) == company => Group::Customer,
        (_, Some(_)) => Group::OtherCompany,
        // A room may have an address of its own, which is nobody's.
        (_, None) if person.is_none() && is_device(participant) => Group::Device,
        (Some(email), None) if directory.unsaid.contains(email) => Group::NotLookedUp,
        (Some(_), None) => Group::NotInGainsight,
        (None, None) => Group::NeedsEmail,
    };
    let email_source = participant.email.as_ref().map(|(_, source)| *source);
    Attendee { participant, group, user, person, link, email_source }
}

fn explaining_link<'a>(person: &'a PersonFact, company: Option<&Gsid>) -> Option<&'a CompanyLink> {
    let active = || person.links.iter().filter(|link| link.is_active);
    company
        .and_then(|company| active().find(|link| link.company == *company))
        .or_else(|| active().find(|link| link.is_primary))
        .or_else(|| active().next())
}

/// Phones carry a number; rooms and dial-ins only betray themselves by their names (`zoom.md` 11, 16).
#[must_use]
pub fn is_device(participant: &Participant) -> bool {
    let name = participant.name.to_lowercase();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let number_like = digits >= 5 && name.chars().all(|c| c.is_ascii_digit() || "+()-. *x".contains(c));
    let room_like = ["zoom room", "meeting room", "conference room", "boardroom", "call-in user"]
        .iter()
        .any(|word| name.contains(word));
    participant.phone || number_like || room_like
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::ids::{ParticipantId, ParticipantUuid};
    use crate::roster::Connection;

    fn participant(name: &str, email: Option<&str>) -> Participant {
        Participant {
            id: ParticipantId::new(uuid::Uuid::nil()),
            name: name.to_owned(),
            email: email.map(|email| (email.parse().unwrap(), Source::HostWebhook)),
            zoom_user: None,
            registrant: None,
            role: None,
            phone: false,
            whereabouts: None,
            connections: vec![Connection {
                uuid: ParticipantUuid::new(name),
                former: Vec::new(),
                join_number: None,
                joined_at: Some(Timestamp::from_millis(0)),
                left_at: None,
                source: Source::HostWebhook,
            }],
        }
    }

    fn link(company: &str, is_primary: bool, is_active: bool) -> CompanyLink {
        CompanyLink {
            company: Gsid::new(company),
            company_name: company.to_owned(),
            title: None,
            role: None,
            is_primary,
            is_active,
        }
    }

    fn directory() -> Directory {
        let person = |links| PersonFact { id: Gsid::new("p"), name: "P".to_owned(), links };
        let key = |email: &str| email.parse().unwrap();
        Directory {
            users: HashMap::from([
                (key("csm@lumen.co"), UserFact { id: Gsid::new("u"), name: "C".to_owned(), title: None }),
                (key("both@lumen.co"), UserFact { id: Gsid::new("u2"), name: "B".to_owned(), title: None }),
            ]),
            people: HashMap::from([
                (key("ana@n.co"), person(vec![link("northwind", true, true)])),
                (key("two@n.co"), person(vec![link("fabrikam", true, true), link("northwind", false, true)])),
                (key("ex@n.co"), person(vec![link("northwind", true, false), link("fabrikam", false, true)])),
                (key("loose@n.co"), person(Vec::new())),
                (key("free@n.co"), person(Vec::new())),
                (key("both@lumen.co"), person(vec![link("northwind", true, true)])),
            ]),
            unsaid: HashSet::from(["open@n.co", "csm@lumen.co", "ana@n.co", "loose@n.co"].map(key)),
        }
    }

    #[test]
    fn each_attendee_lands_in_the_group_a_csm_expects() {
        let directory = directory();
        let northwind = Gsid::new("northwind");
        let cases = [
            ("Ana", Some("ana@n.co"), Group::Customer),
            ("Consultant of two", Some("two@n.co"), Group::Customer),
            ("Left Northwind", Some("ex@n.co"), Group::OtherCompany),
            ("Known here, and elsewhere nobody has looked", Some("ana@n.co"), Group::Customer),
            ("Nobody has looked", Some("open@n.co"), Group::NotLookedUp),
            ("Without company here, and elsewhere nobody has looked", Some("loose@n.co"), Group::NotLookedUp),
            ("Person without company", Some("free@n.co"), Group::NotInGainsight),
            ("New face", Some("new@n.co"), Group::NotInGainsight),
            ("Guest", None, Group::NeedsEmail),
            ("CSM", Some("csm@lumen.co"), Group::Colleague),
            ("User who is a person too", Some("both@lumen.co"), Group::Colleague),
            ("+49 (30) 901820", None, Group::Device),
            ("Berlin Meeting Room 4", None, Group::Device),
            ("Zoom Room Berlin", Some("room-4@n.co"), Group::Device),
            ("Ana's Boardroom", Some("ana@n.co"), Group::Customer),
            ("1234", None, Group::NeedsEmail),
        ];
        for (name, email, group) in cases {
            let person = participant(name, email);
            let sorted = sort_into_groups([&person], &directory, Some(&northwind));
            assert_eq!(sorted[0].group, group, "{name}");
        }
    }

    #[test]
    fn without_a_selection_nobody_is_called_customer() {
        let person = participant("Ana", Some("ana@n.co"));
        let directory = directory();
        let sorted = sort_into_groups([&person], &directory, None);
        assert_eq!(sorted[0].group, Group::OtherCompany);
        assert_eq!(sorted[0].link.unwrap().company_name, "northwind");
    }

    #[test]
    fn groups_follow_the_screen_and_arrivals_stay_in_order() {
        let people = [participant("b", None), participant("a", None), participant("Ana", Some("ana@n.co"))];
        let (directory, northwind) = (directory(), Gsid::new("northwind"));
        let sorted = sort_into_groups(&people, &directory, Some(&northwind));
        assert_eq!(sorted.iter().map(|a| a.participant.name.as_str()).collect::<Vec<_>>(), ["Ana", "b", "a"]);
    }

    #[test]
    fn whoever_left_is_not_listed() {
        let mut person = participant("Ana", Some("ana@n.co"));
        person.connections[0].left_at = Some(Timestamp::from_millis(1));
        assert!(sort_into_groups([&person], &directory(), None).is_empty());
    }

    #[test]
    fn of_several_tenants_the_one_where_somebody_works_now_has_the_word() {
        let key = |email: &str| -> EmailAddress { email.parse().unwrap() };
        let (first, mut second) = (directory(), directory());
        second.users =
            HashMap::from([(key("ana@n.co"), UserFact { id: Gsid::new("u3"), name: String::new(), title: None })]);
        let former = PersonFact { id: Gsid::new("old"), name: String::new(), links: vec![link("copper", true, false)] };
        let mut third = Directory { unsaid: HashSet::from([key("new@n.co")]), ..Directory::default() };
        third.people.insert(key("two@n.co"), former.clone());
        third.people.insert(key("retired@n.co"), former);
        let (joined, origins) = Directory::joined(&[("third", &third), ("first", &first), ("second", &second)]);
        let cases =
            [("two@n.co", "first"), ("retired@n.co", "third"), ("ana@n.co", "second"), ("csm@lumen.co", "first")];
        for (email, origin) in cases {
            assert_eq!(origins[&key(email)], origin, "{email}");
        }
        assert_eq!(joined.people[&key("two@n.co")].id, Gsid::new("p"));
        assert_eq!(joined.users.len(), 3);
        assert!(joined.unsaid.contains(&key("new@n.co")), "what one tenant has not said is open, whatever others say");
    }
}
