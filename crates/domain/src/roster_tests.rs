//! What the roster must survive.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000 + second * 1_000)
}

fn seen(uuid: &str, movement: Movement, second: i64) -> Sighting {
    Sighting {
        uuid: ParticipantUuid::new(uuid),
        join_number: None,
        name: format!("Name of {uuid}"),
        email: None,
        zoom_user: None,
        registrant: None,
        role: None,
        phone: false,
        movement,
        at: at(second),
    }
}

#[derive(Default)]
struct Room {
    roster: Roster,
    /// Whether the panel that tells is in a breakout room.
    is_aside: bool,
    ids: u128,
}

impl Room {
    fn witness(&mut self, sighting: &Sighting) -> usize {
        self.ids += 1;
        let id = ParticipantId::new(Uuid::from_u128(self.ids));
        self.roster.witness(sighting, || id).len()
    }

    fn hint(&mut self, listed: &[(&str, &str)], second: i64) -> usize {
        let listed: Vec<_> =
            listed.iter().map(|(uuid, name)| (ParticipantUuid::new(*uuid), (*name).to_owned(), None)).collect();
        let ids = &mut self.ids;
        self.roster
            .hint(&listed, self.is_aside, at(second), || {
                *ids += 1;
                ParticipantId::new(Uuid::from_u128(*ids))
            })
            .len()
    }

    fn present(&self) -> Vec<&str> {
        self.roster
            .participants
            .iter()
            .filter(|person| person.is_present())
            .map(|person| person.name.as_str())
            .collect()
    }
}

#[test]
fn a_rejoin_under_a_new_uuid_is_the_same_person() {
    let mut room = Room::default();
    let ana =
        |uuid, movement, second| Sighting { zoom_user: Some(ZoomUserId::new("ana")), ..seen(uuid, movement, second) };
    room.witness(&ana("A", Movement::Joined, 0));
    room.witness(&ana("A", Movement::Left, 5));
    room.witness(&ana("B", Movement::Joined, 9));
    assert_eq!(room.roster.participants.len(), 1);
    assert_eq!(room.present(), ["Name of B"]);
}

#[test]
fn a_list_of_a_breakout_room_says_nothing_of_the_others() {
    let mut room = Room::default();
    room.hint(&[("A", "Ana"), ("B", "Ben")], 0);
    room.is_aside = true;
    assert_eq!(room.hint(&[("A", "Ana"), ("C", "Cleo")], 1), 1);
    assert_eq!(room.present(), ["Ana", "Ben", "Cleo"]);
    room.is_aside = false;
    room.hint(&[("B", "Ben")], 2);
    assert_eq!(room.present(), ["Ben"]);
}

#[test]
fn one_person_on_two_devices_leaves_when_both_are_gone() {
    let mut room = Room::default();
    let ana =
        |uuid, movement, second| Sighting { email: Some("ana@x.co".parse().unwrap()), ..seen(uuid, movement, second) };
    room.witness(&ana("A", Movement::Joined, 0));
    room.witness(&ana("B", Movement::Joined, 1));
    assert_eq!(room.roster.participants[0].device_count(), 2);
    room.witness(&seen("A", Movement::Left, 2));
    assert!(room.roster.participants[0].is_present());
    room.witness(&seen("B", Movement::Left, 3));
    assert!(!room.roster.participants[0].is_present());
}

#[test]
fn two_people_with_one_name_stay_two() {
    let mut room = Room::default();
    for uuid in ["A", "B"] {
        room.witness(&Sighting { name: "Sam Lee".to_owned(), ..seen(uuid, Movement::Joined, 0) });
    }
    assert_eq!(room.present(), ["Sam Lee", "Sam Lee"]);
}

#[test]
fn a_leave_that_overtakes_its_join_still_means_gone() {
    let mut room = Room::default();
    room.witness(&seen("A", Movement::Left, 5));
    room.witness(&seen("A", Movement::Joined, 0));
    assert_eq!(room.present(), Vec::<&str>::new());
}

#[test]
fn a_repeated_webhook_changes_nothing() {
    let mut room = Room::default();
    let joined = seen("A", Movement::Joined, 0);
    assert_eq!(room.witness(&joined), 1);
    assert_eq!(room.witness(&joined), 0);
}

#[test]
fn a_list_from_a_browser_adds_names_but_removes_nobody_a_webhook_showed() {
    let mut room = Room::default();
    room.witness(&seen("A", Movement::Joined, 0));
    assert_eq!(room.hint(&[("F", "Forged")], 1), 1);
    assert_eq!(room.present(), ["Name of A", "Forged"]);
    let forged = &room.roster.participants[1];
    assert!(forged.email.is_none() && forged.zoom_user.is_none() && !forged.is_proven());
    assert_eq!(room.hint(&[], 2), 1);
    assert_eq!(room.present(), ["Name of A"]);
}

#[test]
fn a_list_cannot_bring_back_whom_a_webhook_saw_leave() {
    let mut room = Room::default();
    room.witness(&seen("A", Movement::Joined, 0));
    room.witness(&seen("A", Movement::Left, 1));
    room.hint(&[("A", "A")], 2);
    assert_eq!(room.present(), Vec::<&str>::new());
}

#[test]
fn the_webhook_and_the_list_meet_under_one_uuid() {
    let mut room = Room::default();
    room.hint(&[("A", "Ana")], 0);
    room.witness(&Sighting { email: Some("ana@x.co".parse().unwrap()), ..seen("A", Movement::Joined, 1) });
    room.hint(&[("A", "Ana R.")], 2);
    assert_eq!(room.present(), ["Ana R."]);
    assert!(room.roster.participants[0].is_proven());
}

#[test]
fn a_new_role_with_a_new_uuid_is_the_same_stay() {
    let mut room = Room::default();
    let guest =
        |uuid, movement, second| Sighting { join_number: Some("16".to_owned()), ..seen(uuid, movement, second) };
    room.witness(&guest("A", Movement::Joined, 0));
    room.witness(&Sighting { role: Some(Role::CoHost), ..guest("B", Movement::Changed, 1) });
    assert_eq!(room.roster.participants.len(), 1);
    assert_eq!(room.roster.participants[0].device_count(), 1);
    room.hint(&[("B", "Ana")], 2);
    assert_eq!(room.roster.participants.len(), 1);
    room.witness(&seen("A", Movement::Left, 3));
    assert_eq!(room.present(), Vec::<&str>::new());
}

#[test]
fn a_stranger_on_the_list_yields_to_the_person_that_a_webhook_names() {
    let mut room = Room::default();
    let guest =
        |uuid, movement, second| Sighting { join_number: Some("16".to_owned()), ..seen(uuid, movement, second) };
    room.witness(&guest("A", Movement::Joined, 0));
    // The host's list shows the new uuid before the webhook tells whose it is.
    room.hint(&[("B", "Ana")], 1);
    assert_eq!(room.present().len(), 2);
    assert_eq!(room.witness(&guest("B", Movement::Changed, 2)), 2);
    assert_eq!(room.present(), ["Name of B"]);
    room.hint(&[("B", "Ana")], 3);
    assert_eq!(room.present(), ["Ana"]);
}

#[test]
fn a_new_role_without_a_join_number_is_matched_by_the_person() {
    let mut room = Room::default();
    let ana =
        |uuid, movement, second| Sighting { zoom_user: Some(ZoomUserId::new("ana")), ..seen(uuid, movement, second) };
    room.witness(&ana("A", Movement::Joined, 0));
    room.witness(&ana("B", Movement::Changed, 1));
    assert_eq!(room.roster.participants[0].device_count(), 1);
}

#[test]
fn names_are_cut_and_stripped_of_controls() {
    let mut room = Room::default();
    room.witness(&Sighting { name: format!("\u{7}{}", "x".repeat(10_000)), ..seen("A", Movement::Joined, 0) });
    assert_eq!(room.roster.participants[0].name.len(), LONGEST_NAME - 1 + 1);
    assert!(!room.roster.participants[0].name.contains('\u{7}'));
}

#[test]
fn a_flood_of_strangers_stops_at_the_limit() {
    let mut room = Room::default();
    for n in 0..MOST_PARTICIPANTS + 50 {
        room.witness(&seen(&n.to_string(), Movement::Joined, 0));
    }
    assert_eq!(room.roster.participants.len(), MOST_PARTICIPANTS);
}

#[test]
fn roles_come_in_many_spellings() {
    for (text, role) in [
        ("host", Role::Host),
        ("coHost", Role::CoHost),
        ("co-host", Role::CoHost),
        ("participant", Role::Attendee),
        ("", Role::Attendee),
    ] {
        assert_eq!(Role::parse(text), role);
    }
}

proptest! {
    /// Webhooks come in any order and any number of times: presence at the end is the same.
    #[test]
    fn order_and_repeats_do_not_matter(mut order in Just(vec![0usize, 1, 2, 3, 4, 5, 0, 3]).prop_shuffle()) {
        let events = [
            seen("A", Movement::Joined, 0), seen("A", Movement::Left, 4), seen("B", Movement::Joined, 1),
            seen("C", Movement::Joined, 2), seen("C", Movement::Left, 3), seen("D", Movement::Joined, 6),
        ];
        order.extend([0, 1, 2, 3, 4, 5]);
        let mut room = Room::default();
        for index in order {
            room.witness(&events[index]);
        }
        let mut present = room.present();
        present.sort_unstable();
        prop_assert_eq!(present, vec!["Name of B", "Name of D"]);
    }
}

#[test]
fn what_a_browser_invents_leaves_room_for_whom_zoom_reports() {
    let mut room = Room::default();
    let uuids: Vec<String> = (0..MOST_PARTICIPANTS).map(|number| format!("forged-{number}")).collect();
    let listed: Vec<_> = uuids.iter().map(|uuid| (uuid.as_str(), "Forged")).collect();
    assert_eq!(room.hint(&listed, 0), MOST_HINTED);
    for person in 0..MOST_PARTICIPANTS - MOST_HINTED {
        let who = Sighting {
            zoom_user: Some(ZoomUserId::new(format!("real-{person}"))),
            ..seen(&format!("R{person}"), Movement::Joined, 1)
        };
        assert_eq!(room.witness(&who), 1, "{person}");
    }
    assert_eq!(room.roster.participants.len(), MOST_PARTICIPANTS);
}
