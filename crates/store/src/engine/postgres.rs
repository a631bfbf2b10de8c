//! PostgreSQL: many writers, row locks, NOTIFY.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::AnyPoolOptions;
use sqlx::postgres::PgListener;
use sqlx::{AnyConnection, Connection as _};

use super::{LOCK_LIMIT, Pools, not_opened};
use crate::OpenError;
use crate::bell::Bell;
use crate::error::Fault;

pub(crate) const BEGIN_WRITE: &str = "BEGIN";
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The limits keep a forgotten transaction or a lock from holding up everybody else.
const SET_UP: &str = "SET application_name = 'sidelight'; SET lock_timeout = '3s'; SET statement_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '30s'";

/// The channel on which processes tell each other about new events; the payload names the sender.
pub(crate) const CHANNEL: &str = "sidelight_events";
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn connect(url: &SecretString, max_connections: u32) -> Result<Pools, OpenError> {
    let url = url.expose_secret();
    // A pool only says that it timed out; a single connection says why.
    first_connection(url).await?.close().await.map_err(|error| not_opened(&error))?;
    let pool = AnyPoolOptions::new()
        .max_connections(max_connections.max(2))
        .acquire_timeout(LOCK_LIMIT)
        // After a restart of the server every idle connection is dead; testing finds that out before a caller does.
        .test_before_acquire(true)
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SET_UP).execute(connection).await.map(drop) })
        })
        .connect_lazy(url)
        .map_err(|error| not_opened(&error))?;
    Ok(Pools { read: pool.clone(), write: pool })
}

async fn first_connection(url: &str) -> Result<AnyConnection, OpenError> {
    match tokio::time::timeout(LOCK_LIMIT, AnyConnection::connect(url)).await {
        Ok(connected) => connected.map_err(|error| not_opened(&error)),
        Err(_) => Err(OpenError::Unreachable(Fault::timed_out("connecting"))),
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
