use super::*;
use crate::state::samples::{at, attendee};

fn names(room: &Room) -> Vec<&str> {
    room.rows().iter().map(|row| row.attendee.name.as_str()).collect()
}

fn room_of(attendees: Vec<Attendee>) -> Room {
    let mut room = Room::default();
    room.take(attendees, at(0));
    room
}

#[test]
fn the_first_list_announces_nobody() {
    let mut room = Room::default();
    assert_eq!(room.take(vec![attendee(1, "Ana", Group::Customer)], at(0)), Movement::default());
}

#[test]
fn whoever_leaves_lingers_in_place_and_then_goes() {
    let (ana, bo) = (attendee(1, "Ana", Group::Customer), attendee(2, "Bo", Group::Customer));
    let mut room = room_of(vec![ana, bo.clone()]);
    let movement = room.take(vec![bo.clone()], at(1_000));
    assert_eq!(movement.left, ["Ana"]);
    assert_eq!(room.present(), 1);
    assert!(names(&room).contains(&"Ana"), "gone at once");
    assert!(room.forget_gone(at(4_999)));
    assert!(!room.forget_gone(at(5_000)));
    assert_eq!(names(&room), ["Bo"]);
}

#[test]
fn whoever_comes_back_is_no_second_row() {
    let ana = attendee(1, "Ana", Group::Customer);
    let mut room = room_of(vec![ana.clone()]);
    room.take(Vec::new(), at(1_000));
    let movement = room.take(vec![ana], at(2_000));
    assert_eq!(movement.joined, ["Ana"]);
    assert_eq!(names(&room), ["Ana"]);
    assert_eq!(room.present(), 1);
}

#[test]
fn only_rows_that_changed_are_drawn_again() {
    let (ana, bo) = (attendee(1, "Ana", Group::Customer), attendee(2, "Bo", Group::Customer));
    let mut room = room_of(vec![ana.clone(), bo.clone()]);
    room.take(vec![Attendee { name: "Ana Ruiz".to_owned(), ..ana }, bo], at(1));
    let revisions: Vec<_> = room.rows().iter().map(|row| row.revision).collect();
    assert_eq!(revisions, [1, 0]);
}

#[test]
fn sections_count_everybody_but_draw_only_so_many() {
    let customers = (0..50).map(|n| attendee(n, "C", Group::Customer));
    let colleagues = (50..100).map(|n| attendee(n, "K", Group::Colleague));
    let room = room_of(customers.chain(colleagues).collect());
    let shown: Vec<_> =
        sections(&room, 60).into_iter().map(|s| (s.group, room.present_in(s.group), s.rows.len())).collect();
    assert_eq!(shown, [(Group::Customer, 50, 50), (Group::Colleague, 50, 10)]);
}

#[test]
fn the_second_line_is_never_empty() {
    let titled = Attendee {
        title: Some("CTO".to_owned()),
        company_role: Some("Champion".to_owned()),
        ..attendee(1, "Ana", Group::Customer)
    };
    let elsewhere = Attendee { company: Some("Fabrikam".to_owned()), ..attendee(2, "Bo", Group::OtherCompany) };
    let cases = [
        (titled, "CTO · Champion"),
        (elsewhere, "Fabrikam"),
        (attendee(3, "New", Group::NotInGainsight), "p3@n.test"),
        (attendee(4, "Guest", Group::NeedsEmail), Word::PersonNoEmail.text()),
        (attendee(5, "Kim", Group::Colleague), Word::PersonColleague.text()),
        (attendee(6, "+49 30", Group::Device), Word::PersonDevice.text()),
    ];
    for (attendee, line) in cases {
        assert_eq!(second_line(&attendee), line, "{}", attendee.name);
    }
}

#[test]
fn announcements_name_one_and_count_several() {
    let say = |joined: &[&str], left: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        announcement(&Movement { joined: owned(joined), left: owned(left) })
    };
    assert_eq!(say(&[], &[]), None);
    assert_eq!(say(&["Ana"], &[]).as_deref(), Some("Ana joined"));
    assert_eq!(say(&["Ana", "Bo", "Cy"], &["Di"]).as_deref(), Some("3 people joined. Di left"));
}

#[test]
fn initials_suit_every_kind_of_name() {
    let cases = [
        ("Ana Ruiz", "AR"),
        ("Ana María de la ruiz", "Ar"),
        ("madonna", "m"),
        ("  ", "?"),
        ("(Bo) [x]", "Bx"),
        ("+49 30 901820", "49"),
        ("ßara", "ß"),
        ("李 小龙", "李小"),
        ("– «Émile» 🌞 Øst", "ÉØ"),
        ("„אבי“ (الرياض)", "אا"),
    ];
    for (name, letters) in cases {
        assert_eq!(initials(name), letters, "{name}");
    }
}

#[test]
fn colours_are_stable_and_spread() {
    let colours: HashSet<_> = (0..40).map(|n| colour(&attendee(n, "A", Group::Customer))).collect();
    assert!(colours.len() > 4, "{colours:?}");
    assert_eq!(colour(&attendee(1, "Ana", Group::Customer)), colour(&attendee(1, "Renamed", Group::Customer)));
}

#[test]
fn two_devices_of_one_person_count_once() {
    let ana = attendee(1, "Ana", Group::Customer);
    let phone = Attendee { id: attendee(2, "", Group::Customer).id, ..ana.clone() };
    let stranger = attendee(3, "New", Group::NotInGainsight);
    assert_eq!(recognised([&ana, &phone, &stranger]).len(), 1);
}

#[test]
fn a_guess_is_shown_as_one_and_named_in_no_note() {
    let ana = |source| Attendee { email_source: Some(source), ..attendee(1, "Ana", Group::Customer) };
    assert!(recognised([&ana(Source::InvitedName), &ana(Source::RegisteredName)]).is_empty());
    assert_eq!(recognised([&ana(Source::Registration)]).len(), 1);
    let ticked = Attendee { ticked_by: Some("Kim".to_owned()), ..ana(Source::Ticked) };
    assert_eq!(certainty(&ticked).as_deref(), Some("Kim, who ticked them"));
    assert!(certainty(&ana(Source::InvitedName)).unwrap().contains("not confirmed"));
}
