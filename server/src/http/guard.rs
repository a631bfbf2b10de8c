//! Every route of the panel's API is registered with the action it performs, and guarded by it.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use sidelight_api::ErrorCode;
use sidelight_api::home::VISITED_MEETING;
use sidelight_domain::access::{Action, Identity, Scope};
use sidelight_domain::ids::MeetingUuid;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{self, Content, Ref, RefOr, ResponseBuilder};
use utoipa_axum::router::UtoipaMethodRouter;

use super::{Caller, Refusal};
use crate::app::App;

/// A route with its documentation.
pub type GuardedRoute = UtoipaMethodRouter<App>;

/// Puts into the OpenAPI document what comes with the action of a route: `x-action`, which the tests read to try every route as everybody
/// who may not; the bearer token, under the name of its `scheme`; and how the guard, the limits and the database may refuse.
pub fn marked(action: Action, scheme: &str, mut route: GuardedRoute) -> GuardedRoute {
    for item in route.1.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.extensions = Some(ExtensionsBuilder::new().add("x-action", format!("{action:?}")).build());
            if action.scope() != Scope::Public {
                operation.security = Some(vec![SecurityRequirement::new(scheme, Vec::<String>::new())]);
            }
            for (status, description) in refusals(action.scope(), operation) {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| refusal(description));
            }
        }
    }
    route
}

/// How a request may be refused before its handler is asked, or by what every handler uses.
fn refusals(scope: Scope, operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let mut refusals = vec![("429", "`slow_down`"), ("503", "`storage_down`, `gainsight_busy`")];
    if operation.parameters.is_some() || operation.request_body.is_some() {
        refusals.push(("400", "`unreadable_input`"));
    }
    if operation.request_body.is_some() {
        refusals.push(("413", "`too_large`"));
    }
    refusals.extend(match scope {
        Scope::Public => &[][..],
        Scope::Session => &[("401", "`session_ended`")],
        Scope::Organisation => &[("401", "`session_ended`"), ("403", "`guest`, `no_organisation`")],
        Scope::Tenant => {
            &[("401", "`session_ended`"), ("403", "`guest`, `no_organisation`, `signed_out`, `inactive`, `no_licence`")]
        }
        Scope::Records => &[
            ("401", "`session_ended`"),
            ("403", "`guest`, `no_organisation`, `signed_out`, `inactive`, `no_licence`, `reads_only`"),
        ],
    });
    refusals
}

fn refusal(description: &str) -> RefOr<openapi::Response> {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    ResponseBuilder::new().description(description).content("application/json", body).build().into()
}

/// Lets nobody through to a route who may not perform its action.
pub fn guarded(app: &App, action: Action, route: MethodRouter<App>) -> MethodRouter<App> {
    let is_public = action.scope() == Scope::Public;
    if is_public { route } else { route.route_layer(from_fn_with_state((app.clone(), action), guard)) }
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
    let caller = visiting(&app, caller, request.headers()).await?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// In the main client a person may look at a meeting that he took part in, or has something of his own in: what he could see and do in it,
/// he can now.
async fn visiting(app: &App, caller: Caller, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let Some(named) = headers.get(VISITED_MEETING) else { return Ok(caller) };
    let meeting = MeetingUuid::new(named.to_str().map_err(|_| ErrorCode::NotFound)?);
    let (None, Some(person), Identity::Member) = (&caller.session.meeting, &caller.session.person, caller.identity())
    else {
        return Err(ErrorCode::NotFound.into());
    };
    if !app.store.read(caller.organisation).await?.meetings().concerns(person, &meeting).await? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(Caller { visiting: Some(meeting), ..caller })
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
