//! The meeting simulator: pages that look like a meeting window and answer the SDK (`zoom.md` 8 to 10).
//!
//! Here: the pages, their scripts and styles. Not here: who is in a meeting, tokens and webhooks; the pages ask the cloud
//! (`zoom`) for those, as the real client asks Zoom's.

mod assets;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::zoom::Cloud;

pub(crate) use page::{Page, avatar, head};

/// The routes of the simulator.
pub(crate) fn router(cloud: &Arc<Cloud>) -> Router {
    Router::new().route("/simulator/{file}", get(assets::serve)).with_state(Arc::clone(cloud))
}
