//! SQLite: one file, one writer, many readers.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Row as _};

use super::{LOCK_LIMIT, Pools, not_opened};
use crate::OpenError;
use crate::bell::Bell;
use crate::error::Fault;

/// Takes the write lock at once: a transaction that begins by reading and then wants to write is refused without waiting when
/// another one wrote meanwhile (`SQLITE_BUSY_SNAPSHOT`).
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
pub(crate) const BEGIN_READ: &str = "BEGIN";

/// `synchronous = FULL` makes each commit wait for the disk. In WAL mode the cheaper NORMAL may lose the last commits in a
/// power cut, and an acknowledged write must survive that. Deleted rows hold sealed values only, so `secure_delete` need not cost
/// extra writes.
const SET_UP: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = FAST";
const READ_ONLY: &str = "PRAGMA query_only = ON";
/// 8 MiB for the one that writes: index pages are changed again and again. Readers keep SQLite's 2 MiB each; the system caches the file.
const WRITER: &str = "PRAGMA cache_size = -8192";

/// Switching a new file to WAL takes a lock for which SQLite does not wait by itself; several servers may start at once.
const OPENING_LIMIT: Duration = Duration::from_secs(10);
const OPENING_PAUSE: Duration = Duration::from_millis(100);
/// How soon events of another process on the same file are noticed.
const WATCH_PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn connect(url: &SecretString, max_connections: u32) -> Result<Pools, OpenError> {
    let url = url.expose_secret();
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(OpenError::Address {
            reason: "a database in memory cannot be shared by several connections".to_owned(),
        });
    }
    create_private(url);
    let options = || AnyPoolOptions::new().acquire_timeout(LOCK_LIMIT).test_before_acquire(false);
    // The pool of one is the queue of writers: fair, and with a time limit.
    let write = options().max_connections(1).after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::raw_sql(SET_UP).execute(&mut *connection).await?;
            sqlx::raw_sql(WRITER).execute(connection).await.map(drop)
        })
    });
    let read = options().max_connections(max_connections.max(1)).after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::raw_sql(SET_UP).execute(&mut *connection).await?;
            sqlx::raw_sql(READ_ONLY).execute(connection).await.map(drop)
        })
    });
    let write = opened(&write, url).await?;
    let read = opened(&read, url).await?;
    Ok(Pools { read, write })
}

/// A new file belongs to the server's user alone, whatever the process's umask says; SQLite gives its companions the same rights. What
/// cannot be created here is left to SQLite, which says why.
fn create_private(url: &str) {
    let Some((path, how)) = url.split_once('?') else { return };
    if let Some(path) = path.strip_prefix("sqlite:").filter(|_| how.contains("mode=rwc")) {
        let path = path.strip_prefix("//").unwrap_or(path);
        let mut new = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(new.write(true).create_new(true), 0o600);
        // There already, or not for us.
        let _ = new.open(path);
    }
}

async fn opened(options: &AnyPoolOptions, url: &str) -> Result<AnyPool, OpenError> {
    let trying = async {
        loop {
            match options.clone().connect(url).await.map_err(|error| not_opened(&error)) {
                Err(error) if error.is_transient() => tokio::time::sleep(OPENING_PAUSE).await,
                settled => return settled,
            }
        }
    };
    let tried = tokio::time::timeout(OPENING_LIMIT, trying).await;
    tried.unwrap_or_else(|_| Err(OpenError::Unreachable(Fault::timed_out("waiting for the lock of the database"))))
}

/// SQLite has nothing like NOTIFY. Looking at the counters once a second finds what another process wrote; what this process
/// writes is announced at once.
pub(super) async fn watch(pool: AnyPool, bell: Arc<Bell>) {
    loop {
        tokio::time::sleep(WATCH_PAUSE).await;
        // A failed look is made up for by the next one.
        let total = sqlx::query("SELECT COALESCE(SUM(event_seq), 0) AS total FROM heads").fetch_one(&pool).await;
        if let Some(total) = total.ok().and_then(|row| row.try_get::<i64, _>("total").ok()) {
            bell.compare(total);
        }
    }
}

/// Result codes (<https://www.sqlite.org/rescode.html>); the low byte of an extended code is the primary one.
pub(crate) fn is_passing(code: &str) -> bool {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const IO_ERROR: u32 = 10;
    const FULL: u32 = 13;
    const PROTOCOL: u32 = 15;
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, BUSY | LOCKED | IO_ERROR | FULL | PROTOCOL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sqlite_url;

    async fn pragma(pool: &AnyPool, name: &str) -> String {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}")));
        row.fetch_one(pool).await.unwrap().get(0)
    }

    #[tokio::test]
    async fn a_new_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let url = SecretString::from(format!("sqlite://{}?mode=rwc", path.display()));
        sqlx::any::install_default_drivers();
        let pools = connect(&url, 1).await.unwrap();
        for name in ["new.db", "new.db-wal"] {
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        pools.write.close().await;
    }

    #[tokio::test]
    async fn every_connection_waits_for_the_disk_and_readers_only_read() {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let pools = connect(&sqlite_url(folder.path()).into(), 2).await.unwrap();
        for pool in [&pools.read, &pools.write] {
            assert_eq!(pragma(pool, "journal_mode").await, "wal");
            assert_eq!(pragma(pool, "synchronous").await, "2");
            assert_eq!(pragma(pool, "foreign_keys").await, "1");
        }
        sqlx::query("CREATE TABLE x (y TEXT)").execute(&pools.write).await.unwrap();
        assert!(sqlx::query("INSERT INTO x VALUES ('z')").execute(&pools.read).await.is_err());
    }

    #[test]
    fn locks_pass_and_mistakes_do_not() {
        for (code, passes) in
            [("5", true), ("517", true), ("6", true), ("13", true), ("1", false), ("2067", false), ("", false)]
        {
            assert_eq!(is_passing(code), passes, "{code}");
        }
    }
}
