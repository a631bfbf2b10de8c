//! What Zoom proves to us.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::ids::{ParticipantId, ZoomClientId};
use sidelight_domain::roster::{Role, Roster};
use sidelight_domain::{CountingIds, IdSource};
use sidelight_zoom::context::digest;
use sidelight_zoom::webhook::{Delivery, Event, Notice, WebhookError, WebhookReader, Window};
use sidelight_zoom::{AppContext, ContextError, ContextKind, ContextReader, Leeway};

use crate::world::World;

const MAYA: &str = "maya-lindqvist";
const NUMBER: &str = "81234567890";

async fn minted(world: &World, wish: Value) -> String {
    world.control("context", wish).await["context"].as_str().expect("there is a context").to_owned()
}

fn opened(world: &World, context: &str) -> Result<AppContext, ContextError> {
    let other = (ZoomClientId::new("production"), "another secret".into());
    let apps = [(&other.0, &other.1), (&world.app.client_id, &world.app.client_secret)];
    ContextReader::new(apps, Leeway::default()).open(context, world.now())
}

/// Everything that the stand-in reported, read with our secret.
async fn notices(world: &World) -> Vec<Notice> {
    let reader = WebhookReader::new([&world.webhook_secret], Window::default());
    let mut notices = Vec::new();
    for (signature, timestamp, body) in world.webhooks().await {
        match reader.read(Some(&signature), Some(&timestamp), &body, world.now()) {
            Ok(Delivery::Notice(notice)) => notices.push(*notice),
            Ok(Delivery::Challenge(challenge)) => panic!("nobody asked for {challenge:?}"),
            Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&body)),
        }
    }
    notices
}

#[tokio::test]
async fn a_panel_in_a_meeting_is_proven_in_every_spelling() {
    let world = World::start().await;
    world.install(MAYA).await;
    for spelling in ["url", "url_padded", "standard"] {
        world.play("zoom.context_spelling", spelling).await;
        let context = minted(&world, json!({"user": MAYA, "meeting": NUMBER, "additional": "some data"})).await;
        let opened = opened(&world, &context).unwrap();
        assert_eq!((opened.kind, opened.role), (ContextKind::Meeting, Some(Role::Host)));
        assert!(opened.user.is_some() && opened.meeting.is_some());
        assert_eq!(opened.client_id, world.app.client_id);
        assert!(digest(&context).is_ok());
    }
    let panel = opened(&world, &minted(&world, json!({"user": MAYA})).await).unwrap();
    assert_eq!((panel.kind, panel.meeting), (ContextKind::Panel, None));
}

#[tokio::test]
async fn guests_and_bare_hosts_have_no_user() {
    let world = World::start().await;
    let guest = opened(&world, &minted(&world, json!({"user": MAYA, "meeting": NUMBER})).await).unwrap();
    assert_eq!(guest.user, None, "she did not add the app");
    world.install(MAYA).await;
    world.play("zoom.host_context_uid", "absent").await;
    let bare = opened(&world, &minted(&world, json!({"user": MAYA, "meeting": NUMBER})).await).unwrap();
    assert_eq!((bare.user, bare.role), (None, Some(Role::Host)));
}

#[tokio::test]
async fn crooked_contexts_are_refused_by_name() {
    let world = World::start().await;
    let cases = [
        (json!({"secret": "not ours"}), ContextError::NotOurs),
        (json!({"aud": "another"}), ContextError::WrongAudience),
        (json!({"claims": {"iss": "marketplace.zoom.example"}}), ContextError::WrongIssuer),
        (json!({"claims": {"exp": null}}), ContextError::Malformed),
        (json!({"expires_in_ms": -11_000}), ContextError::Expired),
        (json!({"claims": {"ts": world.now().as_millis() + 121_000}}), ContextError::FromTheFuture),
    ];
    for (wish, expected) in cases {
        let context = minted(&world, wish.clone()).await;
        assert_eq!(opened(&world, &context), Err(expected), "{wish}");
    }
    let context = minted(&world, json!({})).await;
    world.clock.advance(Duration::from_mins(2));
    assert!(opened(&world, &context).is_ok(), "within the leeway of ten seconds");
    world.clock.advance(Duration::from_secs(10));
    assert_eq!(opened(&world, &context), Err(ContextError::Expired));
}

#[tokio::test]
async fn the_reports_of_a_meeting_make_its_roster() {
    let world = World::start().await;
    for unit in ["seconds", "millis"] {
        world.play("zoom.webhook_timestamp", unit).await;
        world.install(MAYA).await;
        world.ours.reset().await;
        wiremock::Mock::given(wiremock::matchers::any())
            .respond_with(wiremock::ResponseTemplate::new(200))
            .mount(&world.ours)
            .await;
        world.control(&format!("meetings/{NUMBER}/replay"), json!({})).await;
        let (ids, mut roster) = (CountingIds::default(), Roster::default());
        let notices = notices(&world).await;
        assert!(notices.iter().any(|notice| matches!(notice.event, Event::MeetingStarted(_))));
        for notice in &notices {
            if let Event::Participant(report) = &notice.event
                && let Some(sighting) = report.sighting()
            {
                roster.witness(&sighting, || ParticipantId::new(ids.uuid()));
            }
        }
        let find = |name: &str| {
            roster.participants.iter().find(|person| person.name == name).unwrap_or_else(|| panic!("{name}"))
        };
        let email = |name: &str| find(name).email.as_ref().map(|(email, _)| email.to_string());
        assert_eq!(email("Ben Carter").as_deref(), Some("ben.carter@northwindtraders.example"));
        assert_eq!(email("Sam"), None, "a guest discloses nothing");
        assert!(find("+1 (415) 555-0142").phone && find("Maya Lindqvist").zoom_user.is_some());
        assert!(roster.participants.iter().all(|person| person.is_present() && person.is_proven()), "{unit}");
    }
}

#[tokio::test]
async fn repeated_reports_are_known_by_their_key() {
    let world = World::start().await;
    world.install(MAYA).await;
    for _ in 0..2 {
        let body = json!({"event": "meeting.ended", "event_ts": 1_780_000_000_001_i64, "payload": {"account_id": "a",
            "object": {"uuid": "u1", "id": "1"}}});
        world.control("webhooks/send", json!({ "body": body })).await;
    }
    let notices = notices(&world).await;
    let ended: Vec<_> = notices.iter().filter(|notice| matches!(notice.event, Event::MeetingEnded(_))).collect();
    assert!(ended.len() == 2 && ended[0].key == ended[1].key);
}

#[tokio::test]
async fn a_removed_app_is_reported_in_each_of_its_forms() {
    let world = World::start().await;
    for (time, retention, may_keep) in
        [("outside", "false", false), ("inside", "true", true), ("outside", "missing", false)]
    {
        world.play("zoom.deauthorized_event_ts", time).await;
        world.play("zoom.user_data_retention", retention).await;
        world.install(MAYA).await;
        world.control(&format!("people/{MAYA}/remove-app"), json!({})).await;
        let notices = notices(&world).await;
        let Event::AppDeauthorized(gone) = &notices.last().expect("it is reported").event else {
            panic!("{notices:?}")
        };
        assert_eq!((gone.may_keep_data, &gone.client_id), (may_keep, &world.app.client_id));
        assert_eq!(gone.account.as_str(), "acc-lumen");
        world.clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn what_zoom_did_not_sign_is_refused() {
    type Check = fn(WebhookError) -> bool;
    let world = World::start().await;
    let reader = WebhookReader::new([&world.webhook_secret], Window::default());
    let body = json!({"event": "meeting.ended", "payload": {"object": {"uuid": "u1"}}});
    let cases: [(Value, Check); 3] = [
        (json!({"signature": "forged"}), |error| error == WebhookError::WrongSignature),
        (json!({"skew_seconds": -400}), |error| matches!(error, WebhookError::TooOld { .. })),
        (json!({"skew_seconds": 400}), |error| error == WebhookError::FromTheFuture),
    ];
    for (mut crafted, is_expected) in cases {
        crafted["body"] = body.clone();
        world.control("webhooks/send", crafted.clone()).await;
        let (signature, timestamp, body) = world.webhooks().await.pop().expect("it arrived");
        let refused = reader.read(Some(&signature), Some(&timestamp), &body, world.now()).unwrap_err();
        assert!(is_expected(refused), "{crafted}: {refused}");
    }
}
