use super::*;
use crate::stub::{answering, base, gate, html, impatient_gate, json, never, requests};
use serde_json::json as value;
use wiremock::matchers::{path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn token() -> SecretString {
    "at".into()
}

fn rest(server: &MockServer) -> Rest {
    Rest::new(gate(&base(server)), base(server))
}

async fn me(answer: ResponseTemplate) -> Result<Me, Error> {
    rest(&answering(answer).await).me(&token()).await
}

#[tokio::test]
async fn the_token_says_who_it_belongs_to() {
    let body = value!({"id": "U1", "account_id": "A1", "email": "Ana@NorthWind.example", "display_name": "Ana Ruiz",
        "verified": 1, "timezone": "Europe/Madrid", "language": "", "type": 2});
    let server = answering(json(200, &body)).await;
    let me = rest(&server).me(&token()).await.unwrap();
    assert_eq!((me.id.as_str(), me.account), ("U1", Some(ZoomAccountId::new("A1"))));
    assert_eq!(me.email.unwrap().as_str(), "ana@northwind.example");
    assert_eq!((me.name.as_str(), me.is_verified, me.language), ("Ana Ruiz", true, None));
    let sent = &requests(&server).await[0];
    assert_eq!((sent.url.path(), &sent.headers["authorization"]), ("/v2/users/me", &"Bearer at".parse().unwrap()));
}

#[tokio::test]
async fn a_sparse_profile_is_enough() {
    let me = me(json(200, &value!({"id": "U1", "first_name": "Ana", "last_name": "Ruiz"}))).await.unwrap();
    assert_eq!((me.name.as_str(), me.email, me.is_verified), ("Ana Ruiz", None, false));
}

#[tokio::test]
async fn the_base_may_name_the_version_or_not() {
    for (suffix, expected) in
        [("", "/v2/users/me"), ("v2", "/v2/users/me"), ("v2/", "/v2/users/me"), ("eu/", "/eu/v2/users/me")]
    {
        let server = answering(json(200, &value!({"id": "U1"}))).await;
        let rest = Rest::new(gate(&base(&server)), base(&server).join(suffix).unwrap());
        rest.me(&token()).await.unwrap();
        assert_eq!(requests(&server).await[0].url.path(), expected, "{suffix:?}");
    }
}

#[tokio::test]
async fn a_meeting_shows_who_is_expected_and_keeps_no_credential() {
    let body = value!({
        "uuid": "aDYl+h==", "id": 81_234_567_890_i64, "host_id": "H1", "topic": "Weekly sync", "status": "started",
        "start_time": "2023-11-14T22:13:20Z", "duration": 60, "start_url": "https://zoom.example/s?zak=SECRET",
        "settings": {"approval_type": 0, "alternative_hosts": "Bo@lumen.example;; not an address ",
            "meeting_invitees": [{"email": "ana@northwind.example", "internal_user": false}, {"email": ""}]},
    });
    let server = answering(json(200, &body)).await;
    let meeting = rest(&server).meeting(&token(), &MeetingNumber::new("812 3456 7890")).await.unwrap().unwrap();
    assert_eq!(requests(&server).await[0].url.path(), "/v2/meetings/81234567890");
    assert_eq!(meeting.uuid, Some(MeetingUuid::new("aDYl+h==")));
    assert_eq!(meeting.number, MeetingNumber::new("81234567890"));
    assert_eq!((meeting.starts_at, meeting.duration), (Some(START), Some(Duration::from_hours(1))));
    assert!(meeting.is_started && meeting.has_registration);
    let addresses = |emails: &[EmailAddress]| emails.iter().map(ToString::to_string).collect::<Vec<_>>();
    let invited: Vec<_> = meeting.invitees.iter().map(|one| one.email.clone()).collect();
    assert_eq!(addresses(&invited), ["ana@northwind.example"]);
    assert_eq!(addresses(&meeting.alternative_hosts), ["bo@lumen.example"]);
    let shown = format!("{meeting:?}");
    assert!(!shown.contains("Weekly") && !shown.contains("northwind"), "{shown}");
}

#[tokio::test]
async fn a_meeting_that_the_token_does_not_see_is_none() {
    let server = answering(json(404, &value!({"code": 3001, "message": "Meeting does not exist"}))).await;
    let (rest, number, uuid) = (rest(&server), MeetingNumber::new("1"), MeetingUuid::new("u"));
    assert!(rest.meeting(&token(), &number).await.unwrap().is_none());
    assert!(rest.registrants(&token(), &number).await.unwrap().is_none());
    assert!(rest.past_participants(&token(), &uuid).await.unwrap().is_none());
    assert_eq!(requests(&server).await.len(), 3);
    assert!(rest.meeting(&token(), &MeetingNumber::new("../users/me")).await.unwrap().is_none());
    assert_eq!(requests(&server).await.len(), 3, "what has no digits is not asked for");
}

#[tokio::test]
async fn a_uuid_is_encoded_twice() {
    let server = answering(json(200, &value!({"participants": []}))).await;
    let uuid = MeetingUuid::new("/ajXp112QmuoKj4854875==");
    rest(&server).past_participants(&token(), &uuid).await.unwrap();
    let path = "/v2/past_meetings/%252FajXp112QmuoKj4854875%253D%253D/participants";
    assert_eq!(requests(&server).await[0].url.path(), path);
}

#[tokio::test]
async fn all_pages_of_a_list_are_read() {
    let server = MockServer::start().await;
    let first = value!({"next_page_token": "t2", "registrants": [
        {"id": "R1", "email": "Ana@northwind.example", "first_name": "Ana", "last_name": "Ruiz", "org": "Northwind"}]});
    let second = value!({"next_page_token": "", "registrants": [{"id": "R2", "email": ""}, {"email": "nobody"}]});
    Mock::given(path("/v2/meetings/7/registrants"))
        .and(query_param("status", "approved"))
        .and(query_param("page_size", "300"))
        .and(query_param_is_missing("next_page_token"))
        .respond_with(json(200, &first))
        .mount(&server)
        .await;
    Mock::given(query_param("next_page_token", "t2")).respond_with(json(200, &second)).mount(&server).await;
    let rows = rest(&server).registrants(&token(), &MeetingNumber::new("7")).await.unwrap().unwrap();
    assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["R1", "R2"]);
    assert_eq!((rows[0].name.as_str(), rows[0].organisation.as_deref()), ("Ana Ruiz", Some("Northwind")));
    assert_eq!(rows[1].email, None);
}

#[tokio::test]
async fn a_list_that_never_ends_is_left_off() {
    let forever = answering(json(200, &value!({"next_page_token": "same", "participants": []}))).await;
    rest(&forever).past_participants(&token(), &MeetingUuid::new("u")).await.unwrap();
    assert_eq!(requests(&forever).await.len(), 2);
}

#[tokio::test]
async fn every_stay_of_a_past_meeting_is_a_row() {
    let row = |status: &str| {
        value!({"id": "", "name": "Ana", "user_email": "ana@northwind.example", "status": status,
            "join_time": "2023-11-14T22:13:20Z", "leave_time": "2023-11-14T22:13:21Z"})
    };
    let body = value!({"participants": [row("in_meeting"), row("in_waiting_room")]});
    let rows = rest(&answering(json(200, &body)).await).past_participants(&token(), &MeetingUuid::new("u")).await;
    let rows = rows.unwrap().unwrap();
    assert_eq!(rows.iter().map(|row| row.was_waiting).collect::<Vec<_>>(), [false, true]);
    assert_eq!((rows[0].user.as_ref(), rows[0].joined_at), (None, Some(START)));
}

#[tokio::test]
async fn a_deeplink_is_asked_for_with_post() {
    let server = answering(json(200, &value!({"deeplink": "https://zoom.example/launch/1"}))).await;
    let link = rest(&server).deeplink(&token(), Some("{\"open\":1}")).await.unwrap();
    assert_eq!(link.as_str(), "https://zoom.example/launch/1");
    rest(&server).deeplink(&token(), None).await.unwrap();
    let sent = requests(&server).await;
    assert_eq!((sent[0].method.as_str(), sent[0].url.path()), ("POST", "/v2/zoomapp/deeplink"));
    assert_eq!(sent[0].body_json::<Value>().unwrap(), value!({"action": "{\"open\":1}"}));
    assert_eq!(sent[1].body_json::<Value>().unwrap(), value!({}));
}

#[tokio::test]
async fn status_decides_first_and_the_number_second() {
    type Check = fn(&Error) -> bool;
    let cases: [(u16, i64, Check); 13] = [
        (401, 124, |error| matches!(error, Error::Unauthorized(_))),
        (401, 4700, |error| matches!(error, Error::Unauthorized(_))),
        (400, 124, |error| matches!(error, Error::Unauthorized(_))),
        (400, 201, |error| matches!(error, Error::Unauthorized(_))),
        (401, 4741, |error| matches!(error, Error::GrantGone(_))),
        (400, 4735, |error| matches!(error, Error::UserGone(_))),
        (400, 4711, |error| matches!(error, Error::MissingScopes(_))),
        (400, 4700, |error| matches!(error, Error::MissingScopes(_))),
        (400, 200, |error| matches!(error, Error::Forbidden(_))),
        (403, 0, |error| matches!(error, Error::Forbidden(_))),
        (400, 300, |error| matches!(error, Error::Invalid(_))),
        (404, 1001, |error| matches!(error, Error::NotFound(_))),
        (500, 124, |error| matches!(error, Error::Unavailable(_))),
    ];
    for (status, number, is_expected) in cases {
        let answer =
            json(status, &value!({"code": number, "message": "Invalid access token of ana@northwind.example."}));
        let error = me(answer.insert_header("x-zm-trackingid", "v=2.0;rid=1")).await.unwrap_err();
        assert!(is_expected(&error), "{status}/{number}: {error:?}");
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.status, refusal.number), (status, Some(number)));
        assert_eq!(refusal.tracking_id.as_deref(), Some("v=2.0;rid=1"));
        assert!(!format!("{error:?} {error}").contains("northwind"), "{error:?}");
    }
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait_in_any_form() {
    let busy = || json(429, &value!({"code": 429, "message": "Try again later."}));
    let cases = [
        (busy().insert_header("retry-after", "3"), Some(3)),
        (
            busy()
                .insert_header("retry-after", "2020-05-31T00:00:00Z")
                .insert_header("date", "Sat, 30 May 2020 23:59:00 GMT")
                .insert_header("x-ratelimit-type", "Daily-limit"),
            Some(60),
        ),
        (busy().insert_header("x-ratelimit-type", "QPS"), Some(1)),
        (busy().insert_header("x-ratelimit-type", "Daily-limit"), None),
        (busy(), None),
        (html(429), None),
    ];
    for (number, (answer, expected)) in cases.into_iter().enumerate() {
        let error = me(answer).await.unwrap_err();
        let Error::Busy { retry_after } = error else { panic!("{error:?}") };
        assert_eq!(retry_after, expected.map(Duration::from_secs), "case {number}");
    }
}

#[tokio::test]
async fn no_json_and_half_a_body_are_unreadable() {
    for answer in [
        html(200),
        html(302),
        ResponseTemplate::new(200).set_body_string(r#"{"id":"U1","#),
        json(200, &value!(["U1"])),
        json(200, &value!({"email": "ana@northwind.example"})),
    ] {
        let error = me(answer).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable(_)) && error.is_transient(), "{error:?}");
    }
    let server = answering(json(200, &value!({"rows": []}))).await;
    let error = rest(&server).past_participants(&token(), &MeetingUuid::new("u")).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable(_)), "a list without its rows: {error:?}");
}

#[tokio::test]
async fn a_slow_answer_is_no_answer() {
    let server = answering(never()).await;
    let error = Rest::new(impatient_gate(&base(&server)), base(&server)).me(&token()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)) && error.is_transient() && !error.needs_authorisation(), "{error:?}");
}
