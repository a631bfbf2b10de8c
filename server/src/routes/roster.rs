//! `POST /api/v1/roster`: the participant list of a host's panel, as a hint.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::session::RosterReport;
use sidelight_api::{ErrorBody, ErrorCode};
use sidelight_domain::ids::{ParticipantId, ParticipantUuid};
use sidelight_domain::roster::{LONGEST_NAME, MOST_PARTICIPANTS, Role};
use sidelight_store::SeenMeeting;

use crate::app::App;
use crate::http::{Answered, Caller, Input};
use crate::record::Record as _;

/// Longest id that Zoom uses for a participant, with room to spare.
pub(super) const LONGEST_UUID: usize = 64;

/// Adds names and presence to the meeting's roster. A browser is no witness: it adds no address and removes nobody whom a webhook
/// showed.
#[utoipa::path(
    post, path = "/roster", tag = "panel", request_body = RosterReport,
    responses((status = 204), (status = 404, description = "Not the host's or a co-host's panel", body = ErrorBody))
)]
pub(super) async fn report(
    State(app): State<App>,
    caller: Caller,
    Input(report): Input<RosterReport>,
) -> Answered<StatusCode> {
    // Zoom hands the list to hosts only; a report from anybody else is made up.
    let Some(meeting) = caller.session.meeting.as_ref().filter(|_| caller.session.role.sees_participants()) else {
        return Err(ErrorCode::NotFound.into());
    };
    crate::zoom::expect(&app, &caller, report.number.filter(|number| number.as_str().len() <= LONGEST_UUID));
    let listed = listed(report.participants);
    let mut unit = app.store.begin(caller.organisation).await?;
    let topic = report
        .topic
        .map(|topic| topic.chars().take(LONGEST_NAME).collect::<String>())
        .filter(|topic| !topic.trim().is_empty());
    let known_topic = unit.meetings().find(meeting).await?.and_then(|meeting| meeting.topic);
    // A webhook's topic is not overwritten by a browser's.
    let seen = SeenMeeting { topic: known_topic.or(topic), ..SeenMeeting::new(meeting.clone()) };
    let (_, meeting_changed) = unit.meetings().observe(seen).await?;
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(meeting).await?);
    let changed = roster.hint(&listed, report.is_of_breakout, app.clock.now(), || ParticipantId::new(app.ids.uuid()));
    if !meeting_changed && changed.is_empty() {
        return Ok(StatusCode::NO_CONTENT);
    }
    unit.meetings().save_roster(meeting, &roster, &changed).await?;
    unit.note(
        caller.session.person.as_ref(),
        "roster.reported",
        &caller.session.id,
        &json!({ "changed": changed.len() }),
    );
    if meeting_changed {
        unit.tell_meeting(meeting, &Event::Meeting);
    }
    if !changed.is_empty() {
        unit.tell_meeting(meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Each participant once, within the limits of what a meeting can hold.
fn listed(
    participants: Vec<sidelight_api::session::ListedParticipant>,
) -> Vec<(ParticipantUuid, String, Option<Role>)> {
    let mut seen = std::collections::HashSet::new();
    participants
        .into_iter()
        .take(MOST_PARTICIPANTS)
        .filter(|person| !person.uuid.as_str().is_empty() && person.uuid.as_str().len() <= LONGEST_UUID)
        .filter(|person| seen.insert(person.uuid.clone()))
        .map(|person| {
            (person.uuid, person.name, Some(person.role).filter(|role| !role.is_empty()).map(|role| Role::parse(&role)))
        })
        .collect()
}
