//! `POST /api/v1/activities`: logs an activity through the outbox (design 4.5).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sidelight_api::ErrorBody;
use sidelight_api::activity::{LogActivity, PendingWrite};

use crate::app::App;
use crate::http::{Answered, Caller, Input};
use crate::outbox::{self, Submitted};

/// Logs an activity. Repeat the request with the same key if the answer is lost: nothing is stored or sent twice.
#[utoipa::path(
    post, path = "/activities", tag = "writing", request_body = LogActivity,
    responses(
        (status = 201, description = "In Gainsight", body = PendingWrite),
        (status = 202, description = "Saved here, will reach Gainsight", body = PendingWrite),
        (status = 403, description = "Not signed in, or no licence", body = ErrorBody),
        (status = 404, description = "`entity_unknown`, `tenant_unknown`", body = ErrorBody),
        (status = 422, description = "`invalid_input` or `gainsight_refused`, with fields; the draft is intact", body = ErrorBody),
    )
)]
pub(super) async fn log(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<LogActivity>,
) -> Answered<Response> {
    Ok(match outbox::submit(&app, &caller, request).await? {
        Submitted::Done(write) => (StatusCode::CREATED, Json(outbox::shown(&write))).into_response(),
        Submitted::Waiting(write) => (StatusCode::ACCEPTED, Json(outbox::shown(&write))).into_response(),
    })
}
