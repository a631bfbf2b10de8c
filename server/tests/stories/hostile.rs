//! What people may type, call themselves, or have pasted long ago.

use serde_json::json;

use crate::world::{NORTHWIND, World};

#[tokio::test(flavor = "multi_thread")]
async fn script_in_names_subjects_and_notes_is_text() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let script = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    world.zoom_control(&format!("meetings/{NORTHWIND}/join"), json!({ "name": script })).await;
    world.settle_webhooks().await;
    let people = panel.get("/people").await;
    assert!(people["attendees"].as_array().unwrap().iter().any(|attendee| attendee["name"] == script));
    let mut form = panel.form(&format!("{script} 👩‍🚀 \u{202e}")).await;
    form["notes"] = json!(format!("{script}\n\njavascript:alert(1)"));
    let (status, write) = panel.post("/activities", &json!({ "key": "k", "form": form })).await;
    assert_eq!(status, 201, "{write}");
    let id = form["entity"]["id"].as_str().unwrap();
    let page = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={id}")).await;
    let first = &page["activities"][0];
    let opened = panel.get(&format!("/timeline/lumen/{}", first["id"].as_str().unwrap())).await;
    let html = opened["notes_html"].as_str().unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script") && !html.contains("<img"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_runs_reaches_a_panel_from_old_notes() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let id = panel.selected().await["id"].as_str().unwrap().to_owned();
    let mut cursor = String::new();
    let mut opened = 0;
    for _ in 0..6 {
        let page = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={id}{cursor}")).await;
        for activity in page["activities"].as_array().unwrap().iter().take(8) {
            let activity = panel.get(&format!("/timeline/lumen/{}", activity["id"].as_str().unwrap())).await;
            let html = activity["notes_html"].as_str().unwrap().to_lowercase();
            for danger in
                ["<script", "<iframe", "<img", "<svg", "<style", "javascript:", " onerror", " onclick", " style="]
            {
                assert!(!html.contains(danger), "{danger} in {html}");
            }
            opened += 1;
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(opened > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_letter_names_are_shown_and_do_no_harm() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let name = "Maximilian ".repeat(1_000);
    let guest = json!({ "name": name, "email": "max@elsewhere.example", "disclosure": "registered" });
    world.zoom_control(&format!("meetings/{NORTHWIND}/join"), guest).await;
    world.settle_webhooks().await;
    let people = panel.get("/people").await;
    let guest =
        people["attendees"].as_array().unwrap().iter().find(|attendee| attendee["email"] == "max@elsewhere.example");
    let shown = guest.unwrap()["name"].as_str().unwrap();
    assert!(shown.starts_with("Maximilian Maximilian") && shown.chars().count() <= 200);
    let (status, body) =
        panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "x".repeat(120_001) } })).await;
    assert_eq!((status, body["fields"][0]["field"].as_str()), (422, Some("content.notes")));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_in_odd_case_are_the_same_person() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let people = panel.get("/people").await;
    let ben = people["attendees"].as_array().unwrap().iter().find(|attendee| attendee["name"] == "Ben Carter").unwrap();
    assert_eq!((&ben["email"], &ben["group"]), (&json!("ben.carter@northwindtraders.example"), &json!("customer")));
    let mut form = panel.form("Odd case").await;
    form["external_attendees"] = json!([" Ana.RUIZ@NorthwindTraders.example "]);
    assert_eq!(panel.post("/activities", &json!({ "key": "k", "form": form })).await.0, 201);
}
