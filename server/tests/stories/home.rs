//! The panel in the main Zoom client: the day's meetings, notes that were begun, calls without a note, and looking at a meeting from there.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::{Clock as _, Timestamp};
use sidelight_outbound::Method;

use crate::browser::Browser;
use crate::panel::Panel;
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";
const LIST: &str = "/v2/users/me/meetings";
const HOUR: Duration = Duration::from_hours(1);

/// The panel in the main client.
async fn at_home<'a>(world: &'a World, person: &str) -> Panel<'a> {
    let now = world.clock.now().as_millis();
    Panel::open(world, json!({ "user": person, "issued_at": now, "expires_in_ms": 120_000 })).await
}

/// The day that begins twelve hours before `now`, somewhere.
fn day(now: Timestamp) -> String {
    let half = Duration::from_hours(12);
    format!("/home?from={}&to={}", now.before(half).as_millis(), now.after(half).as_millis())
}

async fn home(panel: &Panel<'_>) -> Value {
    panel.get(&day(panel.world.clock.now())).await
}

/// Plans a meeting of Maya's; gives its number.
async fn plan(world: &World, topic: &str, starts_at: Timestamp, more: Value) -> String {
    let mut plan = json!({ "topic": topic, "host": MAYA, "starts_at": starts_at });
    plan.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    world.zoom_control("meetings", plan).await["number"].as_str().unwrap().to_owned()
}

/// What is shown of the meeting of this topic.
fn meeting<'a>(home: &'a Value, topic: &str) -> &'a Value {
    let mut rows = home["meetings"].as_array().unwrap().iter();
    rows.find(|row| row["topic"] == topic).unwrap_or_else(|| panic!("no {topic} in {home}"))
}

async fn zoom_fault(world: &World, path: &str, fault: Value) {
    world.zoom_control("faults", json!({ "match": { "path": path }, "fault": fault })).await;
}

async fn list_calls(world: &World) -> u64 {
    let calls = world.ask_zoom("calls").await;
    let endpoints = calls["zoom"].as_object().cloned().unwrap_or_default();
    let is_list = |name: &str| name.starts_with("GET") && name.ends_with("/meetings");
    endpoints.iter().filter(|(name, _)| is_list(name)).filter_map(|(_, call)| call["count"].as_u64()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_is_told_with_each_meetings_customer_and_why() {
    let world = World::installed().await;
    world.signed_in(MAYA).await.get("/people").await;
    let now = world.clock.now();
    let invited = json!({ "invitees": ["chioma.eze@northwindtraders.example"], "kind": 2 });
    plan(&world, "Roadmap", now.after(HOUR), invited).await;
    plan(&world, "Fabrik Analytics review", now.after(HOUR * 2), json!({})).await;
    plan(&world, "Lunch", now.after(HOUR * 3), json!({})).await;
    plan(&world, "Tomorrow's", now.after(HOUR * 13), json!({})).await;
    plan(&world, "Over midnight", now.before(HOUR * 13), json!({ "minutes": 90 })).await;
    plan(&world, "Yesterday's", now.before(HOUR * 13), json!({ "minutes": 30 })).await;
    let home = home(&at_home(&world, MAYA).await).await;
    assert_eq!(home["plan"], "known", "{home}");
    let topics: Vec<_> =
        home["meetings"].as_array().unwrap().iter().map(|row| row["topic"].as_str().unwrap()).collect();
    let running = "Northwind Traders: weekly sync";
    assert_eq!(topics, ["Over midnight", running, "Roadmap", "Fabrik Analytics review", "Lunch"]);
    let told = |topic: &str| {
        let row = meeting(&home, topic);
        (row["entity"]["name"].clone(), row["chosen_by"]["by"].clone(), row["stage"].clone())
    };
    assert_eq!(told(running), (json!("Northwind Traders"), json!("attendees"), json!("running")));
    assert!(meeting(&home, running)["uuid"].is_string());
    assert_eq!(told("Roadmap"), (json!("Northwind Traders"), json!("invited"), json!("ahead")));
    assert_eq!(told("Fabrik Analytics review"), (json!("Fabrik Analytics"), json!("topic"), json!("ahead")));
    assert_eq!(told("Lunch"), (Value::Null, Value::Null, json!("ahead")));
    assert_eq!(told("Over midnight").2, "over");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_beforehand_is_chosen_when_the_meeting_begins() {
    let world = World::installed().await;
    world.signed_in(MAYA).await;
    let number = plan(&world, "Lunch", world.clock.now().after(HOUR), json!({})).await;
    let panel = at_home(&world, MAYA).await;
    // Zoom tells whole seconds.
    let starts_at = meeting(&home(&panel).await, "Lunch")["starts_at"].as_i64().map(Timestamp::from_millis).unwrap();
    let found = panel.get("/entities?q=fabrik").await["found"][0].clone();
    let select = json!({ "tenant": found["tenant"], "kind": found["kind"], "id": found["id"] });
    let choose = async |number: &str, starts_at: Timestamp, select: &Value| {
        panel.put("/home/company", &json!({ "number": number, "starts_at": starts_at, "select": select })).await.0
    };
    assert_eq!(choose(&number, starts_at, &select).await, 204);
    assert_eq!(choose(&number, starts_at.after(HOUR), &select).await, 404, "not in the plan");
    assert_eq!(choose("82345678901", starts_at, &select).await, 404, "somebody else's");
    let unknown = json!({ "tenant": found["tenant"], "kind": "company", "id": "1P0NOTHERS" });
    assert_eq!(choose(&number, starts_at, &unknown).await, 404);
    let shown = home(&panel).await;
    let row = meeting(&shown, "Lunch");
    assert_eq!((&row["entity"]["name"], &row["chosen_by"]["by"]), (&json!("Fabrik Analytics"), &json!("viewer")));
    world.zoom_control(&format!("meetings/{number}/start"), json!({})).await;
    world.settle_webhooks().await;
    let people = Panel::open(&world, json!({ "user": MAYA, "meeting": number })).await.get("/people").await;
    assert_eq!(people["view"]["selected"]["name"], "Fabrik Analytics");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_ended_is_finished_and_logged_from_home() {
    let world = World::installed().await;
    let inside = world.signed_in(MAYA).await;
    inside.get("/people").await;
    let draft = json!({ "based_on": 0, "content": { "notes": "Half a sentence" } });
    assert_eq!(inside.put("/draft", &draft).await.0, 200);
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.settle_webhooks().await;

    let mut panel = at_home(&world, MAYA).await;
    let shown = home(&panel).await;
    assert_eq!(shown["unlogged"], json!([]), "it is listed as a draft");
    let begun = &shown["drafts"][0];
    assert_eq!((&begun["note"], &begun["entity"]["name"]), (&json!("Half a sentence"), &json!("Northwind Traders")));
    panel.visit(begun["uuid"].as_str().unwrap());
    let opened = panel.get("/panel").await;
    assert_eq!(opened["draft"]["content"]["notes"], "Half a sentence");
    assert_eq!(opened["view"]["selected"]["name"], "Northwind Traders");
    let people = panel.get("/people").await;
    let names: Vec<_> = people["attendees"].as_array().unwrap().iter().map(|person| person["name"].clone()).collect();
    assert!(names.contains(&json!("Ana Ruiz")), "who was there is shown: {names:?}");
    let form = panel.form("After the call").await;
    let log = json!({ "key": "k", "form": form, "draft": opened["draft"]["id"] });
    assert_eq!(panel.post("/activities", &log).await.0, 201);

    let shown = home(&at_home(&world, MAYA).await).await;
    assert_eq!((&shown["drafts"], &shown["unlogged"]), (&json!([]), &json!([])));
    let row = meeting(&shown, "Northwind Traders: weekly sync");
    assert_eq!((&row["is_logged"], &row["has_draft"], &row["stage"]), (&json!(true), &json!(false), &json!("over")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_customers_and_without_a_note_is_listed_and_an_internal_one_is_not() {
    let world = World::installed().await;
    Browser::new(&world).install("hannah-becker").await;
    world.signed_in(MAYA).await.get("/people").await;
    let number = plan(&world, "Fabrik Analytics, internal", world.clock.now(), json!({})).await;
    for step in ["start", "end"] {
        world.zoom_control(&format!("meetings/{number}/{step}"), json!({})).await;
    }
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.settle_webhooks().await;
    let panel = at_home(&world, MAYA).await;
    let unlogged = home(&panel).await["unlogged"].clone();
    let topics: Vec<_> = unlogged.as_array().unwrap().iter().map(|row| row["topic"].as_str().unwrap()).collect();
    assert_eq!(topics, ["Northwind Traders: weekly sync"]);
    assert_eq!(unlogged[0]["entity"]["name"], "Northwind Traders");
    // It stays for a week.
    world.clock.advance(HOUR * 24 * 6);
    let later = at_home(&world, MAYA).await;
    assert_eq!(home(&later).await["unlogged"].as_array().unwrap().len(), 1);
    world.clock.advance(HOUR * 24 * 2);
    let later = at_home(&world, MAYA).await;
    assert_eq!(home(&later).await["unlogged"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_needs_no_note_is_set_aside_until_it_is_listed_again() {
    let world = World::installed().await;
    world.signed_in(MAYA).await.get("/people").await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.settle_webhooks().await;
    Browser::new(&world).install("priya-raman").await;
    let (maya, priya) = (at_home(&world, MAYA).await, at_home(&world, "priya-raman").await);
    let lists = async || {
        let shown = home(&maya).await;
        (shown["unlogged"].as_array().unwrap().len(), shown["set_aside"].as_array().unwrap().len())
    };
    let call = home(&maya).await["unlogged"][0].clone();
    let need = |is_needed: bool| json!({ "meeting": call["uuid"], "is_needed": is_needed });
    assert_eq!(priya.put("/home/note", &need(false)).await.0, 404, "it was not hers");
    assert_eq!(lists().await, (1, 0));
    assert_eq!(maya.put("/home/note", &need(false)).await.0, 204);
    assert_eq!(lists().await, (0, 1));
    let shown = home(&maya).await["set_aside"][0].clone();
    assert_eq!(shown["entity"]["name"], "Northwind Traders", "what was chosen in it stays");
    assert_eq!(maya.put("/home/note", &need(true)).await.0, 204);
    assert_eq!(lists().await, (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_looks_at_a_meeting_that_does_not_concern_him() {
    let world = World::installed().await;
    Browser::new(&world).install("priya-raman").await;
    let uuid = world.panel(MAYA).await.opened["panel"]["meeting"]["uuid"].as_str().unwrap().to_owned();
    let mut stranger = at_home(&world, "priya-raman").await;
    stranger.visit(&uuid);
    for path in ["/panel", "/people", "/draft"] {
        assert_eq!(stranger.refused(path).await.0, if path == "/people" { 403 } else { 404 }, "{path}");
    }
    let draft = json!({ "based_on": 0, "content": { "notes": "x" } });
    assert_eq!(stranger.put("/draft", &draft).await.0, 404);
    // Nor from inside another meeting, nor as a guest.
    let mut inside = world.panel(TOM).await;
    inside.visit(&uuid);
    assert_eq!(inside.refused("/panel").await.0, 404);
    let mut own = at_home(&world, MAYA).await;
    own.visit(&uuid);
    assert_eq!(own.get("/panel").await["meeting"]["uuid"], json!(uuid));
    own.visit("no such meeting");
    assert_eq!(own.refused("/panel").await.0, 404);
    let body = json!({ "participants": [], "topic": "Mine now" });
    own.visit(&uuid);
    assert_eq!(own.send(Method::POST, "/roster", Some(&body)).await.status, 404, "a list comes from inside only");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_zoom_says_the_rest_of_home_stays() {
    let cases = [
        (json!({ "kind": "status", "status": 429, "retry_after": 120 }), "busy"),
        (json!({ "kind": "status", "status": 500 }), "down"),
        (json!({ "kind": "html" }), "down"),
        (json!({ "kind": "drop_before_apply" }), "down"),
        (
            json!({ "kind": "status", "status": 401, "body": { "code": 124, "message": "Invalid access token." } }),
            "not_authorised",
        ),
        (json!({ "kind": "status", "status": 400, "body": { "code": 4711, "message": "scopes" } }), "declined"),
    ];
    for (fault, expected) in cases {
        let world = World::installed().await;
        world.signed_in(MAYA).await.get("/people").await;
        plan(&world, "Lunch", world.clock.now().after(HOUR), json!({})).await;
        let panel = at_home(&world, MAYA).await;
        assert_eq!(home(&panel).await["meetings"].as_array().unwrap().len(), 2);
        zoom_fault(&world, LIST, fault.clone()).await;
        world.clock.advance(Duration::from_secs(61));
        let panel = at_home(&world, MAYA).await;
        let shown = home(&panel).await;
        assert_eq!(shown["plan"], expected, "{fault}");
        let is_kept = ["busy", "down"].contains(&expected);
        assert_eq!(shown["meetings"].as_array().unwrap().len(), if is_kept { 2 } else { 1 }, "{fault}: {shown}");
        assert_eq!(shown["plan_as_of"].is_i64(), is_kept, "{fault}");
        let before = list_calls(&world).await;
        home(&panel).await;
        assert_eq!(list_calls(&world).await, before, "{fault}: Zoom is left alone for a while");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_authorisation_home_says_so_and_shows_what_was_seen() {
    let world = World::start().await;
    world.zoom_control(&format!("people/{MAYA}/add-app"), json!({})).await;
    let panel = at_home(&world, MAYA).await;
    let shown = home(&panel).await;
    assert_eq!((&shown["plan"], &shown["meetings"]), (&json!("not_authorised"), &json!([])));
    assert_eq!(list_calls(&world).await, 0);
    assert_eq!(panel.refused("/home?from=0&to=999999999").await, (422, "invalid_input".to_owned()));
    assert_eq!(panel.refused("/home?from=1&to=1").await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_thirty_meetings_asks_zoom_a_little_at_a_time() {
    let world = World::installed().await;
    // A fast machine asks more in one second than a plan allows.
    world.zoom_control("switches", json!({ "zoom.rate_limits": "off" })).await;
    world.signed_in(MAYA).await.get("/people").await;
    let now = world.clock.now();
    for number in 0..30_u64 {
        let starts_at = now.after(Duration::from_mins(number * 20 + 1));
        let topic = format!(
            "Call {number} with a topic that is much longer than anybody would read while talking to somebody else"
        );
        plan(&world, &topic, starts_at, json!({ "minutes": 20, "invitees": ["ana.ruiz@northwindtraders.example"] }))
            .await;
    }
    let panel = at_home(&world, MAYA).await;
    let told = async || {
        let shown = home(&panel).await;
        let rows = shown["meetings"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 31);
        rows.iter().filter(|row| row["chosen_by"]["by"] == "invited").count()
    };
    assert_eq!([told().await, told().await, told().await, told().await], [8, 16, 24, 30]);
    assert_eq!(list_calls(&world).await, 1);
}
