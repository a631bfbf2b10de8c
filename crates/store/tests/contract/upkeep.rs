//! Taking out what belongs to one person, and what has been kept long enough.

use std::time::Duration;

use sidelight_store::{Audience, Erased, Listener, Purged, Retention, VISITORS};

use sqlx::{AssertSqlSafe, Row as _};

use crate::schema::{columns, tables};
use crate::story;
use crate::world::{Finish as _, World, on_both_engines};

on_both_engines! {
    erasing_a_person_leaves_nothing_of_him,
    no_table_names_an_erased_person,
    nothing_is_purged_before_its_time,
    everything_is_purged_in_its_time,
    a_purge_tells_late_listeners_that_they_missed_something,
}

const DAY: Duration = Duration::from_hours(24);

async fn erasing_a_person_leaves_nothing_of_him(world: World) {
    let told = story::tell(&world).await;
    let mut unit = world.begin().await;
    let erased = unit.people().erase(&told.person).await.unwrap();
    unit.finish().await;
    let expected = Erased {
        installations: 1,
        sessions: 1,
        sign_ins: 1,
        grants: 1,
        views: 3,
        drafts: 1,
        writes: 1,
        participants: 1,
        meetings: 1,
        recognitions: 5,
        events: 1,
        audit_payloads: 1,
    };
    assert_eq!(erased, expected);
    let mut unit = world.begin().await;
    assert_eq!(unit.people().erase(&told.person).await.unwrap(), Erased::default());
    let roster = unit.meetings().roster(&story::meeting()).await.unwrap();
    assert_eq!(roster.participants.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Bob Guest"]);
    assert_eq!(unit.meetings().find(&story::meeting()).await.unwrap().unwrap().host, None);
    assert_eq!(unit.audit().verify(&[]).await.unwrap().erased, 1);
}

/// Every table is looked at, so that one that is added later cannot be forgotten. The audit log alone keeps the keyed digest.
async fn no_table_names_an_erased_person(world: World) {
    let told = story::tell(&world).await;
    let mut named = Vec::new();
    for table in tables(&world).await {
        for column in columns(&world, &table).await {
            if column.name == "person" || column.name.ends_with("_person") {
                named.push(format!("{table} WHERE {} = '{}'", column.name, told.person));
            }
        }
    }
    assert!(named.len() > 8, "{named:?}");
    for place in &named {
        assert!(count(&world, place).await > 0, "the story says nothing of {place}");
    }
    let mut unit = world.begin().await;
    unit.people().erase(&told.person).await.unwrap();
    unit.finish().await;
    for place in &named {
        assert_eq!(count(&world, place).await, 0, "{place}");
    }
}

async fn count(world: &World, place: &str) -> i64 {
    let select = AssertSqlSafe(format!("SELECT COUNT(*) FROM {place}"));
    sqlx::query(select).fetch_one(&mut world.raw().await).await.unwrap().get(0)
}

async fn nothing_is_purged_before_its_time(world: World) {
    story::tell(&world).await;
    assert_eq!(world.store.purge(&Retention::default()).await.unwrap(), Purged::default());
}

async fn everything_is_purged_in_its_time(world: World) {
    let told = story::tell(&world).await;
    let mut unit = world.begin().await;
    let claimed = unit.inbox().claim(1, story::HOLD).await.unwrap().remove(0);
    unit.inbox().done(&claimed.digest).await.unwrap();
    unit.grants().end(told.grant, "logout").await.unwrap();
    unit.finish().await;
    world.clock.advance(DAY * 2);
    let purged = world.store.purge(&Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { contexts: 1, sessions: 1, sign_ins: 1, timelines: 1, told: 1, ..Purged::default() });
    world.clock.advance(DAY * 6);
    let purged = world.store.purge(&Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { webhooks: 1, events: 1, ..Purged::default() });
    world.clock.advance(DAY * 23);
    let purged = world.store.purge(&Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { meetings: 1, grants: 1, ..Purged::default() });
    // A refused write and an open draft wait for their author much longer than what is settled.
    world.clock.advance(DAY * 150);
    let purged = world.store.purge(&Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { drafts: 1, writes: 1, views: 4, ..Purged::default() });
    world.clock.advance(DAY * 200);
    let purged = world.store.purge(&Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { audit_payloads: 3, ..Purged::default() });
    let report = world.read().await.audit().verify(&[]).await.unwrap();
    assert_eq!((report.intact, report.erased, report.broken), (3, 3, None));
}

async fn a_purge_tells_late_listeners_that_they_missed_something(world: World) {
    let mut unit = world.begin().await;
    unit.events().add(&Audience::Organisation, "old");
    unit.events().add(&Audience::Organisation, "old too");
    unit.commit().await.unwrap();
    world.clock.advance(DAY * 8);
    let mut unit = world.begin().await;
    unit.events().add(&Audience::Organisation, "new");
    unit.commit().await.unwrap();
    assert_eq!(world.read().await.events().lowest_cursor().await.unwrap(), 0);
    assert_eq!(world.store.purge(&Retention::default()).await.unwrap().events, 2);
    let mut unit = world.read().await;
    assert_eq!(unit.events().lowest_cursor().await.unwrap(), 2);
    let listener = Listener { session: world.session_id(), person: None, meeting: None, timelines: Vec::new() };
    let left = unit.events().after(2, &listener, 10).await.unwrap();
    assert_eq!(left.iter().map(|event| (event.seq, event.payload.as_str())).collect::<Vec<_>>(), [(3, "new")]);
    assert!(world.store.read(VISITORS).await.is_ok());
}
