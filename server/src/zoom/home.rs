//! `GET /panel`: the Home URL (`zoom.md` 2.2). The page needs no script for its first view.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sidelight_domain::words::Word;

use crate::app::App;
use crate::http::{Policy, assets};
use crate::pages;

/// The shell of the panel.
///
/// Zoom may send the app context in a header. It is looked at for counting only and never used up: the panel fetches its own and
/// exchanges that (design 4.1, replay rule).
pub(crate) async fn panel(State(app): State<App>, headers: HeaderMap) -> Response {
    let opened = headers.get("x-zoom-app-context").and_then(|value| value.to_str().ok());
    let kind = opened.map(|context| app.contexts.open(context, app.clock.now()).map_or("invalid", |_| "valid"));
    metrics::counter!("panel_loads_total", "context" => kind.unwrap_or("absent")).increment(1);
    let Some(page) = assets::panel_page() else {
        return pages::notice(Word::PageFailedTitle, Word::PagePanelMissing.text());
    };
    let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    response.extensions_mut().insert(Policy::Panel { frame_ancestors: app.config.server.frame_ancestors.clone() });
    response
}
