//! Guests whom Zoom tells no address of are asked for it: once in a meeting, by one colleague for all, and what they tell is forgotten with the
//! meeting (`zoom.md` 7.6, 8).

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::ids::MeetingUuid;
use sidelight_outbound::Method;

use crate::browser::Browser;
use crate::panel::Panel;
use crate::recognition::{list, step};
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";
const MARGARET: &str = "margaret.doyle@northwindtraders.example";

/// Takes a step, and waits until the server has heard of it.
async fn seen(world: &World, name: &str, body: Value) {
    step(world, name, body).await;
    world.settle_webhooks().await;
}

async fn guest(world: &World, name: &str, email: &str, reply: &str) {
    let guest = json!({ "name": name, "email": email, "disclosure": "hidden", "is_signed_in": true });
    seen(world, "join", guest).await;
    let key = name.to_lowercase().replace(' ', "-");
    world.zoom_control(&format!("people/{key}/reply"), json!({ "reply": reply })).await;
}

fn row(people: &Value, name: &str) -> Value {
    let is_it = |one: &&Value| one["name"] == name || one["shown_as"] == name;
    people["attendees"].as_array().unwrap().iter().find(is_it).cloned().unwrap_or_default()
}

/// What Zoom tells the panel of whoever asks, as the SDK's events bring it.
async fn replies(world: &World, by: &str) -> Vec<Value> {
    let asked = world.zoom_control(&format!("meetings/{NORTHWIND}/ask-emails"), json!({ "by": by })).await;
    let reply = |one: &Value| json!({ "participant": one["participantUUID"], "email": one["participantEmail"] });
    asked["replies"].as_array().unwrap().iter().map(reply).collect()
}

async fn begin(panel: &Panel<'_>) -> (u16, Value) {
    let answer = panel.send(Method::POST, "/inquiry", None).await;
    (answer.status.as_u16(), answer.json::<Value>().unwrap_or_default()["code"].clone())
}

/// Tom's panel, who has added the app, too.
async fn colleague(world: &World) -> Panel<'_> {
    Browser::new(world).install(TOM).await;
    world.signed_in(TOM).await
}

async fn take_back(panel: &Panel<'_>) -> u16 {
    panel.send(Method::DELETE, "/inquiry", None).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_asked_once_and_each_yes_is_known_to_all_until_the_meeting_is_over() {
    let world = World::in_one_time().await;
    guest(&world, "Margaret Doyle", MARGARET, "yes").await;
    guest(&world, "Noa Klein", "noa.klein@northwindtraders.example", "no").await;
    guest(&world, "Gus Holm", "gus.holm@northwindtraders.example", "silent").await;
    let (maya, tom) = (world.signed_in(MAYA).await, colleague(&world).await);
    let before = maya.get("/people").await;
    assert_eq!(before["inquiry"], json!({ "is_open": true }));
    for (name, why) in [("Margaret Doyle", "other_account"), ("Sam", "signed_out")] {
        let one = row(&before, name);
        assert_eq!((&one["group"], &one["untold"], &one["reply"]), (&json!("needs_email"), &json!(why), &Value::Null));
    }

    assert_eq!(begin(&maya).await.0, 204);
    assert_eq!(begin(&tom).await, (409, json!("guests_asked")), "a second panel asks in vain");
    assert_eq!(begin(&maya).await, (409, json!("guests_asked")));
    let told = replies(&world, MAYA).await;
    assert_eq!(tom.post("/inquiry/answers", &told[0]).await.0, 404, "he did not ask");
    for answer in told.iter().chain(&told) {
        assert_eq!(maya.post("/inquiry/answers", answer).await.0, 204);
    }
    assert_eq!(take_back(&maya).await, 204);
    assert_eq!(begin(&maya).await, (409, json!("guests_asked")), "once somebody answered, nothing is taken back");

    world.clock.advance(Duration::from_secs(2));
    guest(&world, "Late Comer", "late.comer@northwindtraders.example", "yes").await;
    seen(&world, "rejoin", json!({ "person": "noa-klein" })).await;
    for panel in [&maya, &tom] {
        let people = panel.get("/people").await;
        assert_eq!(people["inquiry"], json!({ "is_open": false, "asked_by": "Maya Lindqvist" }));
        let margaret = row(&people, "Margaret Doyle");
        let known = (&margaret["email"], &margaret["email_source"], &margaret["group"]);
        assert_eq!(known, (&json!(MARGARET), &json!("consented"), &json!("customer")), "{people}");
        let replies = ["Noa Klein", "Gus Holm", "Late Comer", "Sam"].map(|name| row(&people, name)["reply"].clone());
        assert_eq!(replies, [json!("declined"), json!("waiting"), Value::Null, json!("declined")], "{people}");
    }

    seen(&world, "end", json!({})).await;
    let over = maya.get("/people").await;
    let margaret = row(&over, "Margaret Doyle");
    assert_eq!((&margaret["email"], &over["inquiry"]), (&Value::Null, &Value::Null), "{over}");
    assert_eq!(maya.post("/inquiry/answers", &told[0]).await.0, 404, "nothing is told of a meeting that is over");
    let uuid: MeetingUuid = serde_json::from_value(maya.get("/panel").await["meeting"]["uuid"].clone()).unwrap();
    let organisation = world.app.organisation_ids().next().unwrap();
    let mut unit = world.app.store.read(organisation).await.unwrap();
    assert!(unit.inquiries().find(&uuid).await.unwrap().unwrap().answers.is_empty(), "what they told is not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_zoom_discloses_counts_more_than_what_a_panel_says_it_was_told() {
    let world = World::installed().await;
    let maya = world.signed_in(MAYA).await;
    assert_eq!(begin(&maya).await.0, 204);
    let url = world.zoom.join(&format!("/_control/meetings/{NORTHWIND}")).unwrap();
    let meeting: Value = world.gate.send(sidelight_outbound::Request::get(url)).await.unwrap().json().unwrap();
    for one in meeting["participants"].as_array().unwrap() {
        let made_up = json!({ "participant": one["uuid"], "email": "ceo@northwindtraders.example" });
        assert_eq!(maya.post("/inquiry/answers", &made_up).await.0, 204);
    }
    let people = maya.get("/people").await;
    let sources = ["Ana Ruiz", "Erin Walsh", "Sam"].map(|name| row(&people, name)["email_source"].clone());
    assert_eq!(sources, [json!("host_webhook"), json!("host_webhook"), json!("consented")], "{people}");
    for wrong in [json!(""), json!("x".repeat(100))] {
        assert_eq!(maya.post("/inquiry/answers", &json!({ "participant": wrong })).await.0, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_client_refused_nobody_was_asked_and_somebody_else_may_ask() {
    let world = World::installed().await;
    let (maya, tom) = (world.signed_in(MAYA).await, colleague(&world).await);
    assert_eq!(begin(&maya).await.0, 204);
    assert_eq!(take_back(&tom).await, 204);
    assert_eq!(begin(&tom).await.0, 409, "only whoever asked takes it back");
    assert_eq!(take_back(&maya).await, 204);
    assert_eq!(begin(&tom).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_of_somebody_elses_meeting_are_not_asked() {
    let world = World::start().await;
    Browser::new(&world).install(TOM).await;
    // Maya has not added the app, so that nobody of the organisation is known to be the host.
    let tom = Panel::open(&world, json!({ "user": TOM, "meeting": NORTHWIND, "role": "co-host" })).await;
    tom.sign_in().await;
    list(&tom, &[("Tom Okafor", "coHost"), ("Ana Ruiz", "attendee")], NORTHWIND).await;
    let people = tom.get("/people").await;
    assert_eq!(people["inquiry"], json!({ "is_open": false }), "{people}");
    assert_eq!(row(&people, "Ana Ruiz")["untold"], "unreported");
    assert_eq!(begin(&tom).await, (409, json!("not_hosting")));

    // A colleague opens her panel as the host: then it is theirs, unless Zoom says otherwise.
    Browser::new(&world).install(MAYA).await;
    let maya = Panel::open(&world, json!({ "user": MAYA, "meeting": NORTHWIND, "role": "host" })).await;
    assert_eq!(tom.get("/people").await["inquiry"], json!({ "is_open": true }));
    assert_eq!(begin(&maya).await.0, 403, "she has not signed in");
    assert_eq!(begin(&tom).await.0, 204);
}
