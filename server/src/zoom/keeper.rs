//! Keeps a person's Zoom token fresh. Refresh tokens rotate: whoever spends one twice may end the grant, so each is spent by one
//! caller alone, across processes (`zoom.md` 4.2, docs/adr/0007-zoom-refresh.md).

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Installation, Lease, PersonKey, Tokens};
use sidelight_zoom::Error as ZoomError;

use super::erase;
use crate::app::{App, zoom_client};
use crate::patience::written_down;
use crate::record::Record as _;

/// Why there is no usable token.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The person has not authorised the app, or took it back.
    #[error("the person has not authorised the app at Zoom")]
    NotAuthorised,
    /// Zoom did not give what was asked for.
    #[error("Zoom gave no token")]
    Zoom(#[source] ZoomError),
    /// Somebody else is refreshing it for too long.
    #[error("the Zoom token is being refreshed elsewhere")]
    Contended,
    /// The server is stopping.
    #[error("the refresh of the Zoom token was interrupted")]
    Interrupted,
    /// Our database.
    #[error("the authorisation could not be read or kept")]
    Store(#[from] sidelight_store::Error),
    /// What the one who refreshed for everybody met.
    #[error(transparent)]
    Shared(Arc<Self>),
}

impl KeeperError {
    /// Whether only the person's own authorisation helps.
    #[must_use]
    pub fn needs_authorisation(&self) -> bool {
        match self {
            Self::NotAuthorised => true,
            Self::Shared(error) => error.needs_authorisation(),
            Self::Zoom(_) | Self::Contended | Self::Interrupted | Self::Store(_) => false,
        }
    }
}

/// Questions for a token that are under way in this process: whoever comes meanwhile waits for the same answer.
pub type Refreshes = moka::future::Cache<(OrganisationId, PersonKey), SecretString>;

/// Refreshed this long before its end (`zoom.md` 4.2: "some minutes").
const MARGIN: Duration = Duration::from_mins(5);
/// Longer than two calls that time out and the patience with our database together, so that nobody takes over from one who lives.
const HOLD: Duration = Duration::from_mins(1);
/// How long a new pair waits for the database: after the calls and before the lease ends.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);
const TRIES: u32 = 100;

/// A token that is good for some minutes, or at least for now where Zoom cannot give a new one.
///
/// # Errors
/// [`KeeperError`]
pub async fn access_token(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
) -> Result<SecretString, KeeperError> {
    let key = (organisation, *person);
    let token = app.zoom_refreshes.try_get_with(key, detached(app, organisation, *person)).await;
    // Shared by those who waited, and by nobody who comes later: the database knows best.
    app.zoom_refreshes.invalidate(&key).await;
    token.map_err(KeeperError::Shared)
}

/// Works in a task of its own: a caller who goes away must not stop between Zoom's answer and our database, where the only valid
/// pair would be lost. The server waits for such tasks before it stops.
async fn detached(app: &App, organisation: OrganisationId, person: PersonKey) -> Result<SecretString, KeeperError> {
    let task_app = app.clone();
    let task = app.tasks.spawn(async move { usable(&task_app, organisation, &person).await });
    task.await.unwrap_or(Err(KeeperError::Interrupted))
}

async fn usable(app: &App, organisation: OrganisationId, person: &PersonKey) -> Result<SecretString, KeeperError> {
    let held = tokens(app, organisation, person).await?;
    if held.expires_at > app.clock.now().after(MARGIN) {
        return Ok(held.access);
    }
    match settle(app, organisation, person).await {
        Ok(()) => Ok(tokens(app, organisation, person).await?.access),
        // The old token is none the worse for it.
        Err(error) if !error.needs_authorisation() && held.expires_at > app.clock.now() => Ok(held.access),
        Err(error) => Err(error),
    }
}

async fn settle(app: &App, organisation: OrganisationId, person: &PersonKey) -> Result<(), KeeperError> {
    for _ in 0..TRIES {
        let installation = read(app, organisation, person).await?;
        let tokens = installation.tokens.clone().ok_or(KeeperError::NotAuthorised)?;
        if tokens.expires_at > app.clock.now().after(MARGIN) {
            return Ok(());
        }
        let refresh_token = tokens.refresh.ok_or(KeeperError::NotAuthorised)?;
        match lease(app, organisation, &installation).await? {
            Some(lease) => refresh(app, organisation, &installation, &refresh_token, &lease).await?,
            // Another process does: look again in a moment.
            None => tokio::time::sleep(PAUSE).await,
        }
    }
    Err(KeeperError::Contended)
}

async fn tokens(app: &App, organisation: OrganisationId, person: &PersonKey) -> Result<Tokens, KeeperError> {
    read(app, organisation, person).await?.tokens.ok_or(KeeperError::NotAuthorised)
}

async fn read(app: &App, organisation: OrganisationId, person: &PersonKey) -> Result<Installation, KeeperError> {
    let mut unit = app.store.read(organisation).await?;
    unit.installations().find(person).await?.ok_or(KeeperError::NotAuthorised)
}

async fn lease(
    app: &App,
    organisation: OrganisationId,
    held: &Installation,
) -> Result<Option<Lease<PersonKey>>, KeeperError> {
    let mut unit = app.store.begin(organisation).await?;
    let lease = unit.installations().lease_refresh(&held.person, held.version, HOLD).await?;
    unit.commit().await?;
    Ok(lease)
}

async fn refresh(
    app: &App,
    organisation: OrganisationId,
    held: &Installation,
    refresh_token: &SecretString,
    lease: &Lease<PersonKey>,
) -> Result<(), KeeperError> {
    let zoom_app = app.zoom_app(&held.client_id).ok_or(KeeperError::NotAuthorised)?;
    let client = zoom_client(zoom_app);
    let mut answer = app.zoom_oauth.refresh(&client, refresh_token).await;
    if answer.as_ref().is_err_and(ZoomError::may_have_been_applied) {
        // The answer is lost, and with it perhaps the only valid pair. Zoom tolerates a repeat for a moment; if it does not, the
        // authorisation was lost with the answer already.
        answer = app.zoom_oauth.refresh(&client, refresh_token).await;
    }
    metrics::counter!("zoom_refreshes_total", "outcome" => outcome(answer.as_ref().err())).increment(1);
    match answer {
        Ok(fresh) => {
            let expires_at = app.clock.now().after(fresh.expires_in);
            keep(app, organisation, lease, Tokens { access: fresh.access, refresh: Some(fresh.refresh), expires_at })
                .await
        }
        Err(ZoomError::UserGone(_)) => {
            erase::everything_of(app, organisation, &held.zoom_user, "erased.user_gone", json!({})).await?;
            Err(KeeperError::NotAuthorised)
        }
        Err(error) if error.needs_authorisation() => give_up(app, organisation, lease).await,
        Err(error) => {
            let mut unit = app.store.begin(organisation).await?;
            unit.installations().release(lease).await?;
            unit.commit().await?;
            Err(KeeperError::Zoom(error))
        }
    }
}

const fn outcome(error: Option<&ZoomError>) -> &'static str {
    match error {
        None => "refreshed",
        Some(error) if error.needs_authorisation() => "withdrawn",
        Some(error) if error.may_have_been_applied() => "unanswered",
        Some(_) => "failed",
    }
}

/// Stores the new pair before anybody uses it: the old one is dead already. A database that is away for a moment must not cost the
/// authorisation.
async fn keep(
    app: &App,
    organisation: OrganisationId,
    lease: &Lease<PersonKey>,
    tokens: Tokens,
) -> Result<(), KeeperError> {
    let stored = written_down(app, PATIENCE, || store(app, organisation, lease, &tokens)).await;
    Ok(stored.inspect_err(|error| {
        tracing::error!(error = %error, "A new Zoom token could not be stored; its person has to authorise again.");
    })?)
}

async fn store(
    app: &App,
    organisation: OrganisationId,
    lease: &Lease<PersonKey>,
    tokens: &Tokens,
) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    // If somebody authorised anew meanwhile, Zoom has ended this pair, and the newer one stays.
    unit.installations().store_refreshed(lease, tokens).await?;
    unit.commit().await
}

/// Read again under the lock: only if nobody stored a newer pair meanwhile is the authorisation really gone.
async fn give_up(app: &App, organisation: OrganisationId, lease: &Lease<PersonKey>) -> Result<(), KeeperError> {
    let mut unit = app.store.begin(organisation).await?;
    if !unit.installations().give_up(lease).await? {
        // There is a newer one: whoever asked looks at that.
        return Ok(());
    }
    let person = lease.of();
    unit.note(None, "zoom.withdrawn", &person, &json!({}));
    // The panel asks for a new authorisation.
    unit.tell(&person, &Event::Standing);
    unit.commit().await?;
    Err(KeeperError::NotAuthorised)
}
