//! The meeting window.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::drawer::{self, Place};
use super::native;
use super::page::{Page, STYLES, head, icon};
use crate::zoom::Cloud;

/// Whose window it is.
#[derive(Deserialize)]
pub(super) struct Viewer {
    #[serde(default, rename = "as")]
    person: Option<String>,
}

/// The window of one person. Without a known one, or for an unknown number, back to the list.
pub(super) async fn show(
    State(cloud): State<Arc<Cloud>>,
    Path(number): Path<String>,
    Query(viewer): Query<Viewer>,
) -> Response {
    let state = cloud.state();
    let person = viewer.person.as_ref().and_then(|key| state.people.get(key));
    let (Some(meeting), Some(person)) = (state.meeting(&number), person) else {
        // Digits only: what somebody typed into the address does not belong in a header.
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        return Redirect::to(&format!("/#meeting-{digits}")).into_response();
    };
    let panel = &cloud.shared.app.home_url;
    let native = native::home(&cloud, &person.key, Some(&meeting.number));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&meeting.topic, STYLES, Some("meeting.mjs")))
            body.window data-number=(meeting.number) data-person=(person.key) data-home=(panel)
                data-native=(native)
            {
                (top(&meeting.number))
                div.room {
                    (drawer::show(Place::Meeting, &person.key))
                    (stage())
                    (people())
                    (dock())
                }
                (bar())
                (overlays())
            }
        }
    };
    Page::new(markup).framing([panel, &native]).into_response()
}

fn top(number: &str) -> Markup {
    html! {
        header.top {
            a.mark href="/" { span.dot {} "Meeting simulator" }
            div.title {
                h1 #topic { "…" }
                span.quiet { (grouped(number)) " · " span #elapsed { "00:00" } }
            }
            p.viewer { span.quiet { "as" } " " strong #you { "…" } }
        }
    }
}

/// A number as Zoom writes it: `812 3456 7890`.
fn grouped(number: &str) -> String {
    let (first, rest) = number.split_at_checked(3).unwrap_or((number, ""));
    let (second, third) = rest.split_at_checked(4).unwrap_or((rest, ""));
    [first, second, third].join(" ").trim_end().to_owned()
}

fn stage() -> Markup {
    html! {
        main #stage aria-label="People in the meeting" {
            p #sharing.banner hidden { "You are sharing your screen" }
            ul #tiles.tiles {}
            nav #pager.pager aria-label="Pages of the gallery" hidden {
                button #page-back type="button" aria-label="Previous people" { (icon("chevron-left")) }
                span #page-number {}
                button #page-on type="button" aria-label="Next people" { (icon("chevron-right")) }
            }
            div #outside.outside hidden {
                p #outside-words {}
                div.buttons {
                    button #join.primary type="button" { "Join" }
                    a.button href="/" { "All meetings" }
                }
            }
        }
    }
}

fn people() -> Markup {
    html! {
        aside #people.side aria-labelledby="people-title" hidden {
            header {
                h2 #people-title tabindex="-1" { "Participants (" span #people-count { "0" } ")" }
                button #close-people.plain type="button" aria-label="Close participants" { (icon("x")) }
            }
            section #waiting hidden {
                h3 { "In the waiting room" }
                ul #waiting-list.rows {}
            }
            ul #people-list.rows {}
        }
    }
}

/// The app at the side.
pub(super) fn dock() -> Markup {
    html! {
        aside #dock aria-label="App panel" hidden {
            div #handle.handle role="separator" aria-orientation="vertical" aria-label="Width of the panel" tabindex="0"
                aria-valuemin="280" aria-valuemax="500" aria-valuenow="400" {}
            header #dock-bar.dock-bar {
                strong { "Sidelight" }
                output #width.quiet { "400 px" }
                button #pop-out.plain type="button" aria-label="Pop out" title="Pop out" { (icon("picture-in-picture-2")) }
                button #close-panel.plain type="button" aria-label="Close panel" title="Close panel" { (icon("x")) }
            }
            div #slot.slot {}
        }
    }
}

fn button(id: &str, symbol: &str, label: &str) -> Markup {
    html! {
        button id=(id) type="button" aria-pressed="false" { (icon(symbol)) span.label { (label) } }
    }
}

/// A button that opens something at the side.
pub(super) fn opener(id: &str, symbol: &str, label: &Markup, controls: &str) -> Markup {
    html! {
        button id=(id) type="button" aria-expanded="false" aria-controls=(controls) {
            (icon(symbol)) span.label { (label) }
        }
    }
}

fn bar() -> Markup {
    html! {
        footer.bar {
            div.tools role="toolbar" aria-label="Meeting controls" {
                div { (button("mute", "mic", "Mute")) (button("video", "video", "Stop video")) }
                div {
                    (opener("participants", "users", &html! { "Participants (" span #bar-count { "0" } ")" }, "people"))
                    (button("share", "monitor-up", "Share"))
                    (button("apps", "layout-grid", "Apps"))
                    (opener("simulate", "sliders-horizontal", &html! { "Simulate" }, "drawer"))
                }
                div { button #leave.leave type="button" { (icon("log-out")) span.label { "Leave" } } }
            }
        }
    }
}

/// What lies over the window.
pub(super) fn overlays() -> Markup {
    html! {
        div #notices.notices role="status" aria-live="polite" {}
        div #dialogs {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_reading() {
        assert_eq!(grouped("81234567890"), "812 3456 7890");
        assert_eq!(grouped("8123"), "812 3");
        assert_eq!(grouped(""), "");
    }
}
