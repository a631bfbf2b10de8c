//! Breakout rooms, waiting rooms, telephones and meeting rooms: who is there, and who only seems to be (`zoom.md` 6.4, 8.3, 11).

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_outbound::Request;

use crate::panel::Panel;
use crate::recognition::step;
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const ANA: &str = "ana-ruiz";
const MARGARET: &str = "margaret.doyle@northwindtraders.example";

/// Takes a step, and waits until the server has heard of it.
async fn seen(world: &World, name: &str, body: Value) {
    step(world, name, body).await;
    world.settle_webhooks().await;
}

fn row(people: &Value, name: &str) -> Option<Value> {
    let is_it = |one: &&Value| one["name"] == name || one["shown_as"] == name;
    people["attendees"].as_array().unwrap().iter().find(is_it).cloned()
}

async fn count(panel: &Panel<'_>) -> usize {
    panel.get("/people").await["attendees"].as_array().unwrap().len()
}

/// What the client of somebody lists: those in the same room.
async fn listed_by(world: &World, person: &str) -> Vec<Value> {
    let url = world.zoom.join(&format!("/_control/meetings/{NORTHWIND}")).unwrap();
    let meeting: Value = world.gate.send(Request::get(url)).await.unwrap().json().unwrap();
    let all = meeting["participants"].as_array().unwrap().clone();
    let room = all.iter().find(|one| one["person"] == person).unwrap()["room"].clone();
    let inside = all.into_iter().filter(|one| one["room"] == room && one["is_waiting"] == json!(false));
    inside.map(|one| json!({ "uuid": one["uuid"], "name": one["name"], "role": "attendee" })).collect()
}

async fn report(world: &World, panel: &Panel<'_>, is_of_breakout: bool) {
    let participants = listed_by(world, MAYA).await;
    let report = json!({ "participants": participants, "number": NORTHWIND, "is_of_breakout": is_of_breakout });
    assert_eq!(panel.post("/roster", &report).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_into_a_breakout_room_stays_in_the_meeting_and_is_marked() {
    let world = World::installed().await;
    let panel = world.signed_in(MAYA).await;
    let everybody = count(&panel).await;
    assert_eq!(row(&panel.get("/people").await, "Ana Ruiz").unwrap()["is_aside"], false);
    seen(&world, "room", json!({ "person": ANA, "room": "One" })).await;
    // The host's client lists her no more.
    report(&world, &panel, false).await;
    let people = panel.get("/people").await;
    let ana = row(&people, "Ana Ruiz").unwrap();
    assert_eq!((&ana["is_aside"], &ana["group"]), (&json!(true), &json!("customer")), "{people}");
    assert_eq!(count(&panel).await, everybody);
    seen(&world, "room", json!({ "person": ANA, "room": "Two" })).await;
    assert_eq!(row(&panel.get("/people").await, "Ana Ruiz").unwrap()["is_aside"], true);
    seen(&world, "room", json!({ "person": ANA })).await;
    assert_eq!(row(&panel.get("/people").await, "Ana Ruiz").unwrap()["is_aside"], false);
    // Whoever leaves the meeting from a breakout room has left.
    seen(&world, "room", json!({ "person": ANA, "room": "One" })).await;
    seen(&world, "leave", json!({ "person": ANA })).await;
    assert_eq!((row(&panel.get("/people").await, "Ana Ruiz"), count(&panel).await), (None, everybody - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_in_a_breakout_room_sends_nobody_away() {
    // Nobody reports but the host's own client.
    let world = World::start().await;
    world.zoom_control("webhooks", json!({ "off": true })).await;
    let page = crate::browser::Browser::new(&world).install(MAYA).await;
    assert!(page.contains("Sidelight is added"), "{page}");
    let panel = world.panel(MAYA).await;
    panel.sign_in().await;
    report(&world, &panel, false).await;
    let everybody = count(&panel).await;
    assert!(everybody > 5, "{everybody}");
    step(&world, "room", json!({ "person": MAYA, "room": "One" })).await;
    report(&world, &panel, true).await;
    assert_eq!(count(&panel).await, everybody, "those in the main room are on another list");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_is_not_in_the_meeting_until_somebody_lets_him_in() {
    for webhooks in ["waiting", "left_and_waiting"] {
        let world = World::in_one_time().await;
        world.zoom_control("switches", json!({ "zoom.put_back_webhooks": webhooks })).await;
        let panel = world.signed_in(MAYA).await;
        let before = panel.get("/people").await;
        step(&world, "waiting-room", json!({ "is_on": true })).await;
        let guest = json!({ "name": "Margaret Doyle", "email": MARGARET, "disclosure": "calendar_invitation" });
        seen(&world, "join", guest).await;
        assert_eq!(row(&panel.get("/people").await, "Margaret Doyle"), None, "she waits");
        let key = json!({ "person": "margaret-doyle" });
        for turn in 0..2 {
            // Times are whole seconds.
            world.clock.advance(Duration::from_secs(2));
            seen(&world, "admit", key.clone()).await;
            let people = panel.get("/people").await;
            assert_eq!(row(&people, "Margaret Doyle").unwrap()["group"], "customer", "{webhooks} {turn}: {people}");
            world.clock.advance(Duration::from_secs(2));
            seen(&world, "put-back", key.clone()).await;
            let people = panel.get("/people").await;
            assert_eq!(row(&people, "Margaret Doyle"), None, "{webhooks} {turn}: {people}");
            assert_eq!(people["attendees"].as_array().unwrap().len(), before["attendees"].as_array().unwrap().len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn telephones_and_meeting_rooms_stand_by_themselves_and_count_as_nobody() {
    let world = World::installed().await;
    let panel = world.signed_in(MAYA).await;
    let before = panel.get("/people").await;
    let devices = [
        ("+49 30 901820", json!({ "name": "+49 30 901820", "phone": "+49 30 901820" })),
        ("Call-In User 3", json!({ "name": "Call-In User 3", "phone": "+1 415 555 0100" })),
        ("Northwind Boardroom", json!({ "name": "Northwind Boardroom" })),
        (
            "Zoom Room 7",
            json!({ "name": "Zoom Room 7", "email": "room-7@northwindtraders.example", "disclosure": "calendar_invitation" }),
        ),
    ];
    for (_, device) in &devices {
        seen(&world, "join", device.clone()).await;
    }
    let people = panel.get("/people").await;
    for (name, _) in devices {
        let device = row(&people, name).unwrap();
        assert_eq!((&device["group"], &device["record"]), (&json!("device"), &Value::Null), "{people}");
    }
    // They are no attendees whom nobody knows, and make no company less likely.
    assert_eq!(people["suggested"], before["suggested"]);
    assert!(before["suggested"][0]["outsiders"].is_number());
    let groups = |people: &Value, group: &str| {
        people["attendees"].as_array().unwrap().iter().filter(|one| one["group"] == group).count()
    };
    for group in ["not_in_gainsight", "needs_email"] {
        assert_eq!(groups(&people, group), groups(&before, group), "{group}");
    }
}
