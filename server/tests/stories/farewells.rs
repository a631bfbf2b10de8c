//! Logging out while something is still on its way: it ends in time, and what was chosen holds.

use serde_json::json;

use crate::outbox::{ACTIVITY, log};
use crate::world::World;

/// Longer than a request may take at all.
const HANGING: u64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_with_send_now_ends_although_gainsight_hangs() {
    let world = World::installed().await;
    let panel = world.signed_in("maya-lindqvist").await;
    world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(3)).await;
    for key in ["1", "2", "3"] {
        let form = panel.form(key).await;
        assert_eq!(log(&panel, key, &form).await.0, 202);
    }
    world.fault("POST", ACTIVITY, json!({ "kind": "latency", "millis": HANGING }), None).await;
    let (status, answer) = panel.post("/logout", &json!({ "waiting_writes": "send_now" })).await;
    assert_eq!((status, answer), (200, json!({ "sent": 0, "kept": 3, "discarded": 0 })));
    assert_eq!(panel.refused("/panel").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_at_a_logout_holds_for_a_note_that_is_being_sent() {
    for (choice, left) in [("discard", None), ("keep_as_draft", Some("kept"))] {
        let world = World::installed().await;
        let panel = world.signed_in("maya-lindqvist").await;
        let form = panel.form("Let it be").await;
        // It fails only after the author has gone.
        world.fault("POST", ACTIVITY, json!({ "kind": "latency", "millis": 5_000 }), Some(1)).await;
        world.fault("POST", ACTIVITY, json!({ "kind": "status", "status": 500 }), Some(1)).await;
        assert_eq!(log(&panel, "k", &form).await.0, 202);
        let (status, answer) = panel.post("/logout", &json!({ "waiting_writes": choice })).await;
        assert_eq!((status, answer["kept"].as_u64(), answer["discarded"].as_u64()), {
            let kept = u64::from(left.is_some());
            (200, Some(kept), Some(1 - kept))
        });
        let panel = world.signed_in("maya-lindqvist").await;
        let state = async || panel.get("/writes").await[0]["state"]["state"].as_str().map(str::to_owned);
        world.until("its try has failed", async || state().await.as_deref() == left).await;
        world.app.wake.outbox.notify_one();
        assert_eq!((state().await.as_deref(), world.our_activities().await.len()), (left, 0), "{choice}");
    }
}
