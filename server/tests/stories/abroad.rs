//! One viewer in tenants of several data centres at once: each answers for itself, and one in trouble keeps nobody from the others.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::news::told_while;
use crate::outside::EVERYWHERE;
use crate::panel::Panel;
use crate::world::World;

const AURELIO: &str = "85678901234";
const NADIA: &str = "nadia-ferreira";
const USERNAME: &str = "nadia.ferreira@corvane.example";

/// Nadia works in the EU and in US2, and hosts a meeting with customers of both.
async fn world() -> World {
    let world = World::with(EVERYWHERE, None).await;
    assert!(Browser::new(&world).install(NADIA).await.contains("Sidelight is added"));
    world.zoom_control(&format!("meetings/{AURELIO}/replay"), json!({})).await;
    world.settle_webhooks().await;
    world
}

async fn panel(world: &World) -> Panel<'_> {
    let panel = Panel::open(world, json!({ "user": NADIA, "meeting": AURELIO })).await;
    for (domain, centre) in [("corvane-eu.eu.localhost", "EU"), ("corvane-us.us2.localhost", "US2")] {
        let request = json!({ "username": USERNAME, "domain": domain, "data_centre": centre });
        let (status, sign_in) = panel.post("/sign-in", &request).await;
        assert_eq!(status, 200, "{sign_in}");
        let mut browser = Browser::new(world);
        let asking = browser.visit(sign_in["link"].as_str().unwrap().parse().unwrap()).await;
        let page = browser.log_in(asking.link("/v1/authorize"), USERNAME).await;
        assert!(page.text.contains("Welcome to Gainsight"), "{}", page.text);
        if let Some(code) = page.code() {
            let path = format!("/sign-in/{}/code", sign_in["id"].as_str().unwrap());
            assert_eq!(panel.post(&path, &json!({ "code": code })).await.0, 200);
        }
    }
    panel
}

async fn fault(world: &World, tenant: &str, fault: Value) {
    let target = json!({ "tenant": tenant, "method": "POST", "path": "/v1/data/objects/query/*" });
    world.gainsight_control("faults", json!({ "match": target, "fault": fault })).await;
}

/// Which tenant knows whom.
fn origins(people: &Value) -> Vec<(String, Value)> {
    let mut origins: Vec<_> = people["attendees"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["record"].is_string())
        .map(|one| (one["email"].as_str().unwrap().to_owned(), one["tenant"].clone()))
        .collect();
    origins.sort_by(|a, b| a.0.cmp(&b.0));
    origins
}

fn knows(people: &Value, tenant: &str) -> usize {
    origins(people).iter().filter(|(_, origin)| origin == tenant).count()
}

/// Nobody is being asked any more.
fn is_complete(people: &Value) -> bool {
    people["asking"] == Value::Null
}

/// What is said once every tenant has answered, or failed.
async fn in_the_end(world: &World, panel: &Panel<'_>) -> Value {
    let mut people = Value::Null;
    let told = async || {
        people = panel.get("/people").await;
        is_complete(&people)
    };
    world.until("everybody has answered or failed", told).await;
    people
}

/// The addresses of those who stand in a group.
fn addresses<'a>(people: &'a Value, group: &str) -> BTreeSet<&'a str> {
    let attendees = people["attendees"].as_array().unwrap().iter();
    attendees.filter(|one| one["group"] == group).filter_map(|one| one["email"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_data_centre_resolves_its_own_at_once() {
    let world = world().await;
    let people = in_the_end(&world, &panel(&world).await).await;
    assert_eq!((&people["gaps"], &people["silent"]), (&Value::Null, &Value::Null), "{people}");
    assert!(knows(&people, "corvane-eu") > 0 && knows(&people, "corvane-us") > 0, "{:?}", origins(&people));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_data_centre_is_named_and_the_live_one_answers() {
    let world = world().await;
    let panel = panel(&world).await;
    fault(&world, "corvane-eu", json!({ "kind": "drop_before_apply" })).await;
    let people = in_the_end(&world, &panel).await;
    assert_eq!((&people["gaps"], &people["silent"]), (&json!(["gainsight_down"]), &json!(["corvane-eu"])), "{people}");
    assert!(knows(&people, "corvane-us") > 0 && knows(&people, "corvane-eu") == 0);
    let found = panel.get("/entities?q=aurelio").await["found"].clone();
    assert!(found.as_array().unwrap().iter().all(|entity| entity["tenant"] == "corvane-us"), "{found}");
    assert!(!found.as_array().unwrap().is_empty(), "the live one is searched all the same");
}

/// The same with somebody whom no tenant knows.
async fn with_a_stranger() -> World {
    let world = world().await;
    let stranger =
        json!({ "name": "Ines Novak", "email": "ines@nowhere.example", "disclosure": "calendar_invitation" });
    world.zoom_control(&format!("meetings/{AURELIO}/join"), stranger).await;
    world.settle_webhooks().await;
    world
}

/// Of whom nobody has said anything, nobody can say that he is missing: there is nothing to add yet.
#[tokio::test(flavor = "multi_thread")]
async fn whom_a_silent_tenant_may_know_is_not_called_unknown() {
    let world = with_a_stranger().await;
    let panel = panel(&world).await;
    let before = in_the_end(&world, &panel).await;
    let unknown = addresses(&before, "not_in_gainsight");
    assert!(!unknown.is_empty() && addresses(&before, "not_looked_up").is_empty(), "{before}");
    // What was known stays known: the next server begins anew.
    let world = with_a_stranger().await;
    let panel = self::panel(&world).await;
    fault(&world, "corvane-eu", json!({ "kind": "status", "status": 500 })).await;
    let people = in_the_end(&world, &panel).await;
    assert_eq!(people["silent"], json!(["corvane-eu"]), "{people}");
    let open = addresses(&people, "not_looked_up");
    assert!(addresses(&people, "not_in_gainsight").is_empty() && unknown.is_subset(&open), "{people}");
    let missed = origins(&before).into_iter().filter(|(_, origin)| origin == "corvane-eu").count();
    assert!(open.len() <= unknown.len() + missed && knows(&people, "corvane-us") > 0, "known ones stay: {people}");
    world.mend().await;
    let people = panel.get("/people?refresh=true").await;
    let people = if is_complete(&people) { people } else { in_the_end(&world, &panel).await };
    assert_eq!(addresses(&people, "not_in_gainsight"), unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_data_centre_keeps_nobody_waiting_and_comes_in_when_it_answers() {
    let world = world().await;
    let panel = panel(&world).await;
    fault(&world, "corvane-eu", json!({ "kind": "latency", "millis": 30_000 })).await;
    let begun = Instant::now();
    let people = panel.get("/people").await;
    assert!(begun.elapsed() < Duration::from_secs(10), "nobody waits for half a minute");
    // It is being asked, which is no silence; and it may know better whose meeting this is.
    assert_eq!((&people["gaps"], &people["asking"]), (&json!(["still_asking"]), &json!(["corvane-eu"])), "{people}");
    assert_eq!((&people["silent"], &people["view"]["selected"]), (&Value::Null, &Value::Null), "{people}");
    assert!(addresses(&people, "not_in_gainsight").is_empty() && !addresses(&people, "not_looked_up").is_empty());
    assert!(knows(&people, "corvane-us") > 0, "{:?}", origins(&people));
    let told = told_while(&panel, async {
        let people = in_the_end(&world, &panel).await;
        assert_eq!(
            people["silent"],
            json!(["corvane-eu"]),
            "after some seconds it is not asked, it is silent: {people}"
        );
        assert_eq!(people["gaps"], json!(["gainsight_down"]), "{people}");
        world.mend().await;
        let there = async || {
            let people = panel.get("/people").await;
            people["silent"] == Value::Null && is_complete(&people) && knows(&people, "corvane-eu") > 0
        };
        world.until("the slow one is there, too", there).await;
    });
    assert!(told.await.matches(r#""type":"people""#).count() >= 2, "that it is silent, and that it has answered");
}

/// A proxy that mixes answers up: rows of somebody else's tenant for the addresses that were asked for.
#[tokio::test(flavor = "multi_thread")]
async fn rows_of_another_tenant_are_shown_to_nobody() {
    let world = world().await;
    let panel = panel(&world).await;
    // The list of companies is this tenant's own; the people are not.
    panel.get("/entities?q=aurelio").await;
    let row = json!({
        "Gsid": "1P0FOREIGNLINK", "Person_ID": "1P0FOREIGNPERSON", "Person_ID__gr.Name": "Secret Name",
        "Person_ID__gr.Email": "wes.harmon@aureliofoods.example", "Company_ID": "1P0FOREIGNCOMPANY",
        "Company_ID__gr.Name": "Secret Corporation", "Title": "Secret Title", "Active": true,
    });
    let body = json!({ "result": true, "errorCode": null, "data": { "records": [row] } });
    let target = json!({ "tenant": "corvane-us", "method": "POST", "path": "/v1/data/objects/query/company_person" });
    let answer = json!({ "kind": "status", "status": 200, "body": body });
    world.gainsight_control("faults", json!({ "match": target, "fault": answer })).await;
    let people = in_the_end(&world, &panel).await;
    assert!(!people.to_string().contains("Secret"), "{people}");
    assert!(knows(&people, "corvane-eu") > 0, "the other one is not touched: {:?}", origins(&people));
}
