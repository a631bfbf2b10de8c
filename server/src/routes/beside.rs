//! The routes beside the panel's API: pages in a browser, ways back from other systems, webhooks, files.
//!
//! Everybody may knock at them. What must be proven is proven by other means than a session: a one-time link, a `state` with its cookie,
//! a signature. They stand in a table all the same, so that none is served without somebody having thought of its action.

use std::sync::LazyLock;

use axum::Json;
use axum::routing::{MethodRouter, get, post};
use sidelight_domain::access::Action;
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::http::{assets, ops};
use crate::{pages, sign_in, zoom};

/// Every route beside the API with the action that it performs.
#[must_use = "routes that nobody serves answer nobody"]
pub fn table() -> [(Action, &'static str, MethodRouter<App>); 11] {
    [
        (Action::VisitPublic, "/", get(async || pages::home())),
        (Action::VisitPublic, "/panel", get(zoom::home::panel)),
        (Action::VisitPublic, "/zoom/install", get(zoom::install::begin)),
        (Action::VisitPublic, "/zoom/callback", get(zoom::callback::finish)),
        (Action::VisitPublic, "/zoom/webhook", post(zoom::webhook::receive)),
        (Action::VisitPublic, "/signin/{link}", get(sign_in::link::open)),
        (Action::VisitPublic, "/gainsight/callback", get(sign_in::callback::finish)),
        (Action::VisitPublic, "/salesforce/callback", get(sign_in::salesforce::finish)),
        (Action::VisitPublic, "/openapi.json", get(describe)),
        (Action::VisitPublic, "/healthz", get(ops::health)),
        (Action::VisitPublic, "/assets/{file}", get(assets::serve)),
    ]
}

/// `GET /openapi.json`: the description of the API.
async fn describe() -> Json<&'static OpenApi> {
    static DESCRIPTION: LazyLock<OpenApi> = LazyLock::new(super::description);
    Json(&DESCRIPTION)
}
