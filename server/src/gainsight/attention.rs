//! What a panel shows while its stream is open: whose news it is told, and that somebody looks (design 4.6).

use std::time::Duration;

use sidelight_domain::access::Action;
use sidelight_domain::{EntityKind, EntityRef, Timestamp};

use super::budget::Urgency;
use super::news::EVERY;
use super::portfolio::{Portfolio, TOLERATED_FOR, at_hand, renew};
use crate::app::App;
use crate::http::{Caller, TenantAccess};
use crate::view;

/// Some missed renewals still count as looking.
const LOOKED_AT_FOR: Duration = Duration::from_mins(3);
const RENEWED_EVERY: Duration = Duration::from_secs(30);
/// While the panel's own first questions are on their way.
const TRIED_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The Timelines that one panel shows.
#[derive(Debug, Default)]
pub struct Attention {
    shown: Vec<EntityRef>,
    renewed_at: Timestamp,
    /// Since when something may be shown that is not in `shown`.
    blind_since: Option<Timestamp>,
    /// How often the viewer's list was not at hand.
    misses: u32,
}

impl Attention {
    /// Whose news the panel may be told.
    #[must_use]
    pub fn shown(&self) -> &[EntityRef] {
        &self.shown
    }

    /// Something else may have been chosen: it is looked up at the next renewal.
    pub fn is_elsewhere(&mut self, now: Timestamp) {
        self.blind_since.get_or_insert(now);
        self.renewed_at = Timestamp::default();
    }

    /// Says again what is shown, where it is time. Gives the Timeline that came into sight and may have changed before it did.
    pub async fn renew(&mut self, app: &App, caller: &Caller) -> Option<EntityRef> {
        let now = app.clock.now();
        let every = if self.shown.is_empty() { TRIED_AGAIN_AFTER } else { RENEWED_EVERY };
        if now.since(self.renewed_at) < every {
            return None;
        }
        let blind_since = *self.blind_since.get_or_insert(now);
        self.renewed_at = now;
        // Sign-ins and licences may have changed since the stream began.
        let caller = app.sessions.find(app, caller.session.id).await.ok()??;
        let before = self.shown.first().cloned();
        self.shown = match selected(app, &caller).await {
            Some((access, entity)) => self.visible(app, &access, entity).await,
            None => Vec::new(),
        };
        let entity = self.shown.first()?;
        self.blind_since = None;
        let changed_at = look(app, &caller, entity).await.unwrap_or_else(|error| {
            tracing::info!(error = %error, "That somebody looks at a Timeline could not be noted.");
            None
        });
        let is_news = before.as_ref() != Some(entity) && changed_at.is_some_and(|at| at >= blind_since);
        is_news.then(|| entity.clone())
    }

    /// The entity and, of a company, the relationships whose entries its Timeline shows too: as far as the viewer's own list has them.
    async fn visible(&mut self, app: &App, access: &TenantAccess, entity: EntityRef) -> Vec<EntityRef> {
        let portfolio = match at_hand(app, access).await {
            Some(portfolio) => Some(portfolio),
            // After a restart nobody has asked for it yet. A panel that opens does so by itself, and should not wait behind this.
            None if self.misses > 10 => {
                renew(app, access, TOLERATED_FOR, Urgency::Background).await.ok().map(|held| held.value)
            }
            None => None,
        };
        self.misses = if portfolio.is_some() { 0 } else { self.misses.saturating_add(1) };
        portfolio.map(|portfolio| with_relationships(&portfolio, entity)).unwrap_or_default()
    }
}

fn with_relationships(portfolio: &Portfolio, entity: EntityRef) -> Vec<EntityRef> {
    if portfolio.find(&entity).is_none() {
        return Vec::new();
    }
    let below: Vec<_> = match entity.kind {
        EntityKind::Company => portfolio.relationships_of(&entity.id).map(|one| one.reference.clone()).collect(),
        EntityKind::Relationship => Vec::new(),
    };
    [entity].into_iter().chain(below).collect()
}

async fn selected(app: &App, caller: &Caller) -> Option<(TenantAccess, EntityRef)> {
    caller.session.person.as_ref()?;
    let entity = view::load(app, caller).await.ok()?.selected?.reference;
    let access = caller.enter(app, &entity.tenant, Action::ReadTimeline).ok()?;
    Some((access, entity))
}

/// Notes that somebody looks, and tells when there was something new last.
async fn look(app: &App, caller: &Caller, entity: &EntityRef) -> Result<Option<Timestamp>, sidelight_store::Error> {
    let mut unit = app.store.begin(caller.organisation).await?;
    unit.timelines().watch(entity, LOOKED_AT_FOR, EVERY).await?;
    let changed_at = unit.timelines().changed_at(entity).await?;
    unit.commit().await?;
    Ok(changed_at)
}
