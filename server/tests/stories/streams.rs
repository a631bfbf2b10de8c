//! Event streams: all there is, for as long as the session lives, and no more than a panel needs.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use sidelight_outbound::Method;
use sidelight_store::Audience;

use crate::panel::Panel;
use crate::world::World;

/// A stream from its beginning to its end.
async fn stream(panel: &Panel<'_>) -> String {
    String::from_utf8_lossy(&panel.send(Method::GET, "/events", None).await.body).into_owned()
}

async fn is_open(world: &World, panel: &Panel<'_>, count: usize) {
    let (session, _) = world.app.tokens.read(&panel.token, world.app.clock.now()).unwrap();
    world.until("the streams are open", async || world.app.streams.count(session) == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_missed_much_is_told_all_of_it_at_once() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let organisation = world.app.organisation_ids().find(|id| *id != sidelight_store::VISITORS).unwrap();
    let mut unit = world.app.store.begin(organisation).await.unwrap();
    for number in 0..250 {
        unit.events().add(&Audience::Organisation, format!("missed {number}"));
    }
    unit.commit().await.unwrap();
    let ending = async {
        is_open(&world, &panel, 1).await;
        // Nothing rings the bell any more.
        world.clock.advance(Duration::from_mins(16));
    };
    let (told, ()) = tokio::join!(stream(&panel), ending);
    assert!(told.contains("missed 0\n") && told.contains("missed 249\n") && told.contains("session_ended"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_ends_a_stream_and_no_session() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let ending = async {
        is_open(&world, &panel, 1).await;
        world.app.store.close().await;
    };
    let (told, ()) = tokio::join!(stream(&panel), ending);
    assert!(!told.contains("session_ended"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_four_streams_at_most() {
    let world = World::installed().await;
    let panel = world.panel("maya-lindqvist").await;
    let mut streams: FuturesUnordered<_> = (0..5).map(|_| stream(&panel)).collect();
    let first = streams.next().await.unwrap();
    assert!(!first.contains("session_ended"), "{first}");
    let rest = async {
        let mut ended = 0;
        while let Some(told) = streams.next().await {
            assert!(told.contains("session_ended"), "{told}");
            ended += 1;
        }
        ended
    };
    let leaving = async {
        is_open(&world, &panel, 4).await;
        panel.post("/logout", &json!({ "waiting_writes": "discard" })).await
    };
    let (ended, (status, _)) = tokio::join!(rest, leaving);
    assert_eq!((ended, status), (4, 200));
}
