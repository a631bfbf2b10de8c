//! Who is calling, gathered once for each request and proven by types from there on.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sidelight_api::ErrorCode;
use sidelight_domain::access::{Action, Identity, Standing, TenantStanding, decide};
use sidelight_domain::ids::{GrantId, MeetingUuid, OrganisationId, TenantKey};
use sidelight_store::{Grant, PersonKey, Session};

use super::Refusal;
use crate::app::App;
use crate::config::Tenant;

/// A live session with everything that decides what it may do.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session.
    pub session: Arc<Session>,
    /// Whose data it may touch; the visitors' organisation for guests.
    pub organisation: OrganisationId,
    /// The person's live sign-ins.
    pub grants: Arc<Vec<Grant>>,
    /// The meeting that he looks at from the main client. It concerns him: see `guard`.
    pub visiting: Option<MeetingUuid>,
}

impl Caller {
    /// Who this is, as far as Zoom proved it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        match (&self.session.person, self.organisation == sidelight_store::VISITORS) {
            (None, _) => Identity::Guest,
            (Some(_), true) => Identity::Stranger,
            (Some(_), false) => Identity::Member,
        }
    }

    /// Decides an action that concerns no particular tenant.
    ///
    /// # Errors
    /// The reason why not.
    pub fn may(&self, action: Action) -> Result<(), Refusal> {
        let tenant = self.grants.iter().map(standing_of).reduce(better).unwrap_or(TenantStanding::SignedOut);
        decide(action, Standing { identity: self.identity(), tenant }).map_err(Refusal::from)
    }

    /// The person, for what only a member has: state, drafts, sign-ins.
    ///
    /// # Errors
    /// `guest` for a session without a person.
    pub fn person(&self) -> Result<&PersonKey, Refusal> {
        self.session.person.as_ref().ok_or_else(|| ErrorCode::Guest.into())
    }

    /// The meeting the panel is open in, or looks at from the main client; `None` at home.
    #[must_use]
    pub fn meeting(&self) -> Option<&MeetingUuid> {
        self.session.meeting.as_ref().or(self.visiting.as_ref())
    }

    /// Steps into a tenant to perform `action`: the only way to get a [`TenantAccess`], without which nothing of a tenant is read
    /// or written.
    ///
    /// # Errors
    /// `tenant_unknown` for a tenant of nobody or of another organisation, else the reason why not.
    pub fn enter(&self, app: &App, tenant: &TenantKey, action: Action) -> Result<TenantAccess, Refusal> {
        let registered = app.tenant(self.organisation, tenant).ok_or(ErrorCode::TenantUnknown)?;
        let grant = self.grants.iter().find(|grant| grant.tenant == *tenant);
        let standing = grant.map_or(TenantStanding::SignedOut, standing_of);
        decide(action, Standing { identity: self.identity(), tenant: standing })?;
        let grant = grant.ok_or(ErrorCode::SignedOut)?.clone();
        if !is_approved(&registered, &grant) {
            return Err(ErrorCode::NotApproved.into());
        }
        Ok(TenantAccess { organisation: self.organisation, tenant: registered, grant })
    }
}

/// Proof that the caller may act in a tenant, with what is needed to do so.
#[derive(Clone, Debug)]
pub struct TenantAccess {
    /// Whose tenant.
    pub organisation: OrganisationId,
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// The caller's sign-in.
    pub grant: Grant,
}

/// Whose credential reads, and so who may be shown what was read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reader {
    /// One person's sign-in: Gainsight applied his permissions, and nobody else sees the answer.
    Viewer(GrantId),
    /// The tenant's own credential: nobody's permissions were applied, so that each viewer needs proof (design 4.6).
    Everybody,
}

impl TenantAccess {
    /// Whose credential reads in this tenant.
    #[must_use]
    pub fn reader(&self) -> Reader {
        if self.tenant.shared.is_some() { Reader::Everybody } else { Reader::Viewer(self.grant.id) }
    }

    /// Whether the viewer came in through Salesforce: there is no own token to read, prove or write with.
    #[must_use]
    pub fn is_without_token(&self) -> bool {
        self.grant.tokens.is_none()
    }
}

/// Whether there is a token that Gainsight applies permissions to or, where a login at Salesforce brought none, the operator's word that
/// such people may see what is approved (docs/adr/0003).
#[must_use]
pub fn is_approved(tenant: &Tenant, grant: &Grant) -> bool {
    let entry = tenant.salesforce.as_ref().filter(|_| tenant.shared.is_some());
    grant.tokens.is_some() || entry.is_some_and(|entry| entry.sees_what_is_approved)
}

/// How somebody with this grant stands.
#[must_use]
pub fn standing_of(grant: &Grant) -> TenantStanding {
    match (grant.ended_at, grant.is_active, grant.licence) {
        (Some(_), ..) => TenantStanding::SignedOut,
        (None, false, _) => TenantStanding::Inactive,
        (None, true, Some(licence)) => TenantStanding::Licensed(licence),
        (None, true, None) => TenantStanding::Unlicensed,
    }
}

/// Whoever may do more somewhere gets as far as the tenant concerned, which decides.
fn better(a: TenantStanding, b: TenantStanding) -> TenantStanding {
    let rank = |standing| match standing {
        TenantStanding::Licensed(licence) => 1 + u8::from(licence.may_sign_in()) + u8::from(licence.may_edit_records()),
        TenantStanding::SignedOut | TenantStanding::Inactive | TenantStanding::Unlicensed => 0,
    };
    if rank(b) > rank(a).max(1) { b } else { a }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        // Put there by the guard of the route; a route without a guard has no caller.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ErrorCode::SessionEnded.into())
    }
}
