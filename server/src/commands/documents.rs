//! Commands that print a document and are done.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use sidelight_store::{Options, Store};

use crate::app::App;
use crate::chance::{SystemClock, SystemIds};
use crate::config::{Config, DEVELOPMENT_MASTER_KEY};

/// Writes to standard output; a closed pipe is an error like any other.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The description comes from the very router that serves, so it needs one, on a database that nobody sees.
pub(super) async fn openapi() -> anyhow::Result<()> {
    let (_, openapi) = crate::serve::router(&nowhere().await?);
    print(&openapi.to_pretty_json()?)?;
    print("\n")
}

async fn nowhere() -> anyhow::Result<App> {
    let variables = [
        ("SIDELIGHT_DATABASE__URL", "sqlite::memory:"),
        ("SIDELIGHT_SECURITY__MASTER_KEY", DEVELOPMENT_MASTER_KEY),
        ("SIDELIGHT_ZOOM__CLIENT_ID", "none"),
        ("SIDELIGHT_ZOOM__CLIENT_SECRET", "none"),
        ("SIDELIGHT_ZOOM__WEBHOOK_SECRET", "none"),
    ];
    let variables: BTreeMap<_, _> =
        variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let config = Config::read("", &variables)?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let store = Store::open(Options {
        url: config.database.url.clone(),
        master_keys: config.security.master_keys.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        max_connections: 1,
        strict_audit: false,
    })
    .await?;
    Ok(App::new(config, store, clock, ids).await?)
}
