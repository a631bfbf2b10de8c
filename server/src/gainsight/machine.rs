//! The token of a tenant's own credential (`gainsight.md` 2.1, 2.2): asked for in time, by one caller at a time.

use std::time::Duration;

use secrecy::SecretString;
use sidelight_domain::Timestamp;
use sidelight_gainsight::{Credential, Error};
use tokio::sync::Mutex;

use super::keeper::{MARGIN, expiry};
use super::tenants::TenantState;
use crate::app::App;
use crate::config::TenantCredential;

/// The credential that reads for everybody does not get in.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// The tenant gave no token, or refuses what it gave.
    #[error("the tenant does not accept the credential that reads for everybody")]
    Refused(#[source] Error),
    /// Somebody asked for a token a moment ago, in vain.
    #[error("there is no token for the credential that reads for everybody")]
    Closed,
}

/// The token of an M2M client, held while the process lives: another one costs nothing but time.
#[derive(Debug, Default)]
pub struct Machine(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    token: Option<(SecretString, Timestamp)>,
    /// Counts up with each token.
    version: u32,
    closed_until: Option<Timestamp>,
}

/// Those who waited for a token that did not come must not ask for it one by one.
const CLOSED_FOR: Duration = Duration::from_secs(2);

/// A credential that is good for some time, and which one it is. `refused` is one that the tenant did not accept.
///
/// # Errors
/// [`MachineError`]
pub(super) async fn credential(
    app: &App,
    state: &TenantState,
    refused: Option<u32>,
) -> Result<(Credential, u32), MachineError> {
    // Only a tenant with a credential of its own is asked in its own name.
    let shared = state.tenant.shared.as_ref().ok_or(MachineError::Closed)?;
    let (id, secret) = match &shared.credential {
        TenantCredential::AccessKey(key) => return Ok((Credential::AccessKey(key.clone()), 0)),
        TenantCredential::Machine { id, secret } => (id, secret),
    };
    let mut held = state.machine.0.lock().await;
    let now = app.clock.now();
    if let Some((token, expires_at)) = &held.token
        && *expires_at > now.after(MARGIN)
        && refused != Some(held.version)
    {
        return Ok((Credential::Machine(token.clone()), held.version));
    }
    if held.closed_until.is_some_and(|until| now < until) {
        return Err(MachineError::Closed);
    }
    match app.gainsight.machine_token(&state.tenant.base, id, secret).await {
        Ok(tokens) => {
            let version = held.version.wrapping_add(1);
            let token = (tokens.access.clone(), expiry(app, tokens.expires_in));
            *held = Held { token: Some(token), version, closed_until: None };
            Ok((Credential::Machine(tokens.access), version))
        }
        Err(error) => {
            held.closed_until = Some(app.clock.now().after(CLOSED_FOR));
            Err(MachineError::Refused(error))
        }
    }
}
