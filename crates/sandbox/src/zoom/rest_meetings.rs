//! `/v2/meetings`: what the host's token may read of a meeting (`zoom.md` 7.2, 7.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cloud::{self, Cloud};
use super::events::iso;
use super::limits::Category;
use super::meeting::{Meeting, Status};
use super::people::People;
use super::rest::{self, ApiError, Caller, Endpoint};
use super::scopes;

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/v2/meetings/{id}", get(meeting))
        .route("/v2/meetings/{id}/invitation", get(invitation))
        .route("/v2/meetings/{id}/registrants", get(registrants))
}

/// The caller's own meeting of that number. Somebody else's looks like none at all.
fn own<'a>(state: &'a cloud::State, caller: &Caller, number: &str) -> Result<&'a Meeting, ApiError> {
    if number.parse::<i64>().is_err() {
        return Err(ApiError::invalid("meetingId", "The value must be a number."));
    }
    let found = state.meetings.iter().find(|meeting| meeting.number == number);
    found.filter(|meeting| meeting.host == caller.person.key).ok_or_else(|| ApiError::no_meeting(number))
}

async fn meeting(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let endpoint = Endpoint { scope: scopes::READ_MEETING, category: Category::Light };
    let base = simulator(&cloud);
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let meeting = own(state, caller, &id)?;
        Ok(describe(meeting, &state.people, &base))
    })
}

/// Where the meeting window of this sandbox is.
fn simulator(cloud: &Cloud) -> String {
    format!("http://localhost:{}", cloud.shared.addresses.zoom.port())
}

fn describe(meeting: &Meeting, people: &People, base: &str) -> Value {
    let host = people.get(&meeting.host);
    let email = host.and_then(|host| host.identity.email.clone()).unwrap_or_default();
    let join_url = format!("{base}/meeting/{}", meeting.number);
    json!({
        "uuid": meeting.uuid,
        "id": meeting.number.parse::<i64>().unwrap_or_default(),
        "host_id": meeting.host_user,
        "host_email": email,
        "topic": meeting.topic,
        "type": meeting.kind,
        "status": if meeting.status == Status::Started { "started" } else { "waiting" },
        "start_time": iso(meeting.starts_at),
        "duration": meeting.duration.as_secs() / 60,
        "timezone": meeting.timezone,
        "agenda": "",
        "created_at": iso(meeting.starts_at),
        // A credential of the host (`zoom.md` 7.2): here so that nobody keeps it by accident unseen.
        "start_url": format!("{join_url}?as={}&zak=sandbox-start-credential", meeting.host),
        "join_url": join_url,
        "password": "sandbox",
        "settings": {
            "meeting_invitees": meeting.invitees.iter().map(|email| invitee(email, meeting, people)).collect::<Vec<_>>(),
            "alternative_hosts": "",
            // 2 is without registration.
            "approval_type": if registered(meeting, people).is_empty() { 2 } else { 0 },
            "waiting_room": meeting.has_waiting_room,
            "meeting_authentication": false,
            "internal_meeting": false,
            "contact_email": email,
        },
    })
}

fn invitee(email: &str, meeting: &Meeting, people: &People) -> Value {
    let internal = people.iter().any(|person| {
        person.identity.email.as_deref() == Some(email)
            && person.identity.account.as_deref() == Some(meeting.account.as_str())
    });
    json!({ "email": email, "internal_user": internal })
}

async fn invitation(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let endpoint = Endpoint { scope: scopes::READ_INVITATION, category: Category::Light };
    let base = simulator(&cloud);
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let meeting = own(state, caller, &id)?;
        let text = format!(
            "{} is inviting you to a scheduled meeting.\r\n\r\nTopic: {}\r\nTime: {}\r\n\r\nJoin the meeting\r\n{base}/meeting/{}\r\n\r\n\
             Meeting ID: {}\r\nPasscode: sandbox\r\n",
            caller.person.name,
            meeting.topic,
            iso(meeting.starts_at),
            meeting.number,
            meeting.number
        );
        Ok(json!({ "invitation": text, "sip_links": [] }))
    })
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    page_size: Option<usize>,
    #[serde(default)]
    next_page_token: Option<String>,
}

async fn registrants(
    State(cloud): State<Arc<Cloud>>,
    Path(id): Path<String>,
    Query(list): Query<List>,
    headers: HeaderMap,
) -> Response {
    let endpoint = Endpoint { scope: scopes::LIST_REGISTRANTS, category: Category::Medium };
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let meeting = own(state, caller, &id)?;
        // Everybody who registers here is approved at once.
        let approved = list.status.as_deref().unwrap_or("approved") == "approved";
        let registered = if approved { registered(meeting, &state.people) } else { Vec::new() };
        let (registrants, mut answer) = rest::page(registered, list.page_size, list.next_page_token.as_deref())?;
        answer["registrants"] = registrants.into();
        Ok(answer)
    })
}

fn registered(meeting: &Meeting, people: &People) -> Vec<Value> {
    let keys: BTreeSet<_> = meeting.participants.iter().map(|participant| &participant.person).collect();
    let present = keys.into_iter().filter_map(|key| people.get(key)).filter_map(|person| {
        Some((person.identity.registrant.clone()?, person.name.clone(), person.identity.email.clone()))
    });
    let others = meeting.registrants.iter().map(|one| (one.id.clone(), one.name.clone(), Some(one.email.clone())));
    let all = present.chain(others).map(|(id, name, email)| {
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        json!({
            "id": id, "email": email, "first_name": first, "last_name": last, "status": "approved",
            "create_time": iso(meeting.starts_at), "custom_questions": [],
        })
    });
    all.collect()
}
