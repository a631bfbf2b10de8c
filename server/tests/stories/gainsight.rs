//! A tenant that is slow, busy, broken, or answers in unexpected shapes.

use serde_json::{Value, json};

use crate::panel::Panel;
use crate::world::World;

const QUERY: &str = "/v1/data/objects/query/*";

fn names(people: &Value, group: &str) -> Vec<String> {
    let attendees = people["attendees"].as_array().unwrap().iter().filter(|attendee| attendee["group"] == group);
    attendees.map(|attendee| attendee["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_in_the_room_lands_in_the_group_a_csm_expects() {
    let world = World::installed().await;
    let people = world.signed_in("maya-lindqvist").await.get("/people").await;
    assert_eq!(names(&people, "customer"), ["Ana Ruiz", "Ben Carter", "Chioma Eze", "Diego Santos"]);
    assert_eq!(names(&people, "not_in_gainsight"), ["Erin Walsh"]);
    assert_eq!(names(&people, "needs_email"), ["Sam"]);
    assert_eq!(names(&people, "colleague"), ["Maya Lindqvist", "Tom Okafor"]);
    assert_eq!(names(&people, "device"), ["+1 (415) 555-0142"]);
    let diego =
        people["attendees"].as_array().unwrap().iter().find(|attendee| attendee["name"] == "Diego Santos").unwrap();
    assert_eq!(diego["also_at"], json!(["Fabrik Analytics"]));
    let maya = people["attendees"].as_array().unwrap().iter().find(|attendee| attendee["is_viewer"] == true).unwrap();
    assert_eq!(maya["name"], "Maya Lindqvist");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_panels_at_once_ask_once() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let people = panel.get("/people").await;
    assert_eq!(people["gaps"], Value::Null, "no gaps are no member");
    world.reset_calls().await;
    world.clock.advance(std::time::Duration::from_hours(3));
    let panel = world.panel_later("maya-lindqvist").await;
    futures_util::future::join_all((0..20).map(|_| panel.get("/people"))).await;
    assert!(world.data_calls().await <= 7, "{}", world.ask_gainsight("calls").await["lumen"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_in_trouble_takes_nothing_off_the_screen_that_was_there() {
    let faults = [
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "status", "status": 429 }),
        json!({ "kind": "html" }),
        json!({ "kind": "half_body" }),
        json!({ "kind": "malformed_body" }),
        json!({ "kind": "drop_before_apply" }),
    ];
    for fault in faults {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let timeline = panel.timeline_path().await;
        let before = panel.get(&timeline).await["activities"].clone();
        let people = panel.get("/people").await["attendees"].clone();
        world.fault("POST", QUERY, fault.clone(), None).await;
        world.clock.advance(std::time::Duration::from_mins(2));
        let panel = world.panel_later("maya-lindqvist").await;
        let after = panel.get(&format!("{timeline}&refresh=true")).await;
        assert_eq!((&after["activities"], &after["is_stale"]), (&before, &json!(true)), "{fault}");
        let after = panel.get("/people?refresh=true").await;
        assert_eq!(after["attendees"], people, "{fault}");
        assert_eq!(after["gaps"].as_array().unwrap().len(), 1, "{fault}: {}", after["gaps"]);
        assert_eq!(panel.get("/entities?q=north").await["found"][0]["name"], "Northwind Traders", "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_never_answered_is_an_error_with_a_next_step() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let timeline = panel.timeline_path().await;
    world
        .fault("POST", "/v1/data/objects/query/activity_timeline", json!({ "kind": "status", "status": 500 }), None)
        .await;
    assert_eq!(panel.refused(&timeline).await, (502, "gainsight_down".to_owned()));
    world.mend().await;
    assert!(!panel.get(&timeline).await["activities"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_tenant_is_left_alone_until_its_time() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let timeline = panel.timeline_path().await;
    world.fault("POST", QUERY, json!({ "kind": "status", "status": 429, "retry_after": 30 }), Some(1)).await;
    let (status, code) = panel.refused(&timeline).await;
    assert_eq!((status, code.as_str()), (503, "gainsight_busy"));
    world.reset_calls().await;
    for _ in 0..5 {
        assert_eq!(panel.refused(&timeline).await.1, "gainsight_busy");
    }
    assert_eq!(world.data_calls().await, 0, "nobody calls while the tenant asked for quiet");
    world.clock.advance(std::time::Duration::from_secs(31));
    assert!(!panel.get(&timeline).await["activities"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_scrolls_to_its_end_without_gap_or_repeat() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    let timeline = panel.timeline_path().await;
    let (mut seen, mut next, mut last_time) = (std::collections::BTreeSet::new(), None::<String>, i64::MAX);
    loop {
        let cursor = next.as_ref().map_or_else(String::new, |next| format!("&cursor={next}"));
        let page = panel.get(&format!("{timeline}{cursor}")).await;
        for activity in page["activities"].as_array().unwrap() {
            assert!(seen.insert(activity["id"].as_str().unwrap().to_owned()), "{activity} was shown twice");
            let held_at = activity["held_at"].as_i64().unwrap();
            assert!(held_at <= last_time, "not newest first");
            last_time = held_at;
        }
        match page["next"].as_str() {
            Some(more) => next = Some(more.to_owned()),
            None => break,
        }
    }
    assert!(seen.len() >= 100, "{}", seen.len());
    assert_eq!(panel.refused(&format!("{timeline}&cursor=nonsense")).await, (422, "invalid_input".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gainsight_hides_from_somebody_stays_hidden() {
    let world = World::installed().await;
    crate::browser::Browser::new(&world).install("jonas-weber").await;
    let (maya, jonas) = (world.signed_in("maya-lindqvist").await, world.signed_in("jonas-weber").await);
    let arr = async |panel: &Panel<'_>| panel.get("/entities?q=northwind").await["found"][0]["facts"]["arr"].clone();
    assert_eq!(arr(&maya).await, json!(410_000));
    assert_eq!(arr(&jonas).await, Value::Null, "a Viewer does not see revenue in this tenant");
}

/// Answers of a tenant under which the main job cannot work, and why.
const IMPOSSIBLE: [(&str, &str); 0] = [];

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_works_whatever_a_tenant_turns_out_to_be_like() {
    let world = World::start().await;
    let switches = world.ask_gainsight("switches").await;
    let mut tried = 0;
    for switch in
        switches.as_array().unwrap().iter().filter(|switch| switch["name"].as_str().unwrap().starts_with("gainsight."))
    {
        let name = switch["name"].as_str().unwrap();
        let others = switch["values"]["one_of"].as_array().cloned().unwrap_or_default();
        for value in others.into_iter().filter(|value| *value != switch["value"]) {
            if !IMPOSSIBLE.contains(&(name, value.as_str().unwrap())) {
                main_job(&json!({ name: value })).await;
                tried += 1;
            }
        }
    }
    assert!(tried >= 30, "{tried}");
}

async fn main_job(switch: &Value) {
    let world = World::installed().await;
    world.gainsight_control("switches", switch.clone()).await;
    let panel = world.signed_in("maya-lindqvist").await;
    let people = panel.get("/people").await;
    assert_eq!(people["view"]["selected"]["name"], "Northwind Traders", "{switch}");
    assert_eq!(names(&people, "customer").len(), 4, "{switch}: {people}");
    let form = panel.form("Whatever it is like").await;
    let (status, write) = panel.post("/activities", &json!({ "key": "k", "form": form })).await;
    assert!([201, 202].contains(&status), "{switch}: {write}");
    let timeline = panel.timeline_path().await;
    world
        .until(&format!("the call is in the Timeline with {switch}"), async || {
            world.clock.advance(std::time::Duration::from_secs(10));
            let panel = world.panel_later("maya-lindqvist").await;
            let page = panel.get(&format!("{timeline}&refresh=true")).await;
            page["activities"][0]["subject"] == "Whatever it is like"
        })
        .await;
    assert_eq!(world.our_activities().await.len(), 1, "{switch}");
}
