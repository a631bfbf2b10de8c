//! Takes up writes that are due: those that failed, those whose sender died, those whose author signed in again.
//!
//! Each tenant has a worker of its own while something is due there: one that hangs holds up nobody else.

use std::collections::BTreeSet;
use std::time::Duration;

use sidelight_domain::ids::{OrganisationId, TenantKey};
use tokio::task::{Id, JoinSet};

use super::deliver::deliver;
use super::submit::HOLD;
use crate::app::App;
use crate::gainsight::Urgency;

/// Without a wake-up, such as when a pause is over.
const PAUSE: Duration = Duration::from_secs(2);

/// Works until the shutdown. A delivery that has begun is finished.
pub async fn run(app: App) {
    let mut workers = Workers::default();
    while !app.shutdown.is_cancelled() {
        for organisation in app.organisation_ids() {
            if let Err(error) = workers.start(&app, organisation).await {
                tracing::warn!(error = %error, "Waiting writes wait for the database.");
            }
        }
        tokio::select! {
            () = app.shutdown.cancelled() => {}
            () = app.wake.outbox.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            // What became due while it finished is seen at once.
            () = workers.one_ended() => {}
        }
    }
    while !workers.tasks.is_empty() {
        workers.one_ended().await;
    }
}

/// One for each tenant that has something due.
#[derive(Default)]
struct Workers {
    tasks: JoinSet<()>,
    busy: Vec<(Id, OrganisationId, TenantKey)>,
}

impl Workers {
    async fn start(&mut self, app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
        let due = app.store.read(organisation).await?.writes().list_due_tenants().await?;
        let is_theirs = |(_, of, _): &&(Id, OrganisationId, TenantKey)| *of == organisation;
        let busy: BTreeSet<_> = self.busy.iter().filter(is_theirs).map(|(_, _, tenant)| tenant.clone()).collect();
        for tenant in due.into_iter().filter(|tenant| !busy.contains(tenant)) {
            let task = self.tasks.spawn(work(app.clone(), organisation, tenant.clone()));
            self.busy.push((task.id(), organisation, tenant));
        }
        Ok(())
    }

    /// Waits for the next one to end; for ever if there is none.
    async fn one_ended(&mut self) {
        let Some(ended) = self.tasks.join_next_with_id().await else { return std::future::pending().await };
        let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
        self.busy.retain(|(busy, ..)| *busy != id);
    }
}

/// Sends what is due in one tenant, one after the other: each claim begins when its write is sent.
async fn work(app: App, organisation: OrganisationId, tenant: TenantKey) {
    while !app.shutdown.is_cancelled() {
        let ended = match claim(&app, organisation, &tenant).await {
            Ok(Some(write)) => deliver(app.clone(), organisation, write, Urgency::Background).await.map(drop),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            tracing::warn!(error = %error, "A delivery could not be written down.");
            return;
        }
    }
}

async fn claim(
    app: &App,
    organisation: OrganisationId,
    tenant: &TenantKey,
) -> Result<Option<sidelight_store::Write>, sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    let claimed = unit.writes().claim_due(tenant, 1, HOLD).await?.pop();
    unit.commit().await?;
    Ok(claimed)
}
