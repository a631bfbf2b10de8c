//! `/_control/meetings` and `/_control/live`: the scenario steps, and the stream that the pages follow.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{Stream, StreamExt, stream};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use sidelight_domain::Timestamp;
use tokio_stream::wrappers::BroadcastStream;

use super::cloud::{self, Cloud};
use super::live::{Change, MeetingView, Snapshot};
use super::meeting::Registrant;
use super::steps::{self, Step, StepError};
use crate::control::{Refusal, json_body};

impl IntoResponse for StepError {
    fn into_response(self) -> Response {
        match self {
            Self::Control(refusal) => refusal.into_response(),
            Self::NotTaken(reason) => {
                (StatusCode::CONFLICT, Json(json!({ "error": reason.to_string() }))).into_response()
            }
        }
    }
}

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/_control/meetings", get(list).post(plan))
        .route("/_control/meetings/replay", post(replay_all))
        .route("/_control/meetings/{id}", get(read))
        .route("/_control/meetings/{id}/{step}", post(take))
        .route("/_control/live", get(follow))
}

async fn list(State(cloud): State<Arc<Cloud>>) -> Json<Vec<MeetingView>> {
    let state = cloud.state();
    Json(state.meetings.iter().map(|meeting| MeetingView::brief(&state, meeting)).collect())
}

/// A new meeting.
#[derive(Deserialize)]
struct Plan {
    topic: String,
    /// Key of the owner.
    host: String,
    #[serde(default)]
    number: Option<String>,
    /// The instance id, where a test needs a special one.
    #[serde(default)]
    uuid: Option<String>,
    /// Who is on the calendar invitation.
    #[serde(default)]
    invitees: Vec<String>,
    /// Who registered.
    #[serde(default)]
    registrants: Vec<Registrant>,
    #[serde(default)]
    has_waiting_room: bool,
    /// As Zoom numbers them: 2 is planned, 3 and 8 recur, 4 is the host's personal room (`zoom.md` 6.4).
    #[serde(default = "planned_once")]
    kind: u8,
    /// Now, unless told.
    #[serde(default)]
    starts_at: Option<Timestamp>,
    #[serde(default)]
    minutes: Option<u64>,
}

const fn planned_once() -> u8 {
    2
}

async fn plan(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<MeetingView>, StepError> {
    let plan: Plan = json_body(&body)?;
    let fresh = cloud.fresh();
    let mut state = cloud.state();
    let host = state.people.get(&plan.host).ok_or(Refusal::Unknown("such person"))?;
    let drawn = u64::from_le_bytes(fresh.bytes()) % 1_000_000_000;
    let number = plan.number.unwrap_or_else(|| format!("86{drawn:09}"));
    let uuid = plan.uuid.unwrap_or_else(|| fresh.instance());
    let mut meeting = cloud::planned(&number, &uuid, &plan.topic, host);
    meeting.kind = plan.kind;
    meeting.starts_at = plan.starts_at.unwrap_or_else(|| cloud.now());
    meeting.duration = plan.minutes.map_or(meeting.duration, Duration::from_mins);
    meeting.invitees = plan.invitees;
    meeting.registrants = plan.registrants;
    meeting.has_waiting_room = plan.has_waiting_room;
    let view = MeetingView::brief(&state, &meeting);
    state.meetings.retain(|known| known.number != number);
    state.meetings.push(meeting);
    Ok(Json(view))
}

async fn read(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>) -> Result<Json<MeetingView>, StepError> {
    let state = cloud.state();
    let meeting = state.meeting(&id).ok_or(Refusal::Unknown("such meeting"))?;
    Ok(Json(MeetingView::of(&state, meeting)))
}

async fn take(
    State(cloud): State<Arc<Cloud>>,
    Path((id, step)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, StepError> {
    let mut fields: Value = json_body(&body)?;
    fields["step"] = step.replace('-', "_").into();
    let step: Step = serde_json::from_value(fields).map_err(Refusal::from)?;
    Ok(Json(steps::take(&cloud, &id, step)?))
}

/// Replays every running meeting: what a demo does once its own installation is done.
async fn replay_all(State(cloud): State<Arc<Cloud>>) -> Result<Json<Vec<Value>>, StepError> {
    let state = cloud.state();
    let running: Vec<_> = state.meetings.iter().filter(|one| one.is_running()).map(|one| one.number.clone()).collect();
    drop(state);
    let replayed = running.iter().map(|number| steps::take(&cloud, number, Step::Replay));
    Ok(Json(replayed.collect::<Result<_, _>>()?))
}

/// What a page wants to follow.
#[derive(Clone, Deserialize)]
struct Follow {
    /// Number of the meeting; none in the main client.
    #[serde(default)]
    meeting: Option<String>,
    /// Key of the person who looks.
    #[serde(default, rename = "as")]
    person: Option<String>,
}

async fn follow(
    State(cloud): State<Arc<Cloud>>,
    Query(follow): Query<Follow>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Subscribed before the snapshot is taken, so that nothing falls between the two.
    let changes = BroadcastStream::new(cloud.follow());
    let first = snapshot(&cloud, &follow);
    let rest = changes.filter_map(move |change| {
        let event = match change {
            Ok(change) if change.is_everything => Some(snapshot(&cloud, &follow)),
            Ok(change) => change.concerns(follow.meeting.as_deref()).then(|| event("change", &*change)),
            // Too slow: what was missed is not told again, so start anew.
            Err(_) => Some(snapshot(&cloud, &follow)),
        };
        async move { event }
    });
    Sse::new(stream::once(async { first }).chain(rest).map(Ok)).keep_alive(KeepAlive::default())
}

fn snapshot(cloud: &Cloud, follow: &Follow) -> Event {
    event("snapshot", &Snapshot::of(cloud, follow.meeting.as_deref(), follow.person.as_deref()))
}

fn event(name: &str, data: &impl serde::Serialize) -> Event {
    // Both types are plain structs, so writing them cannot fail; an empty event is ignored by the page.
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// Asks the pages to read everything anew, after a change that is not about a meeting.
pub(super) fn refresh(cloud: &Cloud) {
    cloud.tell(Change::everything());
}
