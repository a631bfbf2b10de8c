//! `GET /api/v1/people`: who is in the meeting, resolved for the viewer (design 4.4).

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sidelight_api::ErrorBody;
use sidelight_api::people::People;
use utoipa::IntoParams;

use crate::app::App;
use crate::gainsight::{self, Freshness};
use crate::http::{Answered, Caller, Query};

/// How.
#[derive(Deserialize, IntoParams)]
pub(super) struct How {
    /// Asks Gainsight again about everybody.
    #[serde(default)]
    refresh: bool,
}

/// Everybody present, by group. At most three calls a tenant; what a silent tenant would have said is shown as last known, with a gap.
#[utoipa::path(
    get, path = "/people", tag = "customer", params(How),
    responses((status = 200, body = People), (status = 403, description = "Not signed in, or no licence", body = ErrorBody))
)]
pub(super) async fn read(State(app): State<App>, caller: Caller, Query(how): Query<How>) -> Answered<Json<People>> {
    let freshness = if how.refresh { Freshness::Renewed } else { Freshness::Cached };
    Ok(Json(gainsight::people_of(&app, &caller, freshness).await?))
}
