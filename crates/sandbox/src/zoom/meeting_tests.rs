use super::*;
use sidelight_domain::CountingIds;

const START: Timestamp = Timestamp::from_millis(1_780_000_000_000);

fn person(key: &str, account: Option<&str>) -> Person {
    let identity = Identity { account: account.map(str::to_owned), ..Identity::default() };
    Person { key: key.to_owned(), ..Person::named(key, identity) }
}

fn meeting() -> Meeting {
    Meeting {
        number: "81234567890".to_owned(),
        uuid: "first".to_owned(),
        topic: "Weekly".to_owned(),
        host: "maya".to_owned(),
        host_user: "u-maya".to_owned(),
        account: "acc-lumen".to_owned(),
        kind: 2,
        status: Status::Waiting,
        starts_at: START,
        started_at: None,
        ended_at: None,
        duration: Duration::from_mins(30),
        timezone: "UTC".to_owned(),
        has_waiting_room: false,
        rooms: Vec::new(),
        participants: Vec::new(),
        invitees: Vec::new(),
        registrants: Vec::new(),
        crowd: 0,
        joins: 0,
    }
}

/// A running meeting with a host and one guest.
fn running(ids: &CountingIds) -> Meeting {
    let mut meeting = meeting();
    meeting.start(START, &Fresh(ids)).unwrap();
    meeting.join(&person("maya", Some("acc-lumen")), Role::Host, START, &Fresh(ids)).unwrap();
    meeting.join(&person("ana", None), Role::Attendee, START, &Fresh(ids)).unwrap();
    meeting
}

fn present(meeting: &Meeting) -> Vec<&str> {
    meeting.present().map(|participant| participant.person.as_str()).collect()
}

#[test]
fn nobody_joins_a_meeting_that_does_not_run() {
    let ids = CountingIds::default();
    let mut meeting = meeting();
    let ana = person("ana", None);
    let join = meeting.join(&ana, Role::Attendee, START, &Fresh(&ids));
    assert_eq!(join, Err(NotTaken::NotRunning));
    assert_eq!(meeting.leave("ana", START), Err(NotTaken::NotRunning));
    assert_eq!(meeting.end(START), Err(NotTaken::NotRunning));
}

#[test]
fn each_join_has_ids_of_its_own() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    let first = meeting.of_person("ana").unwrap().clone();
    let happened = meeting.rejoin(&person("ana", None), START, &Fresh(&ids)).unwrap();
    assert!(matches!(happened.as_slice(), [Happening::Left { .. }, Happening::Joined(_)]));
    let second = meeting.of_person("ana").unwrap();
    assert!(second.id > first.id && second.uuid != first.uuid);
    assert_eq!(first.id, FIRST_PARTICIPANT + PARTICIPANT_STEP);
}

#[test]
fn one_person_may_come_with_two_devices() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    meeting.join(&person("ana", None), Role::Attendee, START, &Fresh(&ids)).unwrap();
    assert_eq!(present(&meeting), ["maya", "ana", "ana"]);
    meeting.leave("ana", START).unwrap();
    assert_eq!(present(&meeting), ["maya", "ana"]);
}

#[test]
fn a_new_host_takes_the_role_from_the_old_one() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    let happened = meeting.change_role("ana", Role::Host, true, &Fresh(&ids)).unwrap();
    assert_eq!(happened.len(), 2);
    let roles: Vec<_> = meeting.present().map(|participant| participant.role).collect();
    assert_eq!(roles, [Role::Attendee, Role::Host]);
}

#[test]
fn a_role_change_renews_the_uuid_by_switch_and_never_the_id() {
    let ids = CountingIds::default();
    for renews in [true, false] {
        let mut meeting = running(&ids);
        let before = meeting.of_person("ana").unwrap().clone();
        meeting.change_role("ana", Role::CoHost, renews, &Fresh(&ids)).unwrap();
        let after = meeting.of_person("ana").unwrap();
        assert_eq!((after.uuid != before.uuid, after.id == before.id), (renews, true));
    }
}

#[test]
fn strangers_wait_where_there_is_a_waiting_room() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    meeting.has_waiting_room = true;
    let colleague = meeting.join(&person("tom", Some("acc-lumen")), Role::Attendee, START, &Fresh(&ids)).unwrap();
    assert!(matches!(colleague, Happening::Joined(_)));
    let stranger = meeting.join(&person("ben", None), Role::Attendee, START, &Fresh(&ids)).unwrap();
    assert!(matches!(stranger, Happening::BeganWaiting(_)));
    let admitted = meeting.admit("ben", START).unwrap();
    assert!(matches!(admitted.as_slice(), [Happening::StoppedWaiting(_), Happening::Joined(_)]));
    for (leaves_too, told) in [(false, 1), (true, 2)] {
        let mut meeting = meeting.clone();
        assert_eq!(meeting.put_back("ana", leaves_too).unwrap().len(), told);
        assert!(meeting.put_back("ana", leaves_too).is_err(), "who waits is not inside");
        assert_eq!(meeting.admit("ana", START).unwrap().len(), 2);
    }
    assert_eq!(meeting.admit("ben", START), Err(NotTaken::NotHere));
}

#[test]
fn a_breakout_room_keeps_the_uuid_and_renews_the_id() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    let before = meeting.of_person("ana").unwrap().clone();
    meeting.move_to("ana", Some("Room 1"), &Fresh(&ids)).unwrap();
    let inside = meeting.of_person("ana").unwrap().clone();
    assert_eq!((inside.uuid == before.uuid, inside.id == before.id), (true, false));
    assert_eq!(inside.room.as_ref(), meeting.rooms.first().map(|room| &room.uuid));
    let moved = meeting.move_to("ana", Some("Room 2"), &Fresh(&ids)).unwrap();
    let Happening::Moved { before, after } = moved else { panic!("{moved:?}") };
    assert_eq!((before.room, after.room.as_ref()), (inside.room, meeting.rooms.get(1).map(|room| &room.uuid)));
    meeting.move_to("ana", None, &Fresh(&ids)).unwrap();
    assert_eq!((meeting.of_person("ana").unwrap().room.as_ref(), meeting.rooms.len()), (None, 2));
}

#[test]
fn the_end_sends_everybody_away_and_the_next_start_is_another_instance() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    let happened = meeting.end(START).unwrap();
    assert_eq!(happened.len(), 3);
    assert_eq!(happened.last(), Some(&Happening::Ended));
    assert!(present(&meeting).is_empty());
    meeting.start(START, &Fresh(&ids)).unwrap();
    assert_ne!(meeting.uuid, "first");
    assert!(meeting.participants.is_empty() && meeting.ended_at.is_none());
    assert_eq!(meeting.start(START, &Fresh(&ids)), Err(NotTaken::Running));
}

#[test]
fn a_full_meeting_takes_nobody() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    for _ in 2..SEATS {
        meeting.join(&person("crowd", None), Role::Attendee, START, &Fresh(&ids)).unwrap();
    }
    let one_too_many = meeting.join(&person("late", None), Role::Attendee, START, &Fresh(&ids));
    assert_eq!(one_too_many, Err(NotTaken::Full));
}

#[test]
fn a_rename_keeps_everything_else() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    let before = meeting.of_person("ana").unwrap().clone();
    meeting.rename("ana", "Ana (mobile)").unwrap();
    let after = meeting.of_person("ana").unwrap();
    assert_eq!(after, &Participant { name: "Ana (mobile)".to_owned(), ..before });
    assert_eq!(meeting.rename("nobody", "x"), Err(NotTaken::NotHere));
}

#[test]
fn a_meeting_becomes_a_customers_and_somebody_turns_out_to_be_signed_out() {
    let ids = CountingIds::default();
    let mut meeting = running(&ids);
    meeting.belong_to(&person("ana", Some("acc-elsewhere")));
    assert_eq!((meeting.host.as_str(), meeting.account.as_str()), ("ana", "acc-elsewhere"));
    let happened = meeting.sign_out("maya", false, &Fresh(&ids)).unwrap();
    assert!(matches!(happened.as_slice(), [Happening::RoleChanged { .. }]));
    let maya = meeting.of_person("maya").unwrap();
    assert_eq!((maya.role, &maya.identity), (Role::Attendee, &Identity::default()));
}
