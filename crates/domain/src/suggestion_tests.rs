use std::collections::HashMap;

use super::*;
use crate::Timestamp;
use crate::attendees::{CompanyLink, PersonFact, UserFact};
use crate::ids::{ParticipantId, ParticipantUuid};
use crate::roster::{Connection, Source};
use crate::topic::companies_in_topic;

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
        whereabouts: None,
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
        ..Directory::default()
    }
}

type People<'a> = &'a [(&'a str, &'a [(&'a str, bool)])];

fn ranked(emails: &[Option<&str>], tenants: &[(&str, Directory)], topic: &str) -> Vec<Candidate> {
    let keys: Vec<_> = tenants.iter().map(|(tenant, _)| TenantKey::new(*tenant)).collect();
    let companies = ["north", "north retail", "fabri", "copper"];
    let ids = companies.map(Gsid::new);
    let facts: Vec<_> = tenants
        .iter()
        .zip(&keys)
        .map(|((_, directory), tenant)| TenantFacts {
            tenant,
            directory,
            named: companies_in_topic(topic, ids.iter().zip(companies)),
        })
        .collect();
    candidates(Guests { present: &room(emails), expected: &[] }, &facts)
}

fn top_of(emails: &[Option<&str>], people: People<'_>, topic: &str) -> Option<(String, u32, u32, bool)> {
    let first = ranked(emails, &[("lumen", directory(people))], topic).into_iter().next()?;
    Some((first.name, first.matched, first.outsiders, first.is_clear))
}

fn top(emails: &[Option<&str>], people: People<'_>) -> Option<(String, u32, u32, bool)> {
    top_of(emails, people, "")
}

const NORTH: (&str, &[(&str, bool)]) = ("a@n.co", &[("north", true)]);
const NORTH_TOO: (&str, &[(&str, bool)]) = ("b@n.co", &[("north", true)]);
const RETAIL: (&str, &[(&str, bool)]) = ("r@n.co", &[("north retail", true)]);
const FABRI: (&str, &[(&str, bool)]) = ("c@f.co", &[("fabri", true)]);

#[test]
fn most_attendees_win_and_the_reason_counts_outsiders_only() {
    let people = &[NORTH, NORTH_TOO, FABRI];
    let emails = [Some("csm@v.co"), Some("a@n.co"), Some("b@n.co"), Some("c@f.co"), Some("new@n.co"), None];
    assert_eq!(top(&emails, people), Some(("north".to_owned(), 2, 5, true)));
}

#[test]
fn a_draw_is_never_chosen_without_asking() {
    let (_, _, _, is_clear) = top(&[Some("a@n.co"), Some("c@f.co")], &[NORTH, FABRI]).unwrap();
    assert!(!is_clear);
}

#[test]
fn a_main_employer_comes_first_but_one_person_of_two_companies_chooses_none() {
    let people: People<'_> = &[("a@n.co", &[("fabri", false), ("north", true)])];
    assert_eq!(top(&[Some("a@n.co")], people), Some(("north".to_owned(), 1, 1, false)));
    let several: People<'_> =
        &[("a@n.co", &[("copper", false), ("north", true)]), ("b@n.co", &[("copper", false), ("north", true)])];
    let both = [Some("a@n.co"), Some("b@n.co")];
    assert_eq!(top(&both, several), Some(("north".to_owned(), 2, 2, true)));
    let divided: People<'_> =
        &[("a@n.co", &[("copper", false), ("north", true)]), ("b@n.co", &[("copper", true), ("north", false)])];
    assert!(!top(&both, divided).unwrap().3);
}

#[test]
fn two_rows_for_one_employer_are_one_attendee() {
    let people: People<'_> = &[("a@n.co", &[("north", true), ("north", false)]), FABRI];
    assert_eq!(top(&[Some("a@n.co"), Some("c@f.co")], people), Some(("fabri".to_owned(), 1, 2, false)));
    let people: People<'_> = &[("a@n.co", &[("north", true), ("north", true)])];
    assert_eq!(top(&[Some("a@n.co")], people), Some(("north".to_owned(), 1, 1, true)));
}

#[test]
fn colleagues_alone_suggest_nothing() {
    assert_eq!(top(&[Some("csm@v.co")], &[("csm@v.co", &[("north", true)])]), None);
    assert_eq!(top(&[], &[]), None);
}

#[test]
fn a_topic_decides_a_draw_only_where_it_leaves_no_doubt() {
    let draw = [Some("a@n.co"), Some("c@f.co")];
    let group = [Some("a@n.co"), Some("r@n.co")];
    let people = &[NORTH, FABRI, RETAIL];
    let cases = [
        (draw, "Fabri weekly", "fabri", true),
        (draw, "North and Fabri", "fabri", false),
        (draw, "weekly", "fabri", false),
        (group, "North Retail weekly", "north retail", true),
        // The group, or short for its subsidiary.
        (group, "North weekly", "north", false),
    ];
    for (emails, topic, first, is_clear) in cases {
        let (name, _, _, clear) = top_of(&emails, people, topic).unwrap();
        assert_eq!((name.as_str(), clear), (first, is_clear), "{topic}");
    }
}

#[test]
fn a_topic_that_names_another_company_makes_us_ask_and_suggests_nothing_by_itself() {
    let people = &[NORTH, NORTH_TOO, RETAIL];
    let north = [Some("a@n.co"), Some("b@n.co")];
    for (topic, is_clear) in [("North weekly", true), ("Fabri renewal", false), ("North Retail kick-off", false)] {
        assert_eq!(top_of(&north, people, topic), Some(("north".to_owned(), 2, 2, is_clear)), "{topic}");
    }
    assert!(top_of(&[Some("r@n.co")], people, "North").unwrap().3, "short for the subsidiary");
    assert_eq!(top_of(&[None, Some("x@y.co")], people, "Fabri renewal"), None);
}

#[test]
fn strangers_of_one_organisation_outweigh_fewer_who_are_known() {
    let consultant: People<'_> = &[("c@advice.co", &[("north", true)]), NORTH, NORTH_TOO];
    let cases: [(&[&str], bool); 7] = [
        (&["c@advice.co", "x@y.co"], false),
        (&["c@advice.co", "x@advice.co", "y@advice.co"], false),
        (&["a@n.co", "b@n.co", "x@y.co"], true),
        (&["a@n.co", "b@n.co", "x@n.co", "y@n.co"], true),
        (&["a@n.co", "b@n.co", "x@y.co", "y@y.co"], false),
        (&["a@n.co", "b@n.co", "x@n.co", "x@y.co", "y@y.co"], true),
        // Anybody has an address there: these are two people, not one organisation.
        (&["a@n.co", "x@gmail.com", "y@gmail.com"], true),
    ];
    for (emails, is_clear) in cases {
        let emails: Vec<_> = emails.iter().map(|email| Some(*email)).collect();
        let (name, _, _, clear) = top(&emails, consultant).unwrap();
        assert_eq!((name.as_str(), clear), ("north", is_clear), "{emails:?}");
    }
}

#[test]
fn one_known_among_many_nameless_is_offered_only() {
    for (nameless, is_clear) in [(3, true), (4, false)] {
        let emails: Vec<_> = [Some("a@n.co")].into_iter().chain(vec![None; nameless]).collect();
        assert_eq!(
            top(&emails, &[NORTH]),
            Some(("north".to_owned(), 1, u32::try_from(nameless).unwrap() + 1, is_clear))
        );
    }
}

#[test]
fn a_draw_between_tenants_is_a_draw_wherever_the_second_one_stands() {
    let first = directory(&[
        ("a@n.co", &[("north", true), ("fabri", false)]),
        ("b@n.co", &[("north", true), ("fabri", false)]),
    ]);
    let second = directory(&[("a@n.co", &[("copper", true)]), ("b@n.co", &[("copper", true)])]);
    let found = ranked(&[Some("a@n.co"), Some("b@n.co")], &[("us", first), ("eu", second)], "");
    let shown: Vec<_> = found.iter().map(|one| (one.tenant.as_str(), one.name.as_str(), one.is_clear)).collect();
    assert_eq!(shown, [("eu", "copper", false), ("us", "north", false), ("us", "fabri", false)]);
}

#[test]
fn a_colleague_of_one_tenant_is_nobodys_customer_in_another() {
    let mut europe = directory(&[("csm@v.co", &[("north", true)]), FABRI]);
    europe.users.clear();
    let found = ranked(&[Some("csm@v.co"), Some("c@f.co")], &[("us", directory(&[])), ("eu", europe)], "");
    let shown: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.matched, one.outsiders, one.is_clear)).collect();
    assert_eq!(shown, [("fabri", 1, 1, true)]);
}

/// Who is there, whom the host invited, and what is suggested.
type Case<'a> = (&'a [Option<&'a str>], &'a [EmailAddress], &'a [(&'a str, u32, bool)]);

#[test]
fn whom_the_host_invited_breaks_a_draw_and_chooses_nothing_alone() {
    let people = directory(&[
        ("a@n.co", &[("north", true)]),
        ("b@n.co", &[("north", true)]),
        ("d@n.co", &[("north", true)]),
        ("c@f.co", &[("fabri", true)]),
    ]);
    let tenant = TenantKey::new("us");
    let facts = [TenantFacts { tenant: &tenant, directory: &people, named: Vec::new() }];
    let invited: Vec<EmailAddress> =
        ["a@n.co", "b@n.co", "d@n.co", "csm@v.co"].map(|email| email.parse().unwrap()).into();
    let one_of_five = [Some("a@n.co"), None, None, None, None];
    let cases: [Case<'_>; 5] = [
        (&[Some("a@n.co"), Some("c@f.co")], &[], &[("fabri", 1, false), ("north", 1, false)]),
        (&[Some("a@n.co"), Some("c@f.co")], &invited, &[("north", 1, true), ("fabri", 1, false)]),
        (&[], &invited, &[("north", 0, false)]),
        (&one_of_five, &[], &[("north", 1, false)]),
        (&one_of_five, &invited, &[("north", 1, true)]),
    ];
    for (emails, expected, is) in cases {
        let found = candidates(Guests { present: &room(emails), expected }, &facts);
        let shown: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.matched, one.is_clear)).collect();
        assert_eq!(shown, is, "{emails:?}");
    }
}

#[test]
fn a_guess_makes_nobody_known() {
    let people = directory(&[NORTH]);
    let tenant = TenantKey::new("us");
    let facts = [TenantFacts { tenant: &tenant, directory: &people, named: Vec::new() }];
    let mut guessed = room(&[Some("a@n.co")]);
    guessed[0].email.as_mut().unwrap().1 = Source::InvitedName;
    assert!(candidates(Guests { present: &guessed, expected: &[] }, &facts).is_empty());
}
