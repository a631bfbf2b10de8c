//! What differs between SQLite and PostgreSQL: opening, write transactions, locks, waking up. Everything else is portable SQL
//! through sqlx's `Any` driver (ADR 0001).

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::AnyPool;
use tokio::task::JoinHandle;

use crate::bell::Bell;
use crate::error::Fault;
use crate::{Error, OpenError};

/// How long anybody waits for a lock or a connection: a caller would rather hear "busy" than hang.
pub(crate) const LOCK_LIMIT: Duration = Duration::from_secs(3);
/// How long a statement may take before the connection counts as dead.
pub(crate) const STATEMENT_LIMIT: Duration = Duration::from_secs(10);

/// The database behind the store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Reads the engine off the address.
    pub(crate) fn of(url: &SecretString) -> Result<Self, OpenError> {
        match url.expose_secret().split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(OpenError::UnknownEngine),
        }
    }

    /// Begins a transaction that will write.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite::BEGIN_WRITE,
            Self::Postgres => postgres::BEGIN_WRITE,
        }
    }

    /// Begins a transaction that sees one moment and changes nothing.
    pub(crate) const fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite::BEGIN_READ,
            Self::Postgres => postgres::BEGIN_READ,
        }
    }

    /// What keeps the rows of a SELECT from being changed by others.
    pub(crate) const fn row_lock(self) -> &'static str {
        match self {
            // One writer at a time holds the whole file.
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// The same, passing over rows that somebody else holds.
    pub(crate) const fn row_claim(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Picks the text for this engine where no portable one exists.
    pub(crate) const fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }

    /// Opens the connections.
    pub(crate) async fn connect(self, url: &SecretString, max_connections: u32) -> Result<Pools, OpenError> {
        match self {
            Self::Sqlite => sqlite::connect(url, max_connections).await,
            Self::Postgres => postgres::connect(url, max_connections).await,
        }
    }

    /// Rings `bell` whenever another process wrote events, until the task is aborted.
    pub(crate) fn watch(self, pools: &Pools, url: &SecretString, instance: &str, bell: &Arc<Bell>) -> JoinHandle<()> {
        match self {
            Self::Sqlite => tokio::spawn(sqlite::watch(pools.read.clone(), Arc::clone(bell))),
            Self::Postgres => tokio::spawn(postgres::watch(url.clone(), instance.to_owned(), Arc::clone(bell))),
        }
    }
}

/// Connections for reading and for writing; the same ones where the engine lets many write.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) read: AnyPool,
    pub(crate) write: AnyPool,
}

impl Pools {
    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Why a pool did not open.
fn not_opened(error: &sqlx::Error) -> OpenError {
    if let sqlx::Error::Configuration(reason) = error {
        return OpenError::Address { reason: reason.to_string() };
    }
    OpenError::Unreachable(Fault::of(error))
}

/// Waits for the database, but not for ever.
pub(crate) async fn within<T>(
    limit: Duration,
    what: &'static str,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|error| Error::from_driver(&error)),
        Err(_) => Err(Error::timed_out(what)),
    }
}
