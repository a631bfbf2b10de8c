//! The full hour: the panels of a whole tenant open within a minute, with Gainsight's rate limits on (design 4.6, 7).
//! `cargo xtask bench hour` opens two hundred of them over a minute; a test run fewer, at once.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use sidelight::gainsight::Proof;
use sidelight_domain::ids::{Gsid, OrganisationId, TenantKey, ZoomUserId};
use sidelight_outbound::{Method, Request};
use sidelight_store::{NewGrant, VISITORS};

use crate::measure::{self, Promise};
use crate::panel::Panel;
use crate::shared::{KEY, shared};
use crate::world::World;

const MAYA: &str = "maya-lindqvist";
const SHARING: usize = 10;

/// A meeting with a company, and the company.
struct Place {
    meeting: String,
    company: String,
}

/// What a panel got in its first moments.
#[derive(Debug, Default)]
struct Opened {
    /// The company, recognised by who is there.
    is_recognised: bool,
    people: usize,
    /// It says that Gainsight is busy, or still being asked.
    says_why: bool,
    /// How many it calls unknown before anybody was looked up.
    hastily_unknown: usize,
    has_timeline: bool,
    /// Something else than an answer, or word that Gainsight is busy.
    failures: Vec<String>,
    /// Until it said who is there.
    useful_after: Duration,
    took: Duration,
}

fn tenant() -> TenantKey {
    TenantKey::new("lumen")
}

fn organisation(world: &World) -> OrganisationId {
    world.app.organisation_ids().find(|id| *id != VISITORS).unwrap()
}

async fn records(world: &World, object: &str) -> Vec<Value> {
    let path = format!("records?tenant=lumen&object={object}");
    world.ask_gainsight(&path).await.as_array().cloned().unwrap()
}

/// The companies that the model viewer may see: Gainsight shows some of them to their account team alone.
async fn seen_by_the_model(world: &World) -> HashSet<String> {
    let panel = world.signed_in(MAYA).await;
    let mut seen = HashSet::new();
    for company in records(world, "Company").await {
        let name = company["Name"].as_str().unwrap();
        let query = name.split_whitespace().next().unwrap();
        let found = panel.get(&format!("/entities?include_inactive=true&q={query}")).await["found"].clone();
        let found = found.as_array().unwrap().iter().filter(|one| one["kind"] == "company");
        seen.extend(found.map(|one| one["id"].as_str().unwrap().to_owned()));
    }
    seen
}

/// As many meetings as there are companies that day, each with two people of one company.
async fn meetings(world: &World, count: usize) -> Vec<Place> {
    let seen = seen_by_the_model(world).await;
    let addresses: HashMap<_, _> = records(world, "Person")
        .await
        .into_iter()
        .filter_map(|person| Some((person["Gsid"].as_str()?.to_owned(), person["Email"].as_str()?.to_owned())))
        .collect();
    let mut by_company: HashMap<String, Vec<String>> = HashMap::new();
    let mut employers: HashMap<String, usize> = HashMap::new();
    let links = records(world, "company_person").await;
    for link in &links {
        *employers.entry(link["Person_ID"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for link in &links {
        let person = link["Person_ID"].as_str().unwrap();
        // Somebody of two companies suggests neither.
        if link["Active"] == json!(true)
            && employers[person] == 1
            && let Some(address) = addresses.get(person)
        {
            let company = link["Company_ID"].as_str().unwrap().to_owned();
            by_company.entry(company).or_default().push(address.clone());
        }
    }
    let mut places = Vec::new();
    let mut companies: Vec<_> =
        by_company.into_iter().filter(|(id, people)| people.len() >= 2 && seen.contains(id)).collect();
    companies.sort();
    for (number, (company, people)) in companies.into_iter().take(count).enumerate() {
        let meeting = format!("8600000{number:04}");
        let plan = json!({ "topic": "Weekly", "host": MAYA, "number": meeting });
        world.zoom_control("meetings", plan).await;
        world.zoom_control(&format!("meetings/{meeting}/start"), json!({})).await;
        for (place, address) in people.iter().take(2).enumerate() {
            let guest =
                json!({ "name": format!("Guest {place}"), "email": address, "disclosure": "calendar_invitation" });
            world.zoom_control(&format!("meetings/{meeting}/join"), guest).await;
        }
        places.push(Place { meeting, company });
    }
    world.settle_webhooks().await;
    assert_eq!(places.len(), count);
    places
}

/// Signs somebody in, with the token of one who did so before.
async fn viewers(world: &World, count: usize) -> Vec<String> {
    world.signed_in(MAYA).await;
    let organisation = organisation(world);
    let mut unit = world.app.store.begin(organisation).await.unwrap();
    let maya = unit.person_key(&World::zoom_user(MAYA));
    let model = unit.grants().find(&maya, &tenant()).await.unwrap().unwrap();
    let mut users = Vec::new();
    for number in 0..count {
        let user = format!("u-viewer-{number}");
        let person = unit.person_key(&ZoomUserId::new(user.clone()));
        let grant = NewGrant {
            person,
            tenant: tenant(),
            user: model.user.clone(),
            email: model.email.clone(),
            email_spelling: model.email_spelling.clone(),
            name: model.name.clone(),
            licence: model.licence,
            is_active: true,
            tokens: model.tokens.clone(),
        };
        unit.grants().attach(grant).await.unwrap();
        users.push(user);
    }
    unit.audit().add(None, "test", "test", "");
    unit.commit().await.unwrap();
    users
}

/// What the background would have proven before the hour, for the day's meetings.
async fn prove(world: &World, users: &[String]) {
    let organisation = organisation(world);
    let ids = |rows: Vec<Value>| rows.iter().filter_map(|row| row["Gsid"].as_str()).map(Gsid::new).collect();
    let (companies, relationships) = (records(world, "Company").await, records(world, "relationship").await);
    let (companies, relationships): (std::collections::HashSet<_>, std::collections::HashSet<_>) =
        (ids(companies), ids(relationships));
    let state = world.app.tenants.state(organisation, &tenant()).unwrap();
    let mut unit = world.app.store.read(organisation).await.unwrap();
    for user in users {
        let person = unit.person_key(&ZoomUserId::new(user.clone()));
        let grant = unit.grants().find(&person, &tenant()).await.unwrap().unwrap();
        let proof = Proof::Shown { companies: companies.clone(), relationships: relationships.clone() };
        state.proofs.put(grant.id, proof).await;
    }
}

/// What a panel asks for when it begins, as soon as it can.
async fn open(world: &World, user: &str, place: &Place) -> Opened {
    let begun = Instant::now();
    let panel = panel_of(world, user, place).await;
    let opened = ask_all(&panel, place).await;
    Opened { took: begun.elapsed(), ..opened }
}

async fn panel_of<'a>(world: &'a World, user: &str, place: &Place) -> Panel<'a> {
    let claims = json!({ "uid": user });
    let wish = json!({ "user": MAYA, "meeting": place.meeting, "role": "attendee", "claims": claims });
    Panel::open(world, wish).await
}

async fn ask_all(panel: &Panel<'_>, place: &Place) -> Opened {
    let (begun, mut opened) = (Instant::now(), Opened::default());
    let people = ask(panel, "/people", &mut opened).await;
    opened.useful_after = begun.elapsed();
    opened.is_recognised = people["view"]["selected"]["id"] == json!(place.company);
    opened.people = people["attendees"].as_array().map_or(0, Vec::len);
    let has_gap = |gap: &str| people["gaps"].as_array().is_some_and(|gaps| gaps.contains(&json!(gap)));
    opened.says_why = has_gap("gainsight_busy") || has_gap("still_asking");
    let attendees = people["attendees"].as_array().cloned().unwrap_or_default();
    let is_unknown = |one: &&Value| opened.says_why && one["group"] == "not_in_gainsight";
    opened.hastily_unknown = attendees.iter().filter(is_unknown).count();
    if people["gaps"].as_array().is_some_and(|gaps| gaps.contains(&json!("gainsight_down"))) {
        opened.failures.push(format!("/people: {}", people["gaps"]));
    }
    let path = format!("/timeline?tenant=lumen&kind=company&id={}", place.company);
    opened.has_timeline = ask(panel, &path, &mut opened).await["activities"].is_array();
    opened
}

async fn ask(panel: &Panel<'_>, path: &str, opened: &mut Opened) -> Value {
    let url = panel.world.base.join(&format!("/api/v1{path}")).unwrap();
    let answer = panel.world.gate.send(Request::new(Method::GET, url).bearer(&panel.token)).await.unwrap();
    let body: Value = answer.json().unwrap_or(Value::Null);
    if answer.status != 200 && body["code"] != json!("gainsight_busy") {
        opened.failures.push(format!("{path}: {} {body}", answer.status));
    }
    body
}

async fn open_all(world: &World, users: &[String], places: &[Place], over: Duration) -> Vec<Opened> {
    let pause = over / u32::try_from(users.len()).unwrap();
    let opening = users.iter().enumerate().map(|(number, user)| async move {
        tokio::time::sleep(pause * u32::try_from(number).unwrap()).await;
        // Colleagues of one meeting come together.
        Box::pin(open(world, user, &places[number / SHARING])).await
    });
    join_all(opening).await
}

struct Hour {
    world: World,
    users: Vec<String>,
    places: Vec<Place>,
    over: Duration,
}

async fn hour() -> Hour {
    let panels = usize::try_from(measure::how_often("SIDELIGHT_PANELS", 40)).unwrap();
    let over = Duration::from_secs(measure::how_often("SIDELIGHT_MINUTE", 2).into());
    let world = shared(KEY).await;
    let places = meetings(&world, panels / SHARING).await;
    let users = viewers(&world, panels).await;
    Hour { world, users, places, over }
}

/// Calls that Gainsight refused for being too many.
async fn refused_calls(world: &World) -> u64 {
    let calls = world.ask_gainsight("calls").await;
    let endpoints = calls["lumen"].as_object().cloned().unwrap_or_default();
    endpoints.values().filter_map(|call| call["by_status"]["429"].as_u64()).sum()
}

fn failures(opened: &[Opened]) -> Vec<&String> {
    opened.iter().flat_map(|one| &one.failures).collect()
}

fn tell_slowest(name: &str, opened: &[Opened]) {
    let slowest = opened.iter().map(|one| one.took).max().unwrap();
    measure::milliseconds(name, slowest.as_secs_f64() * 1_000.0, Promise::NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panels_of_an_hour_share_what_is_read_of_their_companies() {
    let Hour { world, users, places, over } = hour().await;
    prove(&world, &users).await;
    world.reset_calls().await;
    let opened = open_all(&world, &users, &places, over).await;
    assert_eq!(failures(&opened), Vec::<&String>::new());
    let count = |is: fn(&Opened) -> bool| u32::try_from(opened.iter().filter(|one| !is(one)).count()).unwrap();
    let calls = u32::try_from(world.data_calls().await).unwrap();
    measure::count("the full hour, proofs warm: data calls for all panels", calls, Promise::of(60, 40));
    let none = Promise::of(0, 0);
    measure::count("the full hour, proofs warm: panels without their company", count(|one| one.is_recognised), none);
    measure::count("the full hour, proofs warm: panels without its Timeline", count(|one| one.has_timeline), none);
    measure::count("the full hour, proofs warm: calls refused by Gainsight", small(refused_calls(&world).await), none);
    tell_slowest("the full hour, proofs warm: slowest panel, all of it", &opened);
    let asked = world.ask_gainsight("calls").await["lumen"].clone();
    assert!(calls <= 3 * u32::try_from(places.len()).unwrap(), "{calls}: {asked}");
    assert_eq!((count(|one| one.is_recognised), count(|one| one.has_timeline)), (0, 0), "{asked}");
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap()
}

/// Nothing is proven: a proof takes each viewer two calls, more than a minute's budget has for everybody. Each panel says at once who is
/// there, and that Gainsight is busy; the rest follows as the budget lets it.
#[tokio::test(flavor = "multi_thread")]
async fn the_panels_of_an_hour_are_useful_before_anything_is_proven() {
    let Hour { world, users, places, over } = hour().await;
    world.reset_calls().await;
    let opened = open_all(&world, &users, &places, over).await;
    assert_eq!(failures(&opened), Vec::<&String>::new());
    let none = Promise::of(0, 0);
    let without_people = opened.iter().filter(|one| one.people < 3).count();
    measure::count("the full hour, all cold: panels that do not show who is there", small(without_people as u64), none);
    let silent = opened.iter().filter(|one| !one.is_recognised && !one.says_why).count();
    measure::count(
        "the full hour, all cold: panels that do not say why a company is missing",
        small(silent as u64),
        none,
    );
    let hasty = opened.iter().filter(|one| one.hastily_unknown > 0).count();
    measure::count(
        "the full hour, all cold: panels that call unknown whom nobody looked up",
        small(hasty as u64),
        none,
    );
    let useful_after = opened.iter().map(|one| one.useful_after).max().unwrap().as_secs_f64() * 1_000.0;
    let second = Promise { floor: Some(1_500), aim: Some(1_000) };
    measure::milliseconds("the full hour, all cold: slowest panel until it shows who is there", useful_after, second);
    tell_slowest("the full hour, all cold: slowest panel's first answers", &opened);
    assert_eq!((without_people, silent, hasty), (0, 0, 0));
    if measure::how_often("SIDELIGHT_PANELS", 0) > 0 {
        tell_when_all_are_served(&world, &users, &places).await;
    }
    let refused = small(refused_calls(&world).await);
    measure::count("the full hour, all cold: calls refused by Gainsight", refused, none);
    assert_eq!(refused, 0);
}

/// The panels stay open and ask again, as they do when they are told that there is more.
async fn tell_when_all_are_served(world: &World, users: &[String], places: &[Place]) {
    let begun = Instant::now();
    let serving = users.iter().enumerate().map(|(number, user)| async move {
        let place = &places[number / SHARING];
        let panel = Box::pin(panel_of(world, user, place)).await;
        loop {
            let opened = ask_all(&panel, place).await;
            assert_eq!(opened.failures, Vec::<String>::new());
            if opened.is_recognised && opened.has_timeline {
                return;
            }
            // About as often as it is told.
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
    });
    join_all(serving).await;
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    measure::milliseconds("the full hour, all cold: until every panel shows everything", took, Promise::NONE);
}
