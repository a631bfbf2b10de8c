//! What a viewer may see of what is read for everybody: the tenant's credential applies nobody's permissions, so each viewer's own
//! token has to prove which companies and relationships it sees (design 4.6, docs/adr/0003).

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sidelight_domain::ids::Gsid;
use sidelight_domain::{EntityKind, EntityRef};
use sidelight_gainsight::Error;

use super::ask::{AskError, Asker, Turn, ask};
use super::budget::Urgency;
use super::pages::{PAGE, every_page};
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
    Ok(state.proofs.get(&access.grant.id, fresh_for, || read(app, access, urgency)).await?.value)
}

async fn renew(app: &App, access: &TenantAccess) {
    let Some(state) = app.tenants.state(access.organisation, &access.tenant.key) else { return };
    let read = || read(app, access, Urgency::Background);
    if let Err(error) = state.proofs.get(&access.grant.id, FRESH_FOR, read).await {
        tracing::info!(error = %error, tenant = %access.tenant.key, "What a viewer may see could not be read.");
    }
}

async fn read(app: &App, access: &TenantAccess, urgency: Urgency) -> Result<Proof, AskError> {
    let (companies, relationships) =
        tokio::try_join!(ids(app, access, urgency, "Company"), ids(app, access, urgency, "relationship"))?;
    Ok(Proof::Shown { companies, relationships })
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
