use uuid::Uuid;

use super::*;

fn participant(number: u128, name: &str, email: Option<&str>) -> Participant {
    let stay = Connection {
        uuid: ParticipantUuid::new(number.to_string()),
        former: Vec::new(),
        join_number: None,
        joined_at: None,
        left_at: None,
        source: Source::HostWebhook,
    };
    Participant {
        id: ParticipantId::new(Uuid::from_u128(number)),
        name: name.to_owned(),
        email: email.map(|email| (email.parse().unwrap(), Source::HostWebhook)),
        zoom_user: None,
        registrant: None,
        role: None,
        phone: false,
        whereabouts: None,
        connections: vec![stay],
    }
}

fn registered(id: &str, name: &str, email: &str) -> Expected {
    Expected { email: email.parse().unwrap(), name: Some(name.to_owned()), registrant: Some(id.to_owned()) }
}

fn invited(email: &str) -> Expected {
    Expected { email: email.parse().unwrap(), name: None, registrant: None }
}

fn ticked(email: &str) -> Tick {
    Tick {
        id: ParticipantId::new(Uuid::from_u128(77)),
        tenant: TenantKey::new("lumen"),
        email: email.parse().unwrap(),
        by: "Maya".to_owned(),
        at: Timestamp::from_millis(1),
    }
}

fn shown(participants: &[Participant]) -> Vec<(String, String, Option<Source>)> {
    let row = |one: &Participant| {
        let email = one.email.as_ref();
        let address = email.map(|(email, _)| email.to_string()).unwrap_or_default();
        (one.name.clone(), address, email.map(|(_, source)| *source))
    };
    participants.iter().map(row).collect()
}

fn row(name: &str, email: &str, source: Option<Source>) -> (String, String, Option<Source>) {
    (name.to_owned(), email.to_owned(), source)
}

#[test]
fn a_registration_says_who_somebody_is_and_a_name_makes_a_guess() {
    let with_id = Participant { registrant: Some("reg-1".to_owned()), ..participant(1, "iPad", None) };
    let mut room = [with_id, participant(2, " ben  CARTER ", None), participant(3, "Chioma Eze", None)];
    let chioma: EmailAddress = "chioma@n.example".parse().unwrap();
    let expected = [
        registered("reg-1", "Ana Ruiz", "ana@n.example"),
        registered("reg-2", "Ben Carter", "ben@n.example"),
        invited("chioma@n.example"),
    ];
    expect(&mut room, &expected, &BTreeMap::from([(chioma, "Chioma Eze")]));
    let is = [
        row("iPad", "ana@n.example", Some(Source::Registration)),
        row(" ben  CARTER ", "ben@n.example", Some(Source::RegisteredName)),
        row("Chioma Eze", "chioma@n.example", Some(Source::InvitedName)),
    ];
    assert_eq!(shown(&room), is);
    assert!(Source::RegisteredName.is_guess() && !Source::Registration.is_guess());
}

#[test]
fn a_name_that_two_share_is_no_guess() {
    let ana = || registered("reg-1", "Ana Ruiz", "ana@n.example");
    let other = || registered("reg-2", "Ana Ruiz", "other@n.example");
    let again = || Expected { registrant: None, ..ana() };
    let two_in_the_room = vec![participant(1, "Ana Ruiz", None), participant(2, "Ana Ruiz", None)];
    let one_known = vec![participant(1, "Ana Ruiz", Some("ana@x.example")), participant(2, "Ana Ruiz", None)];
    let alone = || vec![participant(1, "Ana Ruiz", None)];
    let here_already = vec![participant(1, "Ana (phone)", Some("ana@n.example")), participant(2, "Ana Ruiz", None)];
    let cases = [
        (two_in_the_room, vec![ana()], 0),
        (one_known, vec![ana()], 0),
        (alone(), vec![ana(), other()], 0),
        (alone(), vec![ana(), again()], 1),
        (here_already, vec![ana()], 0),
        (vec![participant(1, "Sam", None)], vec![registered("reg-1", "Sam", "sam@n.example")], 0),
    ];
    for (mut room, expected, guesses) in cases {
        expect(&mut room, &expected, &BTreeMap::new());
        let found = shown(&room).iter().filter(|(.., source)| source.is_some_and(Source::is_guess)).count();
        assert_eq!(found, guesses, "{room:?} {expected:?}");
    }
}

#[test]
fn a_tick_confirms_a_guess_takes_a_name_or_adds_somebody() {
    let ana: EmailAddress = "ana@n.example".parse().unwrap();
    let names = BTreeMap::from([(ana.clone(), "Ana Ruiz")]);
    let guessed = Participant { email: Some((ana, Source::InvitedName)), ..participant(1, "Ana Ruiz", None) };
    let unnamed = || participant(2, "Sam", None);
    let cases = [
        (vec![guessed], vec![row("Ana Ruiz", "ana@n.example", Some(Source::Ticked))]),
        (vec![participant(1, "Ana Ruiz", None)], vec![row("Ana Ruiz", "ana@n.example", Some(Source::Ticked))]),
        (
            vec![participant(1, "Ana Ruiz", Some("ana@n.example"))],
            vec![row("Ana Ruiz", "ana@n.example", Some(Source::HostWebhook))],
        ),
        (vec![unnamed()], vec![row("Sam", "", None), row("Ana Ruiz", "ana@n.example", Some(Source::Ticked))]),
        (
            vec![participant(1, "Ana Ruiz", None), participant(3, "Ana Ruiz", None)],
            vec![
                row("Ana Ruiz", "", None),
                row("Ana Ruiz", "", None),
                row("Ana Ruiz", "ana@n.example", Some(Source::Ticked)),
            ],
        ),
    ];
    for (mut room, expected) in cases {
        tick(&mut room, &[ticked("ana@n.example")], &names);
        assert_eq!(shown(&room), expected);
        assert!(room.iter().all(Participant::is_present));
    }
}

#[test]
fn whoever_opened_a_panel_is_there_under_his_own_address() {
    let maya = |name: &str| Member {
        id: ParticipantId::new(Uuid::from_u128(88)),
        user: ZoomUserId::new("u-maya"),
        name: name.to_owned(),
        email: "maya@v.example".parse().unwrap(),
    };
    let own_row = || Participant { zoom_user: Some(ZoomUserId::new("u-maya")), ..participant(1, "M.", None) };
    let listed = || participant(1, "maya lindqvist", None);
    let is = |name: &str| row(name, "maya@v.example", Some(Source::OwnOauth));
    let cases = [
        (vec![own_row()], vec![is("M.")]),
        (vec![participant(1, "Maya", Some("maya@v.example"))], vec![is("Maya")]),
        (vec![listed()], vec![is("maya lindqvist")]),
        (
            vec![listed(), participant(2, "Maya Lindqvist", None)],
            vec![row("maya lindqvist", "", None), row("Maya Lindqvist", "", None)],
        ),
        (Vec::new(), vec![is("Maya Lindqvist")]),
    ];
    for (mut room, expected) in cases {
        own(&mut room, &[maya("Maya Lindqvist")]);
        assert_eq!(shown(&room), expected);
    }
}
