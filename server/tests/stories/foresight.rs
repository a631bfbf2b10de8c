//! What a viewer may see is proven before the hour at which the day's meetings begin, while nobody waits for it (design 4.6).

use std::time::Duration;

use serde_json::json;
use sidelight_domain::Clock as _;

use crate::measure::{self, Promise};
use crate::shared::{KEY, shared};
use crate::world::World;

const MAYA: &str = "maya-lindqvist";
const TOM: &str = "tom-okafor";
/// What a proof is read from.
const LISTS: [&str; 2] = ["POST /v1/data/objects/query/Company", "POST /v1/data/objects/query/relationship"];

async fn proof_calls(world: &World) -> u64 {
    let mut calls = 0;
    for list in LISTS {
        calls += world.calls(list).await;
    }
    calls
}

async fn plan(world: &World, minutes: u64) {
    let starts_at = world.clock.now().after(Duration::from_mins(minutes));
    world.zoom_control("meetings", json!({ "topic": "Roadmap", "host": MAYA, "starts_at": starts_at })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_plans_a_meeting_has_his_proof_before_it_begins() {
    let world = shared(KEY).await;
    for person in [MAYA, TOM] {
        world.signed_in(person).await;
    }
    world.until("nobody is read any more", async || !is_being_read(&world).await).await;
    plan(&world, 6 * 60).await;
    world.reset_calls().await;
    sidelight::gainsight::prove_ahead(&world.app).await;
    assert_eq!(proof_calls(&world).await, 0, "that is hours away");
    // Zoom told the plan a moment ago, and is asked again half an hour later.
    world.clock.advance(Duration::from_mins(31));
    plan(&world, 25).await;
    world.reset_calls().await;
    sidelight::gainsight::prove_ahead(&world.app).await;
    let calls = u32::try_from(world.data_calls().await).unwrap();
    measure::count("a proof read before the hour", calls, Promise::of(2, 2));
    assert_eq!((calls, proof_calls(&world).await), (2, 2), "hers, and not that of somebody who plans nothing");
    sidelight::gainsight::prove_ahead(&world.app).await;
    assert_eq!(world.data_calls().await, 2, "it lasts");
    // When the meeting begins, her panel shows the company and needs no proof; a colleague's has to read his own.
    world.clock.advance(Duration::from_mins(24));
    world.reset_calls().await;
    world.panel_later(TOM).await.get("/people").await;
    assert!(proof_calls(&world).await >= 2);
    world.reset_calls().await;
    let people = world.panel_later(MAYA).await.get("/people").await;
    assert_eq!(people["view"]["selected"]["name"], "Northwind Traders", "{people}");
    assert_eq!(proof_calls(&world).await, 0);
}

/// Whether something is still on its way from the sign-ins.
async fn is_being_read(world: &World) -> bool {
    let before = world.data_calls().await;
    world.settle_webhooks().await;
    world.data_calls().await != before
}
