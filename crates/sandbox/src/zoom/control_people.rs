//! `/_control/people`, `/_control/context`, `/_control/authorize`, `/_control/zoom-tokens`: what the meeting client does for a person.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::challenge::Challenge;
use super::cloud::{Cloud, Opening};
use super::grants::Consent;
use super::live::PersonView;
use super::minting::{self, Wish};
use super::people::Reply;
use super::switches;
use crate::control::{Refusal, json_body};

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/_control/people", get(list))
        .route("/_control/people/{key}", get(read))
        .route("/_control/people/{key}/sign-in", post(sign_in))
        .route("/_control/people/{key}/add-app", post(add_app))
        .route("/_control/people/{key}/remove-app", post(remove_app))
        .route("/_control/people/{key}/reply", post(reply))
        .route("/_control/people/{key}/opening", post(open_with))
        .route("/_control/context", post(context))
        .route("/_control/authorize", post(authorize))
        .route("/_control/zoom-tokens/revoke", post(revoke_tokens))
        .route("/_control/zoom-tokens/expire", post(expire_tokens))
        .route("/_control/app", post(change_app))
}

/// Whom to list.
#[derive(Deserialize)]
struct Whom {
    /// Number of a meeting: with the customers of those who host it.
    #[serde(default)]
    meeting: Option<String>,
}

async fn list(State(cloud): State<Arc<Cloud>>, Query(whom): Query<Whom>) -> Json<Vec<PersonView>> {
    let mut state = cloud.state();
    let account = whom.meeting.and_then(|number| state.meeting(&number).map(|meeting| meeting.account.clone()));
    if let Some(account) = account {
        state.people.learn_customers(&cloud.shared.world, &account);
    }
    Json(state.people.iter().map(|person| PersonView::of(&state, person)).collect())
}

async fn read(State(cloud): State<Arc<Cloud>>, Path(key): Path<String>) -> Result<Json<PersonView>, Refusal> {
    show(&cloud, &key)
}

fn show(cloud: &Cloud, key: &str) -> Result<Json<PersonView>, Refusal> {
    let state = cloud.state();
    let person = state.people.get(key).ok_or(Refusal::Unknown("such person"))?;
    Ok(Json(PersonView::of(&state, person)))
}

/// Signs a guest in to Zoom: the first half of the ladder (`zoom.md` 4.4).
async fn sign_in(State(cloud): State<Arc<Cloud>>, Path(key): Path<String>) -> Result<Json<PersonView>, Refusal> {
    let mut state = cloud.state();
    let user = cloud.change_standing(&mut state, &key, |state| state.people.sign_in(&key));
    let user = user.ok_or(Refusal::Unknown("such person"))?;
    for participant in state.meetings.iter_mut().flat_map(|meeting| &mut meeting.participants) {
        if participant.person == key && participant.identity.user.is_none() {
            participant.identity.user = Some(user.clone());
            participant.identity.account = Some("acc-elsewhere".to_owned());
        }
    }
    drop(state);
    show(&cloud, &key)
}

/// Adds the app for a signed-in person: the second half. Tokens come with `authorize`.
async fn add_app(State(cloud): State<Arc<Cloud>>, Path(key): Path<String>) -> Result<Json<PersonView>, Refusal> {
    let mut state = cloud.state();
    let person = state.people.get(&key).ok_or(Refusal::Unknown("such person"))?;
    let user = person.identity.user.clone().ok_or(Refusal::Unknown("Zoom user for this person"))?;
    cloud.change_standing(&mut state, &key, |state| state.grants.add_app(&user, Cloud::app_scopes()));
    drop(state);
    show(&cloud, &key)
}

/// Removes the app, as in the Marketplace; the app is told (`zoom.md` 6.5).
async fn remove_app(State(cloud): State<Arc<Cloud>>, Path(key): Path<String>) -> Result<Json<PersonView>, Refusal> {
    let person = cloud.state().people.get(&key).cloned().ok_or(Refusal::Unknown("such person"))?;
    cloud.remove_app(&person);
    show(&cloud, &key)
}

/// What somebody will say who is asked for the address.
#[derive(Deserialize)]
struct WillReply {
    reply: Reply,
}

async fn reply(State(cloud): State<Arc<Cloud>>, Path(key): Path<String>, body: Bytes) -> Result<StatusCode, Refusal> {
    let WillReply { reply } = json_body(&body)?;
    let mut state = cloud.state();
    state.people.get(&key).ok_or(Refusal::Unknown("such person"))?;
    state.replies.insert(key, reply);
    Ok(StatusCode::NO_CONTENT)
}

/// How the panel of a person is opened next.
#[derive(Deserialize)]
struct OpenWith {
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    invitation: Option<String>,
}

async fn open_with(
    State(cloud): State<Arc<Cloud>>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let OpenWith { action, invitation } = json_body(&body)?;
    let at = cloud.now();
    let mut state = cloud.state();
    state.people.get(&key).ok_or(Refusal::Unknown("such person"))?;
    state.openings.insert(key, Opening { action, invitation, at });
    Ok(StatusCode::NO_CONTENT)
}

async fn context(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let wish: Wish = json_body(&body)?;
    minting::mint(&cloud, &wish).map(Json)
}

/// What the SDK's `authorize` hands to the client (`zoom.md` 4.3).
#[derive(Deserialize)]
struct Authorize {
    /// Key of the person.
    person: String,
    code_challenge: String,
    #[serde(default)]
    state: Option<String>,
    /// The panel's own address.
    page: String,
}

async fn authorize(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let wish: Authorize = json_body(&body)?;
    let redirect_uri = match cloud.choice(&switches::AUTHORIZED_REDIRECT) {
        "registered" => cloud.shared.app.redirect_url.to_string(),
        _ => wish.page,
    };
    if !super::authorize::is_allowed(&cloud.shared.app, &redirect_uri) {
        return Err(Refusal::Unknown("such address in the app's OAuth allow list"));
    }
    let method = cloud.choice(&switches::IN_CLIENT_PKCE);
    let challenge = Challenge::parse(Some(&wish.code_challenge), Some(method)).ok().flatten();
    let now = cloud.now();
    let mut state = cloud.state();
    let person = state.people.get(&wish.person).ok_or(Refusal::Unknown("such person"))?;
    let user = person.identity.user.clone().ok_or(Refusal::Unknown("Zoom user for this person"))?;
    let scopes = state.grants.scopes_of(&user).cloned().unwrap_or_else(Cloud::app_scopes);
    let code = cloud.fresh().secret();
    let consent = Consent { user, redirect_uri: redirect_uri.clone(), scopes, challenge };
    cloud.change_standing(&mut state, &wish.person, |state| state.grants.issue_code(code.clone(), consent, now));
    let returned = wish.state.map(|state| match cloud.choice(&switches::STATE_ENCODING) {
        "percent_encoded" => url::form_urlencoded::byte_serialize(state.as_bytes()).collect(),
        _ => state,
    });
    Ok(Json(json!({ "code": code, "redirect_uri": redirect_uri, "state": returned })))
}

/// Whose tokens.
#[derive(Deserialize)]
struct Whose {
    /// Key of the person; everybody without it.
    #[serde(default)]
    person: Option<String>,
}

fn user_of(cloud: &Cloud, body: &Bytes) -> Result<Option<String>, Refusal> {
    let Whose { person } = json_body(body)?;
    let Some(key) = person else { return Ok(None) };
    let state = cloud.state();
    let person = state.people.get(&key).ok_or(Refusal::Unknown("such person"))?;
    person.identity.user.clone().map(Some).ok_or(Refusal::Unknown("Zoom user for this person"))
}

async fn revoke_tokens(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let user = user_of(&cloud, &body)?;
    cloud.state().grants.revoke_all(user.as_deref());
    Ok(StatusCode::NO_CONTENT)
}

async fn expire_tokens(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let user = user_of(&cloud, &body)?;
    let now = cloud.now();
    cloud.state().grants.expire(user.as_deref(), now);
    Ok(StatusCode::NO_CONTENT)
}

/// What the Marketplace entry says.
#[derive(Deserialize)]
struct Entry {
    /// APIs that are not ticked there (`zoom.md` 2.3).
    not_ticked: Vec<String>,
}

async fn change_app(State(cloud): State<Arc<Cloud>>, body: Bytes) -> Result<StatusCode, Refusal> {
    let Entry { not_ticked } = json_body(&body)?;
    cloud.state().not_ticked = not_ticked.into_iter().collect();
    super::control_meetings::refresh(&cloud);
    Ok(StatusCode::NO_CONTENT)
}
