//! What a viewer may see of what is read for everybody: the tenant's credential applies nobody's permissions, so each viewer's own
//! token has to prove which companies and relationships it sees (design 4.6, docs/adr/0003).

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::ids::{GrantId, Gsid};
use sidelight_domain::{EntityKind, EntityRef, Timestamp};
use sidelight_gainsight::Error;

use super::ask::{AskError, Asker, Turn, ask};
use super::budget::{Urgency, UsedUp};
use super::pages::{PAGE, every_page};
use super::shelf::KEPT_FOR;
use super::tenants::TenantState;
use crate::app::App;
use crate::http::{TenantAccess, is_approved};

/// What a viewer may see.
#[derive(Debug)]
pub enum Proof {
    /// The records that Gainsight itself showed to him.
    Shown {
        /// By id.
        companies: HashSet<Gsid>,
        /// By id.
        relationships: HashSet<Gsid>,
    },
    /// Everything: he came in through Salesforce, and the operator said so.
    Approved,
}

impl Proof {
    /// Whether the viewer may see a company.
    #[must_use]
    pub fn shows_company(&self, id: &Gsid) -> bool {
        match self {
            Self::Shown { companies, .. } => companies.contains(id),
            Self::Approved => true,
        }
    }

    /// Whether the viewer may see a company or relationship.
    #[must_use]
    pub fn shows(&self, entity: &EntityRef) -> bool {
        match entity.kind {
            EntityKind::Company => self.shows_company(&entity.id),
            EntityKind::Relationship => self.shows_relationship(&entity.id),
        }
    }

    /// Whether the viewer may see a relationship.
    #[must_use]
    pub fn shows_relationship(&self, id: &Gsid) -> bool {
        match self {
            Self::Shown { relationships, .. } => relationships.contains(id),
            Self::Approved => true,
        }
    }
}

/// A proof is read anew in the background once it is this old, while its viewer is here; with the shelf's own limit it is gone after
/// four hours, whatever happens.
pub(super) const FRESH_FOR: Duration = Duration::from_hours(2);
/// How long somebody's reading ahead may wait for calls that are left.
const LONGEST_TURN: Duration = Duration::from_mins(2);

/// The viewer's proof, read with the own token where there is none; an old one counts while it is renewed in the background.
///
/// # Errors
/// [`AskError`] if there is none and the tenant cannot be asked: then nothing is shown.
pub(super) async fn proof(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    fresh_for: Duration,
    urgency: Urgency,
) -> Result<Arc<Proof>, AskError> {
    if access.is_without_token() {
        // `Caller::enter` lets nobody in without it; whoever comes another way is shown nothing.
        return if is_approved(&access.tenant, &access.grant) {
            Ok(Arc::new(Proof::Approved))
        } else {
            Err(AskError::Unproven)
        };
    }
    let held = state.proofs.peek(&access.grant.id).await;
    if let Some(held) = held.filter(|_| fresh_for == FRESH_FOR) {
        if app.clock.now().since(held.as_of) >= FRESH_FOR {
            let (app, access) = (app.clone(), access.clone());
            app.tasks.clone().spawn(async move { renew(&app, &access).await });
        }
        return Ok(held.value);
    }
    Ok(state.proofs.get(&access.grant.id, fresh_for, || read(app, state, access, fresh_for, urgency)).await?.value)
}

/// Whether the proof at hand still counts then.
pub(super) async fn lasts_until(state: &TenantState, grant: GrantId, until: Timestamp) -> bool {
    state.proofs.peek(&grant).await.is_some_and(|held| until.since(held.as_of) < KEPT_FOR)
}

/// Reads a proof while nobody waits for it: whenever there is a call left for what runs beside.
///
/// # Errors
/// [`AskError`] if the tenant cannot be asked, or has no calls left for long.
pub(super) async fn read_ahead(app: &App, state: &TenantState, access: &TenantAccess) -> Result<(), AskError> {
    let as_of = app.clock.now();
    let companies = in_turn(app, || ids(app, access, Urgency::Background, "Company")).await?;
    let relationships = in_turn(app, || ids(app, access, Urgency::Background, "relationship")).await?;
    state.proofs.put_as_of(access.grant.id, Proof::Shown { companies, relationships }, as_of).await;
    Ok(())
}

/// Asks again when it is worth it, as long as the tenant is merely busy.
async fn in_turn<T, F>(app: &App, read: impl Fn() -> F) -> Result<T, AskError>
where
    F: Future<Output = Result<T, AskError>>,
{
    let mut left = LONGEST_TURN;
    loop {
        match read().await {
            Err(AskError::UsedUp(UsedUp { wait })) if wait <= left && !app.shutdown.is_cancelled() => {
                left -= wait;
                tokio::select! {
                    () = app.shutdown.cancelled() => {}
                    () = tokio::time::sleep(wait) => {}
                }
            }
            answer => return answer,
        }
    }
}

async fn renew(app: &App, access: &TenantAccess) {
    let Some(state) = app.tenants.state(access.organisation, &access.tenant.key) else { return };
    let read = || read(app, state, access, FRESH_FOR, Urgency::Background);
    if let Err(error) = state.proofs.get(&access.grant.id, FRESH_FOR, read).await {
        tracing::info!(error = %error, tenant = %access.tenant.key, "What a viewer may see could not be read.");
    }
}

/// Asks for both halves at once. One that was read while the other had to wait is kept for the next try.
async fn read(
    app: &App,
    state: &TenantState,
    access: &TenantAccess,
    fresh_for: Duration,
    urgency: Urgency,
) -> Result<Proof, AskError> {
    let grant = access.grant.id;
    let half = |kind: EntityKind, object: &'static str| async move {
        match state.halves.take(grant, kind, app.clock.now(), fresh_for).await {
            Some(shown) => Ok(shown),
            None => ids(app, access, urgency, object).await,
        }
    };
    // Not `try_join`: it would break off a call that is paid for.
    let (companies, relationships) =
        tokio::join!(half(EntityKind::Company, "Company"), half(EntityKind::Relationship, "relationship"));
    match (companies, relationships) {
        (Ok(companies), Ok(relationships)) => Ok(Proof::Shown { companies, relationships }),
        (Ok(companies), Err(error)) => {
            state.halves.put(grant, EntityKind::Company, app.clock.now(), companies).await;
            Err(error)
        }
        (Err(error), Ok(relationships)) => {
            state.halves.put(grant, EntityKind::Relationship, app.clock.now(), relationships).await;
            Err(error)
        }
        (Err(error), Err(_)) => Err(error),
    }
}

async fn ids(app: &App, access: &TenantAccess, urgency: Urgency, object: &str) -> Result<HashSet<Gsid>, AskError> {
    let read = |after: Option<Gsid>| async move {
        let after = after.as_ref();
        let call = |turn: Turn| async move { turn.gainsight.ids(&turn.access(), object, after, PAGE).await };
        ask(app, Asker::Person(access), urgency, call).await
    };
    match every_page(|id: &Gsid| id, read).await {
        Ok(all) => Ok(all.into_iter().collect()),
        // Not every tenant has relationships.
        Err(AskError::Call(Error::UnknownObject(_))) => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}
