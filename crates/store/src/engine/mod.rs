//! What differs between SQLite and PostgreSQL: the drivers, opening, write transactions, locks, waking up. Everything else is portable
//! SQL (ADR 0001).

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::{PgPool, Postgres};
use tokio::task::JoinHandle;

use crate::bell::Bell;
use crate::statement::{Row, Statement, Value};
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
            Self::Sqlite => sqlite::Pools::open(url, max_connections).await.map(Pools::Sqlite),
            Self::Postgres => postgres::connect(url, max_connections).await.map(Pools::Postgres),
        }
    }
}

/// The connections.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite(sqlite::Pools),
    Postgres(PgPool),
}

// The futures of PostgreSQL's driver are boxed: as parts of ours they would make each route's as large as all of them together.
impl Pools {
    /// Begins a transaction that will write.
    pub(crate) async fn begin_write(&self) -> Result<Transaction, Error> {
        match self {
            Self::Sqlite(pools) => pools.begin_write().await.map(Transaction::Sqlite),
            Self::Postgres(pool) => {
                Box::pin(postgres::begin(pool, postgres::BEGIN_WRITE)).await.map(Transaction::Postgres)
            }
        }
    }

    /// Begins a transaction that sees one moment and changes nothing.
    pub(crate) async fn begin_read(&self) -> Result<Transaction, Error> {
        match self {
            Self::Sqlite(pools) => pools.begin_read().await.map(Transaction::Sqlite),
            Self::Postgres(pool) => {
                Box::pin(postgres::begin(pool, postgres::BEGIN_READ)).await.map(Transaction::Postgres)
            }
        }
    }

    /// Reads without a transaction.
    pub(crate) async fn fetch_all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        let (text, values) = statement.into_parts(None, "");
        match self {
            Self::Sqlite(pools) => pools.fetch_all(&text, &values).await,
            Self::Postgres(pool) => Box::pin(postgres::fetch_all(pool, text, values)).await,
        }
    }

    /// Rings `bell` whenever another process wrote events, until the task is aborted.
    pub(crate) fn watch(&self, url: &SecretString, instance: &str, bell: &Arc<Bell>) -> JoinHandle<()> {
        let bell = Arc::clone(bell);
        match self {
            Self::Sqlite(pools) => tokio::spawn(sqlite::watch(pools.clone(), bell)),
            Self::Postgres(_) => tokio::spawn(postgres::watch(url.clone(), instance.to_owned(), bell)),
        }
    }

    /// Closes the connections, once those who write have ended.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A transaction. What is not committed is rolled back when it is dropped.
#[derive(Debug)]
pub(crate) enum Transaction {
    Sqlite(sqlite::Transaction),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// Runs a statement and tells how many rows it changed.
    pub(crate) async fn run(&mut self, (text, values): (Cow<'static, str>, Vec<Value>)) -> Result<u64, Error> {
        match self {
            Self::Sqlite(transaction) => transaction.run(&text, &values).await,
            Self::Postgres(transaction) => Box::pin(postgres::run(&mut **transaction, text, values)).await,
        }
    }

    /// Runs a statement and reads the rows it gives.
    pub(crate) async fn all(&mut self, (text, values): (Cow<'static, str>, Vec<Value>)) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite(transaction) => transaction.all(&text, &values).await,
            Self::Postgres(transaction) => Box::pin(postgres::fetch_all(&mut **transaction, text, values)).await,
        }
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => Box::pin(postgres::commit(transaction)).await,
        }
    }
}
