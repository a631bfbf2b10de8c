//! How few calls Gainsight gets from a panel (design 4.6), each count beside its floor and aim of design 7.
//! `cargo xtask bench calls` prints them as a table.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::Clock as _;

use crate::browser::Browser;
use crate::measure::{self, Promise};
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const HALF_A_DAY: Duration = Duration::from_hours(12);
const COLD_OPEN: Promise = Promise::of(8, 5);

/// Counts the calls since the last count, tells them, and begins anew.
async fn count(world: &World, name: &str, promise: Promise) -> u32 {
    let calls = u32::try_from(world.data_calls().await).unwrap();
    measure::count(name, calls, promise);
    world.reset_calls().await;
    calls
}

/// The same for a number that keeps its promise.
async fn count_kept(world: &World, name: &str, promise: Promise) {
    let asked = world.ask_gainsight("calls").await["lumen"].clone();
    let calls = count(world, name, promise).await;
    assert!(promise.floor.is_none_or(|floor| calls <= floor), "{name}: {asked}");
}

/// What a panel asks for when it begins, in its order.
async fn open<'a>(world: &'a World, person: &str) -> Panel<'a> {
    let panel = world.panel(person).await;
    panel.get("/people").await;
    panel.get(&panel.timeline_path().await).await;
    panel.get("/activity-types?tenant=lumen").await;
    panel
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_asks_little_and_nothing_twice() {
    let world = World::in_one_time().await;
    world.signed_in(MAYA).await;
    world.reset_calls().await;
    open(&world, MAYA).await;
    count_kept(&world, "cold open: session, people, Timeline", COLD_OPEN).await;

    let panel = open(&world, MAYA).await;
    count_kept(&world, "warm open", Promise::of(0, 0)).await;

    for query in ["", "n", "no", "nor", "north", "northw", "zzz", ""] {
        panel.get(&format!("/entities?q={query}")).await;
    }
    count_kept(&world, "one search, letter by letter", Promise::of(0, 0)).await;

    // Two taps on refresh within seconds are one.
    world.clock.advance(Duration::from_secs(10));
    let timeline = panel.timeline_path().await;
    panel.get("/people?refresh=true").await;
    panel.get(&format!("{timeline}&refresh=true")).await;
    count_kept(&world, "refresh: people, Timeline", Promise::of(3, 2)).await;

    let form = panel.form("One call").await;
    assert_eq!(panel.post("/activities", &json!({ "key": "k", "form": form })).await.0, 201);
    assert_eq!(count(&world, "one logged activity", Promise::NONE).await, 1);
    assert_eq!(panel.get(&timeline).await["activities"][0]["subject"], "One call");
    assert!(count(&world, "the Timeline that shows it", Promise::NONE).await <= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn home_asks_little_and_nothing_twice() {
    let world = World::in_one_time().await;
    world.signed_in(MAYA).await;
    let starts_at = world.clock.now().after(Duration::from_mins(30));
    let invitees = ["ana.ruiz@northwindtraders.example", "ben.carter@northwindtraders.example"];
    let plan = json!({ "topic": "Roadmap", "host": MAYA, "starts_at": starts_at, "invitees": invitees });
    world.zoom_control("meetings", plan).await;
    world.reset_calls().await;
    let day = format!(
        "/home?from={}&to={}",
        starts_at.before(HALF_A_DAY).as_millis(),
        starts_at.after(HALF_A_DAY).as_millis()
    );
    let open = async || {
        let panel = Panel::open(&world, json!({ "user": MAYA })).await;
        let home = panel.get(&day).await;
        assert!(home["meetings"].as_array().unwrap().iter().all(|row| row["entity"].is_object()), "{home}");
    };
    open().await;
    count_kept(&world, "cold home: session, the day, who was invited", Promise::of(5, 5)).await;
    open().await;
    count_kept(&world, "warm home", Promise::of(0, 0)).await;
}

/// Where everybody reads alone, a colleague asks with his own token and is shown nothing that was read with another (docs/adr/0003).
/// The promise of two calls is kept by the tenant that one credential reads for everybody (stories/shared.rs).
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_costs_no_more_than_the_first_panel() {
    let world = World::installed().await;
    world.signed_in(MAYA).await;
    open(&world, MAYA).await;
    Browser::new(&world).install("tom-okafor").await;
    world.signed_in("tom-okafor").await;
    world.reset_calls().await;
    open(&world, "tom-okafor").await;
    let calls = count(&world, "a colleague opens the same meeting, reading alone", Promise::NONE).await;
    assert!(COLD_OPEN.floor.is_some_and(|floor| calls <= floor), "{calls}");
}

/// Each five minutes somebody leaves, comes back, or comes for the first time.
fn happenings() -> Vec<(&'static str, Value)> {
    let known = |person: &str| json!({ "person": person });
    let new = |name: &str, email: &str| json!({ "name": name, "email": email, "disclosure": "calendar_invitation" });
    // A contact of the company, and somebody whom Gainsight does not know.
    vec![
        ("leave", known("ana-ruiz")),
        ("join", known("ana-ruiz")),
        ("join", new("Margaret Doyle", "margaret.doyle@northwindtraders.example")),
        ("leave", known("ben-carter")),
        ("leave", known("tom-okafor")),
        ("join", known("ben-carter")),
        ("leave", known("chioma-eze")),
        ("join", new("Oscar Lind", "oscar.lind@lindadvisors.example")),
        ("join", known("tom-okafor")),
        ("join", known("chioma-eze")),
        ("leave", known("diego-santos")),
        ("leave", known("ana-ruiz")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_beside_a_meeting_asks_little() {
    let world = World::in_one_time().await;
    world.signed_in(MAYA).await;
    let mut panel = open(&world, MAYA).await;
    world.reset_calls().await;
    for (number, (step, who)) in happenings().into_iter().enumerate() {
        world.clock.advance(Duration::from_mins(5));
        world.zoom_control(&format!("meetings/{NORTHWIND}/{step}"), who).await;
        world.settle_webhooks().await;
        // A session lasts a quarter of an hour; the panel renews it and goes on.
        if number % 3 == 2 {
            panel = world.panel(MAYA).await;
        }
        panel.get("/people").await;
    }
    for list in ["POST /v1/data/objects/query/Company", "POST /v1/data/objects/query/relationship"] {
        world.until("the list is renewed in the background", async || world.calls(list).await == 1).await;
    }
    count_kept(&world, "one live hour, a change each five minutes", Promise::of(10, 4)).await;
}
