use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use sidelight_domain::MeetingKind;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ParticipantUuid, ZoomAccountId, ZoomClientId, ZoomUserId};
use sidelight_domain::roster::{Movement, Role};

const SECRET: &str = "wh-secret-0001";
const STARTED: &str = r#"{"event":"meeting.started","event_ts":1700000000123,"payload":{"account_id":"acc1","object":{"id":"81234567890","uuid":"aDYlohsHRtCd4ii1uC2+hA==","host_id":"h1","topic":"T","type":2,"start_time":"2023-11-14T22:13:20Z","duration":60,"timezone":"UTC"}}}"#;
const STARTED_SIGNATURE: &str = "v0=79250fd17e82feb8b51fd9933c429ddc87896a5d0abe2c082c729bcad0ee8462";
const SIGNED_AT: &str = "1700000000";
const NOW: Timestamp = Timestamp::from_millis(1_700_000_010_000);

fn reader(secrets: &[&str]) -> WebhookReader {
    let secrets: Vec<_> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
    WebhookReader::new(&secrets, Window::default())
}

/// Signs like Zoom does.
fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    format!("v0={}", hexadecimal(mac.chain_update(format!("v0:{timestamp}:{body}"))))
}

fn read_at(now: Timestamp, timestamp: &str, body: &str) -> Result<Delivery, WebhookError> {
    reader(&[SECRET]).read(Some(&sign(SECRET, timestamp, body)), Some(timestamp), body.as_bytes(), now)
}

fn notice(body: &Value) -> Notice {
    match read_at(NOW, SIGNED_AT, &body.to_string()).unwrap() {
        Delivery::Notice(notice) => *notice,
        Delivery::Challenge(_) => panic!("no challenge was sent"),
    }
}

fn report(name: &str, participant: &Value) -> ParticipantReport {
    let body = json!({
        "event": name, "event_ts": 1_700_000_005_000_i64,
        "payload": {"account_id": "acc1", "object": {"uuid": "m1", "id": 81_234_567_890_i64, "participant": participant,
            "breakout_room_uuid": "b1"}},
    });
    let event = notice(&body).event;
    let Event::Participant(report) = event else { panic!("{event:?}") };
    report
}

#[test]
fn the_published_vector_is_accepted() {
    let delivery = reader(&[SECRET]).read(Some(STARTED_SIGNATURE), Some(SIGNED_AT), STARTED.as_bytes(), NOW).unwrap();
    let Delivery::Notice(notice) = delivery else { panic!("{delivery:?}") };
    assert_eq!(notice.at, Timestamp::from_millis(1_700_000_000_123));
    assert_eq!(notice.account, Some(ZoomAccountId::new("acc1")));
    let expected = Meeting {
        uuid: MeetingUuid::new("aDYlohsHRtCd4ii1uC2+hA=="),
        number: Some(MeetingNumber::new("81234567890")),
        kind: Some(MeetingKind::Planned),
        host: Some(ZoomUserId::new("h1")),
        topic: Some("T".to_owned()),
        started_at: Some(Timestamp::from_millis(1_700_000_000_000)),
        ended_at: None,
    };
    assert_eq!(notice.event, Event::MeetingStarted(expected));
}

#[test]
fn the_challenge_is_answered_under_the_key_that_signed_it() {
    let body = r#"{"event":"endpoint.url_validation","event_ts":1,"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"#;
    let expected = ChallengeAnswer {
        plain_token: "qgg8vlvZRS6UYooatFL8Aw".to_owned(),
        encrypted_token: "b0d0e1ac9aa4d8a7a855d7aa742e7675e77a573b41179c62890d13b6b5243a29".to_owned(),
    };
    let several = reader(&["another", SECRET]);
    let answer = several.read(Some(&sign(SECRET, SIGNED_AT, body)), Some(SIGNED_AT), body.as_bytes(), NOW);
    assert_eq!(answer, Ok(Delivery::Challenge(expected.clone())));
    assert!(serde_json::to_string(&expected).unwrap().starts_with(r#"{"plainToken":"qgg8"#));
    let unsigned = several.read(None, Some(SIGNED_AT), body.as_bytes(), NOW);
    assert_eq!(unsigned, Err(WebhookError::Unsigned), "an unsigned challenge gets no answer");
}

#[test]
fn what_is_not_signed_by_zoom_is_refused() {
    type Case = (Option<&'static str>, Option<&'static str>, &'static [u8], WebhookError);
    let reformatted = STARTED.replacen(':', ": ", 1).leak().as_bytes();
    let cases: [Case; 9] = [
        (None, Some(SIGNED_AT), STARTED.as_bytes(), WebhookError::Unsigned),
        (Some(STARTED_SIGNATURE), None, STARTED.as_bytes(), WebhookError::Unsigned),
        (Some(STARTED_SIGNATURE), Some(""), STARTED.as_bytes(), WebhookError::Unsigned),
        (Some(STARTED_SIGNATURE), Some("-1700000000"), STARTED.as_bytes(), WebhookError::Unsigned),
        (Some(STARTED_SIGNATURE), Some("99999999999999999999"), STARTED.as_bytes(), WebhookError::Unsigned),
        (Some(STARTED_SIGNATURE), Some("1700000001"), STARTED.as_bytes(), WebhookError::WrongSignature),
        (Some(STARTED_SIGNATURE), Some(SIGNED_AT), b"{}", WebhookError::WrongSignature),
        (Some(STARTED_SIGNATURE), Some(SIGNED_AT), reformatted, WebhookError::WrongSignature),
        (Some(""), Some(SIGNED_AT), STARTED.as_bytes(), WebhookError::WrongSignature),
    ];
    for (number, (signature, timestamp, body, expected)) in cases.into_iter().enumerate() {
        assert_eq!(reader(&[SECRET]).read(signature, timestamp, body, NOW), Err(expected), "case {number}");
    }
}

#[test]
fn every_configured_secret_is_tried_and_an_empty_one_opens_nothing() {
    let read = |secrets: &[&str], signed_with: &str| {
        let signature = sign(signed_with, SIGNED_AT, STARTED);
        reader(secrets).read(Some(&signature), Some(SIGNED_AT), STARTED.as_bytes(), NOW)
    };
    assert!(read(&["old", SECRET], SECRET).is_ok());
    assert_eq!(read(&["old"], SECRET), Err(WebhookError::WrongSignature));
    assert_eq!(read(&[""], ""), Err(WebhookError::WrongSignature));
    assert_eq!(read(&[], SECRET), Err(WebhookError::WrongSignature));
}

#[test]
fn a_signature_counts_for_five_minutes_and_two_ahead() {
    let at = |millis| read_at(Timestamp::from_millis(millis), SIGNED_AT, STARTED);
    assert!(at(1_700_000_300_000).is_ok());
    assert_eq!(at(1_700_000_300_001), Err(WebhookError::TooOld { age: Duration::from_millis(300_001) }));
    assert!(at(1_699_999_880_000).is_ok());
    assert_eq!(at(1_699_999_879_999), Err(WebhookError::FromTheFuture));
}

#[test]
fn the_signing_time_may_be_in_milliseconds() {
    assert!(read_at(NOW, "1700000000123", STARTED).is_ok());
    assert!(matches!(read_at(NOW, "1600000000123", STARTED), Err(WebhookError::TooOld { .. })));
}

#[test]
fn a_join_becomes_a_sighting() {
    let joined = json!({
        "user_id": "16790528", "user_name": " Ana Ruiz ", "id": "U1", "participant_uuid": "P1",
        "join_time": "2023-11-14T22:13:22Z", "email": "Ana@NorthWind.example", "registrant_id": "R1", "phone_number": "",
    });
    let sighting = report("meeting.participant_joined", &joined).sighting().unwrap();
    assert_eq!((sighting.movement, sighting.role, sighting.phone), (Movement::Joined, None, false));
    assert_eq!(sighting.uuid, ParticipantUuid::new("P1"));
    assert_eq!(sighting.name, "Ana Ruiz");
    assert_eq!(sighting.email.unwrap().as_str(), "ana@northwind.example");
    assert_eq!(sighting.zoom_user, Some(ZoomUserId::new("U1")));
    assert_eq!(sighting.registrant.as_deref(), Some("R1"));
    assert_eq!(sighting.at, Timestamp::from_millis(1_700_000_002_000));
}

#[test]
fn a_guest_discloses_nothing_but_a_name() {
    let guest = json!({"user_id": 16_790_528, "user_name": "iPhone", "id": "", "participant_user_id": "", "email": "",
        "leave_time": "soon", "phone_number": "15550100"});
    let sighting = report("meeting.participant_left", &guest).sighting().unwrap();
    assert_eq!((sighting.email, sighting.zoom_user, sighting.registrant), (None, None, None));
    assert_eq!(sighting.movement, Movement::Left);
    assert!(sighting.phone);
    assert_eq!(sighting.uuid, ParticipantUuid::new("join-16790528"), "the join number stands for the missing uuid");
    assert_eq!(sighting.at, Timestamp::from_millis(1_700_000_005_000), "an unreadable time falls back on the event's");
}

#[test]
fn only_presence_in_the_meeting_reaches_the_roster() {
    let person = json!({"participant_uuid": "P1", "user_id": "1", "new_role": "co-host", "email": ""});
    let changed = report("meeting.participant_role_changed", &person);
    assert_eq!(changed.report, Report::RoleChanged(Role::CoHost));
    let sighting = changed.sighting().unwrap();
    assert_eq!((sighting.movement, sighting.role), (Movement::Changed, Some(Role::CoHost)));
    let elsewhere = [
        ("meeting.participant_joined_waiting_room", Report::EnteredWaitingRoom),
        ("meeting.participant_left_waiting_room", Report::LeftWaitingRoom),
        ("meeting.participant_joined_breakout_room", Report::EnteredBreakoutRoom),
        ("meeting.participant_left_breakout_room", Report::LeftBreakoutRoom),
    ];
    for (name, expected) in elsewhere {
        let report = report(name, &person);
        assert_eq!((report.report, report.sighting()), (expected, None), "{name}");
        assert_eq!(report.breakout, Some(MeetingUuid::new("b1")));
    }
    assert_eq!(report("meeting.participant_joined", &json!({"user_name": "Nobody"})).sighting(), None);
}

#[test]
fn the_time_of_a_deauthorization_may_stand_in_either_place() {
    let payload = |extra: Value| {
        let mut payload = json!({"user_id": "U1", "account_id": "A1", "client_id": "C1", "signature": "legacy",
            "user_data_retention": "false"});
        payload.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        payload
    };
    let outside =
        json!({"event": "app_deauthorized", "event_ts": 1_700_000_001_000_i64, "payload": payload(json!({}))});
    let inside = json!({"event": "app_deauthorized", "payload": payload(json!({"event_ts": 1_700_000_001_000_i64}))});
    let neither = json!({"event": "app_deauthorized", "payload": payload(json!({}))});
    let expected = Deauthorization {
        user: ZoomUserId::new("U1"),
        account: ZoomAccountId::new("A1"),
        client_id: ZoomClientId::new("C1"),
        may_keep_data: false,
    };
    for (body, at) in [(&outside, 1_700_000_001_000), (&inside, 1_700_000_001_000), (&neither, 1_700_000_000_000)] {
        let notice = notice(body);
        assert_eq!(notice.event, Event::AppDeauthorized(expected.clone()));
        assert_eq!(notice.at, Timestamp::from_millis(at));
    }
    assert_eq!(notice(&outside).key, notice(&inside).key);
    let kept = json!({"event": "app_deauthorized", "payload": payload(json!({"user_data_retention": "true"}))});
    assert_eq!(notice(&kept).event, Event::AppDeauthorized(Deauthorization { may_keep_data: true, ..expected }));
}

#[test]
fn an_unknown_event_is_kept_by_name() {
    let body =
        json!({"event": "meeting.participant_levitated", "event_ts": 1_700_000_000_500_i64, "payload": {"object": 7}});
    assert_eq!(notice(&body).event, Event::Other("meeting.participant_levitated".to_owned()));
}

#[test]
fn a_known_event_without_its_parts_is_malformed() {
    for body in [
        "null",
        "[]",
        r#"{"event":"meeting.started"}"#,
        r#"{"event":"meeting.started","payload":{"object":{"uuid":""}}}"#,
        r#"{"event":"meeting.participant_joined","payload":{"object":{"uuid":"m1"}}}"#,
        r#"{"event":"meeting.participant_role_changed","payload":{"object":{"uuid":"m1","participant":{}}}}"#,
        r#"{"event":"app_deauthorized","payload":{"user_id":"U1"}}"#,
        r#"{"event":"endpoint.url_validation","payload":"#,
    ] {
        assert_eq!(read_at(NOW, SIGNED_AT, body), Err(WebhookError::Malformed), "{body}");
    }
}

#[test]
fn a_repeated_delivery_has_the_same_key_and_nothing_else_has() {
    let event = |name: &str, at: i64, uuid: &str, participant: &str| {
        json!({"event": name, "event_ts": at,
            "payload": {"object": {"uuid": uuid, "participant": {"participant_uuid": participant}}}})
    };
    let first = event("meeting.participant_joined", 1_700_000_001_000, "m1", "P1");
    let repeated = event("meeting.participant_joined", 1_700_000_001_000, "m1", "P1");
    assert_eq!(notice(&first).key, notice(&repeated).key);
    for other in [
        event("meeting.participant_left", 1_700_000_001_000, "m1", "P1"),
        event("meeting.participant_joined", 1_700_000_001_001, "m1", "P1"),
        event("meeting.participant_joined", 1_700_000_001_000, "m2", "P1"),
        event("meeting.participant_joined", 1_700_000_001_000, "m1", "P2"),
        event("meeting.participant_joined", 1_700_000_001_000, "m1P", "1"),
        event("meeting.participant_levitated", 1_700_000_001_000, "m1", "P1"),
    ] {
        assert_ne!(notice(&first).key, notice(&other).key, "{other}");
    }
}

#[test]
fn a_kept_notice_is_read_like_the_first_time() {
    let Ok(Delivery::Notice(first)) = read_at(NOW, SIGNED_AT, STARTED) else { panic!("the notice was refused") };
    assert_eq!(read_kept(STARTED.as_bytes(), NOW), Ok(Notice { late_by: Duration::ZERO, ..*first }));
    assert_eq!(read_kept(b"{}", NOW), Err(WebhookError::Malformed));
}

#[test]
fn debug_output_shows_no_secret_no_name_and_no_address() {
    assert!(!format!("{:?}", reader(&[SECRET])).contains(SECRET));
    let person = json!({"user_name": "Ana Ruiz", "email": "ana@northwind.example", "participant_uuid": "P1"});
    let shown = format!("{:?}", report("meeting.participant_joined", &person));
    assert!(shown.contains("P1") && !shown.contains("Ana") && !shown.contains("northwind"), "{shown}");
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in ".{0,200}", timestamp in ".{0,20}") {
        let signature = sign(SECRET, &timestamp, &body);
        prop_assert!(reader(&[SECRET]).read(Some(&signature), Some(&timestamp), body.as_bytes(), NOW).is_err());
    }

    #[test]
    fn no_byte_of_a_signed_body_can_be_changed(index in 0..STARTED.len(), bit in 0..8_u32) {
        let mut body = STARTED.as_bytes().to_vec();
        body[index] ^= 1 << bit;
        let refused = reader(&[SECRET]).read(Some(STARTED_SIGNATURE), Some(SIGNED_AT), &body, NOW);
        prop_assert_eq!(refused, Err(WebhookError::WrongSignature));
    }
}

#[test]
fn how_late_a_report_was_signed_is_told_by_zooms_clock_alone() {
    let late_by = |event_ts: i64| notice(&json!({"event": "any", "event_ts": event_ts, "payload": {}})).late_by;
    let signed_at = signing_time(SIGNED_AT).unwrap();
    assert_eq!(late_by(signed_at.as_millis() - 90_000), Duration::from_secs(91));
    assert_eq!(late_by(signed_at.as_millis()), Duration::from_secs(1));
    assert_eq!(late_by(signed_at.as_millis() + 700), Duration::from_millis(300), "signatures count whole seconds");
    assert_eq!(late_by(signed_at.as_millis() + 90_000), Duration::ZERO);
}
