//! The meeting simulator: a page that looks like a meeting window and answers the SDK (`zoom.md` 8 to 10).

use std::sync::Arc;

use axum::Router;

use crate::Shared;

/// The routes of the simulator.
pub(crate) fn router(_: &Arc<Shared>) -> Router {
    Router::new()
}
