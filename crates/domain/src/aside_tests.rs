//! What becomes of people who go aside.

use uuid::Uuid;

use super::*;
use crate::roster::{Movement, Sighting};

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000 + second * 1_000)
}

fn sighting(movement: Movement, second: i64) -> Sighting {
    Sighting {
        uuid: ParticipantUuid::new("A"),
        join_number: None,
        name: "Ana".to_owned(),
        email: None,
        zoom_user: None,
        registrant: None,
        role: None,
        phone: false,
        movement,
        at: at(second),
    }
}

/// Ana, who came in the tenth second.
fn roster() -> Roster {
    let mut roster = Roster::default();
    roster.witness(&sighting(Movement::Joined, 10), || ParticipantId::new(Uuid::from_u128(1)));
    roster
}

fn go(roster: &mut Roster, step: Step, second: i64) -> bool {
    roster.step_aside(&Aside { uuid: ParticipantUuid::new("A"), step, at: at(second) }).is_some()
}

fn into(room: &str) -> Step {
    Step::Into(MeetingUuid::new(room))
}

fn out_of(room: &str) -> Step {
    Step::OutOf(MeetingUuid::new(room))
}

#[test]
fn whoever_is_in_a_breakout_room_is_still_in_the_meeting() {
    let cases: [(&[(Step, i64)], bool); 7] = [
        (&[(into("1"), 20)], true),
        (&[(into("1"), 20), (out_of("1"), 30)], false),
        (&[(into("1"), 20), (out_of("1"), 30), (into("2"), 30)], true),
        (&[(into("1"), 20), (into("2"), 30), (out_of("1"), 30)], true),
        (&[(out_of("1"), 30), (into("1"), 20)], false),
        (&[(into("1"), 20), (into("1"), 20)], true),
        (&[(into("1"), 5)], false),
    ];
    for (steps, is_aside) in cases {
        let mut roster = roster();
        for (step, second) in steps {
            go(&mut roster, step.clone(), *second);
        }
        let ana = &roster.participants[0];
        assert_eq!((ana.is_present(), ana.is_in_breakout_room()), (true, is_aside), "{steps:?}");
    }
}

#[test]
fn whoever_comes_back_into_the_meeting_is_in_the_main_room() {
    let mut roster = roster();
    assert!(go(&mut roster, into("1"), 20) && !go(&mut roster, into("1"), 20), "told twice is told once");
    roster.witness(&sighting(Movement::Left, 30), || ParticipantId::new(Uuid::nil()));
    roster.witness(&sighting(Movement::Joined, 40), || ParticipantId::new(Uuid::nil()));
    assert!(!roster.participants[0].is_in_breakout_room());
}

#[test]
fn whoever_waits_is_not_in_the_meeting() {
    let mut roster = roster();
    assert!(!go(&mut roster, Step::Waiting, 10), "that was before he was let in, and came late");
    assert!(go(&mut roster, Step::Waiting, 20) && !roster.participants[0].is_present());
    roster.witness(&sighting(Movement::Joined, 30), || ParticipantId::new(Uuid::nil()));
    assert!(roster.participants[0].is_present(), "he was let in again");
}

#[test]
fn a_stranger_is_not_made_known_by_a_step_aside() {
    for step in [into("1"), out_of("1"), Step::Waiting] {
        let mut roster = Roster::default();
        assert!(!go(&mut roster, step, 20) && roster.participants.is_empty());
    }
}
