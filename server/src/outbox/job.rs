//! Takes up writes that are due: those that failed, those whose sender died, those whose author signed in again.

use std::time::Duration;

use sidelight_domain::ids::OrganisationId;

use super::deliver::deliver;
use super::submit::HOLD;
use crate::app::App;

/// Few at a time: they share the tenant's call budget with people who wait.
const BATCH: u32 = 10;
/// Without a wake-up, such as when a pause is over.
const PAUSE: Duration = Duration::from_secs(2);

/// Works until the shutdown. A delivery that has begun is finished.
pub async fn run(app: App) {
    loop {
        for organisation in app.organisation_ids() {
            if let Err(error) = deliver_due(&app, organisation).await {
                tracing::warn!(error = %error, "Waiting writes wait for the database.");
            }
        }
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = app.wake.outbox.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Sends what is due in one organisation, a batch at a time.
async fn deliver_due(app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
    loop {
        let mut unit = app.store.begin(organisation).await?;
        let claimed = unit.writes().claim_due(BATCH, HOLD).await?;
        unit.commit().await?;
        let is_last = claimed.len() < BATCH as usize;
        for write in claimed {
            // Each outcome is written down by itself; one write's trouble does not hold the others up.
            if let Err(error) = deliver(app.clone(), organisation, write).await {
                tracing::warn!(error = %error, "A delivery could not be written down.");
            }
        }
        if is_last || app.shutdown.is_cancelled() {
            return Ok(());
        }
    }
}
