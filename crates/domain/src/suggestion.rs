//! Which company a meeting is about, told from the people in it (design 4.4, ux 1).

use std::collections::BTreeMap;

use crate::attendees::{Directory, is_device};
use crate::ids::Gsid;
use crate::roster::Participant;

/// A company that some attendees work for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The company.
    pub company: Gsid,
    /// Its name.
    pub name: String,
    /// How many attendees work there.
    pub matched: usize,
    /// How many attendees are not colleagues or devices.
    pub outsiders: usize,
    /// Whether to choose it without asking.
    pub is_clear: bool,
}

/// Ranks the companies of the present attendees, most attendees first.
///
/// The first one is clear when no other company has as many attendees. Somebody who works for several companies counts for
/// each of them, but a primary employer breaks the tie, so one consultant does not pull a meeting to a former client.
#[must_use]
pub fn candidates<'a>(
    participants: impl IntoIterator<Item = &'a Participant>,
    directory: &Directory,
) -> Vec<Candidate> {
    let mut tally: BTreeMap<&Gsid, (&str, usize, usize)> = BTreeMap::new();
    let mut outsiders = 0;
    for participant in participants.into_iter().filter(|participant| participant.is_present()) {
        let Some((email, _)) = &participant.email else {
            outsiders += usize::from(!is_device(participant));
            continue;
        };
        if directory.users.contains_key(email) {
            continue;
        }
        outsiders += 1;
        let links = directory.people.get(email).into_iter().flat_map(|person| &person.links);
        for link in links.filter(|link| link.is_active) {
            let (_, matched, primary) = tally.entry(&link.company).or_insert((&link.company_name, 0, 0));
            *matched += 1;
            *primary += usize::from(link.is_primary);
        }
    }
    let mut ranked: Vec<_> = tally.into_iter().collect();
    ranked.sort_by(|(_, (name_a, matched_a, primary_a)), (_, (name_b, matched_b, primary_b))| {
        (matched_b, primary_b, name_a).cmp(&(matched_a, primary_a, name_b))
    });
    let runner_up = ranked.get(1).map(|(_, (_, matched, primary))| (*matched, *primary));
    let to_candidate =
        |(rank, (company, (name, matched, primary))): (usize, (&Gsid, (&str, usize, usize)))| Candidate {
            company: company.clone(),
            name: name.to_owned(),
            matched,
            outsiders,
            is_clear: rank == 0 && runner_up.is_none_or(|second| (matched, primary) > second),
        };
    ranked.into_iter().enumerate().map(to_candidate).collect()
}

/// The relationship that a meeting's topic names, if it names exactly one.
///
/// A relationship is named when every word of its name that the company's name does not have stands in the topic: "Northwind:
/// Warehouse Suite sync" names "Northwind Warehouse Suite", and "Northwind weekly" names none.
#[must_use]
pub fn named_in_topic<'a>(
    topic: &str,
    company: &str,
    relationships: impl IntoIterator<Item = (&'a Gsid, &'a str)>,
) -> Option<&'a Gsid> {
    let (topic, company) = (words(topic), words(company));
    let telling =
        |name: &str| -> Vec<String> { words(name).into_iter().filter(|word| !company.contains(word)).collect() };
    let named = relationships.into_iter().filter_map(|(id, name)| {
        let telling = telling(name);
        let is_named = !telling.is_empty() && telling.iter().all(|word| topic.contains(word));
        is_named.then_some((telling.len(), id))
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by(|(a, _), (b, _)| b.cmp(a));
    match named.as_slice() {
        [(_, only)] => Some(only),
        // The longer name wins: "Analytics pilot" and not "Analytics".
        [(most, best), (second, _), ..] if most > second => Some(best),
        _ => None,
    }
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 1);
    parts.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::Timestamp;
    use crate::attendees::{CompanyLink, PersonFact, UserFact};
    use crate::ids::{ParticipantId, ParticipantUuid};
    use crate::roster::{Connection, Source};

    fn room(emails: &[Option<&str>]) -> Vec<Participant> {
        let connection = |n: usize| Connection {
            uuid: ParticipantUuid::new(n.to_string()),
            former: Vec::new(),
            join_number: None,
            joined_at: Some(Timestamp::from_millis(0)),
            left_at: None,
            source: Source::HostWebhook,
        };
        let participant = |(n, email): (usize, Option<&str>)| Participant {
            id: ParticipantId::new(uuid::Uuid::from_u128(n as u128)),
            name: format!("P{n}"),
            email: email.map(|email| (email.parse().unwrap(), Source::HostWebhook)),
            zoom_user: None,
            registrant: None,
            role: None,
            phone: false,
            connections: vec![connection(n)],
        };
        emails.iter().copied().enumerate().map(participant).collect()
    }

    fn directory(people: &[(&str, &[(&str, bool)])]) -> Directory {
        let link = |(company, is_primary): &(&str, bool)| CompanyLink {
            company: Gsid::new(*company),
            company_name: (*company).to_owned(),
            title: None,
            role: None,
            is_primary: *is_primary,
            is_active: true,
        };
        let person = |(email, links): &(&str, &[(&str, bool)])| {
            (
                email.parse().unwrap(),
                PersonFact { id: Gsid::new(*email), name: String::new(), links: links.iter().map(link).collect() },
            )
        };
        let csm = UserFact { id: Gsid::new("u"), name: "CSM".to_owned(), title: None };
        Directory {
            users: HashMap::from([("csm@v.co".parse().unwrap(), csm)]),
            people: people.iter().map(person).collect(),
        }
    }

    fn top(emails: &[Option<&str>], people: &[(&str, &[(&str, bool)])]) -> Option<(String, usize, usize, bool)> {
        let first = candidates(&room(emails), &directory(people)).into_iter().next()?;
        Some((first.name, first.matched, first.outsiders, first.is_clear))
    }

    #[test]
    fn most_attendees_win_and_the_reason_counts_outsiders_only() {
        let people: &[(&str, &[(&str, bool)])] =
            &[("a@n.co", &[("north", true)]), ("b@n.co", &[("north", true)]), ("c@f.co", &[("fabri", true)])];
        let emails = [Some("csm@v.co"), Some("a@n.co"), Some("b@n.co"), Some("c@f.co"), Some("new@n.co"), None];
        assert_eq!(top(&emails, people), Some(("north".to_owned(), 2, 5, true)));
    }

    #[test]
    fn a_draw_is_never_chosen_without_asking() {
        let people: &[(&str, &[(&str, bool)])] = &[("a@n.co", &[("north", true)]), ("c@f.co", &[("fabri", true)])];
        let (_, _, _, is_clear) = top(&[Some("a@n.co"), Some("c@f.co")], people).unwrap();
        assert!(!is_clear);
    }

    #[test]
    fn a_consultant_of_two_companies_leans_to_his_main_one() {
        let people: &[(&str, &[(&str, bool)])] = &[("a@n.co", &[("fabri", false), ("north", true)])];
        assert_eq!(top(&[Some("a@n.co")], people), Some(("north".to_owned(), 1, 1, true)));
        let even: &[(&str, &[(&str, bool)])] = &[("a@n.co", &[("fabri", true), ("north", true)])];
        assert_eq!(top(&[Some("a@n.co")], even), Some(("fabri".to_owned(), 1, 1, false)));
    }

    #[test]
    fn colleagues_alone_suggest_nothing() {
        assert_eq!(top(&[Some("csm@v.co")], &[("csm@v.co", &[("north", true)])]), None);
        assert_eq!(top(&[], &[]), None);
    }

    #[test]
    fn a_topic_names_a_relationship_only_by_its_own_words() {
        let (suite, pilot, analytics) = (Gsid::new("r1"), Gsid::new("r2"), Gsid::new("r3"));
        let relationships =
            [(&suite, "Northwind: Warehouse Suite"), (&pilot, "Analytics pilot"), (&analytics, "Analytics")];
        let cases = [
            ("Northwind: warehouse suite, sprint review", Some(&suite)),
            ("Northwind weekly sync", None),
            ("Analytics pilot kick-off", Some(&pilot)),
            ("Analytics check-in", Some(&analytics)),
            ("Warehouse Suite meets Analytics pilot", None),
            ("", None),
        ];
        for (topic, named) in cases {
            assert_eq!(named_in_topic(topic, "Northwind Traders", relationships), named, "{topic}");
        }
    }
}
