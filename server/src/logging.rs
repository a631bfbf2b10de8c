//! Log lines and metrics of the process.

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Seconds; finer where a panel's requests lie.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How often what was measured is summed up. Each measurement is kept singly until then, so without it an unread `/metrics` would grow
/// for as long as we run.
const UPKEEP: Duration = Duration::from_secs(5);

/// Every counter and what it tells; `/metrics` carries it as `# HELP`.
const COUNTERS: [(&str, &str); 11] = [
    ("gainsight_calls_total", "Calls to tenants, by tenant and how they ended."),
    ("http_requests_total", "Answered requests, by method, route and status."),
    ("panel_loads_total", "Loads of the panel's page, by whether Zoom sent a context that could be read."),
    ("panics_total", "Defects that ended a request."),
    ("sign_ins_total", "Sign-ins to Gainsight, by how they ended."),
    ("writes_total", "Tries to deliver a write to Gainsight, by how they ended."),
    ("zoom_installations_total", "Persons who added the app."),
    ("zoom_removals_total", "Persons who removed the app and were forgotten."),
    ("zoom_webhooks_homeless_total", "Webhooks of accounts that belong to no organisation."),
    ("zoom_webhooks_refused_total", "Webhooks that were not Zoom's, by reason."),
    ("zoom_webhooks_total", "Webhooks taken in, by event."),
];

/// Begins to log. Called once, from `main`.
///
/// # Errors
/// If the filter cannot be read, or somebody logs already.
pub(crate) fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(filter).context("server.log_filter is not a filter such as `info,sidelight=debug`")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!(error))
}

/// Begins to count. Called once, from `main`, within the runtime whose end also ends the summing up.
///
/// # Errors
/// If somebody counts already.
pub(crate) fn count() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?;
    let handle = builder.install_recorder()?;
    let kept = handle.clone();
    tokio::spawn(every(UPKEEP, move || kept.run_upkeep()));
    for (name, meaning) in COUNTERS {
        metrics::describe_counter!(name, meaning);
    }
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "From request to answer, by route."
    );
    Ok(handle)
}

/// Does `work` again and again, for as long as the task is left to live.
async fn every(period: Duration, work: impl Fn()) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn measurements_are_summed_up_without_anybody_reading_them() {
        let handle = count().expect("no other test of this program counts");
        metrics::histogram!("http_request_duration_seconds").record(0.002);
        let (told, mut done) = tokio::sync::mpsc::unbounded_channel();
        let kept = handle.clone();
        let task = tokio::spawn(every(Duration::from_millis(1), move || {
            kept.run_upkeep();
            let _ = told.send(());
        }));
        for _ in 0..3 {
            done.recv().await.expect("it goes on for as long as it is left to live");
        }
        task.abort();
        assert!(handle.render().contains("http_request_duration_seconds_count 1"), "{}", handle.render());
    }
}
