//! Timelines that panels show: one server asks for all of them.

use std::time::Duration;

use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::{EntityKind, EntityRef};

use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    a_due_timeline_is_claimed_once_and_takes_the_others_along,
    a_timeline_is_watched_for_as_long_as_somebody_looks,
    whoever_looks_again_is_not_asked_for_at_once,
    a_change_is_remembered_whether_anybody_looks_or_not,
}

const EVERY: Duration = Duration::from_secs(55);
const PATIENCE: Duration = Duration::from_mins(2);

fn company(id: &str) -> EntityRef {
    EntityRef { tenant: TenantKey::new("us"), kind: EntityKind::Company, id: Gsid::new(id) }
}

async fn watch(world: &World, id: &str) {
    let mut unit = world.begin().await;
    unit.timelines().watch(&company(id), PATIENCE, EVERY).await.unwrap();
    unit.finish().await;
}

async fn claim(world: &World, ids: &[&str]) -> bool {
    let entities: Vec<_> = ids.iter().map(|id| company(id)).collect();
    let mut unit = world.begin().await;
    let is_due = unit.timelines().claim(&entities, EVERY).await.unwrap();
    unit.finish().await;
    is_due
}

async fn watched(world: &World) -> Vec<(String, i64)> {
    let now = sidelight_domain::Clock::now(world.clock.as_ref()).as_millis();
    let watched = world.read().await.timelines().watched().await.unwrap();
    let mut watched: Vec<_> =
        watched.into_iter().map(|one| (one.entity.id.to_string(), (one.due_at.as_millis() - now) / 1_000)).collect();
    watched.sort();
    watched
}

async fn a_due_timeline_is_claimed_once_and_takes_the_others_along(world: World) {
    watch(&world, "1").await;
    world.clock.advance(Duration::from_secs(30));
    watch(&world, "2").await;
    assert!(!claim(&world, &["1", "2"]).await, "both were read a moment ago");
    world.clock.advance(Duration::from_secs(25));
    assert!(claim(&world, &["1", "2"]).await);
    assert!(!claim(&world, &["1", "2"]).await, "another server asks already");
    assert_eq!(watched(&world).await, [("1".to_owned(), 55), ("2".to_owned(), 55)]);
    let mut unit = world.begin().await;
    unit.timelines().postpone(&[company("1")], PATIENCE).await.unwrap();
    unit.finish().await;
    world.clock.advance(EVERY);
    assert!(!claim(&world, &["1"]).await && claim(&world, &["2"]).await);
}

async fn a_timeline_is_watched_for_as_long_as_somebody_looks(world: World) {
    watch(&world, "1").await;
    world.clock.advance(PATIENCE / 2);
    watch(&world, "1").await;
    world.clock.advance(PATIENCE / 2);
    assert_eq!(watched(&world).await.len(), 1);
    world.clock.advance(PATIENCE / 2);
    assert_eq!(watched(&world).await, []);
}

async fn whoever_looks_again_is_not_asked_for_at_once(world: World) {
    watch(&world, "1").await;
    world.clock.advance(Duration::from_secs(10));
    watch(&world, "1").await;
    assert_eq!(watched(&world).await, [("1".to_owned(), 45)], "a second panel does not put it off");
    world.clock.advance(PATIENCE * 2);
    watch(&world, "1").await;
    assert_eq!(watched(&world).await, [("1".to_owned(), 55)]);
}

async fn a_change_is_remembered_whether_anybody_looks_or_not(world: World) {
    watch(&world, "1").await;
    assert_eq!(world.read().await.timelines().changed_at(&company("1")).await.unwrap(), None);
    for id in ["1", "2"] {
        let mut unit = world.begin().await;
        unit.timelines().note_changed(&company(id)).await.unwrap();
        unit.finish().await;
        let changed_at = world.read().await.timelines().changed_at(&company(id)).await.unwrap();
        assert_eq!(changed_at, Some(sidelight_domain::Clock::now(world.clock.as_ref())));
    }
    assert_eq!(watched(&world).await.len(), 1, "a change alone makes nobody look");
}
