//! A small App Marketplace: who has the app, what was allowed, and the way to remove it with a reason (`zoom.md` 2.1, 4.1, 6.5).

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::ORIGIN;
use http::{HeaderMap, StatusCode};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::page::{Page, avatar, head, icon};
use crate::AppRegistration;
use crate::zoom::{Cloud, PersonView, SCOPES, Scope, Standing};

/// Why somebody removes an app. Zoom keeps it; the event that the app gets has no place for it (`zoom.md` 6.5).
const REASONS: [&str; 4] =
    ["I no longer use it", "It does not do what I expected", "It asks for too much", "I use another app"];

/// Whose Marketplace it is, and what has just been done.
#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default, rename = "as")]
    person: Option<String>,
    #[serde(default)]
    removed: Option<String>,
}

/// The page.
pub(super) async fn show(State(cloud): State<Arc<Cloud>>, Query(shown): Query<Shown>) -> Response {
    let state = cloud.state();
    let wanted = shown.person.as_deref().unwrap_or("maya-lindqvist");
    let Some(person) = state.people.get(wanted) else { return StatusCode::NOT_FOUND.into_response() };
    let viewer = PersonView::of(&state, person);
    let granted = person.identity.user.as_deref().and_then(|user| state.grants.scopes_of(user)).cloned();
    let app = &cloud.shared.app;
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (head("App Marketplace", &["tokens.css", "pages.css"], None))
            body.narrow {
                main.sheet {
                    p.brand { "Zoom stand-in · App Marketplace" }
                    h1 { "Sidelight" }
                    p.quiet { "A customer's whole story beside the call. Served from " (app.redirect_url.host_str().unwrap_or_default()) "." }
                    p.account { (avatar(&viewer.key, &viewer.name)) span.who { strong { (viewer.name) } span.quiet { (viewer.title) } } }
                    @if shown.removed.is_some() { p role="status" { "Sidelight was removed and told so; the reason stays with Zoom." } }
                    @match viewer.standing {
                        Standing::Authorized => (added(&viewer, &granted.unwrap_or_default())),
                        Standing::Authenticated | Standing::Unauthenticated => (to_add(&viewer, app)),
                    }
                    p.quiet { a href="/" { "Back to the meetings" } }
                }
            }
        }
    };
    Page::new(markup).into_response()
}

fn to_add(viewer: &PersonView, app: &AppRegistration) -> Markup {
    html! {
        p { "Not among your apps yet." }
        div.buttons { a.primary.button href=(add_link(&viewer.key, app)) { "Add" } }
    }
}

/// The consent page, without a state: the Marketplace's own button does not know the app's (`zoom.md` 4.1).
pub(super) fn add_link(person: &str, app: &AppRegistration) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code").append_pair("client_id", &app.client_id);
    query.append_pair("redirect_uri", app.redirect_url.as_str()).append_pair("as", person);
    format!("/oauth/authorize?{}", query.finish())
}

fn added(viewer: &PersonView, granted: &std::collections::BTreeSet<String>) -> Markup {
    let is_granted = |scope: &&Scope| granted.contains(scope.name);
    html! {
        h2 { "My Apps" }
        p.quiet { "Added. It may:" }
        ul.scopes {
            @for scope in SCOPES.iter().filter(is_granted) { li { span { (scope.words) } code { (scope.name) } } }
        }
        div.buttons { a.button href={ "/client?as=" (viewer.key) } { (icon("video")) "Open in Zoom" } }
        form method="post" action="/marketplace/revoke" {
            input type="hidden" name="person" value=(viewer.key);
            p.quiet { "An administrator can end what the app may ask, without removing it. The app finds out when it asks." }
            div.buttons { button.secondary type="submit" { "End its access" } }
        }
        form method="post" action="/marketplace/remove" {
            input type="hidden" name="person" value=(viewer.key);
            input type="hidden" name="from" value="marketplace";
            label for="reason" { "Why do you remove Sidelight?" }
            select #reason name="reason" required {
                option value="" { "Choose a reason" }
                @for reason in REASONS { option { (reason) } }
            }
            div.buttons { button.secondary type="submit" { "Remove" } }
        }
    }
}

/// Whose app goes, and why.
#[derive(Deserialize)]
pub(super) struct Removal {
    person: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    from: String,
}

/// "Remove" in the Marketplace; the app is told (`zoom.md` 6.5).
pub(super) async fn remove_app(
    State(cloud): State<Arc<Cloud>>,
    headers: HeaderMap,
    Form(removal): Form<Removal>,
) -> Response {
    if is_foreign(&cloud, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let person = cloud.state().people.get(&removal.person).cloned();
    let Some(person) = person else { return StatusCode::NOT_FOUND.into_response() };
    if removal.from == "marketplace" && !REASONS.contains(&removal.reason.as_str()) {
        return (StatusCode::BAD_REQUEST, "Choose one of the reasons.").into_response();
    }
    cloud.remove_app(&person);
    let target = if removal.from == "marketplace" {
        format!("/marketplace?as={}&removed=1", person.key)
    } else {
        "/".to_owned()
    };
    Redirect::to(&target).into_response()
}

/// Whose tokens end.
#[derive(Deserialize)]
pub(super) struct Revocation {
    person: String,
}

/// Ends the tokens and leaves the app (`zoom.md` 4.2, 4741).
pub(super) async fn revoke(
    State(cloud): State<Arc<Cloud>>,
    headers: HeaderMap,
    Form(revocation): Form<Revocation>,
) -> Response {
    if is_foreign(&cloud, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut state = cloud.state();
    let user = state.people.get(&revocation.person).and_then(|person| person.identity.user.clone());
    let Some(user) = user else { return StatusCode::NOT_FOUND.into_response() };
    state.grants.revoke_all(Some(&user));
    Redirect::to(&format!("/marketplace?as={}", revocation.person)).into_response()
}

/// The static launch link of a published app: into the client where the app was added, else to its page (`zoom.md` 4.5).
pub(super) async fn launch(
    State(cloud): State<Arc<Cloud>>,
    Path((client_id, context)): Path<(String, String)>,
    Query(shown): Query<Shown>,
) -> Response {
    let state = cloud.state();
    let person = shown.person.as_deref().and_then(|key| state.people.get(key));
    let Some(person) = person.filter(|_| client_id == cloud.shared.app.client_id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let inside = state.meetings.iter().find(|meeting| meeting.of_person(&person.key).is_some());
    let target = match inside.filter(|_| context == "meeting") {
        _ if !state.has_app(person) => format!("/marketplace?as={}", person.key),
        Some(meeting) => format!("/meeting/{}?as={}", meeting.number, person.key),
        None => format!("/client?as={}", person.key),
    };
    Redirect::to(&target).into_response()
}

/// Another site must not press a button for the person who has this page open elsewhere.
fn is_foreign(cloud: &Cloud, headers: &HeaderMap) -> bool {
    let port = cloud.shared.addresses.zoom.port();
    let is_own =
        |origin: &str| ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| origin == format!("http://{host}:{port}"));
    headers.get(ORIGIN).is_some_and(|origin| !is_own(origin.to_str().unwrap_or_default()))
}
