//! For tests, here and in the server: databases to throw away.

use std::path::Path;

/// The address of a new SQLite database in `folder`.
#[must_use]
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join("sidelight.db").display())
}

/// Notes a statement that a unit runs.
pub(crate) fn record(_text: &str) {}
