//! A Gainsight data centre with its tenants, told apart by host name (`gainsight.md` 1).

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use crate::Shared;
use crate::control::{Site, Switch};

/// How the control sees this port.
pub(crate) const SITE: Site = Site { realm, failure };

/// What is unknown about Gainsight.
pub(crate) const SWITCHES: &[&Switch] = &[];

fn realm(_: &HeaderMap) -> String {
    String::new()
}

fn failure(status: StatusCode) -> Response {
    status.into_response()
}

/// The routes of the data centre.
pub(crate) fn router(_: &Arc<Shared>) -> Router {
    Router::new()
}
