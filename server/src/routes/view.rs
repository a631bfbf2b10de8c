//! `PUT /api/v1/view`: what the viewer chose.

use axum::Json;
use axum::extract::State;
use sidelight_api::ErrorBody;
use sidelight_api::session::{View, ViewChange};

use crate::app::App;
use crate::http::{Answered, Caller, Input};
use crate::view;

/// Keeps entity, tab and theme for this meeting, on the server: a pop-out, a reload and a second device find them again.
#[utoipa::path(
    put, path = "/view", tag = "panel", request_body = ViewChange,
    responses((status = 200, body = View), (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody))
)]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<ViewChange>,
) -> Answered<Json<View>> {
    Ok(Json(view::change(&app, &caller, change).await?))
}
