//! The panel's API: one file for each resource, and the table of contents with the action that guards each route.

mod activities;
mod activity_types;
mod draft;
mod entities;
mod events;
mod logout;
mod panel;
mod people;
mod roster;
mod session;
mod sign_in;
mod timeline;
mod view;
mod writes;

use sidelight_domain::access::Action;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::{GuardedRoute, guarded, marked};

/// Below this path.
pub const BASE: &str = "/api/v1";

/// The frame of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Sidelight panel API", description = "What the side panel in Zoom asks its server. Errors have one shape: ErrorBody."),
    tags(
        (name = "panel", description = "Session, state and live events of one opened panel"),
        (name = "sign-in", description = "Signing in to a Gainsight tenant"),
        (name = "customer", description = "Companies, people and Timeline as the viewer may see them"),
        (name = "writing", description = "Drafts and activities on their way to Gainsight"),
    )
)]
struct Document;

/// Every route with the action that it performs.
fn table() -> [(Action, GuardedRoute); 19] {
    [
        (Action::VisitPublic, routes!(session::open)),
        (Action::ReadSession, routes!(panel::read)),
        (Action::ListenToEvents, routes!(events::listen)),
        (Action::KeepView, routes!(view::change)),
        (Action::ReportRoster, routes!(roster::report)),
        (Action::SignIn, routes!(logout::logout)),
        (Action::SignIn, routes!(sign_in::look_up)),
        (Action::SignIn, routes!(sign_in::begin)),
        (Action::SignIn, routes!(sign_in::read, sign_in::cancel)),
        (Action::SignIn, routes!(sign_in::confirm)),
        (Action::SearchEntities, routes!(entities::search)),
        (Action::ReadPeople, routes!(people::read)),
        (Action::ReadTimeline, routes!(timeline::list)),
        (Action::ReadTimeline, routes!(timeline::open)),
        (Action::LogActivity, routes!(activity_types::list)),
        (Action::KeepDraft, routes!(draft::read, draft::save, draft::discard)),
        (Action::LogActivity, routes!(activities::log)),
        (Action::ManageOwnWrites, routes!(writes::list)),
        (Action::ManageOwnWrites, routes!(writes::settle)),
    ]
}

/// All routes below [`BASE`], each behind the guard of its action.
#[must_use = "routes that nobody serves answer nobody"]
pub fn router(app: &App) -> OpenApiRouter<App> {
    documented(|action, route| guarded(app, action, route))
}

/// The description alone, for whoever has no application to serve it.
#[must_use]
pub fn description() -> OpenApi {
    documented(|_, route| route).into_openapi()
}

fn documented(guard: impl Fn(Action, GuardedRoute) -> GuardedRoute) -> OpenApiRouter<App> {
    let add = |router: OpenApiRouter<App>, (action, route)| router.routes(guard(action, marked(action, route)));
    let routes = table().into_iter().fold(OpenApiRouter::new(), add);
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, routes)
}
