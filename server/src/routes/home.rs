//! `/api/v1/home`: the panel in the main Zoom client.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sidelight_api::home::{ChooseCompany, Home, NoteNeed};
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::Timestamp;
use utoipa::IntoParams;

use crate::app::App;
use crate::home::{self, Day};
use crate::http::{Answered, Caller, Input, Query};

/// The longest day there is, with an hour more at the end of summer time and another to spare.
const LONGEST_DAY: i64 = 26 * 3_600_000;

/// The viewer's day. His browser knows when that begins.
#[derive(Deserialize, IntoParams)]
pub(super) struct Today {
    /// His midnight.
    from: i64,
    /// His next one.
    to: i64,
}

/// The day's meetings, notes that were begun, calls of which nothing was logged.
#[utoipa::path(
    get, path = "/home", tag = "panel", params(Today),
    responses((status = 200, body = Home), (status = 422, description = "`invalid_input`: not a day", body = ErrorBody))
)]
pub(super) async fn read(
    State(app): State<App>,
    caller: Caller,
    Query(Today { from, to }): Query<Today>,
) -> Answered<Json<Home>> {
    if !(1..=LONGEST_DAY).contains(&to.saturating_sub(from)) {
        return Err(ErrorCode::InvalidInput.into());
    }
    let day = Day { from: Timestamp::from_millis(from), to: Timestamp::from_millis(to) };
    Ok(Json(home::home(&app, &caller, day).await?))
}

/// Chooses what a meeting of the viewer's own plan is about, before it begins.
#[utoipa::path(
    put, path = "/home/company", tag = "panel", request_body = ChooseCompany,
    responses((status = 204), (status = 404, description = "Not in the viewer's plan; `entity_unknown`", body = ErrorBody))
)]
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller,
    Input(choice): Input<ChooseCompany>,
) -> Answered<StatusCode> {
    home::choose(&app, &caller, choice).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says whether a call of the viewer's is still to be logged.
#[utoipa::path(
    put, path = "/home/note", tag = "panel", request_body = NoteNeed,
    responses((status = 204), (status = 404, description = "Not a call of the viewer's last days", body = ErrorBody))
)]
pub(super) async fn need_note(
    State(app): State<App>,
    caller: Caller,
    Input(need): Input<NoteNeed>,
) -> Answered<StatusCode> {
    home::need_note(&app, &caller, need).await?;
    Ok(StatusCode::NO_CONTENT)
}
