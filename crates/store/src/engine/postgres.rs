//! PostgreSQL: many writers, row locks, NOTIFY.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgExecutor, PgPool, Postgres, Transaction};

use super::{LOCK_LIMIT, STATEMENT_LIMIT};
use crate::bell::Bell;
use crate::error::Fault;
use crate::statement::{Row, Value};
use crate::{Error, OpenError};

pub(super) const BEGIN_WRITE: &str = "BEGIN";
pub(super) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The limits keep a forgotten transaction or a lock from holding up everybody else.
const SET_UP: &str = "SET application_name = 'sidelight'; SET lock_timeout = '3s'; SET statement_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '30s'";

/// The channel on which processes tell each other about new events; the payload names the sender.
pub(crate) const CHANNEL: &str = "sidelight_events";
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn connect(url: &SecretString, max_connections: u32) -> Result<PgPool, OpenError> {
    let options: PgConnectOptions = url.expose_secret().parse().map_err(|error| not_opened(&error))?;
    // A pool only says that it timed out; a single connection says why.
    first_connection(&options).await?.close().await.map_err(|error| not_opened(&error))?;
    let pool = PgPoolOptions::new()
        .max_connections(max_connections.max(2))
        .acquire_timeout(LOCK_LIMIT)
        // After a restart of the server every idle connection is dead; testing finds that out before a caller does.
        .test_before_acquire(true)
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SET_UP).execute(connection).await.map(drop) })
        })
        .connect_lazy_with(options);
    Ok(pool)
}

async fn first_connection(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    match tokio::time::timeout(LOCK_LIMIT, PgConnection::connect_with(options)).await {
        Ok(connected) => connected.map_err(|error| not_opened(&error)),
        Err(_) => Err(OpenError::Unreachable(Fault::timed_out("connecting"))),
    }
}

/// Why a pool did not open.
fn not_opened(error: &sqlx::Error) -> OpenError {
    if let sqlx::Error::Configuration(reason) = error {
        return OpenError::Address { reason: reason.to_string() };
    }
    OpenError::Unreachable(Fault::of(error))
}

pub(super) async fn begin(pool: &PgPool, how: &'static str) -> Result<Transaction<'static, Postgres>, Error> {
    within(LOCK_LIMIT * 2, "a beginning", pool.begin_with(how)).await
}

pub(super) async fn run(
    executor: impl PgExecutor<'_>,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<u64, Error> {
    let done = within(STATEMENT_LIMIT, "a statement", query(text, values).execute(executor)).await?;
    Ok(done.rows_affected())
}

pub(super) async fn fetch_all(
    executor: impl PgExecutor<'_>,
    text: Cow<'static, str>,
    values: Vec<Value>,
) -> Result<Vec<Row>, Error> {
    let rows = within(STATEMENT_LIMIT, "a statement", query(text, values).fetch_all(executor)).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

pub(super) async fn commit(transaction: Transaction<'static, Postgres>) -> Result<(), Error> {
    match tokio::time::timeout(STATEMENT_LIMIT, transaction.commit()).await {
        Ok(done) => done.map_err(|error| Error::from_commit(&error)),
        Err(_) => Err(Error::Unconfirmed(Fault::timed_out("a commit"))),
    }
}

fn query(text: Cow<'static, str>, values: Vec<Value>) -> Query<'static, Postgres, PgArguments> {
    // Texts are put together from literals of this crate alone; values are always bound.
    let query = match text {
        Cow::Borrowed(text) => sqlx::query(text),
        Cow::Owned(text) => sqlx::query(AssertSqlSafe(text)),
    };
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(value) => query.bind(value),
        Value::Number(value) => query.bind(value),
        Value::Bytes(value) => query.bind(value),
    })
}

/// Waits for the database, but not for ever.
async fn within<T>(
    limit: Duration,
    what: &'static str,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|error| Error::from_driver(&error)),
        Err(_) => Err(Error::timed_out(what)),
    }
}

/// Listens on a connection of its own and comes back whenever it breaks.
pub(super) async fn watch(url: SecretString, instance: String, bell: Arc<Bell>) {
    loop {
        if let Ok(mut listener) = PgListener::connect(url.expose_secret()).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            // Whatever came while nobody listened is found now.
            bell.ring();
            while let Ok(heard) = listener.try_recv().await {
                if heard.is_none_or(|notice| notice.payload() != instance) {
                    bell.ring();
                }
            }
            tracing::warn!("The connection that listens for events of other servers broke; it is opened anew.");
        }
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

/// SQLSTATE codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(crate) fn is_passing(code: &str) -> bool {
    const SERIALIZATION_FAILURE: &str = "40001";
    const DEADLOCK: &str = "40P01";
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    const READ_ONLY_TRANSACTION: &str = "25006";
    const IDLE_IN_TRANSACTION: &str = "25P03";
    let passing_classes = ["08", "53", "57", "58"];
    // 25006 is what a standby answers until a fail-over is complete.
    matches!(code, SERIALIZATION_FAILURE | DEADLOCK | LOCK_NOT_AVAILABLE | READ_ONLY_TRANSACTION | IDLE_IN_TRANSACTION)
        || passing_classes.iter().any(|class| code.starts_with(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_and_locks_pass_and_mistakes_do_not() {
        let cases = [
            ("57P01", true),
            ("57P03", true),
            ("53300", true),
            ("08006", true),
            ("40P01", true),
            ("55P03", true),
            ("57014", true),
            ("23505", false),
            ("42601", false),
            ("28P01", false),
        ];
        for (code, passes) in cases {
            assert_eq!(is_passing(code), passes, "{code}");
        }
    }
}
