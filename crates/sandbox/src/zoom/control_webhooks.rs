//! `/_control/webhooks`: what was sent, and how the sending is disturbed (`zoom.md` 6, 10.10).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cloud::Cloud;
use super::delivery::{Behaviour, Delivery, Order, SignedAs};
use super::endpoint::Verdict;
use super::events::Event;
use crate::control::{Refusal, json_body};

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/_control/webhooks", get(list).post(behave))
        .route("/_control/webhooks/release", post(release))
        .route("/_control/webhooks/retry", post(retry))
        .route("/_control/webhooks/settle", post(settle))
        .route("/_control/webhooks/send", post(send))
        .route("/_control/webhooks/validate", post(validate))
        .route("/_control/webhooks/{id}/repeat", post(repeat))
}

async fn list(State(cloud): State<Arc<Cloud>>) -> Json<Value> {
    let deliveries: Vec<Delivery> = cloud.deliveries.list();
    Json(json!({ "behaviour": cloud.deliveries.behaviour(), "deliveries": deliveries }))
}

/// The whole behaviour: what is left out goes back to normal.
async fn behave(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Behaviour>, Refusal> {
    cloud.deliveries.behave(json_body(&body)?);
    super::control_meetings::refresh(&cloud);
    Ok(Json(cloud.deliveries.behaviour()))
}

#[derive(Deserialize)]
struct Release {
    #[serde(default)]
    order: Order,
}

async fn release(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Release { order } = json_body(&body)?;
    cloud.deliveries.release(order);
    Ok(StatusCode::NO_CONTENT)
}

/// Makes waiting retries due, so that nobody waits an hour for the third.
async fn retry(State(cloud): State<Arc<Cloud>>) -> StatusCode {
    cloud.deliveries.hurry();
    StatusCode::NO_CONTENT
}

/// Answers when nothing is due any more.
async fn settle(State(cloud): State<Arc<Cloud>>) -> StatusCode {
    cloud.deliveries.settled().await;
    StatusCode::NO_CONTENT
}

/// A crafted webhook.
#[derive(Deserialize)]
struct Crafted {
    body: Value,
    #[serde(default)]
    signature: SignedAs,
    #[serde(default)]
    skew_seconds: i64,
}

async fn send(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Crafted { body, signature, skew_seconds } = json_body(&body)?;
    let name = body["event"].as_str().unwrap_or("crafted").to_owned();
    cloud.deliveries.queue_as(&Event { name, body }, signature, skew_seconds);
    Ok(StatusCode::ACCEPTED)
}

async fn validate(State(cloud): State<Arc<Cloud>>) -> Json<Verdict> {
    Json(cloud.deliveries.validate().await)
}

async fn repeat(State(cloud): State<Arc<Cloud>>, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    if cloud.deliveries.repeat(id) { Ok(StatusCode::ACCEPTED) } else { Err(Refusal::Unknown("such webhook")) }
}
