//! Writes under every fault: acknowledged ones arrive, exactly once, and refused ones come back with their text.

use std::time::Duration;

use serde_json::{Value, json};

use crate::panel::Panel;
use crate::world::World;

pub(crate) const ACTIVITY: &str = "/v1/ant/es/activity";

pub(crate) async fn log(panel: &Panel<'_>, key: &str, form: &Value) -> (u16, Value) {
    panel.post("/activities", &json!({ "key": key, "form": form })).await
}

pub(crate) async fn arrives_once(world: &World, panel: &Panel<'_>, subject: &str) {
    // The pauses of the repeats are the server's: its clock is pushed on until the write is settled.
    world
        .until("the write is settled", async || {
            world.clock.advance(Duration::from_secs(20));
            world.app.wake.outbox.notify_one();
            world.panel_later(&panel.person).await.get("/writes").await.as_array().unwrap().is_empty()
        })
        .await;
    let ours = world.our_activities().await;
    let same: Vec<_> = ours.iter().filter(|activity| activity.to_string().contains(subject)).collect();
    assert_eq!(same.len(), 1, "{subject}: {same:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_delay_a_write_but_neither_lose_nor_double_it() {
    let faults = [
        ("slow for ten seconds", json!({ "kind": "latency", "millis": 10_000 }), 202),
        ("slow after it was applied", json!({ "kind": "latency", "millis": 10_000, "moment": "after" }), 202),
        ("busy", json!({ "kind": "status", "status": 429, "retry_after": 7 }), 202),
        ("broken", json!({ "kind": "status", "status": 500 }), 202),
        ("a proxy's page", json!({ "kind": "html" }), 202),
        ("half a body", json!({ "kind": "half_body" }), 202),
        ("no JSON", json!({ "kind": "malformed_body" }), 202),
        ("gone after it was applied", json!({ "kind": "drop_after_apply" }), 202),
        ("gone before it was applied", json!({ "kind": "drop_before_apply" }), 202),
    ];
    for (name, fault, status) in faults {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = panel.form(name).await;
        world.fault("POST", ACTIVITY, fault, Some(1)).await;
        let (found, write) = log(&panel, "k", &form).await;
        assert_eq!((found, write["state"]["state"].as_str()), (status, Some("waiting")), "{name}: {write}");
        arrives_once(&world, &panel, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_answers_to_a_duplicate_external_id_are_success() {
    for answer in ["error", "existing"] {
        let world = World::installed().await;
        world.gainsight_control("switches", json!({ "gainsight.duplicate_external_id": answer })).await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = panel.form("Sent twice").await;
        world.fault("POST", ACTIVITY, json!({ "kind": "drop_after_apply" }), Some(2)).await;
        assert_eq!(log(&panel, "k", &form).await.0, 202, "{answer}");
        arrives_once(&world, &panel, "Sent twice").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_the_same_write_however_often_and_at_once() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Double click").await;
    let clicks = futures_util::future::join_all((0..8).map(|_| log(&panel, "k", &form))).await;
    let ids: std::collections::BTreeSet<_> = clicks.iter().map(|(_, write)| write["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{clicks:?}");
    assert!(clicks.iter().all(|(status, _)| [201, 202].contains(status)), "{clicks:?}");
    arrives_once(&world, &panel, "Double click").await;
    // Even a form that would not pass any more is answered with what became of the first one.
    assert_eq!(
        log(
            &panel,
            "k",
            &json!({ "entity": form["entity"], "type_name": "?", "subject": "", "notes": "", "held_at": 0 })
        )
        .await
        .0,
        201
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_in_the_form_is_named_and_nothing_is_stored() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let good = panel.form("x").await;
    let cases = [
        ("subject", json!("")),
        ("subject", json!("x".repeat(256))),
        ("notes", json!("   ")),
        ("notes", json!("x".repeat(30_001))),
        ("type_name", json!("Séance")),
        ("held_at", json!(1)),
        ("duration_minutes", json!(100_000)),
        ("internal_attendees", json!(["nobody@lumenworks.example"])),
        ("external_attendees", json!(["erin.walsh@northwindtraders.example"])),
    ];
    for (field, value) in cases {
        let mut form = good.clone();
        form[field] = value.clone();
        let (status, body) = log(&panel, field, &form).await;
        assert_eq!((status, body["code"].as_str()), (422, Some("invalid_input")), "{field}: {body}");
        assert_eq!(body["fields"][0]["field"], field, "{body}");
    }
    let mut elsewhere = good.clone();
    elsewhere["entity"]["id"] = json!("1P02NOSUCHCOMPANY");
    assert_eq!(log(&panel, "e", &elsewhere).await.1["code"], "entity_unknown");
    elsewhere["entity"]["tenant"] = json!("harbor");
    assert_eq!(log(&panel, "h", &elsewhere).await.1["code"], "signed_out");
    assert_eq!((panel.get("/writes").await, world.our_activities().await.len()), (json!([]), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_while_the_author_waits_leaves_the_draft_as_it_was() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "My words" } })).await;
    let form = panel.form("Refused").await;
    let refusal = json!({ "result": false, "errorCode": "GSOBJ_1001", "errorDesc": "too long", "requestId": "r", "data": { "count": 0, "records": null,
        "errors": [[{ "success": false, "errors": [{ "errorMessage": "Subject is too long", "errorCode": "GSOBJ_1001", "fieldName": "Subject" }] }]] } });
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 400, "body": refusal }), Some(1)).await;
    let (status, body) = panel.post("/activities", &json!({ "key": "k", "form": form, "draft": draft["id"] })).await;
    assert_eq!((status, body["code"].as_str()), (422, Some("gainsight_refused")), "{body}");
    assert_eq!(body["fields"][0], json!({ "field": "subject", "message": "Subject is too long" }));
    assert_eq!(panel.get("/draft").await["content"]["notes"], "My words");
    assert_eq!(panel.get("/writes").await, json!([]));
    // Mended and sent under a new key, it goes through, and the draft is put away.
    let (status, _) = panel.post("/activities", &json!({ "key": "k2", "form": form, "draft": draft["id"] })).await;
    assert_eq!((status, panel.send(sidelight_outbound::Method::GET, "/draft", None).await.status.as_u16()), (201, 204));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_comes_later_needs_its_author_and_reopens() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Refused later").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(1)).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 400 }), None).await;
    let state = async || world.panel_later("maya-lindqvist").await.get("/writes").await[0]["state"].clone();
    world
        .until("it was refused", async || {
            world.clock.advance(Duration::from_secs(20));
            world.app.wake.outbox.notify_one();
            state().await["state"] == "refused"
        })
        .await;
    assert_eq!(state().await["form"]["subject"], "Refused later");
    let panel = world.panel_later("maya-lindqvist").await;
    let id = panel.get("/writes").await[0]["id"].as_str().unwrap().to_owned();
    // Another note in the meeting is never overwritten by it.
    let (_, mine) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Another thought" } })).await;
    let (status, body) = panel.post(&format!("/writes/{id}"), &json!({ "settle": "reopen" })).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("draft_conflict")), "{body}");
    let path = format!("/draft?version={}", mine["version"]);
    assert_eq!(panel.send(sidelight_outbound::Method::DELETE, &path, None).await.status, 204);
    assert_eq!(panel.post(&format!("/writes/{id}"), &json!({ "settle": "reopen" })).await.0, 204);
    let draft = panel.get("/draft").await;
    assert_eq!((&draft["content"]["subject"], &draft["content"]["notes"]), (&form["subject"], &form["notes"]));
    assert_eq!(panel.get("/writes").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_wait_for_their_author_through_a_revoked_token() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Waits for me").await;
    world.gainsight_control("tokens/revoke", json!({ "tenant": "lumen" })).await;
    let (status, write) = log(&panel, "k", &form).await;
    assert_eq!((status, write["state"]["state"].as_str()), (202, Some("needs_sign_in")), "{write}");
    let panel = world.panel("maya-lindqvist").await;
    panel.sign_in().await;
    arrives_once(&world, &panel, "Waits for me").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_logout_the_author_decides_about_what_was_not_sent() {
    for (choice, expected) in [("send_now", (1, 0, 0)), ("keep_as_draft", (0, 1, 0)), ("discard", (0, 0, 1))] {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = panel.form("At the door").await;
        world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(1)).await;
        assert_eq!(log(&panel, "k", &form).await.0, 202);
        let (status, answer) = panel.post("/logout", &json!({ "waiting_writes": choice })).await;
        let found =
            (answer["sent"].as_u64().unwrap(), answer["kept"].as_u64().unwrap(), answer["discarded"].as_u64().unwrap());
        assert_eq!((status, found), (200, expected), "{choice}");
        assert_eq!(world.our_activities().await.len(), usize::from(choice == "send_now"), "{choice}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_at_a_logout_can_be_sent_or_become_a_note_again() {
    for settle in ["try_now", "reopen"] {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = panel.form("Kept for later").await;
        world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(1)).await;
        assert_eq!(log(&panel, "k", &form).await.0, 202);
        assert_eq!(panel.post("/logout", &json!({ "waiting_writes": "keep_as_draft" })).await.0, 200);
        let panel = world.signed_in("maya-lindqvist").await;
        let kept = panel.get("/writes").await[0].clone();
        assert_eq!((&kept["state"], &kept["subject"]), (&json!({ "state": "kept" }), &json!("Kept for later")));
        let path = format!("/writes/{}", kept["id"].as_str().unwrap());
        assert_eq!(panel.post(&path, &json!({ "settle": settle })).await.0, 204);
        if settle == "try_now" {
            arrives_once(&world, &panel, "Kept for later").await;
        } else {
            assert_eq!(panel.get("/draft").await["content"]["subject"], "Kept for later");
            assert_eq!((panel.get("/writes").await, world.our_activities().await.len()), (json!([]), 0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_that_went_meanwhile_stops_a_queued_write() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Too late").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(1)).await;
    assert_eq!(log(&panel, "k", &form).await.0, 202);
    crate::access::note_standing(&world, &json!("External"), true).await;
    until_stopped(&world).await;
    assert_eq!(world.our_activities().await.len(), 0);
}

/// Lets the outbox try again until Maya's only write is refused.
pub(crate) async fn until_stopped(world: &World) {
    world
        .until("it was stopped", async || {
            world.clock.advance(Duration::from_secs(20));
            world.app.wake.outbox.notify_one();
            world.panel_later("maya-lindqvist").await.get("/writes").await[0]["state"]["state"] == "refused"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_of_one_author_never_lose_either_text() {
    let world = World::installed().await;
    let (left, right) = (world.panel("maya-lindqvist").await, world.panel("maya-lindqvist").await);
    let save = |based_on: u64, notes: &str| json!({ "based_on": based_on, "content": { "notes": notes } });
    let (_, first) = left.put("/draft", &save(0, "left one")).await;
    let version = first["version"].as_u64().unwrap();
    assert_eq!(right.put("/draft", &save(version, "right two")).await.0, 200);
    let (status, conflict) = left.put("/draft", &save(version, "left two")).await;
    assert_eq!((status, conflict["code"].as_str()), (409, Some("draft_conflict")));
    assert_eq!(conflict["current"]["content"]["notes"], "right two");
    let merged = save(conflict["current"]["version"].as_u64().unwrap(), "right two\n\nleft two");
    assert_eq!(left.put("/draft", &merged).await.0, 200);
    assert_eq!(right.get("/draft").await["content"]["notes"], "right two\n\nleft two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_hangs_keeps_no_note_from_being_stored() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let form = panel.form("Stored all the same").await;
    // Hours later everything that was read is too old, and the tenant accepts calls without answering them.
    world.clock.advance(Duration::from_hours(5));
    let panel = world.panel_later("maya-lindqvist").await;
    let hang = json!({ "kind": "latency", "millis": 25_000 });
    for path in ["/v1/data/*", "/v1/meta/*", "/v1/ant/*"] {
        world.fault("POST", path, hang.clone(), None).await;
    }
    let (status, write) = panel.post("/activities", &json!({ "key": "k", "form": form })).await;
    assert_eq!(status, 202, "{write}");
}
