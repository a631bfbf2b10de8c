//! `[database]`: where rows are kept.

use secrecy::{ExposeSecret, SecretString};

use super::reader::Section;

/// Settled `[database]`.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:///path/file.db?mode=rwc` or `postgres://…`; a secret, since it may carry a password.
    pub url: SecretString,
    /// Connections in the pool.
    pub max_connections: u32,
}

pub(super) fn read(section: &mut Section<'_>) -> Option<Database> {
    let max_connections = section.number("max_connections", 1..=1_000, 10);
    let Some(url) = section.secret("url") else {
        section
            .mistake("url", "is required (SIDELIGHT_DATABASE__URL): sqlite:///path/file.db?mode=rwc or postgres://…");
        return None;
    };
    let scheme = url.expose_secret().split(':').next().unwrap_or_default();
    if !matches!(scheme, "sqlite" | "postgres" | "postgresql") {
        section.mistake("url", "must begin with sqlite: or postgres:");
        return None;
    }
    Some(Database { url, max_connections })
}
