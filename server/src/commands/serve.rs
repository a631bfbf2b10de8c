//! `sidelight serve` and `sidelight migrate`.

use std::sync::Arc;

use anyhow::Context as _;
use sidelight_store::{Options, Store};
use tokio::signal::unix::{SignalKind, signal};

use super::documents::print;
use crate::app::App;
use crate::chance::{SystemClock, SystemIds};
use crate::config::Config;
use crate::logging;
use crate::serve::Listeners;

pub(super) async fn serve(config: Config) -> anyhow::Result<()> {
    logging::start(config.server.log_format, &config.server.log_filter)?;
    let metrics = logging::count()?;
    let app = open(config).await?;
    let server = &app.config.server;
    let listeners = Listeners::bind(server.bind, server.ops_bind).await?;
    tracing::info!(
        address = %listeners.public.local_addr()?,
        ops.address = %listeners.ops.local_addr()?,
        public.url = %server.public_url,
        tenants = app.config.tenants.len(),
        "Listening."
    );
    crate::serve::serve(app, listeners, metrics, stop_signal()?).await
}

/// Opens the database, migrating it, and puts the application together.
///
/// # Errors
/// A message for the operator.
pub(crate) async fn open(config: Config) -> anyhow::Result<App> {
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let store = Store::open(Options {
        url: config.database.url.clone(),
        master_keys: config.security.master_keys.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        max_connections: config.database.max_connections,
        strict_audit: false,
    })
    .await
    .context("cannot open the database (database.url)")?;
    Ok(App::new(config, store, clock, ids).await?)
}

/// Done at the first SIGINT or SIGTERM.
///
/// # Errors
/// If the process may not listen to signals.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

pub(super) async fn migrate(config: &Config) -> anyhow::Result<()> {
    let applied = Store::migrate(&config.database.url, &SystemClock).await.context("cannot migrate the database")?;
    if applied.is_empty() {
        return print("The database is up to date.\n");
    }
    for migration in applied {
        print(&format!("Applied {} {}.\n", migration.version, migration.name))?;
    }
    Ok(())
}
