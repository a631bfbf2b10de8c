//! Zoom's cloud: OAuth, REST and signed webhooks (`zoom.md` 4 to 7).

mod challenge;
mod context;
mod crowd;
mod deliveries;
mod delivery;
mod endpoint;
mod events;
mod fresh;
mod grants;
mod limits;
mod meeting;
mod parameters;
mod people;
mod scopes;
mod seeded;
mod sender;
mod signature;
mod switches;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use crate::Shared;
use crate::control::{Site, Switch};

/// Whose calls the counters and faults see on this port.
const REALM: &str = "zoom";

/// How the control sees this port.
pub(crate) const SITE: Site = Site { realm, failure };

/// What is unknown about Zoom.
pub(crate) const SWITCHES: &[&Switch] = switches::ALL;

fn realm(_: &HeaderMap) -> String {
    REALM.to_owned()
}

fn failure(status: StatusCode) -> Response {
    let body = serde_json::json!({ "code": status.as_u16(), "message": status.canonical_reason() });
    (status, axum::Json(body)).into_response()
}

/// The routes of the cloud.
pub(crate) fn router(_: &Arc<Shared>) -> Router {
    Router::new()
}
