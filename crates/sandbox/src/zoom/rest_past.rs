//! `/v2/past_meetings`: what can be read when a meeting is over (`zoom.md` 7.3).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use sidelight_domain::Timestamp;

use super::cloud::{self, Cloud};
use super::events::iso;
use super::limits::Category;
use super::meeting::{Meeting, Participant};
use super::rest::{self, ApiError, Caller, Endpoint};
use super::{scopes, switches};

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/v2/past_meetings/{id}", get(meeting))
        .route("/v2/past_meetings/{id}/instances", get(instances))
        .route("/v2/past_meetings/{id}/participants", get(participants))
}

/// The caller's own instance, or the latest one of that number.
fn own<'a>(state: &'a cloud::State, caller: &Caller, segment: &str) -> Result<&'a Meeting, ApiError> {
    let id = rest::meeting_id(segment).ok_or_else(|| ApiError::no_meeting(segment))?;
    let mut past = state.past.iter().rev().filter(|meeting| meeting.host == caller.person.key);
    past.find(|meeting| meeting.uuid == id || meeting.number == id).ok_or_else(|| ApiError::no_meeting(&id))
}

async fn meeting(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let endpoint = Endpoint { scope: scopes::READ_PAST, category: Category::Light };
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let meeting = own(state, caller, &id)?;
        let (start, end) = (started(meeting), ended(meeting));
        let total = meeting.participants.iter().map(|participant| stay(participant, end).as_secs()).sum::<u64>();
        Ok(json!({
            "uuid": meeting.uuid,
            "id": meeting.number.parse::<i64>().unwrap_or_default(),
            "host_id": meeting.host_user,
            "user_name": caller.person.name,
            "user_email": caller.person.identity.email,
            "topic": meeting.topic,
            "type": meeting.kind,
            "start_time": iso(start),
            "end_time": iso(end),
            "duration": end.since(start).as_secs() / 60,
            "total_minutes": total / 60,
            "participants_count": meeting.participants.len(),
            "dept": "",
            "source": "Zoom",
        }))
    })
}

async fn instances(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let endpoint = Endpoint { scope: scopes::LIST_INSTANCES, category: Category::Medium };
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let number = own(state, caller, &id)?.number.clone();
        let past = state.past.iter().filter(|meeting| meeting.number == number);
        let meetings: Vec<_> =
            past.map(|meeting| json!({ "uuid": meeting.uuid, "start_time": iso(started(meeting)) })).collect();
        Ok(json!({ "meetings": meetings }))
    })
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    page_size: Option<usize>,
    #[serde(default)]
    next_page_token: Option<String>,
}

async fn participants(
    State(cloud): State<Arc<Cloud>>,
    Path(id): Path<String>,
    Query(list): Query<List>,
    headers: HeaderMap,
) -> Response {
    let endpoint = Endpoint { scope: scopes::LIST_PAST_PARTICIPANTS, category: Category::Medium };
    let delay = Duration::from_secs(cloud.number(&switches::PAST_DELAY));
    let now = cloud.now();
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let meeting = own(state, caller, &id)?;
        let end = ended(meeting);
        if now.since(end) < delay {
            return Err(ApiError::no_meeting(&id));
        }
        // One row per join: who came twice stands there twice.
        let rows = meeting.participants.iter().map(|participant| row(participant, meeting, end)).collect();
        let (rows, mut answer) = rest::page(rows, list.page_size, list.next_page_token.as_deref())?;
        answer["participants"] = rows.into();
        Ok(answer)
    })
}

fn row(participant: &Participant, meeting: &Meeting, end: Timestamp) -> Value {
    let identity = &participant.identity;
    json!({
        "id": identity.user.clone().unwrap_or_default(),
        "user_id": participant.id.to_string(),
        "registrant_id": identity.registrant.clone().unwrap_or_default(),
        "name": participant.name,
        "user_email": identity.email_for(&meeting.account),
        "join_time": iso(participant.joined_at),
        "leave_time": iso(participant.left_at.unwrap_or(end)),
        "duration": stay(participant, end).as_secs(),
        "failover": false,
        "status": if participant.is_waiting { "in_waiting_room" } else { "in_meeting" },
        "internal_user": identity.account.as_deref() == Some(meeting.account.as_str()),
    })
}

fn started(meeting: &Meeting) -> Timestamp {
    meeting.started_at.unwrap_or(meeting.starts_at)
}

fn ended(meeting: &Meeting) -> Timestamp {
    meeting.ended_at.unwrap_or_else(|| started(meeting))
}

fn stay(participant: &Participant, end: Timestamp) -> Duration {
    participant.left_at.unwrap_or(end).since(participant.joined_at)
}
