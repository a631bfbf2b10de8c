//! Tenants in three data centres, one of them dead, one slow: whoever answers is not kept waiting (design 4.4, 7).
//! `cargo xtask bench routing` prints how long a panel waits for somebody who has just come.

use std::time::Instant;

use serde_json::{Value, json};
use sidelight_domain::ids::TenantKey;
use sidelight_store::{NewGrant, VISITORS};

use crate::data_centres::{opened, signed_in_at};
use crate::measure::{self, Promise};
use crate::outside::EVERYWHERE;
use crate::panel::Panel;
use crate::world::World;

const NADIA: &str = "nadia-ferreira";
const USERNAME: &str = "nadia.ferreira@corvane.example";

/// Nadia reads in a third tenant, too: with the token of somebody who signed in there.
async fn signed_in_at_lumen(world: &World) {
    world.install("maya-lindqvist").await;
    world.signed_in("maya-lindqvist").await;
    let tenant = TenantKey::new("lumen");
    let organisation = world.app.organisation_ids().find(|id| *id != VISITORS).unwrap();
    let mut unit = world.app.store.begin(organisation).await.unwrap();
    let (maya, nadia) =
        (unit.person_key(&World::zoom_user("maya-lindqvist")), unit.person_key(&World::zoom_user(NADIA)));
    let model = unit.grants().find(&maya, &tenant).await.unwrap().unwrap();
    let grant = NewGrant {
        person: nadia,
        tenant,
        user: model.user,
        email: model.email,
        email_spelling: model.email_spelling,
        name: model.name,
        licence: model.licence,
        is_active: true,
        tokens: model.tokens,
    };
    unit.grants().attach(grant).await.unwrap();
    unit.audit().add(None, "test", "test", "");
    unit.commit().await.unwrap();
    // Her open panel knows of it at once, as after a sign-in.
    world.app.sessions.forget_person(&nadia);
}

/// Addresses that a tenant knows, of people who are not in the meeting.
async fn known_in(world: &World, tenant: &str, count: usize) -> Vec<String> {
    let people = world.ask_gainsight(&format!("records?tenant={tenant}&object=Person")).await;
    let addresses = people.as_array().unwrap().iter().filter_map(|one| one["Email"].as_str().map(str::to_owned));
    addresses.skip(20).take(count).collect()
}

async fn break_down(world: &World, tenant: &str, millis: u64) {
    let fault = json!({ "match": { "tenant": tenant }, "fault": { "kind": "latency", "millis": millis } });
    world.gainsight_control("faults", fault).await;
}

async fn tenant_of(panel: &Panel<'_>, address: &str) -> Value {
    let people = panel.get("/people").await;
    let attendees = people["attendees"].as_array().unwrap().clone();
    attendees.iter().find(|one| one["email"] == address).map(|one| one["tenant"].clone()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_is_shown_whatever_the_others_do() {
    let world = World::with(EVERYWHERE, None).await;
    let panel = opened(&world, NADIA).await;
    signed_in_at(&world, &panel, USERNAME, "corvane-eu.eu.localhost", "EU").await;
    signed_in_at(&world, &panel, USERNAME, "corvane-us.us2.localhost", "US2").await;
    signed_in_at_lumen(&world).await;
    panel.get("/people?refresh=true").await;
    let newcomers = known_in(&world, "corvane-eu", 2).await;
    break_down(&world, "corvane-us", 60_000).await;
    break_down(&world, "corvane-eu", 400).await;
    for (address, when) in newcomers.iter().zip(["which nobody knew", "known to be"]) {
        let guest = json!({ "name": "Somebody new", "email": address, "disclosure": "calendar_invitation" });
        world.zoom_control(&format!("meetings/{}/join", crate::data_centres::AURELIO), guest).await;
        world.settle_webhooks().await;
        let begun = Instant::now();
        panel.get("/people").await;
        let first = begun.elapsed();
        world.until("the slow one answers", async || tenant_of(&panel, address).await == "corvane-eu").await;
        let all = begun.elapsed();
        let tell = |what: &str, took: std::time::Duration, floor| {
            let name = format!("somebody comes, one data centre dead ({when}), one at 400 ms: {what}");
            measure::milliseconds(&name, took.as_secs_f64() * 1_000.0, Promise { floor: Some(floor), aim: None });
        };
        tell("first results", first, 50);
        tell("all live ones", all, 450);
    }
}
