//! The first page: the meetings of the day, and who has added the app.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::ORIGIN;
use http::{HeaderMap, StatusCode};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::page::{Page, avatar, head, icon};
use crate::AppRegistration;
use crate::zoom::{Cloud, Meeting, Person, PersonView, Standing, Status};

/// The list.
pub(super) async fn show(State(cloud): State<Arc<Cloud>>) -> Page {
    let state = cloud.state();
    let find = |key: &str| state.people.get(key);
    let members: Vec<_> = state
        .people
        .iter()
        .filter(|person| !person.title.is_empty() && person.company.is_empty())
        .map(|person| PersonView::of(&state, person))
        .collect();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (head("Meeting simulator", &["tokens.css", "pages.css"], None))
            body {
                main.wide {
                    p.brand { "Sidelight sandbox" }
                    h1 { "Meeting simulator" }
                    p.lead { "A meeting window for people who have no meeting at hand. It answers the panel as Zoom's client would. Everybody here is invented." }
                    ul.meetings {
                        @for meeting in &state.meetings { (card(meeting, &find)) }
                    }
                    (apps(&members, &cloud.shared.app))
                }
            }
        }
    };
    Page::new(markup)
}

fn card<'a>(meeting: &Meeting, find: &impl Fn(&str) -> Option<&'a Person>) -> Markup {
    let host = find(&meeting.host);
    let others = meeting.present().filter(|one| one.identity.phone.is_none() && one.person != meeting.host);
    let inside: Vec<_> = others.take(9).collect();
    let status = match meeting.status {
        Status::Started => "Running",
        Status::Waiting => "Not started",
        Status::Ended => "Ended",
    };
    html! {
        li.meeting id={ "meeting-" (meeting.number) } {
            header {
                h2 { (meeting.topic) }
                p.quiet {
                    span class={ "state " (status.to_lowercase().replace(' ', "-")) } { (status) }
                    @if meeting.is_running() { " · " (meeting.present().count()) " people" }
                    @else if meeting.crowd > 0 { " · " (meeting.crowd) " people will come" }
                    @if let Some(host) = host { " · hosted by " (host.name) }
                }
            }
            @if let Some(host) = host {
                a.primary.button href={ "/meeting/" (meeting.number) "?as=" (host.key) } {
                    (icon("video")) @if meeting.is_running() { "Join as host" } @else { "Open as host" }
                }
            }
            @if !inside.is_empty() {
                p.quiet { "or as" }
                ul.faces {
                    @for one in inside {
                        li {
                            a href={ "/meeting/" (meeting.number) "?as=" (one.person) } {
                                (avatar(&one.person, &one.name)) span { (one.name) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn apps(members: &[PersonView], app: &AppRegistration) -> Markup {
    let add = |key: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        // Without a state, as the Marketplace's own button does (`zoom.md` 4.1).
        query.append_pair("response_type", "code").append_pair("client_id", &app.client_id);
        query.append_pair("redirect_uri", app.redirect_url.as_str()).append_pair("as", key);
        format!("/oauth/authorize?{}", query.finish())
    };
    html! {
        section.apps aria-labelledby="apps-title" {
            h2 #apps-title { "Your apps" }
            p.quiet { "Who has added Sidelight to a Zoom account. A host must, for attendees to be recognised." }
            ul.rows {
                @for member in members {
                    li {
                        (avatar(&member.key, &member.name))
                        span.who { strong { (member.name) } span.quiet { (member.title) } }
                        a.button href={ "/client?as=" (member.key) } { "Main client" }
                        @if member.standing == Standing::Authorized {
                            form method="post" action="/marketplace/remove" {
                                input type="hidden" name="person" value=(member.key);
                                button type="submit" aria-label={ "Remove Sidelight for " (member.name) } { "Remove" }
                            }
                        } @else {
                            a.button href=(add(&member.key)) aria-label={ "Add Sidelight for " (member.name) } { "Add" }
                        }
                    }
                }
            }
        }
    }
}

/// Whose app goes.
#[derive(Deserialize)]
pub(super) struct Removal {
    person: String,
}

/// "Remove" in the Marketplace; the app is told (`zoom.md` 6.5).
pub(super) async fn remove_app(
    State(cloud): State<Arc<Cloud>>,
    headers: HeaderMap,
    Form(removal): Form<Removal>,
) -> Response {
    // Another site must not press the button for the person who has this page open elsewhere.
    if headers.get(ORIGIN).is_some_and(|origin| !is_own(&cloud, origin.to_str().unwrap_or_default())) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let person = cloud.state().people.get(&removal.person).cloned();
    match person {
        Some(person) => {
            cloud.remove_app(&person);
            Redirect::to("/").into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn is_own(cloud: &Cloud, origin: &str) -> bool {
    let port = cloud.shared.addresses.zoom.port();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| origin == format!("http://{host}:{port}"))
}
