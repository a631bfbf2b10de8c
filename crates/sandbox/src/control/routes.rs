//! The control routes that hold for every stand-in.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::calls::Tallies;
use super::faults::Plan;
use super::only_from_this_machine;
use super::switches::{InvalidSetting, Shown};
use crate::Shared;

/// Why a control call was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// From another machine or a foreign page.
    #[error("the control API answers callers on this machine only")]
    NotFromHere,
    /// The body is no JSON of the expected shape.
    #[error("the body does not fit: {0}")]
    Body(#[from] serde_json::Error),
    /// No such switch or value.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// Nothing of that name.
    #[error("there is no {0}")]
    Unknown(&'static str),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFromHere => StatusCode::FORBIDDEN,
            Self::Body(_) | Self::Setting(_) => StatusCode::BAD_REQUEST,
            Self::Unknown(_) => StatusCode::NOT_FOUND,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

/// Reads a control body; an empty one is an empty object, so that `curl -X POST` works.
pub(crate) fn json_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    Ok(serde_json::from_slice(text)?)
}

pub(super) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/_control/faults", get(list_faults).post(add_fault).delete(clear_faults))
        .route("/_control/faults/{id}", delete(remove_fault))
        .route("/_control/calls", get(list_calls))
        .route("/_control/calls/reset", post(reset_calls))
        .route("/_control/switches", get(list_switches).post(set_switches))
        .route("/_control/reset", post(reset))
        .layer(middleware::from_fn(only_from_this_machine))
        .with_state(Arc::clone(shared))
}

async fn list_faults(State(shared): State<Arc<Shared>>) -> Json<BTreeMap<u64, Plan>> {
    Json(shared.control.faults.read())
}

async fn add_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let plan = json_body(&body)?;
    Ok(Json(json!({ "id": shared.control.faults.add(plan) })))
}

async fn remove_fault(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    if shared.control.faults.remove(id) { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::Unknown("such fault")) }
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.control.faults.clear();
    StatusCode::NO_CONTENT
}

async fn list_calls(State(shared): State<Arc<Shared>>) -> Json<Tallies> {
    Json(shared.control.calls.read())
}

async fn reset_calls(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.control.calls.clear();
    StatusCode::NO_CONTENT
}

async fn list_switches(State(shared): State<Arc<Shared>>) -> Json<Vec<Shown>> {
    Json(shared.control.switches.show())
}

async fn set_switches(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Vec<Shown>>, Refusal> {
    shared.control.switches.set(&json_body(&body)?)?;
    Ok(Json(shared.control.switches.show()))
}

async fn reset(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.control.reset();
    StatusCode::NO_CONTENT
}
