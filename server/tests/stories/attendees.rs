//! Whom an activity names is the author's to say: people of the company and colleagues, in the meeting or not.

use serde_json::{Value, json};

use crate::outbox::log;
use crate::panel::Panel;
use crate::world::World;

async fn found(panel: &Panel<'_>, query: &str) -> Vec<Value> {
    let entity = panel.form("s").await["entity"].clone();
    let (status, found) = panel.post("/attendees/find", &json!({ "entity": entity, "query": query })).await;
    assert_eq!(status, 200, "{found}");
    found.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_company_and_colleagues_are_found_by_a_part_of_the_name_without_a_call_for_each_letter() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    assert_eq!(found(&panel, "e").await, Vec::<Value>::new());
    world.reset_calls().await;
    let queries = ["to", "tom", "TOM ", "an", "ana"].repeat(8);
    for query in &queries {
        found(&panel, query).await;
    }
    // Both lists are at hand; what goes on in the background asks for other things.
    let calls = world.data_calls().await;
    assert!(calls < 40, "{calls} calls for {} queries", queries.len());
    let internal = found(&panel, "maya").await;
    assert_eq!((&internal[0]["email"], &internal[0]["is_internal"]), (&json!(panel.username()), &json!(true)));
    let external = found(&panel, "ana.ruiz@").await;
    assert_eq!(
        (&external[0]["email"], &external[0]["is_internal"]),
        (&json!("ana.ruiz@northwindtraders.example"), &json!(false))
    );
    assert!(found(&panel, "@").await.is_empty(), "one letter finds nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_added_belongs_to_the_draft_and_comes_back_with_a_reopened_note() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let others = json!([{ "email": "ana.ruiz@northwindtraders.example", "name": "Ana Ruiz", "is_internal": false }]);
    let content = json!({ "notes": "n", "others": others });
    assert_eq!(panel.put("/draft", &json!({ "based_on": 0, "content": content })).await.1["content"]["others"], others);
    assert_eq!(world.panel("maya-lindqvist").await.opened["panel"]["draft"]["content"]["others"], others);
    panel.send(sidelight_outbound::Method::DELETE, "/draft?version=1", None).await;

    let form = panel.form("Refused later").await;
    world.fault("POST", "/v1/ant/es/activity", json!({ "kind": "status", "status": 500 }), Some(1)).await;
    let (status, write) = log(&panel, "k", &form).await;
    assert_eq!(status, 202);
    let id = write["id"].as_str().unwrap();
    assert_eq!(panel.post(&format!("/writes/{id}"), &json!({ "settle": "reopen" })).await.0, 204);
    let content = panel.get("/draft").await["content"].clone();
    let named: Vec<_> = content["others"].as_array().unwrap().iter().map(|one| one["is_internal"].clone()).collect();
    assert_eq!(named, [json!(true), json!(false)], "{content}");
}
