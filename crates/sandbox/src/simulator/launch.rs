//! Deep links: what the system browser opens in the client (`zoom.md` 4.5).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use crate::zoom::Cloud;

/// Opens the app for the person who made the link: in the meeting where he is, else in the main client.
pub(super) async fn follow(State(cloud): State<Arc<Cloud>>, Path(token): Path<String>) -> Response {
    let now = cloud.now();
    let mut state = cloud.state();
    let Some((person, opening)) = state.links.get(&token).cloned() else {
        return (StatusCode::NOT_FOUND, "This link leads nowhere.").into_response();
    };
    let inside = state.meetings.iter().find(|meeting| meeting.of_person(&person).is_some());
    let target = match inside {
        Some(meeting) => format!("/meeting/{}?as={person}", meeting.number),
        None => format!("/client?as={person}"),
    };
    state.openings.insert(person, crate::zoom::Opening { at: now, ..opening });
    Redirect::to(&target).into_response()
}
