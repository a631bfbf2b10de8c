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
    jobs.spawn(supervised(app.clone(), "inbox", zoom::inbox::run));
    jobs.spawn(supervised(app.clone(), "recall", zoom::recall::run));
    jobs.spawn(supervised(app.clone(), "outbox", outbox::run));
    jobs.spawn(supervised(app.clone(), "tidy", tidy));
    jobs.spawn(supervised(app.clone(), "audit", audit::run));
    jobs.spawn(supervised(app.clone(), "read_ahead", gainsight::read_ahead));
    jobs.spawn(supervised(app.clone(), "mirror", gainsight::keep_mirrors));
    jobs.spawn(supervised(app.clone(), "look_ahead", gainsight::look_ahead));
    jobs.spawn(supervised(app.clone(), "news", gainsight::read_news));
    jobs
}

const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Runs a job until the shutdown. A defect that panics must not stop it for good, unnoticed.
async fn supervised<F>(app: App, name: &'static str, job: fn(App) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let stop = app.shutdown.clone();
    kept_running(name, RESTART_AFTER, stop.cancelled_owned(), || job(app.clone())).await;
}

async fn kept_running<F>(name: &'static str, pause: Duration, stop: impl Future<Output = ()>, job: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut stop = std::pin::pin!(stop);
    while let Err(error) = tokio::spawn(job()).await {
        metrics::counter!("panics_total").increment(1);
        tracing::error!(job = name, panicked = error.is_panic(), "A job broke off and begins anew.");
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn a_job_that_panics_begins_anew() {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let runs = || async { assert!(RUNS.fetch_add(1, Ordering::SeqCst) > 1, "the first two break off") };
        super::kept_running("test", Duration::ZERO, std::future::pending(), runs).await;
        assert_eq!(RUNS.load(Ordering::SeqCst), 3);
    }
}
