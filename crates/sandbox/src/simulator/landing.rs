//! The first page: the meetings of the day, and who has added the app.

use std::sync::Arc;

use axum::extract::State;
use maud::{DOCTYPE, Markup, html};

use super::marketplace::add_link;
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
                            a.button href={ "/marketplace?as=" (member.key) } aria-label={ "My Apps of " (member.name) } { "My Apps" }
                        } @else {
                            a.button href=(add_link(&member.key, app)) aria-label={ "Add Sidelight for " (member.name) } { "Add" }
                        }
                    }
                }
            }
        }
    }
}
