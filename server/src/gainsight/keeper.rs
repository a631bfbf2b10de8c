//! Keeps a sign-in's access token fresh: two callers, one refresh, also across processes (design 4.2, 4.3).

use std::time::Duration;

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{GrantId, OrganisationId};
use sidelight_gainsight::{Application, Credential};
use sidelight_store::{Grant, Lease, Tokens};

use crate::app::App;
use crate::config::Tenant;
use crate::http::TenantAccess;
use crate::patience::written_down;
use crate::record::Record as _;

/// Why there is no usable token.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The sign-in has ended; only its person can begin another.
    #[error("the Gainsight sign-in has ended")]
    SignedOut,
    /// The tenant's token endpoint did not give one.
    #[error("the token could not be refreshed")]
    Refresh(#[source] sidelight_gainsight::Error),
    /// Somebody else is refreshing it for too long.
    #[error("the token is being refreshed elsewhere")]
    Contended,
    /// Our database.
    #[error("the sign-in could not be read")]
    Store(#[from] sidelight_store::Error),
}

/// Refreshed this long before its end, so that it does not expire on the way.
pub(super) const MARGIN: Duration = Duration::from_mins(1);
/// A refresh that takes longer than this is taken for dead: longer than the token endpoint is asked (in two ways, 15 seconds each) and the
/// answer is written down.
const HOLD: Duration = Duration::from_mins(1);
/// How long an answer is tried to be written down: the old refresh token is spent, so this is the only copy.
const WRITING: Duration = Duration::from_secs(25);
const PAUSE: Duration = Duration::from_millis(100);
const TRIES: u32 = 100;

/// A token that is good for some time. `refused` is one that Gainsight did not accept, whatever its date.
///
/// # Errors
/// [`KeeperError`]
pub(super) async fn credential(
    app: &App,
    access: &TenantAccess,
    refused: Option<u32>,
) -> Result<(Credential, u32), KeeperError> {
    for attempt in 0..TRIES {
        let grant = read(app, access.organisation, access.grant.id).await?;
        let tokens = grant.tokens.clone().ok_or(KeeperError::SignedOut)?;
        let is_good = tokens.expires_at > app.clock.now().after(MARGIN) && refused != Some(grant.version);
        if is_good {
            return Ok((Credential::User(tokens.access), grant.version));
        }
        match lease(app, access.organisation, &grant).await? {
            Some(lease) => {
                // Runs on by itself: a panel that closes in the middle must not take the new tokens with it.
                let refresh = refresh(app.clone(), access.clone(), grant, tokens, lease);
                app.tasks.spawn(refresh).await.map_err(|_| KeeperError::Contended)??;
            }
            // Somebody else does: look again in a moment.
            None if attempt + 1 < TRIES => tokio::time::sleep(PAUSE).await,
            None => break,
        }
    }
    Err(KeeperError::Contended)
}

async fn read(app: &App, organisation: OrganisationId, id: GrantId) -> Result<Grant, KeeperError> {
    let mut unit = app.store.read(organisation).await?;
    let grant = unit.grants().find_by_id(id).await?;
    grant.filter(|grant| grant.ended_at.is_none()).ok_or(KeeperError::SignedOut)
}

async fn lease(app: &App, organisation: OrganisationId, grant: &Grant) -> Result<Option<Lease<GrantId>>, KeeperError> {
    let mut unit = app.store.begin(organisation).await?;
    let lease = unit.grants().lease_refresh(grant.id, grant.version, HOLD).await?;
    unit.commit().await?;
    Ok(lease)
}

async fn refresh(
    app: App,
    access: TenantAccess,
    grant: Grant,
    tokens: Tokens,
    lease: Lease<GrantId>,
) -> Result<(), KeeperError> {
    let (app, lease, organisation, tenant) = (&app, &lease, access.organisation, &access.tenant);
    let answer = match &tokens.refresh {
        // The lease is held: nobody else spends this refresh token.
        Some(token) => app.gainsight.refresh(&tenant.base, &application(app, tenant), token).await,
        None => return end(app, organisation, &grant, "expired").await,
    };
    match answer {
        Ok(fresh) => {
            let tokens =
                Tokens { access: fresh.access, refresh: fresh.refresh, expires_at: expiry(app, fresh.expires_in) };
            write_down(app, organisation, lease, &tokens).await
        }
        Err(error) if error.needs_sign_in() => end(app, organisation, &grant, "revoked").await,
        Err(error) => {
            let mut unit = app.store.begin(organisation).await?;
            unit.grants().release(lease).await?;
            unit.commit().await?;
            Err(KeeperError::Refresh(error))
        }
    }
}

/// Stores fresh tokens, through a database that is locked or restarts meanwhile.
async fn write_down(
    app: &App,
    organisation: OrganisationId,
    lease: &Lease<GrantId>,
    tokens: &Tokens,
) -> Result<(), KeeperError> {
    let write = || async {
        let mut unit = app.store.begin(organisation).await?;
        unit.grants().store_refreshed(lease, tokens).await?;
        unit.commit().await
    };
    Ok(written_down(app, WRITING, write).await?)
}

/// Ends a sign-in that Gainsight no longer accepts, unless somebody refreshed it meanwhile. Its waiting writes wait for the next one.
///
/// # Errors
/// Always: [`KeeperError::SignedOut`] if it was ended.
pub(super) async fn end(
    app: &App,
    organisation: OrganisationId,
    grant: &Grant,
    because: &str,
) -> Result<(), KeeperError> {
    let mut unit = app.store.begin(organisation).await?;
    let current = unit.grants().find_by_id(grant.id).await?;
    if current.is_some_and(|current| current.version != grant.version) {
        return Ok(());
    }
    unit.grants().end(grant.id, because).await?;
    unit.writes().needs_sign_in(&grant.person, &grant.tenant).await?;
    unit.note(None, "grant.ended", &grant.id, &json!({ "because": because }));
    unit.tell(&grant.person, &Event::Standing);
    unit.commit().await?;
    app.sessions.forget_person(&grant.person);
    app.tenants.forget(grant.id);
    Err(KeeperError::SignedOut)
}

/// Our registration at a tenant.
#[must_use]
pub fn application(app: &App, tenant: &Tenant) -> Application {
    Application {
        client_id: tenant.client_id.clone(),
        client_secret: tenant.client_secret.clone(),
        pkce: tenant.pkce,
        redirect: app.config.server.link("/gainsight/callback"),
    }
}

/// When a token ends; nothing public says how long one lives where the answer does not (`gainsight.md` 2.3).
#[must_use]
pub fn expiry(app: &App, lifetime: Option<Duration>) -> Timestamp {
    app.clock.now().after(lifetime.unwrap_or(Duration::from_mins(30)))
}
