//! The panel's API: one file for each resource, and the table of contents with the action that guards each route. What is served
//! beside it stands in [`beside`].

mod activities;
mod activity_types;
mod attendees;
pub mod beside;
mod card;
mod contacts;
mod draft;
mod entities;
mod events;
mod home;
mod inquiry;
mod invitation;
mod logout;
mod panel;
mod people;
mod persons;
mod roster;
mod session;
mod sign_in;
mod timeline;
mod view;
mod writes;
mod zoom;

use axum::Router;
use sidelight_domain::access::Action;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::{GuardedRoute, guarded, marked};

/// Below this path.
pub const BASE: &str = "/api/v1";

/// The name of the bearer token in the OpenAPI document.
const BEARER: &str = "session";
/// Where it comes from.
const TOKEN: &str = "`token` of the answer to POST /api/v1/session.";

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
fn table() -> [(Action, GuardedRoute); 34] {
    [
        (Action::VisitPublic, routes!(session::open)),
        (Action::ReadSession, routes!(panel::read)),
        (Action::ListenToEvents, routes!(events::listen)),
        (Action::AuthoriseZoom, routes!(zoom::begin, zoom::finish)),
        (Action::KeepView, routes!(view::change)),
        (Action::ReportRoster, routes!(roster::report)),
        (Action::SignIn, routes!(logout::logout)),
        (Action::SignIn, routes!(sign_in::look_up)),
        (Action::SignIn, routes!(sign_in::begin)),
        (Action::SignIn, routes!(sign_in::read, sign_in::cancel)),
        (Action::SignIn, routes!(sign_in::confirm)),
        (Action::SearchEntities, routes!(entities::search)),
        (Action::ReadPeople, routes!(people::read)),
        (Action::ReadPeople, routes!(contacts::list)),
        (Action::ReadPeople, routes!(attendees::find)),
        (Action::TickPeople, routes!(contacts::tick)),
        (Action::ReadPeople, routes!(card::read)),
        (Action::TickPeople, routes!(card::correct)),
        (Action::TickPeople, routes!(invitation::bring, invitation::take_back)),
        (Action::AskGuests, routes!(inquiry::begin, inquiry::take_back)),
        (Action::AskGuests, routes!(inquiry::answer)),
        (Action::EditPeople, routes!(persons::find)),
        (Action::EditPeople, routes!(persons::add)),
        (Action::ReadTimeline, routes!(timeline::list)),
        (Action::ReadTimeline, routes!(timeline::open)),
        (Action::ChangeActivity, routes!(timeline::change, timeline::delete)),
        (Action::LogActivity, routes!(activity_types::list)),
        (Action::KeepDraft, routes!(draft::read, draft::save, draft::discard)),
        (Action::LogActivity, routes!(activities::log)),
        (Action::ReadHome, routes!(home::read)),
        (Action::ReadHome, routes!(home::choose)),
        (Action::ReadHome, routes!(home::need_note)),
        (Action::ManageOwnWrites, routes!(writes::list)),
        (Action::ManageOwnWrites, routes!(writes::settle)),
    ]
}

/// Everything that is served, each route behind the guard of its action.
#[must_use = "routes that nobody serves answer nobody"]
pub fn router(app: &App) -> Router<App> {
    let (api, _) =
        documented(|action, (schemas, paths, route)| (schemas, paths, guarded(app, action, route))).split_for_parts();
    let add = |router: Router<App>, (action, path, route)| router.route(path, guarded(app, action, route));
    beside::table().into_iter().fold(api, add)
}

/// The description alone, for whoever has no application to serve it.
#[must_use]
pub fn description() -> OpenApi {
    documented(|_, route| route).into_openapi()
}

fn documented(guard: impl Fn(Action, GuardedRoute) -> GuardedRoute) -> OpenApiRouter<App> {
    let add = |router: OpenApiRouter<App>, (action, route)| router.routes(guard(action, marked(action, BEARER, route)));
    let routes = table().into_iter().fold(OpenApiRouter::new(), add);
    let mut document = Document::openapi();
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(TOKEN)).build();
    document.components.get_or_insert_default().add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    OpenApiRouter::with_openapi(document).nest(BASE, routes)
}
