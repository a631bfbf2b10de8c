//! What colleagues log in Gainsight itself: one question a minute for a whole tenant, while some panel shows a Timeline of it, whose
//! answer reaches those panels through the event table (design 4.6, docs/adr/0008).
//!
//! The answer says only where something changed. Each panel then reads its page anew, through its viewer's own rights.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sidelight_api::event::Event;
use sidelight_domain::access::Action;
use sidelight_domain::ids::{Gsid, OrganisationId, TenantKey};
use sidelight_domain::{EntityKind, EntityRef, Timestamp};
use sidelight_gainsight::{ActivityRow, Changes};
use sidelight_store::WatchedTimeline;

use super::ask::{AskError, Asker, Turn, ask_knowing};
use super::budget::Urgency;
use super::portfolio::{Portfolio, at_hand};
use super::tenants::TenantState;
use crate::app::App;
use crate::http::{Reader, TenantAccess};
use crate::record::Record as _;

/// A little less than a minute, so that what changed right after a question is on the screens within one (design 7).
pub(super) const EVERY: Duration = Duration::from_secs(55);
/// How long reports may lag behind what was logged, and a server behind another one: changes of this last time are looked at again
/// with each question. Nothing public says how long a lag is (`gainsight.md` 10.3).
const OVERLAP: Duration = Duration::from_mins(15);
/// More than change in a quarter of an hour in a large tenant. Where more do, everybody who looks reads anew.
const MOST: u32 = 200;
/// A tenant that does not answer is asked ever more seldom, up to this.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// People come first: a minute in which they use the whole budget is tried again a moment later.
const SHORTEST_PAUSE: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_secs(1);

/// What this server knows of the changes in one tenant.
#[derive(Debug, Default)]
pub struct News(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Changes that panels were told of, for as long as they may come up again.
    told: HashMap<Gsid, Timestamp>,
    /// Questions without an answer since the last one.
    failures: u32,
}

/// Runs until the shutdown.
pub async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(TICK) => {}
        }
        look_for_news(&app).await;
    }
}

/// Asks where it is time, for the organisations that have a stream open here.
pub async fn look_for_news(app: &App) {
    for organisation in app.streams.organisations() {
        if let Err(error) = look(app, organisation).await {
            tracing::warn!(error = %error, "Timelines that are looked at wait for the database.");
        }
    }
}

async fn look(app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
    let watched = app.store.read(organisation).await?.timelines().watched().await?;
    let mut by_tenant: BTreeMap<TenantKey, Vec<WatchedTimeline>> = BTreeMap::new();
    for one in watched {
        by_tenant.entry(one.entity.tenant.clone()).or_default().push(one);
    }
    for (tenant, watched) in by_tenant {
        let now = app.clock.now();
        let Some(state) =
            app.tenants.state(organisation, &tenant).filter(|_| watched.iter().any(|one| one.due_at <= now))
        else {
            continue;
        };
        let watch = Watch { app, organisation, state, watched: &watched };
        if state.tenant.shared.is_some() {
            watch.ask(Asker::Tenant(state), &watched.iter().collect::<Vec<_>>()).await?;
        } else {
            watch.ask_as_viewers().await?;
        }
    }
    Ok(())
}

/// One tenant, and which of its Timelines somebody looks at.
struct Watch<'a> {
    app: &'a App,
    organisation: OrganisationId,
    state: &'a TenantState,
    watched: &'a [WatchedTimeline],
}

impl Watch<'_> {
    /// Where everybody reads alone, as few viewers as see all of it together ask, mostly one. Nobody is told more by that: a panel is told
    /// of a change where its viewer's own list has the record, and reads it with his own token.
    async fn ask_as_viewers(&self) -> Result<(), sidelight_store::Error> {
        let viewers = self.viewers().await;
        let mut left: Vec<_> = self.watched.iter().collect();
        loop {
            let now = self.app.clock.now();
            let may_see = |portfolio: &Portfolio, one: &WatchedTimeline| portfolio.find(&one.entity).is_some();
            let best =
                viewers.iter().max_by_key(|(_, portfolio)| left.iter().filter(|one| may_see(portfolio, one)).count());
            let Some((access, portfolio)) = best else { return Ok(()) };
            let (seen, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| may_see(portfolio, one));
            if seen.iter().all(|one| one.due_at > now) {
                return Ok(());
            }
            self.ask(Asker::Person(access), &seen).await?;
            left = rest;
        }
    }

    /// Who has a panel open in this server, with what each may see.
    async fn viewers(&self) -> Vec<(TenantAccess, Arc<Portfolio>)> {
        let mut known = HashSet::new();
        let mut viewers = Vec::new();
        for session in self.app.streams.sessions_of(self.organisation) {
            let Ok(Some(caller)) = self.app.sessions.find(self.app, session).await else { continue };
            let entered = caller.enter(self.app, &self.state.tenant.key, Action::ReadTimeline);
            let Some(access) = entered.ok().filter(|access| matches!(access.reader(), Reader::Viewer(_))) else {
                continue;
            };
            if known.insert(access.grant.id)
                && let Some(portfolio) = at_hand(self.app, &access).await
            {
                viewers.push((access, portfolio));
            }
        }
        viewers
    }

    /// Asks once for all of these, unless another server does.
    async fn ask(&self, asker: Asker<'_>, seen: &[&WatchedTimeline]) -> Result<(), sidelight_store::Error> {
        let entities: Vec<_> = seen.iter().map(|one| one.entity.clone()).collect();
        let mut unit = self.app.store.begin(self.organisation).await?;
        let is_ours = unit.timelines().claim(&entities, EVERY).await?;
        unit.commit().await?;
        if !is_ours {
            return Ok(());
        }
        let since = self.app.clock.now().before(OVERLAP);
        let call = |turn: Turn| async move { turn.gainsight.changed_since(&turn.access(), since, MOST).await };
        match ask_knowing(self.app, asker, Urgency::Background, call).await {
            Ok(changes) => self.tell(&entities, &changes, since).await,
            Err(error) => self.wait(&entities, &error).await,
        }
    }

    async fn wait(&self, entities: &[EntityRef], error: &AskError) -> Result<(), sidelight_store::Error> {
        let wait = self.state.news.pause(error);
        tracing::info!(error = %error, tenant = %self.state.tenant.key, ?wait, "What changed in a tenant could not be read.");
        let mut unit = self.app.store.begin(self.organisation).await?;
        unit.timelines().postpone(entities, wait).await?;
        unit.commit().await
    }

    async fn tell(
        &self,
        asked: &[EntityRef],
        changes: &Changes,
        since: Timestamp,
    ) -> Result<(), sidelight_store::Error> {
        let fresh = self.state.news.unknown(changes, since);
        let watched: HashSet<_> = self.watched.iter().map(|one| &one.entity).collect();
        let mut renewed: BTreeSet<EntityRef> = BTreeSet::new();
        let mut told: BTreeSet<EntityRef> = BTreeSet::new();
        for row in fresh {
            let places = places(&self.state.tenant.key, row);
            renewed.extend(places.iter().filter(|place| watched.contains(place)).cloned());
            // The last is the innermost: who sees a company need not see each of its relationships.
            told.extend(places.last().filter(|_| places.iter().any(|place| watched.contains(place))).cloned());
        }
        if !changes.is_complete {
            renewed.extend(asked.iter().cloned());
            told.extend(asked.iter().cloned());
        }
        if renewed.is_empty() {
            return Ok(());
        }
        let mut unit = self.app.store.begin(self.organisation).await?;
        for entity in &renewed {
            unit.timelines().note_changed(entity).await?;
        }
        for entity in told {
            unit.tell_watchers(&entity.clone(), &Event::Timeline { entity });
        }
        unit.commit().await
    }
}

/// Where an activity is shown: in its company's Timeline and, if it belongs to one, its relationship's.
fn places(tenant: &TenantKey, row: &ActivityRow) -> Vec<EntityRef> {
    let place = |kind, id: &Gsid| EntityRef { tenant: tenant.clone(), kind, id: id.clone() };
    let company = row.company.as_ref().map(|id| place(EntityKind::Company, id));
    let relationship = row.relationship.as_ref().map(|id| place(EntityKind::Relationship, id));
    company.into_iter().chain(relationship).collect()
}

impl News {
    /// The changes that nobody was told of yet.
    fn unknown<'a>(&self, changes: &'a Changes, since: Timestamp) -> Vec<&'a ActivityRow> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.failures = 0;
        known.told.retain(|_, changed_at| *changed_at >= since);
        let is_unknown = |row: &&ActivityRow| {
            let changed_at = row.modified_at.or(row.created_at).unwrap_or_default();
            known.told.insert(row.id.clone(), changed_at) != Some(changed_at)
        };
        changes.activities.iter().filter(is_unknown).collect()
    }

    /// How long to wait after a question that was not answered: until our own budget has room, or longer each time.
    fn pause(&self, error: &AskError) -> Duration {
        if let AskError::UsedUp(used_up) = error {
            return used_up.wait.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.failures = known.failures.saturating_add(1);
        EVERY.saturating_mul(1 << known.failures.min(8)).min(LONGEST_PAUSE)
    }
}
