//! Every route of the panel's API is registered with the action it performs, and guarded by it.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use sidelight_api::ErrorCode;
use sidelight_domain::access::{Action, Scope};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa_axum::router::UtoipaMethodRouter;

use super::{Caller, Refusal};
use crate::app::App;

/// A route with its documentation.
pub type GuardedRoute = UtoipaMethodRouter<App>;

/// Puts the action of a route into the OpenAPI document, as `x-action`: the tests read it there and try every route as everybody who
/// may not.
pub fn marked(action: Action, mut route: GuardedRoute) -> GuardedRoute {
    for item in route.1.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.extensions = Some(ExtensionsBuilder::new().add("x-action", format!("{action:?}")).build());
        }
    }
    route
}

/// Lets nobody through to a route who may not perform its action.
pub fn guarded(app: &App, action: Action, (schemas, paths, route): GuardedRoute) -> GuardedRoute {
    let is_public = action.scope() == Scope::Public;
    let route = if is_public { route } else { route.route_layer(from_fn_with_state((app.clone(), action), guard)) };
    (schemas, paths, route)
}

async fn guard(
    State((app, action)): State<(App, Action)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let caller = caller(&app, request.headers()).await?;
    app.limits.sessions.take(&caller.session.id)?;
    if let Some(person) = &caller.session.person {
        app.limits.people.take(person)?;
    }
    caller.may(action)?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// The live session behind a bearer token (RFC 6750, 2.1).
async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let ended = || Refusal::from(ErrorCode::SessionEnded);
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(ended)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(ended)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ended());
    }
    let (session, _) = app.tokens.read(token.trim(), app.clock.now()).map_err(|_| ended())?;
    app.sessions.find(app, session).await?.ok_or_else(ended)
}
