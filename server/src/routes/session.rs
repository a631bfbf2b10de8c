//! `POST /api/v1/session`: from Zoom's app context to a bearer token (design 4.1).

use axum::Json;
use axum::extract::State;
use sidelight_api::ErrorBody;
use sidelight_api::session::{SessionAnswer, SessionRequest};

use super::panel::panel_of;
use crate::app::App;
use crate::http::{Answered, ClientIp, Input};
use crate::session;
use crate::zoom::renew_profile;

/// Exchanges an app context for a token. A context is good for one session; the same page may repeat the request within seconds.
#[utoipa::path(
    post, path = "/session", tag = "panel", request_body = SessionRequest,
    responses(
        (status = 200, description = "A token and what it opens", body = SessionAnswer),
        (status = 401, description = "`context_invalid` or `context_expired`: fetch a fresh context", body = ErrorBody),
        (status = 409, description = "`context_used`: fetch a fresh context, once", body = ErrorBody),
    )
)]
pub(super) async fn open(
    State(app): State<App>,
    ip: ClientIp,
    Input(request): Input<SessionRequest>,
) -> Answered<Json<SessionAnswer>> {
    app.limits.addresses.take(&ip)?;
    let screen_name = request.screen_name.unwrap_or_default();
    let opened = session::open(&app, &request.context, request.page.as_deref(), &screen_name).await?;
    let panel = panel_of(&app, &opened.caller).await?;
    // Whoever opens the panel looks at the people first: begin before he asks.
    crate::gainsight::warm(&app, &opened.caller);
    crate::zoom::expect(&app, &opened.caller, None);
    crate::gainsight::renew_standing(&app, &opened.caller);
    if let Some(person) = opened.caller.session.person {
        renew_profile(&app, opened.caller.organisation, person);
    }
    let left = opened.expires_at.since(app.clock.now()).as_secs();
    Ok(Json(SessionAnswer { token: opened.token, expires_in: u32::try_from(left).unwrap_or(u32::MAX), panel }))
}
