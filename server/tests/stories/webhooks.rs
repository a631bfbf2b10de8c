//! Zoom's webhooks: forged, replayed, late, doubled, out of order; the roster that comes of them; and the removal of the app.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::{HeaderName, Method, Request};

use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

async fn here(panel: &Panel<'_>) -> Vec<String> {
    let people = panel.get("/people").await;
    let mut names: Vec<_> = people["attendees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attendee| attendee["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

async fn step(world: &World, name: &str, body: Value) {
    world.zoom_control(&format!("meetings/{NORTHWIND}/{name}"), body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_stale_webhooks_change_nothing() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let before = here(&panel).await;
    let body = br#"{"event":"meeting.participant_joined","event_ts":1,"payload":{"account_id":"acc-lumen","object":{"uuid":"x"}}}"#;
    let url = world.base.join("/zoom/webhook").unwrap();
    let signatures =
        [None, Some("v0=00"), Some(""), Some("v0=79250fd17e82feb8b51fd9933c429ddc87896a5d0abe2c082c729bcad0ee8462")];
    for signature in signatures {
        let mut request =
            Request::new(Method::POST, url.clone()).json(&serde_json::from_slice::<Value>(body).unwrap()).unwrap();
        if let Some(signature) = signature {
            let now = (sidelight_domain::Clock::now(world.clock.as_ref()).as_seconds()).to_string();
            request = request
                .secret_header(HeaderName::from_static("x-zm-signature"), signature)
                .secret_header(HeaderName::from_static("x-zm-request-timestamp"), &now);
        }
        let answer = world.gate.send(request).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.json::<Value>().unwrap()["code"].as_str()),
            (401, Some("unverified"))
        );
    }
    assert_eq!(here(&panel).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_proves_itself_to_zoom() {
    let world = World::start().await;
    let answer = world.zoom_control("webhooks/validate", json!({})).await;
    assert_eq!(answer["valid"], true, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_come_go_and_come_back_stay_one_person() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let everybody = here(&panel).await;
    step(&world, "leave", json!({ "person": "ana-ruiz" })).await;
    world.until("Ana has left", async || !here(&panel).await.contains(&"Ana Ruiz".to_owned())).await;
    step(&world, "join", json!({ "person": "ana-ruiz" })).await;
    world.until("Ana is back", async || here(&panel).await == everybody).await;
    step(&world, "rejoin", json!({ "person": "ben-carter" })).await;
    world.settle_webhooks().await;
    world.until("Ben is there once", async || here(&panel).await == everybody).await;
    step(&world, "role", json!({ "person": "tom-okafor", "role": "co_host" })).await;
    world.settle_webhooks().await;
    world.until("Tom is there once", async || here(&panel).await == everybody).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doubled_and_shuffled_webhooks_end_in_the_same_room() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let everybody = here(&panel).await;
    world.zoom_control("webhooks", json!({ "hold": true, "copies": 2 })).await;
    for person in ["ana-ruiz", "ben-carter"] {
        step(&world, "leave", json!({ "person": person })).await;
        step(&world, "join", json!({ "person": person })).await;
    }
    world.zoom_control("webhooks/release", json!({ "order": "reversed" })).await;
    world.zoom_control("webhooks", json!({ "hold": false, "copies": 1 })).await;
    world.settle_webhooks().await;
    assert_eq!(here(&panel).await, everybody);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_people_are_all_there_and_resolved_in_three_calls() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    here(&panel).await;
    step(&world, "fill", json!({ "to": 1_000 })).await;
    world.settle_webhooks().await;
    world.until("a thousand are there", async || here(&panel).await.len() == 1_000).await;
    world.reset_calls().await;
    world.clock.advance(Duration::from_mins(1));
    let panel = world.panel_later("maya-lindqvist").await;
    panel.get("/people?refresh=true").await;
    // Two batches of at most five hundred addresses, three questions each.
    assert!(world.data_calls().await <= 6, "{}", world.ask_gainsight("calls").await["lumen"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_keeps_coming_leaves_calls_to_the_others_and_is_recognised_in_the_end() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    here(&panel).await;
    world.reset_calls().await;
    let (begun, mut told, mut gaps) = (std::time::Instant::now(), 0, Value::Null);
    // Each arrival makes the panel ask.
    for count in (20..=200).step_by(20) {
        step(&world, "fill", json!({ "to": count })).await;
        world.settle_webhooks().await;
        told = latest_event(&world).await;
        let people = panel.get("/people").await;
        assert_eq!(people["attendees"].as_array().unwrap().len(), count, "who is there shows at once");
        gaps = people["gaps"].clone();
    }
    let (while_coming, took) = (world.data_calls().await, begun.elapsed());
    if gaps == json!(["gainsight_busy"]) {
        world.until("the panel is told to ask again", async || latest_event(&world).await > told).await;
    }
    let is_complete = async || panel.get("/people").await["gaps"] == Value::Null;
    world.until("everybody was looked up", is_complete).await;
    // One by one they would have been ten look-ups of three calls. Four come at once, and more only on a machine that takes its time.
    assert!(while_coming <= 3 * (5 + took.as_secs() / 2), "{while_coming} calls in {took:?}");
    assert!(world.data_calls().await <= while_coming + 3, "{}", world.ask_gainsight("calls").await["lumen"]);
}

async fn latest_event(world: &World) -> u64 {
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    world.app.store.read(organisation).await.unwrap().events().latest().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_from_a_browser_is_a_hint_and_never_more() {
    let world = World::installed().await;
    let host = world.signed_in("maya-lindqvist").await;
    let before = here(&host).await;
    let forged = json!({ "topic": "Hacked", "participants": [
        { "uuid": "F-1", "name": "<script>alert(1)</script>", "role": "host", "email": "ceo@northwindtraders.example" },
        { "uuid": "F-2", "name": "x".repeat(10_000), "role": "attendee" },
    ] });
    assert_eq!(host.post("/roster", &forged).await.0, 204);
    let people = host.get("/people").await;
    let hints: Vec<_> =
        people["attendees"].as_array().unwrap().iter().filter(|attendee| attendee["is_hint"] == true).collect();
    assert_eq!(hints.len(), 2);
    for hint in hints {
        assert_eq!((&hint["email"], &hint["group"]), (&Value::Null, &json!("needs_email")));
        assert!(hint["name"].as_str().unwrap().chars().count() <= 200);
    }
    assert_eq!(host.get("/panel").await["meeting"]["topic"], "Northwind Traders: weekly sync");
    assert_eq!(host.post("/roster", &json!({ "participants": [] })).await.0, 204);
    assert_eq!(here(&host).await, before, "nobody whom a webhook showed can be listed away");
    // Zoom hands the list to hosts only: from anybody else it is made up.
    world.zoom_control("people/tom-okafor/add-app", json!({})).await;
    assert_eq!(world.panel("tom-okafor").await.post("/roster", &forged).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_meeting_ends_the_panel_knows_and_shows_who_took_part() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let everybody = here(&panel).await;
    assert_eq!(everybody.len(), 9);
    step(&world, "leave", json!({ "person": "ana-ruiz" })).await;
    world.until("Ana has left", async || here(&panel).await.len() == 8).await;
    step(&world, "end", json!({})).await;
    // The note that is written now names whoever was there.
    world.until("everybody took part", async || here(&panel).await == everybody).await;
    let meeting = panel.get("/panel").await["meeting"].clone();
    assert!(meeting["ended_at"].is_number() && meeting["started_at"].is_number(), "{meeting}");
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_the_app_deletes_what_belonged_to_the_person() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    panel.selected().await;
    panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Private" } })).await;
    // Signatures count whole seconds: what happens within the second of the installation may have been before it.
    world.clock.advance(std::time::Duration::from_secs(2));
    world.zoom_control("people/maya-lindqvist/remove-app", json!({})).await;
    world.settle_webhooks().await;
    world.until("the session has ended", async || panel.refused("/panel").await.1 == "session_ended").await;
    // Added again, there is nothing left of before.
    crate::browser::Browser::new(&world).install("maya-lindqvist").await;
    let again = world.panel("maya-lindqvist").await;
    let found = &again.opened["panel"];
    assert_eq!((&found["draft"], &found["view"]["selected"]), (&Value::Null, &Value::Null));
    assert_eq!(again.refused("/people").await.1, "signed_out");
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let mut unit = world.app.store.read(organisation).await.unwrap();
    assert!(unit.audit().verify(&[]).await.unwrap().broken.is_none(), "the audit log verifies after the deletion");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_comes_late_does_not_touch_a_new_installation() {
    let world = World::installed().await;
    world.zoom_control("webhooks", json!({ "hold": true })).await;
    world.zoom_control("people/maya-lindqvist/remove-app", json!({})).await;
    crate::browser::Browser::new(&world).install("maya-lindqvist").await;
    let panel = world.signed_in("maya-lindqvist").await;
    world.zoom_control("webhooks/release", json!({})).await;
    world.zoom_control("webhooks", json!({ "hold": false })).await;
    world.settle_webhooks().await;
    assert_eq!(panel.get("/panel").await["viewer"]["zoom_authorised"], true);
    assert!(!here(&panel).await.is_empty());
}
