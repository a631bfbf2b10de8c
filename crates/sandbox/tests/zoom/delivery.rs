//! How webhooks travel (`zoom.md` 6.1 to 6.3).

use std::time::Duration;

use serde_json::{Value, json};

use crate::town::{Mood, NOW, Town, cites, hex_hmac};

async fn leave(town: &Town, person: &str) {
    town.step("leave", json!({ "person": person })).await;
}

async fn behave(town: &Town, behaviour: Value) {
    town.control("webhooks", behaviour).await;
}

async fn last(town: &Town) -> Value {
    town.get("/_control/webhooks").await.json()["deliveries"].as_array().unwrap().last().unwrap().clone()
}

#[tokio::test]
async fn the_signature_covers_version_timestamp_and_raw_body() {
    cites("zm-signature");
    cites("zm-timestamp-unit");
    let town = Town::with_app().await;
    leave(&town, "sam").await;
    town.settle().await;
    let received = town.app.take().remove(0);
    let timestamp = received.header("x-zm-request-timestamp").unwrap();
    assert_eq!(timestamp, NOW.as_seconds().to_string());
    let message = [b"v0:", timestamp.as_bytes(), b":", &received.body].concat();
    let expected = format!("v0={}", hex_hmac(town.registration.webhook_secret.as_bytes(), &message));
    assert_eq!(received.header("x-zm-signature"), Some(expected.as_str()));
    town.switch("zoom.webhook_timestamp", "millis").await;
    leave(&town, "ana-ruiz").await;
    town.settle().await;
    let millis = NOW.as_millis().to_string();
    assert_eq!(town.app.take()[0].header("x-zm-request-timestamp"), Some(millis.as_str()));
}

#[tokio::test]
async fn only_200_and_204_count() {
    cites("zm-delivered");
    let town = Town::with_app().await;
    let people = ["sam", "ana-ruiz", "ben-carter", "chioma-eze"];
    for (person, (status, standing)) in
        people.iter().zip([(200, "delivered"), (204, "delivered"), (202, "waiting"), (500, "waiting")])
    {
        town.app.be(Mood::Status(status));
        leave(&town, person).await;
        town.settle().await;
        let last = last(&town).await;
        assert_eq!((&last["standing"], &last["tries"]), (&json!(standing), &json!([status])), "{status}");
    }
}

#[tokio::test]
async fn three_retries_follow_the_published_pauses() {
    cites("zm-three-retries");
    cites("zm-retry-body");
    let town = Town::with_app().await;
    town.app.be(Mood::Status(503));
    leave(&town, "sam").await;
    town.settle().await;
    for (early, late, tries) in [(299, 1, 2), (1_199, 1, 3), (3_599, 1, 4)] {
        town.pass(early).await;
        assert_eq!(last(&town).await["tries"].as_array().unwrap().len(), tries - 1);
        town.pass(late).await;
        assert_eq!(last(&town).await["tries"].as_array().unwrap().len(), tries);
    }
    assert_eq!(last(&town).await["standing"], "dropped");
    let bodies: std::collections::HashSet<_> = town.app.take().into_iter().map(|received| received.body).collect();
    assert_eq!(bodies.len(), 1, "each retry has the same bytes");
}

#[tokio::test]
async fn a_retry_is_signed_anew_or_not() {
    cites("zm-retry-signature");
    for (switch, same) in [("fresh", false), ("first", true)] {
        let town = Town::with_app().await;
        town.switch("zoom.webhook_retry_signature", switch).await;
        town.app.be(Mood::Status(503));
        leave(&town, "sam").await;
        town.settle().await;
        town.app.be(Mood::Good);
        town.pass(300).await;
        let received = town.app.take();
        let signature = |index: usize| received[index].header("x-zm-signature").unwrap().to_owned();
        assert_eq!(signature(0) == signature(1), same, "{switch}");
        assert_eq!(last(&town).await["standing"], "delivered");
    }
}

#[tokio::test]
async fn an_answer_after_three_seconds_is_none() {
    cites("zm-three-seconds");
    let town = Town::with_app().await;
    town.app.be(Mood::Silent);
    leave(&town, "sam").await;
    town.settle().await;
    let last = last(&town).await;
    assert_eq!((&last["standing"], &last["tries"]), (&json!("waiting"), &json!([0])));
}

#[tokio::test]
async fn retries_can_be_hurried() {
    let town = Town::with_app().await;
    town.app.be(Mood::Status(503));
    leave(&town, "sam").await;
    town.settle().await;
    town.app.be(Mood::Good);
    town.control("webhooks/retry", json!({})).await;
    town.settle().await;
    assert_eq!(last(&town).await["standing"], "delivered");
    behave(&town, json!({ "retries_millis": [0, 0] })).await;
    town.app.be(Mood::Status(503));
    leave(&town, "ana-ruiz").await;
    town.settle().await;
    let last = last(&town).await;
    assert_eq!((&last["standing"], &last["tries"]), (&json!("dropped"), &json!([503, 503, 503])));
}

#[tokio::test]
async fn order_is_not_promised() {
    cites("zm-order");
    let town = Town::with_app().await;
    behave(&town, json!({ "hold": true })).await;
    town.step("rejoin", json!({ "person": "ana-ruiz" })).await;
    town.settle().await;
    assert!(town.app.take().is_empty(), "held back");
    town.control("webhooks/release", json!({ "order": "reversed" })).await;
    town.settle().await;
    assert_eq!(town.app.take_names(), ["meeting.participant_joined", "meeting.participant_left"]);
    town.step("rejoin", json!({ "person": "ana-ruiz" })).await;
    town.control("webhooks/release", json!({})).await;
    town.settle().await;
    assert_eq!(town.app.take_names(), ["meeting.participant_left", "meeting.participant_joined"]);
}

#[tokio::test]
async fn doubled_late_and_lost_ones_can_be_had() {
    let town = Town::with_app().await;
    behave(&town, json!({ "copies": 3 })).await;
    leave(&town, "sam").await;
    town.settle().await;
    let copies = town.app.take();
    assert_eq!(copies.len(), 3);
    assert!(copies.iter().all(|copy| copy.body == copies[0].body));
    behave(&town, json!({ "delay_millis": 60_000 })).await;
    leave(&town, "ana-ruiz").await;
    town.settle().await;
    assert!(town.app.take().is_empty());
    town.pass(60).await;
    assert_eq!(town.app.take().len(), 1);
    behave(&town, json!({ "off": true })).await;
    leave(&town, "ben-carter").await;
    town.settle().await;
    assert_eq!((town.app.take().len(), &last(&town).await["standing"]), (0, &json!("dropped")));
}

#[tokio::test]
async fn forged_unsigned_and_stale_ones_can_be_had() {
    let town = Town::with_app().await;
    let body = json!({ "event": "meeting.ended", "event_ts": 1, "payload": {} });
    let valid = |received: &crate::town::Received| {
        let timestamp = received.header("x-zm-request-timestamp").unwrap_or_default();
        let message = [b"v0:", timestamp.as_bytes(), b":", &received.body].concat();
        let expected = format!("v0={}", hex_hmac(town.registration.webhook_secret.as_bytes(), &message));
        received.header("x-zm-signature") == Some(expected.as_str())
    };
    for (crafted, is_valid, skew) in [
        (json!({ "body": body }), true, 0),
        (json!({ "body": body, "signature": "forged" }), false, 0),
        (json!({ "body": body, "signature": "missing" }), false, 0),
        (json!({ "body": body, "skew_seconds": -600 }), true, -600),
    ] {
        town.control("webhooks/send", crafted.clone()).await;
        town.settle().await;
        let received = town.app.take().remove(0);
        assert_eq!(valid(&received), is_valid, "{crafted}");
        let timestamp = received.header("x-zm-request-timestamp").map(|text| text.parse::<i64>().unwrap());
        assert!(timestamp.is_none_or(|seconds| seconds == NOW.as_seconds() + skew), "{crafted}");
    }
    let id = last(&town).await["id"].clone();
    town.control(&format!("webhooks/{id}/repeat"), json!({})).await;
    town.settle().await;
    assert_eq!(town.app.take().len(), 1, "replayed");
}

#[tokio::test]
async fn the_endpoint_must_prove_that_it_knows_the_secret() {
    cites("zm-crc");
    let town = Town::with_app().await;
    let check = async || town.control("webhooks/validate", json!({})).await["valid"].clone();
    assert_eq!(check().await, true);
    let probe = town.app.take().remove(0);
    assert_eq!(probe.json()["event"], "endpoint.url_validation");
    assert!(probe.header("x-zm-signature").is_some(), "signed like any other");
    for mood in [Mood::Forgetful, Mood::Status(404), Mood::Silent] {
        town.app.be(mood);
        assert_eq!(check().await, false, "{mood:?}");
    }
}

#[tokio::test]
async fn the_check_is_repeated_and_a_failure_ends_the_delivery() {
    cites("zm-crc-again");
    let town = Town::with_app().await;
    town.control("webhooks/validate", json!({})).await;
    town.app.take();
    town.pass(72 * 3_600 - 1).await;
    assert!(town.app.take().is_empty());
    town.app.be(Mood::Forgetful);
    town.pass(1).await;
    assert_eq!(town.app.take_names(), ["endpoint.url_validation"]);
    leave(&town, "sam").await;
    town.settle().await;
    assert_eq!((town.app.take().len(), &last(&town).await["standing"]), (0, &json!("dropped")));
    town.app.be(Mood::Good);
    assert_eq!(town.control("webhooks/validate", json!({})).await["valid"], true);
    leave(&town, "ana-ruiz").await;
    town.settle().await;
    assert_eq!(last(&town).await["standing"], "delivered");
}

#[tokio::test]
async fn stopping_leaves_nothing_running() {
    let town = Town::with_app().await;
    town.app.be(Mood::Status(503));
    leave(&town, "sam").await;
    town.settle().await;
    town.app.take();
    town.control("reset", json!({})).await;
    town.clock.advance(Duration::from_hours(2));
    town.settle().await;
    assert!(town.app.take().is_empty(), "a reset forgets what is on its way");
}
