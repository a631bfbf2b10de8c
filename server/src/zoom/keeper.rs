//! Keeps a person's Zoom token fresh. Refresh tokens rotate: a second use of the same one ends the grant, so each is spent by exactly
//! one caller, across processes (`zoom.md` 4.2).

use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Installation, Lease, PersonKey, Tokens};

use crate::app::{App, zoom_client};
use crate::record::Record as _;

/// Why there is no usable token.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeeperError {
    /// The person has not authorised the app, or took it back.
    #[error("the person has not authorised the app at Zoom")]
    NotAuthorised,
    /// Zoom's token endpoint did not give one.
    #[error("the Zoom token could not be refreshed")]
    Refresh(#[source] sidelight_zoom::Error),
    /// Somebody else is refreshing it for too long.
    #[error("the Zoom token is being refreshed elsewhere")]
    Contended,
    /// Our database.
    #[error("the authorisation could not be read")]
    Store(#[from] sidelight_store::Error),
}

/// Refreshed this long before its end (`zoom.md` 4.2: "some minutes").
const MARGIN: Duration = Duration::from_mins(5);
const HOLD: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);
const TRIES: u32 = 100;

/// A token that is good for some minutes.
pub(super) async fn access_token(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
) -> Result<SecretString, KeeperError> {
    for _ in 0..TRIES {
        let installation = read(app, organisation, person).await?;
        let tokens = installation.tokens.clone().ok_or(KeeperError::NotAuthorised)?;
        if tokens.expires_at > app.clock.now().after(MARGIN) {
            return Ok(tokens.access);
        }
        let refresh_token = tokens.refresh.ok_or(KeeperError::NotAuthorised)?;
        match lease(app, organisation, &installation).await? {
            Some(lease) => refresh(app, organisation, &installation, &refresh_token, &lease).await?,
            // Somebody else does: look again in a moment.
            None => tokio::time::sleep(PAUSE).await,
        }
    }
    Err(KeeperError::Contended)
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
    let answer = app.zoom_oauth.refresh(&zoom_client(zoom_app), refresh_token).await;
    let mut unit = app.store.begin(organisation).await?;
    match answer {
        // The new pair is stored before anybody uses it: the old one is dead already.
        Ok(fresh) => {
            let expires_at = app.clock.now().after(fresh.expires_in);
            let tokens = Tokens { access: fresh.access, refresh: Some(fresh.refresh), expires_at };
            unit.installations().store_refreshed(lease, &tokens).await?;
            unit.commit().await?;
            Ok(())
        }
        Err(error) if error.needs_authorisation() => {
            // Read again under the lock: only if nobody stored a newer pair meanwhile is the authorisation really gone.
            if unit.installations().give_up(lease).await? {
                unit.note(None, "zoom.withdrawn", &held.person, &json!({}));
                unit.commit().await?;
            }
            Err(KeeperError::NotAuthorised)
        }
        Err(error) => {
            unit.installations().release(lease).await?;
            unit.commit().await?;
            Err(KeeperError::Refresh(error))
        }
    }
}
