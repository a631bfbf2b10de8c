//! The main job on PostgreSQL, and a database that goes away and comes back.

use serde_json::json;
use sidelight_outbound::Method;
use sidelight_store::testing::Postgres;

use crate::world::World;

async fn on(postgres: &Postgres) -> World {
    let world = World::with("", Some(postgres.database().await.unwrap())).await;
    world.install("maya-lindqvist").await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_works_on_postgresql() {
    let world = on(Postgres::shared().unwrap()).await;
    let panel = world.signed_in("maya-lindqvist").await;
    assert_eq!(panel.selected().await["name"], "Northwind Traders");
    let (status, draft) =
        panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Ümlaut, 漢字 and '" } })).await;
    assert_eq!(status, 200, "{draft}");
    let form = panel.form("Kept in PostgreSQL").await;
    let (status, write) = panel.post("/activities", &json!({ "key": "k", "form": form, "draft": draft["id"] })).await;
    assert_eq!((status, write["state"]["state"].as_str()), (201, Some("done")), "{write}");
    assert_eq!(panel.send(Method::GET, "/draft", None).await.status, 204);
    assert_eq!(world.our_activities().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_database_is_a_clear_message_and_no_loss() {
    let postgres = Postgres::start().unwrap();
    let world = on(&postgres).await;
    let panel = world.signed_in("maya-lindqvist").await;
    let (_, draft) = panel.put("/draft", &json!({ "based_on": 0, "content": { "notes": "Typed before" } })).await;
    let form = panel.form("Across a restart").await;
    postgres.halt().unwrap();
    let typed = json!({ "based_on": draft["version"], "content": { "notes": "Typed while it was away" } });
    for (path, body) in [("/activities", json!({ "key": "k", "form": form })), ("/draft", typed.clone())] {
        let method = if path == "/draft" { Method::PUT } else { Method::POST };
        let answer = panel.send(method, path, Some(&body)).await;
        let refusal: serde_json::Value = answer.json().unwrap();
        assert_eq!(
            (answer.status.as_u16(), refusal["code"].as_str()),
            (503, Some("storage_down")),
            "{path}: {refusal}"
        );
        assert!(!refusal["message"].as_str().unwrap().contains("sql"), "{refusal}");
    }
    postgres.launch().unwrap();
    let is_back = async || panel.send(Method::GET, "/draft", None).await.status == 200;
    world.until("the database is back", is_back).await;
    assert_eq!(panel.get("/draft").await["content"]["notes"], "Typed before");
    assert_eq!(panel.put("/draft", &typed).await.0, 200, "the panel's second try is taken");
    let (status, write) = panel.post("/activities", &json!({ "key": "k", "form": form })).await;
    assert_eq!((status, world.our_activities().await.len()), (201, 1), "{write}");
}
