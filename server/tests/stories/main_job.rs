//! The main job: open, sign in, see the company and the people, write, log, find it.

use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_csm_opens_signs_in_writes_logs_and_finds_the_call() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;

    let people = panel.get("/people").await;
    assert_eq!(people["view"]["selected"]["name"], "Northwind Traders");
    assert_eq!(people["view"]["chosen_by"], json!({ "by": "attendees", "matched": 4, "outsiders": 6 }));

    let form = panel.form("Weekly sync, logged beside the call").await;
    let (status, write) = panel.post("/activities", &json!({ "key": "k-1", "form": form })).await;
    assert_eq!((status, write["state"]["state"].as_str()), (201, Some("done")), "{write}");
    assert!(write["external_id"].as_str().unwrap().starts_with("sidelight-"));

    let id = form["entity"]["id"].as_str().unwrap();
    let timeline = panel.get(&format!("/timeline?tenant=lumen&kind=company&id={id}")).await;
    let first = &timeline["activities"][0];
    assert_eq!(first["subject"], "Weekly sync, logged beside the call");
    assert_eq!((first["is_own"].as_bool(), first["is_ours"].as_bool()), (Some(true), Some(true)));

    let opened = panel.get(&format!("/timeline/lumen/{}", first["id"].as_str().unwrap())).await;
    assert_eq!(opened["notes_html"], "<p>Agreed on the next steps.</p><ul><li>Ana sends the numbers</li></ul>");
    assert_eq!(world.our_activities().await.len(), 1);
}
