//! Zoom's cloud: OAuth, REST and signed webhooks (`zoom.md` 4 to 7).
//!
//! Here: what Zoom's servers do, and the steps by which tests and the simulator move people through meetings. Not here: the
//! meeting window and its answers to the SDK, which are pages (`simulator`).

mod authorize;
mod challenge;
mod cloud;
mod consent_page;
mod context;
mod control_meetings;
mod control_people;
mod control_webhooks;
mod crowd;
mod deliveries;
mod delivery;
mod endpoint;
mod events;
mod fresh;
mod grants;
mod limits;
mod live;
mod meeting;
mod minting;
mod parameters;
mod people;
mod rest;
mod rest_meetings;
mod rest_past;
mod rest_users;
mod scopes;
mod seeded;
mod sender;
mod signature;
mod steps;
mod switches;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use crate::control::{Site, Switch, only_from_this_machine};

pub(crate) use cloud::{Cloud, Opening};
pub(crate) use live::{PersonView, Standing};
pub(crate) use meeting::{Meeting, Status};
pub(crate) use minting::{Wish, mint};
pub(crate) use people::Person;
pub(crate) use scopes::{ALL as SCOPES, Scope};
pub(crate) use sender::{SendError, connect};

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
    let message = status.canonical_reason().unwrap_or("Error");
    rest::ApiError::new(status, u32::from(status.as_u16()), message).into_response()
}

/// The routes of the cloud.
pub(crate) fn router(cloud: &Arc<Cloud>) -> Router {
    let control = control_meetings::router()
        .merge(control_people::router())
        .merge(control_webhooks::router())
        .layer(middleware::from_fn(only_from_this_machine));
    authorize::router()
        .merge(token::router())
        .merge(rest_users::router())
        .merge(rest_meetings::router())
        .merge(rest_past::router())
        .merge(control)
        .with_state(Arc::clone(cloud))
}
