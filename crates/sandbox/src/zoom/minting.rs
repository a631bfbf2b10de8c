//! Which app context a person gets, and the crooked ones that tests ask for (`zoom.md` 5).

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sidelight_domain::Timestamp;

use super::cloud::{Cloud, State};
use super::context::{self, Claims, ISSUER, Spelling};
use super::live::Standing;
use super::meeting::Role;
use super::switches;
use crate::control::Refusal;

/// How long a deep link's action and an invitation are honoured (`zoom.md` 5.3).
const OPENING_LIFE: Duration = Duration::from_mins(5);

/// What a context is to say. What is left out is as the client would have it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wish {
    /// Key of a person.
    pub(crate) user: Option<String>,
    /// Number or instance of a meeting.
    pub(crate) meeting: Option<String>,
    /// `meeting` if there is one, else `panel`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// As the client spells it.
    pub(crate) role: Option<String>,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) expires_in_ms: Option<i64>,
    /// Instead of the app's secret.
    pub(crate) secret: Option<String>,
    /// Instead of the app's client id.
    pub(crate) aud: Option<String>,
    /// Additional authenticated data.
    pub(crate) additional: String,
    pub(crate) spelling: Option<String>,
    /// Laid over everything else; `null` takes a field away.
    pub(crate) claims: Map<String, Value>,
}

/// Makes the context. The answer also shows what it says.
pub(crate) fn mint(cloud: &Cloud, wish: &Wish) -> Result<Value, Refusal> {
    let mut claims = serde_json::to_value(claims(cloud, wish)?)?;
    for (name, value) in &wish.claims {
        match (value, claims.as_object_mut()) {
            (Value::Null, Some(claims)) => drop(claims.remove(name)),
            (value, Some(claims)) => drop(claims.insert(name.clone(), value.clone())),
            (_, None) => {}
        }
    }
    let secret = wish.secret.as_ref().unwrap_or(&cloud.shared.app.client_secret);
    let spelling = wish.spelling.as_deref().unwrap_or_else(|| cloud.choice(&switches::CONTEXT_SPELLING));
    let sealed = context::seal(
        secret,
        cloud.fresh().bytes(),
        wish.additional.as_bytes(),
        claims.to_string().as_bytes(),
        Spelling::parse(spelling),
    );
    let sealed = sealed.map_err(|_| Refusal::Unknown("context of that length"))?;
    Ok(json!({ "context": sealed, "claims": claims }))
}

fn claims(cloud: &Cloud, wish: &Wish) -> Result<Claims, Refusal> {
    let now = wish.issued_at.unwrap_or_else(|| cloud.now());
    let life = wish.expires_in_ms.unwrap_or_else(|| i64::try_from(cloud.number(&switches::CONTEXT_LIFE)).unwrap_or(0));
    let state = cloud.state();
    let meeting = match &wish.meeting {
        Some(id) => Some(state.meeting(id).ok_or(Refusal::Unknown("such meeting"))?),
        None => None,
    };
    let participant = meeting.zip(wish.user.as_ref()).and_then(|(meeting, person)| meeting.of_person(person));
    let role = participant.map_or(Role::Attendee, |participant| participant.role);
    let opening = wish.user.as_ref().and_then(|person| state.openings.get(person));
    let opening = opening.filter(|opening| cloud.now().since(opening.at) < OPENING_LIFE);
    let kind = wish.kind.clone().unwrap_or_else(|| if meeting.is_some() { "meeting" } else { "panel" }.to_owned());
    Ok(Claims {
        uid: user_id(cloud, &state, wish.user.as_deref(), role)?,
        // Only a context of type `meeting` names one (`zoom.md` 5.3).
        mid: meeting.filter(|_| kind == "meeting").map(|meeting| meeting.uuid.clone()),
        bmid: participant.and_then(|participant| participant.room.clone()),
        aud: wish.aud.clone().unwrap_or_else(|| cloud.shared.app.client_id.clone()),
        iss: ISSUER.to_owned(),
        ts: now,
        exp: Timestamp::from_millis(now.as_millis().saturating_add(life)),
        attendrole: wish.role.clone().or_else(|| meeting.map(|_| role.in_context().to_owned())),
        act: opening.and_then(|opening| opening.action.clone()),
        iid: opening.and_then(|opening| opening.invitation.clone()),
        entitlements: [],
        typ: kind,
    })
}

/// The Zoom user, for somebody who has the app; a guest's context names nobody (`zoom.md` 4.4).
fn user_id(cloud: &Cloud, state: &State, key: Option<&str>, role: Role) -> Result<Option<String>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let person = state.people.get(key).ok_or(Refusal::Unknown("such person"))?;
    let is_guest = Standing::of(state, person) != Standing::Authorized;
    let is_bare_host = role == Role::Host && cloud.choice(&switches::HOST_UID) == "absent";
    Ok(person.identity.user.clone().filter(|_| !is_guest && !is_bare_host))
}
