//! The directory mirror: attendees are found without a call, and what changes in Gainsight is found soon (design 4.6).

use std::time::Duration;

use serde_json::{Value, json};
use sidelight::app::App;
use sidelight_domain::EmailAddress;
use sidelight_domain::ids::{Gsid, OrganisationId, TenantKey};
use sidelight_outbound::{HeaderName, HeaderValue, Method, Request};
use sidelight_store::{MirroredLink, NewMirroredLink, VISITORS};

use crate::measure::{self, Promise};
use crate::shared::{FIELDS, KEY};
use crate::world::{NORTHWIND, World};

const MAYA: &str = "maya-lindqvist";
const LINKS: &str = "POST /v1/data/objects/query/company_person";
const PEOPLE: &str = "POST /v1/data/objects/query/Person";

fn tenant() -> TenantKey {
    TenantKey::new("lumen")
}

fn organisation(app: &App) -> OrganisationId {
    app.organisation_ids().find(|id| *id != VISITORS).unwrap()
}

async fn mirrored() -> World {
    let world = World::in_one_time_with(&format!("{KEY}{FIELDS}\ndirectory_mirror = true\n"), None).await;
    world.until("the directory is mirrored", async || is_complete(&world.app).await).await;
    world
}

pub(crate) async fn is_complete(app: &App) -> bool {
    let mut unit = app.store.read(organisation(app)).await.unwrap();
    unit.directory().mirror(&tenant()).await.unwrap().is_some_and(|mirror| mirror.completed_at.is_some())
}

/// How many companies the mirror knows for an address; `None` if it does not know the address.
async fn companies(app: &App, address: &str) -> Option<usize> {
    let address: EmailAddress = address.parse().unwrap();
    let mut unit = app.store.read(organisation(app)).await.unwrap();
    let found = unit.directory().find(&tenant(), std::slice::from_ref(&address)).await.unwrap();
    found.get(&address).map(|person| person.links.len())
}

fn row(attendee: &Value) -> (String, String, String) {
    (attendee["email"].to_string(), attendee["group"].to_string(), attendee["company"].to_string())
}

async fn rows(world: &World) -> Vec<(String, String, String)> {
    let people = world.panel(MAYA).await.get("/people").await;
    let mut rows: Vec<_> = people["attendees"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn attendees_are_found_without_a_call_and_named_soon() {
    let (world, without) = (mirrored().await, World::in_one_time_with(&format!("{KEY}{FIELDS}"), None).await);
    let panel = world.signed_in(MAYA).await;
    without.signed_in(MAYA).await;
    assert_eq!(rows(&world).await, rows(&without).await, "with or without, the same people of the same companies");
    let title = async || {
        let people = panel.get("/people").await;
        let attendees = people["attendees"].as_array().unwrap().clone();
        attendees.iter().any(|one| one["email"] == "ana.ruiz@northwindtraders.example" && one["title"].is_string())
    };
    world.until("titles follow", title).await;
    assert_eq!(
        (world.calls(LINKS).await, world.calls(PEOPLE).await),
        (2, 1),
        "the mirror's own, and one for the titles"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_costs_no_call() {
    let world = mirrored().await;
    world.signed_in(MAYA).await;
    let crowd = measure::how_often("SIDELIGHT_CROWD", 300);
    world.zoom_control(&format!("meetings/{NORTHWIND}/fill"), json!({ "to": crowd })).await;
    world.settle_webhooks().await;
    let panel = world.panel(MAYA).await;
    world
        .until_within(Duration::from_mins(5), "everybody is there", async || {
            panel.get("/people").await["attendees"].as_array().unwrap().len() == usize::try_from(crowd).unwrap()
        })
        .await;
    world.reset_calls().await;
    world.zoom_control(&format!("meetings/{NORTHWIND}/fill"), json!({ "to": crowd + 100 })).await;
    world.settle_webhooks().await;
    let people = world.panel(MAYA).await.get("/people").await;
    assert_eq!(people["gaps"], Value::Null, "{}", people["gaps"]);
    let calls = u32::try_from(world.data_calls().await).unwrap();
    // One in the background where few of the newcomers are known.
    measure::count("a hundred more come to a crowd, directory mirrored", calls, Promise::of(1, 0));
    assert!(calls <= 1, "{}", world.ask_gainsight("calls").await["lumen"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_added_in_gainsight_is_found_and_who_was_deleted_is_not() {
    let world = mirrored().await;
    assert_eq!(companies(&world.app, "ana.ruiz@northwindtraders.example").await, Some(1));
    assert_eq!(companies(&world.app, "new.hand@northwindtraders.example").await, None);
    let url = world.us1.join("/v1/peoplemgmt/v1.0/people").unwrap();
    let person = json!({ "Name": "New Hand", "Email": "new.hand@northwindtraders.example", "companies": [] });
    let request = Request::new(Method::PUT, url)
        .header(HeaderName::from_static("accesskey"), HeaderValue::from_static("lumen-access-key"));
    assert!(world.gate.send(request.json(&person).unwrap()).await.unwrap().status.is_success());
    world.reset_calls().await;
    world.clock.advance(Duration::from_mins(11));
    sidelight::gainsight::mirror_directories(&world.app).await;
    let is_found = async || companies(&world.app, "new.hand@northwindtraders.example").await.is_some();
    world.until("what changed is read", is_found).await;
    assert_eq!((world.calls(LINKS).await, world.calls(PEOPLE).await), (1, 1));

    // As if Gainsight had had it once.
    let mut unit = world.app.store.begin(organisation(&world.app)).await.unwrap();
    let ghost: EmailAddress = "ghost@northwindtraders.example".parse().unwrap();
    unit.directory().put_people(&tenant(), 1, &[(Gsid::new("1P0GHOST"), ghost)]).await.unwrap();
    unit.commit().await.unwrap();
    assert!(companies(&world.app, "ghost@northwindtraders.example").await.is_some());
    world.clock.advance(Duration::from_hours(25));
    let is_gone = async || {
        // Where the background has used up its calls, the mirror rests for a minute.
        world.clock.advance(Duration::from_secs(61));
        sidelight::gainsight::mirror_directories(&world.app).await;
        companies(&world.app, "ghost@northwindtraders.example").await.is_none()
    };
    world.until("everything is read anew", is_gone).await;
    assert_eq!(companies(&world.app, "ana.ruiz@northwindtraders.example").await, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_no_longer_mirrored_leaves_nothing() {
    let world = mirrored().await;
    let second = world
        .second_server_with(|config| {
            for tenant in &mut config.tenants {
                tenant.shared.iter_mut().for_each(|shared| shared.mirrors_directory = false);
            }
        })
        .await;
    world.app.shutdown.cancel();
    let jobs = tokio::spawn(sidelight::jobs::start(&second).join_all());
    let is_gone = async || companies(&second, "ana.ruiz@northwindtraders.example").await.is_none();
    world.until("the mirror is gone", is_gone).await;
    second.shutdown.cancel();
    jobs.await.unwrap();
}

/// Adds so many people to a mirror, each of one company.
pub(crate) async fn enlarge(app: &App, count: u32) {
    let numbers: Vec<u32> = (0..count).collect();
    for some in numbers.chunks(5_000) {
        let people: Vec<_> =
            some.iter().map(|number| (Gsid::new(format!("1P{number:07}")), somebody(*number))).collect();
        let link = |number: &u32| NewMirroredLink {
            id: Gsid::new(format!("1L{number:07}")),
            person: Gsid::new(format!("1P{number:07}")),
            link: MirroredLink { company: Gsid::new("1C"), is_primary: true, is_active: true },
        };
        let mut unit = app.store.begin(organisation(app)).await.unwrap();
        unit.directory().put_people(&tenant(), 1, &people).await.unwrap();
        unit.directory().put_links(&tenant(), 1, &some.iter().map(link).collect::<Vec<_>>()).await.unwrap();
        unit.commit().await.unwrap();
    }
}

fn somebody(number: u32) -> EmailAddress {
    format!("person{number}@large.example").parse().unwrap()
}

/// How many people the mirror of a large tenant has.
pub(crate) fn how_many() -> u32 {
    measure::how_often("SIDELIGHT_MIRRORED", 3_000)
}

/// What was promised of 100,000 people, or of a million.
pub(crate) const fn promised(count: u32, large: Promise, largest: Promise) -> Promise {
    if count < 1_000_000 { large } else { largest }
}

/// Beside everybody else whom a large tenant knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_addresses_are_found_among_all_of_a_large_tenant() {
    let world = mirrored().await;
    let count = how_many();
    enlarge(&world.app, count).await;
    // Every third is somebody else.
    let wanted: Vec<_> = (0..1_000).map(|n| somebody(n * 7 % count + if n % 3 == 0 { count } else { 0 })).collect();
    let mut took = Vec::new();
    for _ in 0..measure::how_often("SIDELIGHT_LOOK_UPS", 5) {
        let begun = std::time::Instant::now();
        let mut unit = world.app.store.read(organisation(&world.app)).await.unwrap();
        let found = unit.directory().find(&tenant(), &wanted).await.unwrap();
        took.push(begun.elapsed());
        assert_eq!((found.len(), found.values().all(|one| one.links.len() == 1)), (666, true));
    }
    took.sort_unstable();
    let slowest = took[(took.len() * 99).div_ceil(100) - 1];
    let name = format!("1,000 participants over {count} mirrored people, found without a call: p99");
    measure::milliseconds(
        &name,
        slowest.as_secs_f64() * 1_000.0,
        promised(count, Promise::of(12, 6), Promise::of(40, 15)),
    );
}
