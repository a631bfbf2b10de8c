//! `/api/v1/sign-in`: the panel's side of a Gainsight sign-in (design 4.3).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::sign_in::{Branch, CodeRequest, LookUp, SignIn, SignInRequest};
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::ids::SignInId;

use crate::app::App;
use crate::http::{Answered, Caller, Input};
use crate::record::Record as _;
use crate::sign_in;

/// Which way leads in for a username. Known and unknown usernames get answers of one shape.
#[utoipa::path(post, path = "/sign-in/look-up", tag = "sign-in", request_body = LookUp, responses((status = 200, body = Branch)))]
pub(super) async fn look_up(
    State(app): State<App>,
    caller: Caller,
    Input(look_up): Input<LookUp>,
) -> Answered<Json<Branch>> {
    app.limits.guesses.take(caller.person()?)?;
    Ok(Json(sign_in::branch(&app, caller.organisation, &look_up.username)))
}

/// Makes a one-time link, good for five minutes, for the system browser. An older one of this person and tenant dies.
#[utoipa::path(
    post, path = "/sign-in", tag = "sign-in", request_body = SignInRequest,
    responses((status = 200, body = SignIn), (status = 404, description = "`tenant_unknown`", body = ErrorBody))
)]
pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    Input(request): Input<SignInRequest>,
) -> Answered<Json<SignIn>> {
    Ok(Json(sign_in::begin::begin(&app, &caller, &request).await?))
}

/// How far a sign-in is.
#[utoipa::path(
    get, path = "/sign-in/{id}", tag = "sign-in", params(("id" = SignInId, Path)),
    responses((status = 200, body = SignIn), (status = 404, body = ErrorBody))
)]
pub(super) async fn read(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answered<Json<SignIn>> {
    let id: SignInId = id.parse().map_err(|_| ErrorCode::NotFound)?;
    let mut unit = app.store.read(caller.organisation).await?;
    let row = unit.sign_ins().find_of(caller.person()?, id).await?.ok_or(ErrorCode::NotFound)?;
    Ok(Json(sign_in::shown(&row, app.clock.now(), None)))
}

/// Gives a sign-in up; its link dies.
#[utoipa::path(
    delete, path = "/sign-in/{id}", tag = "sign-in", params(("id" = SignInId, Path)),
    responses((status = 204), (status = 404, body = ErrorBody))
)]
pub(super) async fn cancel(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answered<StatusCode> {
    let id: SignInId = id.parse().map_err(|_| ErrorCode::NotFound)?;
    let person = *caller.person()?;
    let mut unit = app.store.begin(caller.organisation).await?;
    let mut row = unit.sign_ins().find_of(&person, id).await?.ok_or(ErrorCode::NotFound)?;
    if row.ended_at.is_none() {
        row.ended_at = Some(app.clock.now());
        unit.sign_ins().save(&row).await?;
        unit.note(Some(&person), "sign_in.cancelled", &id, &json!({}));
        unit.tell(&person, &Event::SignIn { id });
        unit.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Ties the browser's sign-in to this panel by the code that the browser shows.
#[utoipa::path(
    post, path = "/sign-in/{id}/code", tag = "sign-in", params(("id" = SignInId, Path)), request_body = CodeRequest,
    responses(
        (status = 200, body = SignIn),
        (status = 404, body = ErrorBody),
        (status = 410, description = "`sign_in_ended`", body = ErrorBody),
        (status = 422, description = "`wrong_code`", body = ErrorBody),
    )
)]
pub(super) async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(request): Input<CodeRequest>,
) -> Answered<Json<SignIn>> {
    let id: SignInId = id.parse().map_err(|_| ErrorCode::NotFound)?;
    Ok(Json(sign_in::confirm::confirm(&app, &caller, id, &request.code).await?))
}
