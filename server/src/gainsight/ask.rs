//! The one door to a tenant: budget, token, one more try with a fresh token, and what a failure means for the caller.

use std::sync::Arc;
use std::time::Duration;

use sidelight_api::{ErrorCode, FieldError};
use sidelight_gainsight::{Access, Credential, Error, Gainsight, Schema};

use super::budget::{Urgency, UsedUp};
use super::keeper::{self, KeeperError};
use super::tenants::TenantState;
use crate::app::App;
use crate::config::Tenant;
use crate::http::{Refusal, TenantAccess};

/// Why a tenant did not answer a question.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Our budget for it is used up, or it told us to wait.
    #[error(transparent)]
    UsedUp(#[from] UsedUp),
    /// There is no usable token.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// It was asked, and said no or nothing.
    #[error("the call failed")]
    Call(#[source] Error),
}

/// Fields change when an administrator changes them; permissions likewise (`gainsight.md` 4.3: cache for hours).
const SCHEMA_FRESH_FOR: Duration = Duration::from_hours(6);
/// How long everybody waits after a 429 that does not say (`gainsight.md` 4.3: windows are one minute).
const UNTOLD_WAIT: Duration = Duration::from_secs(15);

/// What a call is made with; owned, so that it can be made again with a fresh token.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The client.
    pub gainsight: Gainsight,
    tenant: Arc<Tenant>,
    credential: Arc<Credential>,
    schema: Option<Arc<Schema>>,
}

impl Turn {
    /// Where, and as whom.
    #[must_use]
    pub fn access(&self) -> Access<'_> {
        let access = Access::new(&self.tenant.base, &self.credential).within(self.tenant.time_limit);
        Access { schema: self.schema.as_deref(), ..access }
    }

    /// Whether the tenant's Timeline has a column for minutes.
    #[must_use]
    pub fn keeps_duration(&self) -> bool {
        self.schema.as_ref().is_some_and(|schema| schema.duration_field().is_some())
    }
}

/// Asks a tenant in the name of the caller.
///
/// # Errors
/// [`AskError`]
pub async fn ask<T, F>(
    app: &App,
    access: &TenantAccess,
    urgency: Urgency,
    call: impl Fn(Turn) -> F,
) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    ask_with(app, access, urgency, None, call).await
}

/// The same, knowing which fields the tenant's objects have for the caller: more of them can be asked for.
///
/// # Errors
/// [`AskError`]
pub async fn ask_knowing<T, F>(
    app: &App,
    access: &TenantAccess,
    urgency: Urgency,
    call: impl Fn(Turn) -> F,
) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    let read = || describe(app, access, urgency);
    // A tenant that is silent now still answers about the fields that every tenant has.
    let schema = state(app, access)?.schemas.get(&access.grant.id, SCHEMA_FRESH_FOR, read).await.ok();
    ask_with(app, access, urgency, schema.map(|held| held.value), call).await
}

/// What the tenant's objects are made of. One that is missing fails the whole call, so the second try asks only for those that every
/// tenant has; a tenant that does not describe itself at all has an empty schema, and is not asked again for hours.
async fn describe(app: &App, access: &TenantAccess, urgency: Urgency) -> Result<Schema, AskError> {
    const ESSENTIAL: [&str; 3] = ["Company", "GsUser", "activity_timeline"];
    for objects in [&Schema::OBJECTS[..], &ESSENTIAL] {
        let call = |turn: Turn| async move { turn.gainsight.describe(&turn.access(), objects).await.map(Schema::of) };
        match ask(app, access, urgency, call).await {
            Err(AskError::Call(
                Error::UnknownObject(_) | Error::Invalid { .. } | Error::NotOffered(_) | Error::Forbidden(_),
            )) => {}
            answer => return answer,
        }
    }
    Ok(Schema::default())
}

async fn ask_with<T, F>(
    app: &App,
    access: &TenantAccess,
    urgency: Urgency,
    schema: Option<Arc<Schema>>,
    call: impl Fn(Turn) -> F,
) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    let state = state(app, access)?;
    let mut refused = None;
    loop {
        let (credential, version) = keeper::credential(app, access, refused).await?;
        state.budget.take(urgency, app.clock.now()).await?;
        let (gainsight, tenant) = (app.gainsight.clone(), Arc::clone(&access.tenant));
        let answer = call(Turn { gainsight, tenant, credential: Arc::new(credential), schema: schema.clone() }).await;
        let outcome = answer.as_ref().err().map_or("answered", outcome);
        metrics::counter!("gainsight_calls_total", "tenant" => access.tenant.key.to_string(), "outcome" => outcome)
            .increment(1);
        match answer {
            Ok(value) => return Ok(value),
            // Revoked or expired early: once more with a fresh token.
            Err(Error::Unauthorized(_)) if refused.is_none() => refused = Some(version),
            Err(Error::Unauthorized(_)) => {
                keeper::end(app, access.organisation, &access.grant, "refused").await?;
                return Err(KeeperError::SignedOut.into());
            }
            Err(error) => {
                if let Error::Busy { retry_after, .. } = &error {
                    state.budget.pause(app.clock.now(), retry_after.unwrap_or(UNTOLD_WAIT));
                }
                return Err(AskError::Call(error));
            }
        }
    }
}

fn state<'a>(app: &'a App, access: &TenantAccess) -> Result<&'a TenantState, AskError> {
    let state = app.tenants.state(access.organisation, &access.tenant.key);
    // Only `Caller::enter` makes an access, and only for a registered tenant.
    Ok(state.ok_or(KeeperError::SignedOut)?)
}

/// A word for the metrics.
fn outcome(error: &Error) -> &'static str {
    match error {
        Error::NotSent(_) | Error::NoAnswer(_) => "unreachable",
        Error::Unauthorized(_) | Error::GrantRefused(_) | Error::ClientRefused(_) => "unauthorized",
        Error::Forbidden(_) => "forbidden",
        Error::Busy { .. } => "busy",
        Error::Invalid { .. } | Error::Duplicate(_) => "invalid",
        Error::UnknownObject(_) | Error::NotOffered(_) | Error::NotFound(_) => "missing",
        Error::Unavailable(_) | Error::Unreadable(_) => "unavailable",
    }
}

impl AskError {
    /// Whether the same question may be answered later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::UsedUp(_) | Self::Keeper(KeeperError::Contended) => true,
            Self::Keeper(KeeperError::Refresh(error)) | Self::Call(error) => error.is_transient(),
            Self::Keeper(KeeperError::Store(error)) => error.is_transient(),
            Self::Keeper(KeeperError::SignedOut) => false,
        }
    }
}

impl AskError {
    /// Whether there were too many calls, rather than no answer.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::UsedUp(_) | Self::Keeper(KeeperError::Contended) | Self::Call(Error::Busy { .. }))
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        match &error {
            AskError::UsedUp(used_up) => Self::new(ErrorCode::GainsightBusy).retry_after(used_up.wait),
            AskError::Keeper(KeeperError::SignedOut) => sidelight_domain::access::Reason::SignedOut.into(),
            AskError::Keeper(KeeperError::Contended) => {
                Self::new(ErrorCode::GainsightBusy).retry_after(Duration::from_secs(2))
            }
            AskError::Keeper(KeeperError::Store(_)) => Self::internal(error),
            AskError::Keeper(KeeperError::Refresh(call)) | AskError::Call(call) => {
                let (code, fields) = meaning(call);
                Self::new(code).with_fields(fields).because(error)
            }
        }
    }
}

/// What a failed call means to the person who asked.
fn meaning(error: &Error) -> (ErrorCode, Vec<FieldError>) {
    let code = match error {
        Error::Busy { .. } => ErrorCode::GainsightBusy,
        Error::Unauthorized(_) | Error::GrantRefused(_) => ErrorCode::SignedOut,
        Error::Invalid { fields, .. } => {
            let field = |problem: &sidelight_gainsight::FieldProblem| FieldError {
                field: problem.field.clone().unwrap_or_default(),
                message: problem.message.clone(),
            };
            return (ErrorCode::GainsightRefused, fields.iter().map(field).collect());
        }
        Error::Forbidden(_) | Error::Duplicate(_) => ErrorCode::GainsightRefused,
        Error::NotFound(_) => ErrorCode::EntityUnknown,
        Error::NotSent(_)
        | Error::NoAnswer(_)
        | Error::ClientRefused(_)
        | Error::UnknownObject(_)
        | Error::NotOffered(_)
        | Error::Unavailable(_)
        | Error::Unreadable(_) => ErrorCode::GainsightDown,
    };
    (code, Vec::new())
}
