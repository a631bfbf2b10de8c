//! The one door to a tenant: in whose name, budget, token, one more try with a fresh token, and what a failure means for the caller.

use std::sync::Arc;
use std::time::Duration;

use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::access::Reason;
use sidelight_gainsight::{Access, Credential, Error, FieldProblem, Gainsight, Schema};
use sidelight_store::Grant;

use super::budget::{Urgency, UsedUp};
use super::keeper::{self, KeeperError};
use super::machine::{self, MachineError};
use super::tenants::TenantState;
use crate::app::App;
use crate::config::Tenant;
use crate::http::{Reader, Refusal, TenantAccess};

/// In whose name a tenant is asked.
#[derive(Clone, Copy, Debug)]
pub enum Asker<'a> {
    /// A person's, with the own token.
    Person(&'a TenantAccess),
    /// The tenant's own, with the credential that reads for everybody.
    Tenant(&'a TenantState),
}

impl<'a> Asker<'a> {
    /// Whoever reads in this tenant: the viewer himself, or one for everybody.
    ///
    /// # Errors
    /// None in practice: only `Caller::enter` makes an access, and only for a registered tenant.
    pub fn reading(app: &'a App, access: &'a TenantAccess) -> Result<Self, AskError> {
        Ok(match access.reader() {
            Reader::Viewer(_) => Self::Person(access),
            Reader::Everybody => Self::Tenant(state_of(app, access)?),
        })
    }

    /// Whoever writes in this tenant: the author himself or, where a login at Salesforce brought him no token, the tenant's credential, with
    /// his name under what is written.
    ///
    /// # Errors
    /// None in practice: only `Caller::enter` makes an access, and only for a registered tenant.
    pub fn writing(app: &'a App, access: &'a TenantAccess) -> Result<Self, AskError> {
        Ok(if access.is_without_token() { Self::Tenant(state_of(app, access)?) } else { Self::Person(access) })
    }

    fn reader(&self) -> Reader {
        match self {
            Self::Person(access) => access.reader(),
            Self::Tenant(_) => Reader::Everybody,
        }
    }

    fn state(&self, app: &'a App) -> Result<&'a TenantState, AskError> {
        match self {
            Self::Person(access) => state_of(app, access),
            Self::Tenant(state) => Ok(state),
        }
    }

    /// A token, and which one it is. `refused` is one that Gainsight did not accept.
    async fn credential(&self, app: &App, refused: Option<u32>) -> Result<(Credential, u32), AskError> {
        match self {
            Self::Person(access) => Ok(keeper::credential(app, access, refused).await?),
            Self::Tenant(state) => Ok(machine::credential(app, state, refused).await?),
        }
    }

    /// What is known of the tenant's objects, less what may not be read for everybody.
    fn schema(&self, known: Option<&Schema>) -> Option<Schema> {
        let shared = match self {
            Self::Person(_) => None,
            Self::Tenant(state) => state.tenant.shared.as_ref(),
        };
        match shared {
            Some(shared) => Some(known.cloned().unwrap_or_default().approving(Arc::clone(&shared.fields))),
            None => known.cloned(),
        }
    }
}

/// Why a tenant did not answer a question.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Our budget for it is used up, or it told us to wait.
    #[error(transparent)]
    UsedUp(#[from] UsedUp),
    /// There is no usable token.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// The credential that reads for everybody gets in no more.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// It was asked, and said no or nothing.
    #[error("the call failed")]
    Call(#[source] Error),
    /// Nothing proves that the viewer may see this.
    #[error("the viewer may not see this record")]
    Unproven,
    /// The caller who asked the same just before was told so.
    #[error("the same question failed a moment ago")]
    Echo(Echo),
}

/// What is left of a failure for those who waited for the answer.
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    code: ErrorCode,
    is_busy: bool,
    is_transient: bool,
}

/// Fields change when an administrator changes them; permissions likewise (`gainsight.md` 4.3: cache for hours).
const SCHEMA_FRESH_FOR: Duration = Duration::from_hours(6);
/// How long a tenant that did not describe itself is asked without.
const DESCRIBE_REST: Duration = Duration::from_secs(30);
/// How long everybody waits after a 429 that does not say (`gainsight.md` 4.3: windows are one minute).
const UNTOLD_WAIT: Duration = Duration::from_secs(15);

/// What a call is made with; owned, so that it can be made again with a fresh token.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The client.
    pub gainsight: Gainsight,
    tenant: Arc<Tenant>,
    credential: Arc<Credential>,
    schema: Option<Schema>,
}

impl Turn {
    /// Where, and as whom.
    #[must_use]
    pub fn access(&self) -> Access<'_> {
        let access = Access::new(&self.tenant.base, &self.credential).within(self.tenant.time_limit);
        Access { schema: self.schema.as_ref(), ..access }
    }

    /// What the tenant's objects are made of, where it is known.
    #[must_use]
    pub const fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }

    /// Whether the tenant's Timeline has a column for minutes.
    #[must_use]
    pub fn keeps_duration(&self) -> bool {
        self.schema.as_ref().is_some_and(|schema| schema.duration_field().is_some())
    }
}

/// Asks a tenant.
///
/// # Errors
/// [`AskError`]
pub async fn ask<T, F>(app: &App, asker: Asker<'_>, urgency: Urgency, call: impl Fn(Turn) -> F) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    ask_with(app, asker, urgency, None, call).await
}

/// The same, knowing which fields the tenant's objects have: more of them can be asked for.
///
/// # Errors
/// [`AskError`]
pub async fn ask_knowing<T, F>(
    app: &App,
    asker: Asker<'_>,
    urgency: Urgency,
    call: impl Fn(Turn) -> F,
) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    let schema = schema(app, asker, urgency).await;
    ask_with(app, asker, urgency, schema, call).await
}

/// What the tenant's objects are made of, if it can be had.
pub(super) async fn schema(app: &App, asker: Asker<'_>, urgency: Urgency) -> Option<Arc<Schema>> {
    let state = asker.state(app).ok()?;
    // A person whose tenant is read for everybody knows its objects from there: his own question is no reason to describe them again.
    let describer = match asker.reader() {
        Reader::Viewer(_) => asker,
        Reader::Everybody => Asker::Tenant(state),
    };
    described(app, state, describer, urgency).await
}

/// What the tenant's objects are made of, if it can be had. A tenant that does not tell now still answers about the fields that every
/// tenant has; it is not made to refuse before each question.
async fn described(app: &App, state: &TenantState, describer: Asker<'_>, urgency: Urgency) -> Option<Arc<Schema>> {
    let key = describer.reader();
    if state.rests_describing(app.clock.now()) {
        return state.schemas.peek(&key).await.map(|held| held.value);
    }
    let read = || describe(app, describer, urgency);
    let schema = state.schemas.get(&key, SCHEMA_FRESH_FOR, read).await;
    if schema.as_ref().map_or(true, |held| held.is_stale) {
        state.rest_describing(app.clock.now().after(DESCRIBE_REST));
    }
    schema.ok().map(|held| held.value)
}

/// What the tenant's objects are made of. One that is missing fails the whole call, so the second try asks only for those that every
/// tenant has; a tenant that does not describe itself at all has an empty schema, and is not asked again for hours.
async fn describe(app: &App, asker: Asker<'_>, urgency: Urgency) -> Result<Schema, AskError> {
    const ESSENTIAL: [&str; 3] = ["Company", "GsUser", "activity_timeline"];
    for objects in [&Schema::OBJECTS[..], &ESSENTIAL] {
        let call = |turn: Turn| async move { turn.gainsight.describe(&turn.access(), objects).await.map(Schema::of) };
        match ask(app, asker, urgency, call).await {
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
    asker: Asker<'_>,
    urgency: Urgency,
    schema: Option<Arc<Schema>>,
    call: impl Fn(Turn) -> F,
) -> Result<T, AskError>
where
    F: Future<Output = Result<T, Error>>,
{
    let state = asker.state(app)?;
    let schema = asker.schema(schema.as_deref());
    let mut refused = None;
    loop {
        let (credential, version) = asker.credential(app, refused).await?;
        state.budget.take(urgency, app.clock.now()).await?;
        let (gainsight, tenant) = (app.gainsight.clone(), Arc::clone(&state.tenant));
        let answer = call(Turn { gainsight, tenant, credential: Arc::new(credential), schema: schema.clone() }).await;
        let outcome = answer.as_ref().err().map_or("answered", outcome);
        metrics::counter!("gainsight_calls_total", "tenant" => state.tenant.key.to_string(), "outcome" => outcome)
            .increment(1);
        match answer {
            Ok(value) => return Ok(value),
            // Revoked or expired early: once more with a fresh token.
            Err(Error::Unauthorized(_)) if refused.is_none() => refused = Some(version),
            Err(error @ Error::Unauthorized(_)) => return Err(shut_out(app, asker, version, error).await?),
            Err(error) => {
                if let Error::Busy { retry_after, .. } = &error {
                    state.budget.pause(app.clock.now(), retry_after.unwrap_or(UNTOLD_WAIT));
                }
                return Err(AskError::Call(error));
            }
        }
    }
}

/// A fresh token was refused, too: the person has to sign in again, or the operator has to renew the tenant's credential.
async fn shut_out(app: &App, asker: Asker<'_>, version: u32, error: Error) -> Result<AskError, AskError> {
    match asker {
        Asker::Person(access) => {
            // The version that was refused just now: the request began with an older one.
            let grant = Grant { version, ..access.grant.clone() };
            keeper::end(app, access.organisation, &grant, "refused").await?;
            Ok(KeeperError::SignedOut.into())
        }
        Asker::Tenant(state) => {
            tracing::error!(tenant = %state.tenant.key, "The tenant refuses the credential that reads for everybody.");
            Ok(MachineError::Refused(error).into())
        }
    }
}

/// What we know of the tenant that somebody stepped into.
///
/// # Errors
/// None in practice: only `Caller::enter` makes an access, and only for a registered tenant.
pub fn state_of<'a>(app: &'a App, access: &TenantAccess) -> Result<&'a TenantState, AskError> {
    let state = app.tenants.state(access.organisation, &access.tenant.key);
    Ok(state.map(Arc::as_ref).ok_or(KeeperError::SignedOut)?)
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
    /// The same for somebody who waited for this answer.
    pub(super) fn echo(&self) -> Echo {
        Echo { code: self.code(), is_busy: self.is_busy(), is_transient: self.is_transient() }
    }

    /// What it means to the person who asked.
    fn code(&self) -> ErrorCode {
        match self {
            Self::Echo(echo) => echo.code,
            Self::UsedUp(_) | Self::Keeper(KeeperError::Contended) => ErrorCode::GainsightBusy,
            Self::Keeper(KeeperError::SignedOut) => ErrorCode::SignedOut,
            Self::Keeper(KeeperError::Store(error)) if !error.is_transient() => ErrorCode::Internal,
            Self::Keeper(KeeperError::Store(_)) => ErrorCode::StorageDown,
            Self::Keeper(KeeperError::Refresh(call)) | Self::Call(call) => meaning(call),
            Self::Machine(_) => ErrorCode::GainsightDown,
            Self::Unproven => ErrorCode::EntityUnknown,
        }
    }

    /// Whether the same question may be answered later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            // The operator renews a credential that does not get in; what waits until then is not lost.
            Self::UsedUp(_) | Self::Keeper(KeeperError::Contended) | Self::Machine(_) => true,
            Self::Keeper(KeeperError::Refresh(error)) | Self::Call(error) => error.is_transient(),
            Self::Keeper(KeeperError::Store(error)) => error.is_transient(),
            Self::Echo(echo) => echo.is_transient,
            Self::Keeper(KeeperError::SignedOut) | Self::Unproven => false,
        }
    }
}

impl AskError {
    /// How long to wait before the next try, where that is known.
    #[must_use]
    pub const fn rest(&self) -> Option<Duration> {
        match self {
            Self::UsedUp(used_up) => Some(used_up.wait),
            Self::Call(Error::Busy { retry_after, .. }) => *retry_after,
            Self::Keeper(_) | Self::Machine(_) | Self::Call(_) | Self::Unproven | Self::Echo(_) => None,
        }
    }

    /// Whether there were too many calls, rather than no answer.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        if let Self::Echo(echo) = self {
            return echo.is_busy;
        }
        matches!(self, Self::UsedUp(_) | Self::Keeper(KeeperError::Contended) | Self::Call(Error::Busy { .. }))
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            AskError::Unproven | AskError::Echo(_) => refusal,
            AskError::UsedUp(used_up) => refusal.retry_after(used_up.wait),
            AskError::Keeper(KeeperError::Contended) => refusal.retry_after(Duration::from_secs(2)),
            AskError::Keeper(KeeperError::SignedOut) => Reason::SignedOut.into(),
            AskError::Keeper(KeeperError::Store(error)) => error.into(),
            AskError::Keeper(KeeperError::Refresh(ref call)) | AskError::Call(ref call) => {
                refusal.with_fields(refused_fields(call)).because(error)
            }
            AskError::Machine(_) => refusal.because(error),
        }
    }
}

/// What a failed call means to the person who asked.
const fn meaning(error: &Error) -> ErrorCode {
    match error {
        Error::Busy { .. } => ErrorCode::GainsightBusy,
        Error::Unauthorized(_) | Error::GrantRefused(_) => ErrorCode::SignedOut,
        Error::Invalid { .. } | Error::Forbidden(_) | Error::Duplicate(_) => ErrorCode::GainsightRefused,
        Error::NotFound(_) => ErrorCode::EntityUnknown,
        Error::NotSent(_)
        | Error::NoAnswer(_)
        | Error::ClientRefused(_)
        | Error::UnknownObject(_)
        | Error::NotOffered(_)
        | Error::Unavailable(_)
        | Error::Unreadable(_) => ErrorCode::GainsightDown,
    }
}

/// The fields that Gainsight did not take.
fn refused_fields(error: &Error) -> Vec<FieldError> {
    let Error::Invalid { fields, .. } = error else { return Vec::new() };
    let field = |problem: &FieldProblem| FieldError {
        field: problem.field.clone().unwrap_or_default(),
        message: problem.message.clone(),
    };
    fields.iter().map(field).collect()
}
