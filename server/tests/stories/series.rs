//! What somebody chose for one meeting of a series is chosen already in the next one, with its reason (ux 8).

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";

/// Ends the meeting and begins the next one of its number.
async fn next_meeting(world: &World, number: &str) {
    world.zoom_control(&format!("meetings/{number}/end"), json!({})).await;
    world.zoom_control(&format!("meetings/{number}/start"), json!({})).await;
    world.settle_webhooks().await;
}

async fn open<'a>(world: &'a World, person: &str, number: &str) -> Panel<'a> {
    Panel::open(world, json!({ "user": person, "meeting": number })).await
}

/// The name of what is selected, and why.
async fn selected(world: &World, person: &str, number: &str) -> (Value, Value) {
    let people = open(world, person, number).await.get("/people").await;
    (people["view"]["selected"]["name"].clone(), people["view"]["chosen_by"].clone())
}

/// Chooses what a search for the name finds first.
async fn choose(panel: &Panel<'_>, name: &str) {
    let found =
        panel.get(&format!("/entities?q={}", name.to_lowercase().replace(' ', "%20"))).await["found"][0].clone();
    assert_eq!(found["name"], name);
    let select = json!({ "select": { "tenant": found["tenant"], "kind": found["kind"], "id": found["id"] } });
    let (status, view) = panel.put("/view", &select).await;
    assert_eq!((status, &view["chosen_by"]["by"]), (200, &json!("viewer")), "{view}");
}

/// A world in which Maya and Tom are signed in.
async fn team() -> World {
    let world = World::installed().await;
    Browser::new(&world).install(TOM).await;
    for person in [MAYA, TOM] {
        world.signed_in(person).await;
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_meeting_of_a_series_begins_with_what_was_chosen_last() {
    let world = team().await;
    choose(&world.panel(MAYA).await, "Fabrik Analytics").await;
    next_meeting(&world, NORTHWIND).await;
    let before = json!({ "by": "before" });
    assert_eq!(selected(&world, MAYA, NORTHWIND).await, (json!("Fabrik Analytics"), before.clone()));
    let by_maya = json!({ "by": "colleague", "name": "Maya Lindqvist" });
    assert_eq!(selected(&world, TOM, NORTHWIND).await, (json!("Fabrik Analytics"), by_maya));

    choose(&open(&world, TOM, NORTHWIND).await, "Northwind Traders").await;
    next_meeting(&world, NORTHWIND).await;
    assert_eq!(selected(&world, TOM, NORTHWIND).await, (json!("Northwind Traders"), before.clone()));
    assert_eq!(selected(&world, MAYA, NORTHWIND).await, (json!("Fabrik Analytics"), before), "her own counts more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_viewer_may_not_see_is_not_suggested() {
    let world = team().await;
    choose(&world.panel(TOM).await, "Blackpine Defence").await;
    next_meeting(&world, NORTHWIND).await;
    assert_eq!(selected(&world, TOM, NORTHWIND).await.0, "Blackpine Defence");
    assert_eq!(selected(&world, MAYA, NORTHWIND).await, (Value::Null, Value::Null), "she is not of its account team");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_room_and_a_single_meeting_remember_nothing() {
    let world = team().await;
    for kind in [1, 2, 4, 7] {
        let plan = json!({ "topic": "Catch-up", "host": MAYA, "kind": kind });
        let number = world.zoom_control("meetings", plan).await["number"].as_str().unwrap().to_owned();
        world.zoom_control(&format!("meetings/{number}/start"), json!({})).await;
        world.settle_webhooks().await;
        choose(&open(&world, MAYA, &number).await, "Fabrik Analytics").await;
        next_meeting(&world, &number).await;
        assert_eq!(selected(&world, MAYA, &number).await.0, Value::Null, "kind {kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_made_before_zoom_told_of_the_series_is_remembered_too() {
    let world = team().await;
    // What is told from here on arrives only once it is let through.
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.settle_webhooks().await;
    world.zoom_control("webhooks", json!({ "hold": true })).await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/start"), json!({})).await;
    choose(&world.panel(MAYA).await, "Fabrik Analytics").await;
    world.zoom_control("webhooks/release", json!({})).await;
    world.zoom_control("webhooks", json!({})).await;
    world.settle_webhooks().await;
    next_meeting(&world, NORTHWIND).await;
    assert_eq!(selected(&world, MAYA, NORTHWIND).await, (json!("Fabrik Analytics"), json!({ "by": "before" })));
}
