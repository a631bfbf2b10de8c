//! What one tenant contributes to the people of a meeting, as one viewer may see it.

use std::collections::BTreeSet;
use std::sync::Arc;

use sidelight_api::people::Gap;
use sidelight_domain::EmailAddress;

use super::late::Lateness;
use super::meeting::keep_proven;
use super::pace::{Lacks, tell_when_worth_it};
use super::people::{Freshness, Resolved, at_hand as at_hand_of, resolve};
use super::portfolio::{Portfolio, at_hand, portfolio_shown};
use crate::app::App;
use crate::http::{Reader, TenantAccess};

/// What one tenant contributed.
pub(super) struct Contribution {
    pub(super) access: TenantAccess,
    pub(super) resolved: Resolved,
    /// The viewer's list of companies, if it could be had.
    pub(super) portfolio: Option<Arc<Portfolio>>,
    /// How its answer stands, if it did not come in time.
    pub(super) lateness: Option<Lateness>,
}

impl Contribution {
    fn new(access: TenantAccess, mut resolved: Resolved, portfolio: Option<Arc<Portfolio>>) -> Self {
        if access.reader() == Reader::Everybody && portfolio.is_none() {
            hide_unproven(&mut resolved);
        }
        keep_proven(&access, &mut resolved.directory, portfolio.as_deref());
        Self { access, resolved, portfolio, lateness: None }
    }

    /// Why it may lack something, if so.
    pub(super) fn gap(&self) -> Option<Gap> {
        match (&self.resolved.failure, self.lateness) {
            (Some(failure), _) if failure.is_busy() => Some(Gap::GainsightBusy),
            (Some(_), _) | (None, Some(Lateness::Overdue)) => Some(Gap::GainsightDown),
            (None, Some(Lateness::Expected)) => Some(Gap::StillAsking),
            (None, None) => None,
        }
    }

    /// Where the tenant was merely busy, the viewer's panels ask again by themselves.
    pub(super) async fn tell_when_worth_it(&self, app: &App) {
        let Self { access, resolved, .. } = self;
        let state = app.tenants.state(access.organisation, &access.tenant.key);
        if let (Some(state), Some(failure)) = (state, &resolved.failure) {
            let look_ups = state.look_ups.get_with(access.reader(), async { Arc::default() }).await;
            let lacks = if self.portfolio.is_none() { Lacks::Own } else { Lacks::Shared };
            tell_when_worth_it(app, access, &look_ups, failure, lacks);
        }
    }
}

/// What the tenant says now, asked where what is at hand is too old.
pub(super) async fn contribution(
    app: &App,
    access: TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    freshness: Freshness,
) -> Contribution {
    let (mut resolved, portfolio) =
        tokio::join!(resolve(app, &access, addresses, freshness), portfolio_shown(app, &access));
    // Without his own list a viewer is not shown for whom somebody works, and should be told why.
    let portfolio = portfolio.map_err(|error| resolved.failure.get_or_insert(error)).ok().map(|held| held.value);
    Contribution::new(access, resolved, portfolio)
}

/// What is at hand, without a question.
pub(super) async fn from_hand(app: &App, access: TenantAccess, addresses: &BTreeSet<EmailAddress>) -> Contribution {
    let (resolved, portfolio) = (at_hand_of(app, &access, addresses).await, at_hand(app, &access).await);
    Contribution::new(access, resolved, portfolio)
}

/// Of people who work somewhere nothing is said before there is proof that the viewer may know it: not even that they are unknown.
fn hide_unproven(resolved: &mut Resolved) {
    let directory = &mut resolved.directory;
    let employed = directory.people.iter().filter(|(_, person)| !person.links.is_empty());
    directory.unsaid.extend(employed.map(|(email, _)| email.clone()));
    directory.people.retain(|_, person| person.links.is_empty());
}
