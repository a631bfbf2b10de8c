//! For tests, here and in the server: databases to throw away, and a look at what was asked of them.

mod postgres;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use postgres::Postgres;

use crate::engine::Engine;

/// The address of a new SQLite database in `folder`.
#[must_use]
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join("sidelight.db").display())
}

static RECORDED: Mutex<BTreeSet<(bool, String)>> = Mutex::new(BTreeSet::new());

/// Every statement that units of this process have run, on PostgreSQL or on SQLite: for asserting how each is planned.
#[must_use]
pub fn recorded_statements(on_postgres: bool) -> Vec<String> {
    let recorded = RECORDED.lock().unwrap_or_else(PoisonError::into_inner);
    recorded.iter().filter(|(engine, _)| *engine == on_postgres).map(|(_, text)| text.clone()).collect()
}

pub(crate) fn record(engine: Engine, text: &str) {
    let mut recorded = RECORDED.lock().unwrap_or_else(PoisonError::into_inner);
    recorded.insert((engine == Engine::Postgres, text.to_owned()));
}
