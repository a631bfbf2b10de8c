//! `/v2/users` and `/v2/zoomapp/deeplink` (`zoom.md` 4.5, 7.1).

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cloud::{Cloud, Opening};
use super::events::iso;
use super::limits::Category;
use super::meeting::{Meeting, Status};
use super::people::Person;
use super::rest::{self, ApiError, Endpoint};
use super::scopes;

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/v2/users/{id}", get(user))
        .route("/v2/users/{id}/meetings", get(meetings))
        .route("/v2/zoomapp/deeplink", post(deeplink))
}

/// With a token of one user, `me` is the only id (`zoom.md` 7).
fn only_me(id: &str) -> Result<(), ApiError> {
    if id == "me" { Ok(()) } else { Err(ApiError::new(StatusCode::BAD_REQUEST, 4_700, "Invalid access token.")) }
}

async fn user(State(cloud): State<Arc<Cloud>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let endpoint = Endpoint { scope: scopes::READ_USER, category: Category::Light };
    rest::answer(&cloud, &headers, endpoint, |_, caller| {
        only_me(&id)?;
        let may_see_email = caller.bearer.scopes.contains(scopes::READ_EMAIL.name);
        Ok(profile(&caller.person, may_see_email))
    })
}

fn profile(person: &Person, may_see_email: bool) -> Value {
    let (first, last) = person.names();
    let mut profile = json!({
        "id": person.identity.user,
        "first_name": first,
        "last_name": last,
        "display_name": person.name,
        "type": 2,
        "role_name": "Member",
        "role_id": "2",
        "use_pmi": false,
        "timezone": person.timezone,
        "dept": "",
        "job_title": person.title,
        "language": "en-US",
        "account_id": person.identity.account,
        "status": "active",
        "verified": 1,
        "login_types": [100],
        "group_ids": [],
        "im_group_ids": [],
        "custom_attributes": [],
    });
    if may_see_email {
        profile["email"] = person.identity.email.clone().unwrap_or_default().into();
    }
    profile
}

#[derive(Deserialize)]
struct List {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    page_size: Option<usize>,
    #[serde(default)]
    next_page_token: Option<String>,
}

async fn meetings(
    State(cloud): State<Arc<Cloud>>,
    Path(id): Path<String>,
    Query(list): Query<List>,
    headers: HeaderMap,
) -> Response {
    let endpoint = Endpoint { scope: scopes::LIST_MEETINGS, category: Category::Medium };
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        only_me(&id)?;
        let wanted = |meeting: &&Meeting| match list.kind.as_deref().unwrap_or("scheduled") {
            "live" => meeting.is_running(),
            "upcoming" => meeting.status == Status::Waiting,
            _ => true,
        };
        let own = state.meetings.iter().filter(|meeting| meeting.host == caller.person.key).filter(wanted);
        let own: Vec<_> = own.map(brief).collect();
        let (meetings, mut answer) = rest::page(own, list.page_size, list.next_page_token.as_deref())?;
        answer["meetings"] = meetings.into();
        Ok(answer)
    })
}

/// A list carries no attendees (`zoom.md` 7.3).
fn brief(meeting: &Meeting) -> Value {
    json!({
        "uuid": meeting.uuid,
        "id": meeting.number.parse::<i64>().unwrap_or_default(),
        "host_id": meeting.host_user,
        "topic": meeting.topic,
        "type": meeting.kind,
        "start_time": iso(meeting.starts_at),
        "duration": meeting.duration.as_secs() / 60,
        "timezone": meeting.timezone,
    })
}

/// What the link does when it is followed; everything may be left out.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    action: Option<String>,
}

async fn deeplink(State(cloud): State<Arc<Cloud>>, headers: HeaderMap, body: Bytes) -> Response {
    let endpoint = Endpoint { scope: scopes::RUN_IN_MEETING, category: Category::Light };
    let token = cloud.fresh().secret();
    let at = cloud.now();
    let port = cloud.shared.addresses.zoom.port();
    rest::answer(&cloud, &headers, endpoint, |state, caller| {
        let link = if body.is_empty() { Ok(Link::default()) } else { serde_json::from_slice::<Link>(&body) };
        let link =
            link.map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, 300, "The request body is not valid JSON."))?;
        let opening = Opening { action: link.action, invitation: None, at };
        state.links.insert(token.clone(), (caller.person.key.clone(), opening));
        Ok(json!({ "deeplink": format!("http://localhost:{port}/launch/{token}") }))
    })
}
