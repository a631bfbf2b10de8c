//! The main client: the same panel without a meeting (design 4.1).

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::drawer::{self, Place};
use super::native;
use super::page::{Page, STYLES, head, icon};
use super::window::{dock, opener, overlays};
use crate::zoom::Cloud;

/// Whose client it is.
#[derive(Deserialize)]
pub(super) struct Viewer {
    #[serde(default, rename = "as")]
    person: Option<String>,
}

/// The client of one person; without a known one, back to the list.
pub(super) async fn show(State(cloud): State<Arc<Cloud>>, Query(viewer): Query<Viewer>) -> Response {
    let state = cloud.state();
    let Some(person) = viewer.person.as_ref().and_then(|key| state.people.get(key)) else {
        return Redirect::to("/").into_response();
    };
    let panel = &cloud.shared.app.home_url;
    let native = native::home(&cloud, &person.key, None);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (head("Main client", STYLES, Some("main-client.mjs")))
            body.window.client data-person=(person.key) data-home=(panel)
                data-native=(native)
            {
                header.top {
                    a.mark href="/" { span.dot {} "Meeting simulator" }
                    div.title { h1 { "Main client" } span.quiet { "no meeting" } }
                    p.viewer { span.quiet { "as" } " " strong #you { (person.name) } }
                }
                div.room {
                    (drawer::show(Place::MainClient, &person.key))
                    (home())
                    (dock())
                }
                footer.bar {
                    div.tools role="toolbar" aria-label="Client controls" {
                        div {}
                        div {
                            button #apps type="button" aria-pressed="false" { (icon("layout-grid")) span.label { "Apps" } }
                            (opener("simulate", "sliders-horizontal", &html! { "Simulate" }, "drawer"))
                        }
                        div {}
                    }
                }
                (overlays())
            }
        }
    };
    Page::new(markup).framing([panel, &native]).into_response()
}

fn home() -> Markup {
    html! {
        main #stage.home aria-label="Home" {
            h2 { "Meetings of today" }
            ul #meetings.rows.cards {}
        }
    }
}
