//! What runs beside the requests.

use std::time::Duration;

use sidelight_store::Retention;
use tokio::task::JoinSet;

use crate::app::App;
use crate::{audit, gainsight, outbox, zoom};

/// Starts all jobs; they end at the shutdown.
#[must_use]
pub fn start(app: &App) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(zoom::inbox::run(app.clone()));
    jobs.spawn(outbox::run(app.clone()));
    jobs.spawn(tidy(app.clone()));
    jobs.spawn(audit::run(app.clone()));
    jobs.spawn(gainsight::read_ahead(app.clone()));
    jobs
}

const TIDY_EVERY: Duration = Duration::from_mins(10);

/// Deletes what has served its time (docs/data-inventory.md) and gives memory back.
async fn tidy(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
        app.limits.forget_idle();
        match app.store.purge(&Retention::default()).await {
            Ok(purged) => tracing::info!(?purged, "Rows that served their time were deleted."),
            Err(error) => tracing::warn!(error = %error, "Old rows wait for the database."),
        }
    }
}
