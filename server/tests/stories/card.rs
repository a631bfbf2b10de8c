//! More about somebody than the list shows, and who he really is: remembered for the next meeting with the same person (design 4.4).

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::measure::{self, Promise};
use crate::panel::Panel;
use crate::recognition::step;
use crate::shared::{FIELDS, KEY};
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";
const ANA: &str = "ana.ruiz@northwindtraders.example";
const MARGARET: &str = "margaret.doyle@northwindtraders.example";
const QUESTION: &str = "POST /v1/data/objects/query/activity_timeline";

async fn card(panel: &Panel<'_>, email: &str) -> (u16, Value) {
    panel.post("/people/card", &json!({ "tenant": "lumen", "email": email })).await
}

async fn attendee(panel: &Panel<'_>, name: &str) -> Value {
    let people = panel.get("/people").await;
    let is_it = |one: &&Value| one["name"] == name || one["shown_as"] == name;
    people["attendees"].as_array().unwrap().iter().find(is_it).cloned().unwrap_or_default()
}

async fn correct(panel: &Panel<'_>, participant: &Value, email: Option<&str>, is_undone: bool) -> u16 {
    let mut body = json!({ "participant": participant, "tenant": "lumen", "is_undone": is_undone });
    if let Some(email) = email {
        body["email"] = json!(email);
    }
    panel.put("/corrections", &body).await.0
}

/// Somebody comes whom Zoom tells no address of.
async fn comes(world: &World, panel: &Panel<'_>, name: &str) -> Value {
    step(world, "join", json!({ "name": name })).await;
    world.settle_webhooks().await;
    world.until("he is listed", async || attendee(panel, name).await["id"].is_string()).await;
    attendee(panel, name).await["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_tells_where_somebody_works_and_what_was_logged_with_him_for_one_call() {
    for settings in [String::new(), format!("{KEY}{FIELDS}")] {
        let world = World::in_one_time_with(&settings, None).await;
        let maya = world.signed_in(MAYA).await;
        maya.get(&maya.timeline_path().await).await;
        world.reset_calls().await;
        let (status, ana) = card(&maya, ANA).await;
        assert_eq!(status, 200, "{ana}");
        assert_eq!(ana["jobs"][0]["company"], "Northwind Traders", "{ana}");
        assert!(ana["jobs"][0]["title"].is_string() && ana["link"].as_str().unwrap().contains("customersuccess360"));
        let activities = ana["activities"].as_array().unwrap();
        assert!((1..=3).contains(&activities.len()), "{ana}");
        for activity in activities {
            let path = format!("/timeline/lumen/{}", activity["id"].as_str().unwrap());
            assert!(maya.get(&path).await["external_attendees"].as_array().unwrap().contains(&json!("Ana Ruiz")));
        }
        assert!(ana["met_at"].as_i64() <= activities[0]["held_at"].as_i64().max(ana["met_at"].as_i64()));
        assert!(ana["since"].is_u64(), "the first page lies here: {ana}");
        world.reset_calls().await;
        let (_, again) = card(&maya, ANA).await;
        let calls = u32::try_from(world.data_calls().await).unwrap();
        measure::count("a person's card that was opened before", calls, Promise::of(1, 0));
        assert_eq!((again, calls), (ana, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_costs_one_call_and_a_silent_timeline_takes_nothing_else_away() {
    let world = World::in_one_time().await;
    let maya = world.signed_in(MAYA).await;
    maya.get(&maya.timeline_path().await).await;
    world.reset_calls().await;
    card(&maya, ANA).await;
    assert_eq!(world.data_calls().await, 1);
    world
        .fault("POST", "/v1/data/objects/query/activity_timeline", json!({ "kind": "status", "status": 500 }), None)
        .await;
    let people = maya.get("/people").await;
    let other =
        people["attendees"].as_array().unwrap().iter().find(|one| one["group"] == "customer" && one["email"] != ANA);
    let (status, other) = card(&maya, other.unwrap()["email"].as_str().unwrap()).await;
    assert_eq!((status, &other["activities"]), (200, &Value::Null), "{other}");
    assert!(other["jobs"][0]["company"].is_string() && world.calls(QUESTION).await > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_card_of_whom_his_list_would_not_show() {
    let world = World::in_one_time_with(&format!("{KEY}{FIELDS}"), None).await;
    world.install(TOM).await;
    let (maya, tom) = (world.signed_in(MAYA).await, world.signed_in(TOM).await);
    let blackpine = tom.get("/entities?q=blackpine").await["found"][0].clone();
    let path = format!("/contacts?tenant=lumen&kind=company&id={}", blackpine["id"].as_str().unwrap());
    let theirs = tom.get(&path).await["people"][0]["email"].as_str().unwrap().to_owned();
    assert_eq!(card(&tom, &theirs).await.0, 200);
    let (status, body) = card(&maya, &theirs).await;
    // That there is such a person, not yet of any company, a list would show as well; where he works, it would not.
    assert!(status == 404 || body["jobs"] == json!([]), "{body}");
    assert!(!body.to_string().to_lowercase().contains("blackpine"), "{body}");
    assert_eq!(card(&maya, "nobody@elsewhere.example").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_somebody_is_is_remembered_for_the_next_meeting_until_it_is_undone() {
    let world = World::installed().await;
    Browser::new(&world).install(TOM).await;
    let (maya, tom) = (world.signed_in(MAYA).await, world.signed_in(TOM).await);
    maya.selected().await;
    let id = comes(&world, &maya, "Peggy Doyle").await;
    assert_eq!(attendee(&maya, "Peggy Doyle").await["group"], "needs_email");
    assert_eq!(correct(&maya, &id, Some(MARGARET), false).await, 204);
    let peggy = attendee(&maya, "Peggy Doyle").await;
    assert_eq!(
        (&peggy["email"], &peggy["email_source"], &peggy["group"], &peggy["corrected_by"]),
        (&json!(MARGARET), &json!("remembered"), &json!("customer"), &json!("Maya Lindqvist")),
        "{peggy}"
    );
    assert_eq!(attendee(&tom, "Peggy Doyle").await["name"], "Margaret Doyle", "colleagues see it too");
    // The next meeting knows it by itself.
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/start"), json!({})).await;
    world.settle_webhooks().await;
    let maya = Panel::open(&world, json!({ "user": MAYA, "meeting": NORTHWIND })).await;
    let id = comes(&world, &maya, "Peggy Doyle").await;
    let peggy = attendee(&maya, "Peggy Doyle").await;
    // Anybody may come with her name: somebody confirms it first.
    assert_eq!((&peggy["email"], &peggy["email_source"]), (&json!(MARGARET), &json!("remembered_name")), "{peggy}");
    // Whoever sees it may take it back.
    let tom = Panel::open(&world, json!({ "user": TOM, "meeting": NORTHWIND })).await;
    assert_eq!(correct(&tom, &id, None, true).await, 204);
    let peggy = attendee(&maya, "Peggy Doyle").await;
    assert_eq!((&peggy["email"], &peggy["corrected_by"]), (&Value::Null, &Value::Null), "{peggy}");
}

/// What Zoom itself tells of somebody is not chosen by him for one meeting.
#[tokio::test(flavor = "multi_thread")]
async fn who_an_address_is_is_certain_in_the_next_meeting_too() {
    let world = World::installed().await;
    let maya = world.signed_in(MAYA).await;
    maya.selected().await;
    let ana = attendee(&maya, "Ana Ruiz").await;
    assert_eq!(correct(&maya, &ana["id"], Some(MARGARET), false).await, 204);
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/start"), json!({})).await;
    world.settle_webhooks().await;
    let maya = Panel::open(&world, json!({ "user": MAYA, "meeting": NORTHWIND })).await;
    step(&world, "join", json!({ "person": "ana-ruiz" })).await;
    world.settle_webhooks().await;
    world.until("she is there", async || attendee(&maya, "Ana Ruiz").await["id"].is_string()).await;
    let ana = attendee(&maya, "Ana Ruiz").await;
    assert_eq!((&ana["email"], &ana["email_source"]), (&json!(MARGARET), &json!("remembered")), "{ana}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_match_can_be_said_to_be_nobody() {
    let world = World::installed().await;
    let maya = world.signed_in(MAYA).await;
    maya.selected().await;
    let ana = attendee(&maya, "Ana Ruiz").await;
    assert_eq!(ana["group"], "customer");
    assert_eq!(correct(&maya, &ana["id"], None, false).await, 204);
    let people = maya.get("/people").await;
    let now = people["attendees"].as_array().unwrap().iter().find(|one| one["id"] == ana["id"]).unwrap();
    assert_eq!(
        (&now["group"], &now["email"], &now["corrected_by"]),
        (&json!("needs_email"), &Value::Null, &json!("Maya Lindqvist")),
        "{now}"
    );
    assert_eq!(correct(&maya, &ana["id"], None, true).await, 204);
    assert_eq!(attendee(&maya, "Ana Ruiz").await["group"], "customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_said_to_be_somebody_whom_the_viewer_may_not_see() {
    let world = World::installed().await;
    let maya = world.signed_in(MAYA).await;
    maya.selected().await;
    let id = comes(&world, &maya, "Peggy Doyle").await;
    assert_eq!(correct(&maya, &id, Some("nobody@elsewhere.example"), false).await, 404);
    let stranger = json!("ptp_01900000000070008000000000000001");
    assert_eq!(correct(&maya, &stranger, Some(MARGARET), false).await, 404);
    assert_eq!(attendee(&maya, "Peggy Doyle").await["email"], Value::Null);
}

/// One word is a name that anybody may have: nothing tells next time who was meant.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_first_name_counts_for_this_meeting_alone() {
    let world = World::installed().await;
    let maya = world.signed_in(MAYA).await;
    maya.selected().await;
    let sam = attendee(&maya, "Sam").await;
    assert_eq!(correct(&maya, &sam["id"], Some(MARGARET), false).await, 204);
    assert_eq!(attendee(&maya, "Sam").await["email"], MARGARET);
    world.zoom_control(&format!("meetings/{NORTHWIND}/end"), json!({})).await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/start"), json!({})).await;
    world.settle_webhooks().await;
    let maya = Panel::open(&world, json!({ "user": MAYA, "meeting": NORTHWIND })).await;
    comes(&world, &maya, "Sam").await;
    assert_eq!(attendee(&maya, "Sam").await["email"], Value::Null);
}
