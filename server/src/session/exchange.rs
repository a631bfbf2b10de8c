//! From an app context to a session: the replay rule and the contexts without `uid` (design 4.1, `zoom.md` 4.4, 5).

use std::time::Duration;

use serde_json::json;
use sidelight_api::ErrorCode;
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{OrganisationId, SessionId, ZoomClientId, ZoomUserId};
use sidelight_domain::roster::{LONGEST_NAME, Role};
use sidelight_store::{Digest, NewSession, Unit, Used, VISITORS};
use sidelight_zoom::context::{self, AppContext, ContextError};

use crate::app::App;
use crate::http::{Answered, Caller, Refusal};
use crate::record::Record as _;

/// A session that was just opened.
#[derive(Debug)]
pub struct Opened {
    /// Its token.
    pub token: String,
    /// When the token, and with it the session, ends.
    pub expires_at: Timestamp,
    /// Whom it belongs to.
    pub caller: Caller,
}

/// A session outlives its context, but not by much: the panel renews it by another exchange.
const LIFETIME: Duration = Duration::from_mins(15);
/// How long the same page may ask again with the same context: a lost answer, a double click.
const GRACE: Duration = Duration::from_secs(10);
/// A context lives about two minutes; its digest is kept longer, so that a clock that is off does not open a gap. One that lives longer is
/// remembered for as long as it could be used.
const REMEMBERED_FOR: Duration = Duration::from_mins(10);

/// Exchanges a context for a session.
///
/// # Errors
/// `context_invalid`, `context_expired`, `context_used`.
pub async fn open(app: &App, context: &str, page: Option<&str>, screen_name: &str) -> Answered<Opened> {
    let now = app.clock.now();
    let opened = app.contexts.open(context, now).map_err(refused)?;
    let digest = Digest::from(context::digest(context).map_err(refused)?);
    let page = page.filter(|page| !page.is_empty()).map(Digest::of);
    let organisation = organisation(app, &opened).await?;
    let id = SessionId::new(app.ids.uuid());
    let mut unit = app.store.begin(organisation).await?;
    let until = now.max(opened.expires_at).after(REMEMBERED_FOR);
    let used = unit.contexts().use_up(&digest, page.as_ref(), id, until, GRACE).await?;
    let id = match used {
        Used::First => add(&mut unit, id, opened, screen_name, now.after(LIFETIME)).await?,
        Used::SamePage(id) => id,
        Used::Replay => return Err(ErrorCode::ContextUsed.into()),
    };
    unit.commit().await?;
    let caller = app.sessions.find(app, id).await?.ok_or(ErrorCode::ContextUsed)?;
    let expires_at = caller.session.expires_at;
    let token = app.tokens.issue(id, now, expires_at).map_err(Refusal::internal)?;
    Ok(Opened { token, expires_at, caller })
}

async fn add(
    unit: &mut Unit,
    id: SessionId,
    opened: AppContext,
    screen_name: &str,
    expires_at: Timestamp,
) -> Answered<SessionId> {
    let person = opened.user.as_ref().map(|user| unit.person_key(user));
    let session = NewSession {
        id,
        zoom_user: opened.user,
        client_id: opened.client_id,
        meeting: opened.meeting,
        role: opened.role.unwrap_or(Role::Attendee),
        screen_name: screen_name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect(),
        expires_at,
    };
    unit.sessions().add(session).await?;
    unit.note(person.as_ref(), "session.opened", &id, &json!({}));
    Ok(id)
}

/// The context names no account: the app says which organisation it is, or else the person's own installation (design 4.8).
async fn organisation(app: &App, opened: &AppContext) -> Answered<OrganisationId> {
    let Some(user) = &opened.user else { return Ok(VISITORS) };
    if let Some(organisation) = app.organisation_of(&opened.client_id, None) {
        return Ok(organisation);
    }
    Ok(by_installation(app, user, &opened.client_id).await?.unwrap_or(VISITORS))
}

/// Where the person added this very app last. Whoever changed employers may have done so in two organisations.
async fn by_installation(app: &App, user: &ZoomUserId, client: &ZoomClientId) -> Answered<Option<OrganisationId>> {
    let mut latest = None;
    for organisation in app.organisation_ids().filter(|organisation| *organisation != VISITORS) {
        let mut unit = app.store.read(organisation).await?;
        let found = unit.installations().find_by_zoom_user(user).await?;
        let found = found.filter(|found| found.removed_at.is_none() && found.client_id == *client);
        latest = latest.max(found.map(|found| (found.installed_at, organisation)));
    }
    Ok(latest.map(|(_, organisation)| organisation))
}

fn refused(error: ContextError) -> Refusal {
    let code = match error {
        ContextError::Expired => ErrorCode::ContextExpired,
        ContextError::TooLong
        | ContextError::Malformed
        | ContextError::Truncated
        | ContextError::NotOurs
        | ContextError::WrongIssuer
        | ContextError::WrongAudience
        | ContextError::FromTheFuture => ErrorCode::ContextInvalid,
    };
    Refusal::new(code).because(error)
}
