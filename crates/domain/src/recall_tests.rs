use uuid::Uuid;

use super::*;
use crate::roster::{Movement, Sighting};

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000 + second * 1_000)
}

fn id(number: u128) -> ParticipantId {
    ParticipantId::new(Uuid::from_u128(number))
}

fn stay(number: &str, name: &str, email: Option<&str>) -> PastStay {
    PastStay {
        join_number: Some(number.to_owned()),
        name: name.to_owned(),
        email: email.map(|email| email.parse().unwrap()),
        zoom_user: None,
        registrant: None,
        joined_at: Some(at(0)),
        left_at: Some(at(60)),
    }
}

fn roster() -> Roster {
    let mut roster = Roster::default();
    let ana = Sighting {
        uuid: ParticipantUuid::new("A"),
        join_number: Some("1".to_owned()),
        name: "Ana Ruiz".to_owned(),
        email: None,
        zoom_user: None,
        registrant: Some("reg-ana".to_owned()),
        role: None,
        phone: false,
        movement: Movement::Joined,
        at: at(3),
    };
    roster.witness(&ana, || id(1));
    roster.end(at(50));
    roster
}

#[test]
fn a_stay_that_was_seen_brings_only_what_was_missing() {
    let mut roster = roster();
    assert_eq!(roster.recall(&stay("1", "Somebody else", Some("ana@n.example")), || id(9)), Some(id(1)));
    let ana = &roster.participants[0];
    assert_eq!((ana.name.as_str(), ana.joined_at()), ("Ana Ruiz", Some(at(3))));
    assert_eq!(ana.email, Some(("ana@n.example".parse().unwrap(), Source::PastList)));
    assert_eq!(ana.connections.len(), 1);
}

#[test]
fn told_twice_it_changes_nobody() {
    let mut roster = roster();
    let rows = [stay("1", "Ana Ruiz", None), stay("2", "Ben Carter", None), stay("3", "Ben Carter", None)];
    for (number, row) in rows.iter().enumerate() {
        roster.recall(row, || id(10 + number as u128));
    }
    let names: Vec<_> = roster.participants.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Ana Ruiz", "Ben Carter", "Ben Carter"], "a name alone makes nobody the same");
    for row in &rows {
        assert_eq!(roster.recall(row, || id(99)), None);
    }
}

#[test]
fn two_stays_of_one_registrant_are_one_person() {
    let mut roster = roster();
    let again = PastStay { registrant: Some("reg-ana".to_owned()), ..stay("7", "Ana", Some("ana@n.example")) };
    assert_eq!(roster.recall(&again, || id(9)), Some(id(1)));
    assert_eq!((roster.participants.len(), roster.participants[0].connections.len()), (1, 2));
    let attended = roster.attended();
    assert_eq!((attended.len(), attended[0].device_count(), attended[0].joined_at()), (1, 1, Some(at(0))));
}

#[test]
fn whom_only_a_browser_listed_took_part_where_nobody_else_was_seen() {
    let listed = [(ParticipantUuid::new("X"), "Ana Ruiz".to_owned(), None)];
    let mut alone = Roster::default();
    alone.hint(&listed, false, at(1), || id(5));
    alone.end(at(2));
    assert_eq!(alone.attended().len(), 1);
    assert!(alone.present().is_empty() && !alone.attended()[0].is_proven());
    alone.recall(&stay("1", "Ana Ruiz", Some("ana@n.example")), || id(6));
    let attended = alone.attended();
    assert_eq!((attended.len(), attended[0].id, attended[0].is_proven()), (1, id(6), true));
}
