//! Changing and deleting what is in Gainsight: under every fault once, never over what a colleague wrote, and only by the author.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::{HeaderName, HeaderValue, Method, Request};

use crate::outbox::{ACTIVITY, log};
use crate::panel::Panel;
use crate::world::World;

/// An own activity in Gainsight, as its author has it open.
async fn logged(panel: &Panel<'_>, subject: &str) -> (String, Value) {
    let form = panel.form(subject).await;
    assert_eq!(log(panel, subject, &form).await.0, 201);
    let id = form["entity"]["id"].as_str().unwrap();
    let timeline = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={id}&refresh=true")).await;
    let row = timeline["activities"].as_array().unwrap().iter().find(|row| row["subject"] == subject).unwrap();
    let path = format!("/timeline/lumen/{}", row["id"].as_str().unwrap());
    let opened = panel.get(&path).await;
    (path, opened)
}

async fn stands(world: &World) -> Value {
    world.our_activities().await.first().cloned().unwrap_or_default()
}

/// Somebody changes it in Gainsight itself.
async fn changed_elsewhere(world: &World, path: &str, subject: &str) {
    let id = path.rsplit('/').next().unwrap();
    let mut url = world.us1.join(ACTIVITY).unwrap();
    url.set_query(Some("identifier=gsid"));
    let request = Request::new(Method::PUT, url)
        .header(HeaderName::from_static("accesskey"), HeaderValue::from_static("lumen-access-key"));
    let body = json!({ "records": [{ "Gsid": id, "Subject": subject }] });
    assert!(world.gate.send(request.json(&body).unwrap()).await.unwrap().status.is_success());
}

async fn settles(world: &World, until: impl AsyncFn(Value) -> bool) {
    world
        .until("the write is settled", async || {
            world.clock.advance(Duration::from_secs(20));
            world.app.wake.outbox.notify_one();
            until(world.panel_later("maya-lindqvist").await.get("/writes").await).await
        })
        .await;
}

async fn is_empty(writes: Value) -> bool {
    writes == json!([])
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_changed_is_sent_and_shows_at_once() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (path, opened) = logged(&panel, "First words").await;
    assert_eq!(opened["locked"], Value::Null);
    let change = json!({ "key": "c", "seen": opened["seen"], "notes": "<p>Better <b>notes</b><script>x</script></p>" });
    let (status, write) = panel.put(&path, &change).await;
    assert_eq!((status, write["state"]["state"].as_str(), write["task"].as_str()), (200, Some("done"), Some("change")));
    let now = stands(&world).await;
    assert_eq!(
        (&now["Subject"], &now["Notes"]),
        (&json!("First words"), &json!("<p>Better <strong>notes</strong></p>"))
    );
    assert_eq!(now["ExternalAttendees"], "Ana Ruiz");
    assert!(panel.get(&path).await["notes_html"].as_str().unwrap().contains("<strong>notes</strong>"));
    // The same key is the same change.
    let again = panel.put(&path, &change).await;
    assert_eq!((again.0, &again.1["id"]), (200, &write["id"]));
    assert_eq!(world.our_activities().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_delay_a_change_but_neither_lose_it_nor_hide_a_colleagues() {
    let faults = [
        ("busy", json!({ "kind": "status", "status": 429, "retry_after": 7 })),
        ("broken", json!({ "kind": "status", "status": 500 })),
        ("no JSON", json!({ "kind": "malformed_body" })),
        ("gone after it was applied", json!({ "kind": "drop_after_apply" })),
        ("gone before it was applied", json!({ "kind": "drop_before_apply" })),
    ];
    let world = World::installed().await;
    world.signed_in("maya-lindqvist").await;
    for (name, fault) in faults {
        let panel = world.panel_later("maya-lindqvist").await;
        let (path, opened) = logged(&panel, name).await;
        world.fault("PUT", ACTIVITY, fault, Some(1)).await;
        let subject = format!("{name}, changed");
        let change = json!({ "key": format!("c {name}"), "seen": opened["seen"], "subject": subject });
        let (status, write) = panel.put(&path, &change).await;
        assert_eq!((status, write["state"]["state"].as_str()), (202, Some("waiting")), "{name}: {write}");
        settles(&world, is_empty).await;
        let subjects: Vec<_> = world.our_activities().await.iter().map(|row| row["Subject"].clone()).collect();
        assert!(subjects.contains(&json!(subject)) && !subjects.contains(&json!(name)), "{name}: {subjects:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_change_is_never_overwritten_unseen() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (path, opened) = logged(&panel, "Mine").await;
    changed_elsewhere(&world, &path, "Theirs").await;
    let change = |key: &str, seen: &Value| json!({ "key": key, "seen": seen, "subject": "Mine again" });
    let (status, body) = panel.put(&path, &change("c1", &opened["seen"])).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("activity_conflict")), "{body}");
    assert_eq!(stands(&world).await["Subject"], "Theirs");
    // His text is before his eyes, so that nothing waits for him.
    assert_eq!(panel.get("/writes").await, json!([]));
    // Whoever has seen theirs may replace it.
    let theirs = panel.get(&path).await;
    assert_eq!(theirs["subject"], "Theirs");
    assert_eq!(panel.put(&path, &change("c2", &theirs["seen"])).await.0, 200);
    assert_eq!(stands(&world).await["Subject"], "Mine again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_shows_later_needs_the_author_and_keeps_his_text() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (path, opened) = logged(&panel, "Mine").await;
    world.fault("PUT", ACTIVITY, json!({ "kind": "drop_before_apply" }), Some(1)).await;
    let change = json!({ "key": "c", "seen": opened["seen"], "subject": "My later words" });
    assert_eq!(panel.put(&path, &change).await.0, 202);
    changed_elsewhere(&world, &path, "Theirs").await;
    settles(&world, async |writes| writes[0]["state"]["state"] == "refused").await;
    let panel = world.panel_later("maya-lindqvist").await;
    let write = panel.get("/writes").await[0].clone();
    assert_eq!((&write["state"]["form"]["subject"], &write["task"]), (&json!("My later words"), &json!("change")));
    assert_eq!(write["activity"].as_str(), path.rsplit('/').next());
    assert_eq!(stands(&world).await["Subject"], "Theirs");
    // It is no note: it cannot become a second activity.
    let settle = format!("/writes/{}", write["id"].as_str().unwrap());
    assert_eq!(panel.post(&settle, &json!({ "settle": "reopen" })).await.0, 409);
    assert_eq!(panel.post(&settle, &json!({ "settle": "discard" })).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_can_be_taken_back_and_otherwise_happens_once() {
    for fault in [None, Some("drop_after_apply"), Some("drop_before_apply")] {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let (path, opened) = logged(&panel, "To be deleted").await;
        let delete = |key: &str| format!("{path}?key={key}&seen={}", opened["seen"].as_str().unwrap());
        let answer = panel.send(Method::DELETE, &delete("d1"), None).await;
        let write: Value = answer.json().unwrap();
        assert_eq!((answer.status.as_u16(), write["state"]["state"].as_str()), (202, Some("waiting")), "{write}");
        let settle = format!("/writes/{}", write["id"].as_str().unwrap());
        assert_eq!(panel.post(&settle, &json!({ "settle": "discard" })).await.0, 204);
        world.clock.advance(Duration::from_secs(20));
        assert_eq!(world.our_activities().await.len(), 1);
        if let Some(fault) = fault {
            world.fault("DELETE", ACTIVITY, json!({ "kind": fault }), Some(1)).await;
        }
        let panel = world.panel_later("maya-lindqvist").await;
        assert_eq!(panel.send(Method::DELETE, &delete("d2"), None).await.status.as_u16(), 202);
        settles(&world, is_empty).await;
        assert_eq!(world.our_activities().await.len(), 0, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_changed_is_not_deleted_unseen() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (path, opened) = logged(&panel, "Mine").await;
    let delete = format!("{path}?key=d&seen={}", opened["seen"].as_str().unwrap());
    assert_eq!(panel.send(Method::DELETE, &delete, None).await.status.as_u16(), 202);
    changed_elsewhere(&world, &path, "Theirs").await;
    settles(&world, async |writes| writes[0]["state"]["state"] == "refused").await;
    assert_eq!(stands(&world).await["Subject"], "Theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_activity_is_locked_and_says_why() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let company = panel.selected().await["id"].as_str().unwrap().to_owned();
    world.log_in_gainsight(&company, "Of a colleague").await;
    let timeline = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={company}&refresh=true")).await;
    let row = timeline["activities"].as_array().unwrap().iter().find(|row| row["subject"] == "Of a colleague").unwrap();
    let path = format!("/timeline/lumen/{}", row["id"].as_str().unwrap());
    let opened = panel.get(&path).await;
    assert_eq!(opened["locked"], "not_author");
    let change = json!({ "key": "c", "seen": opened["seen"], "subject": "Mine now" });
    let (status, body) = panel.put(&path, &change).await;
    assert_eq!((status, &body["code"], &body["remedy"]), (403, &json!("not_author"), &json!("gainsight_admin")));
    let delete = format!("{path}?key=d&seen={}", opened["seen"].as_str().unwrap());
    assert_eq!(panel.send(Method::DELETE, &delete, None).await.status.as_u16(), 403);
    assert_eq!(panel.get(&path).await["subject"], "Of a colleague");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_in_a_change_is_named_and_nothing_is_stored() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (path, opened) = logged(&panel, "Mine").await;
    for (field, value) in [
        ("subject", json!(" ")),
        ("subject", json!("x".repeat(256))),
        ("notes", json!("<p><br></p>")),
        ("type_name", json!("Séance")),
        ("held_at", json!(1)),
        ("duration_minutes", json!(100_000)),
    ] {
        let change = json!({ "key": format!("{field} {value}").chars().take(40).collect::<String>(), "seen": opened["seen"], field: value });
        let (status, body) = panel.put(&path, &change).await;
        assert_eq!((status, body["fields"][0]["field"].as_str()), (422, Some(field)), "{body}");
    }
    assert_eq!(panel.put(&path, &json!({ "key": "", "seen": "s", "subject": "x" })).await.0, 422);
    assert_eq!(panel.put(&path, &json!({ "key": "n", "seen": "s" })).await.0, 422);
    assert_eq!(panel.get("/writes").await, json!([]));
    assert_eq!(stands(&world).await["Subject"], "Mine");
}
