//! The database is locked, restarted or gone, or somebody walks away in the middle.

use std::time::Duration;

use sidelight_store::testing::Postgres;
use sidelight_store::{Error, PersonKey};
use sqlx::Connection as _;

use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    a_dropped_unit_leaves_nothing,
    a_caller_who_walks_away_leaves_nothing_and_blocks_nobody,
    a_reading_unit_cannot_write,
    a_lock_that_is_never_given_back_is_a_passing_error,
    a_closed_store_answers_instead_of_hanging,
    a_ready_store_says_so,
}

/// More than any call may take.
const PATIENCE: Duration = Duration::from_secs(20);

async fn patiently<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap()
}

async fn save(world: &World, person: &PersonKey, content: &str) -> Result<(), Error> {
    let mut unit = world.store.begin(world.organisation).await?;
    unit.views().save(person, None, content).await?;
    unit.try_finish().await
}

async fn view(world: &World, person: &PersonKey) -> Option<String> {
    world.read().await.views().find(person, None).await.unwrap()
}

async fn a_dropped_unit_leaves_nothing(world: World) {
    let ana = world.person("ana").await;
    let mut unit = world.begin().await;
    unit.views().save(&ana, None, "{}").await.unwrap();
    drop(unit);
    assert_eq!(view(&world, &ana).await, None);
    save(&world, &ana, "{}").await.unwrap();
}

async fn a_caller_who_walks_away_leaves_nothing_and_blocks_nobody(world: World) {
    let ana = world.person("ana").await;
    // Polls the work so many times and forgets about it, like a browser that closes its connection, until once it gets through.
    for polls in (0_u32..).map(|n| n * n) {
        let mut work = Box::pin(async {
            let mut unit = world.begin().await;
            unit.views().save(&ana, None, "half").await.unwrap();
            unit.views().save(&ana, None, "done").await.unwrap();
        });
        let mut is_through = false;
        for _ in 0..polls {
            tokio::task::yield_now().await;
            is_through = is_through || tokio::time::timeout(Duration::ZERO, &mut work).await.is_ok();
            if is_through {
                break;
            }
        }
        if is_through {
            break;
        }
    }
    assert_eq!(view(&world, &ana).await, None);
    patiently(save(&world, &ana, "whole")).await.unwrap();
    assert_eq!(view(&world, &ana).await.as_deref(), Some("whole"));
}

async fn a_reading_unit_cannot_write(world: World) {
    let ana = world.person("ana").await;
    let refused = world.read().await.views().save(&ana, None, "{}").await.unwrap_err();
    assert!(matches!(refused, Error::ReadOnly) && !refused.is_transient());
}

async fn a_lock_that_is_never_given_back_is_a_passing_error(world: World) {
    let ana = world.person("ana").await;
    save(&world, &ana, "first").await.unwrap();
    let mut selfish = world.raw().await;
    let lock = if world.is_postgres() { "BEGIN; SELECT * FROM views FOR UPDATE" } else { "BEGIN IMMEDIATE" };
    sqlx::raw_sql(lock).execute(&mut selfish).await.unwrap();
    let refused = patiently(save(&world, &ana, "second")).await.unwrap_err();
    assert!(matches!(refused, Error::Unavailable(_)) && refused.is_transient(), "{refused:?}");
    assert_eq!(view(&world, &ana).await.as_deref(), Some("first"), "reading goes on");
    if !world.is_postgres() {
        assert!(patiently(world.store.check()).await.unwrap_err().is_transient());
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut selfish).await.unwrap();
    selfish.close().await.unwrap();
    save(&world, &ana, "second").await.unwrap();
}

async fn a_closed_store_answers_instead_of_hanging(world: World) {
    world.store.close().await;
    let refused = patiently(world.store.begin(world.organisation)).await.unwrap_err();
    assert!(refused.is_transient());
    assert!(patiently(world.store.check()).await.is_err());
}

async fn a_ready_store_says_so(world: World) {
    world.store.check().await.unwrap();
    assert!(!format!("{:?} {:?}", world.store, world.begin().await).contains("postgres://"));
}

#[tokio::test]
async fn a_writer_of_the_same_process_waits_his_turn_but_not_for_ever() {
    let world = World::sqlite().await;
    let ana = world.person("ana").await;
    let slow = world.begin().await;
    let refused = patiently(save(&world, &ana, "{}")).await.unwrap_err();
    assert!(refused.is_transient(), "{refused:?}");
    let (waiting, ()) = tokio::join!(save(&world, &ana, "{}"), async { drop(slow) });
    waiting.unwrap();
}

#[tokio::test]
async fn the_store_comes_back_by_itself_with_its_database() {
    let server = Postgres::start().unwrap();
    let world = World::at(server.database().await.unwrap(), None).await;
    let ana = world.person("ana").await;
    save(&world, &ana, "before").await.unwrap();
    let mut interrupted = world.begin().await;
    interrupted.views().save(&ana, None, "lost").await.unwrap();

    server.halt().unwrap();
    let refused = patiently(interrupted.try_finish()).await.unwrap_err();
    assert!(refused.is_transient(), "{refused:?}");
    let refused = patiently(save(&world, &ana, "away")).await.unwrap_err();
    assert!(refused.is_transient() && !refused.may_have_been_applied(), "{refused:?}");
    assert!(patiently(world.store.check()).await.unwrap_err().is_transient());
    assert!(patiently(world.reopened(&crate::world::keys(1, &[]))).await.unwrap_err().is_transient());

    server.launch().unwrap();
    let mut bell = world.store.bell();
    bell.mark_unchanged();
    assert_eq!(view(&world, &ana).await.as_deref(), Some("before"));
    patiently(save(&world, &ana, "after")).await.unwrap();
    assert_eq!(view(&world, &ana).await.as_deref(), Some("after"));
    world.store.check().await.unwrap();
    patiently(bell.changed()).await.unwrap();
}
