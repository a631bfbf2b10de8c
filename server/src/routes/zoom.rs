//! `/api/v1/zoom/authorization`: authorising the app inside the Zoom client (`zoom.md` 4.3).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sidelight_api::ErrorBody;
use sidelight_api::session::{AuthorizationChallenge, AuthorizationCode};

use crate::app::App;
use crate::http::{Answered, Caller, Input};
use crate::zoom::authorization;

/// Begins an authorisation: what to hand to the client's `authorize`.
#[utoipa::path(
    post, path = "/zoom/authorization", tag = "panel",
    responses(
        (status = 200, body = AuthorizationChallenge),
        (status = 403, description = "`guest`: ask the client to `promptAuthorize` first", body = ErrorBody),
    )
)]
pub(super) async fn begin(State(app): State<App>, caller: Caller) -> Answered<Json<AuthorizationChallenge>> {
    Ok(Json(authorization::begin(&app, &caller).await?))
}

/// Finishes it with what `onAuthorized` brought. Open a new session then: it may belong to an organisation now.
#[utoipa::path(
    put, path = "/zoom/authorization", tag = "panel", request_body = AuthorizationCode,
    responses(
        (status = 204, description = "The app is authorised"),
        (status = 422, description = "`zoom_refused`: begin again", body = ErrorBody),
        (status = 502, description = "`zoom_down`", body = ErrorBody),
    )
)]
pub(super) async fn finish(
    State(app): State<App>,
    caller: Caller,
    Input(returned): Input<AuthorizationCode>,
) -> Answered<StatusCode> {
    authorization::finish(&app, &caller, returned).await?;
    crate::zoom::expect(&app, &caller, None);
    Ok(StatusCode::NO_CONTENT)
}
