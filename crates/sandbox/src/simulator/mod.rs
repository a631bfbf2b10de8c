//! The meeting simulator: pages that look like a meeting window and answer the SDK (`zoom.md` 8 to 10).
//!
//! Here: the pages, their scripts and styles. Not here: who is in a meeting, tokens and webhooks; the pages ask the cloud
//! (`zoom`) for those, as the real client asks Zoom's.

mod assets;
mod drawer;
mod landing;
mod launch;
mod main_client;
mod marketplace;
pub(crate) mod native;
mod page;
mod window;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::zoom::Cloud;

pub(crate) use page::{Page, avatar, head};

/// The routes of the simulator.
pub(crate) fn router(cloud: &Arc<Cloud>) -> Router {
    Router::new()
        .route("/", get(landing::show))
        .route("/marketplace", get(marketplace::show))
        .route("/marketplace/remove", post(marketplace::remove_app))
        .route("/marketplace/revoke", post(marketplace::revoke))
        .route("/zoomapp/{client}/context/{context}/target/launch/deeplink", get(marketplace::launch))
        .route("/meeting/{number}", get(window::show))
        .route("/client", get(main_client::show))
        .route("/launch/{token}", get(launch::follow))
        .route("/simulator/{file}", get(assets::serve))
        .with_state(Arc::clone(cloud))
}
