//! SQLite: one file, one writer, many readers.
//!
//! Statements run in the thread of whoever asks: most take a few microseconds, less than the way to another thread and back would (ADR
//! 0009). What may take longer does not hold that thread up: waiting for a lock, for the disk, deletions, statements with large values.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, QueueMode, RecycleResult};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql};
use secrecy::{ExposeSecret, SecretString};
use sync_wrapper::SyncWrapper;
use tokio::runtime::{Handle, RuntimeFlavor};

use super::LOCK_LIMIT;
use crate::bell::Bell;
use crate::error::Fault;
use crate::statement::{self, Value};
use crate::{Error, OpenError};

/// Takes the write lock at once: a transaction that begins by reading and then wants to write is refused without waiting when
/// another one wrote meanwhile (`SQLITE_BUSY_SNAPSHOT`).
const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
const BEGIN_READ: &str = "BEGIN";

/// `synchronous = FULL` makes each commit wait for the disk. In WAL mode the cheaper NORMAL may lose the last commits in a
/// power cut, and an acknowledged write must survive that. Deleted rows hold sealed values only, so `secure_delete` need not cost
/// extra writes.
const SET_UP: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = FAST";
const READER: &str = "PRAGMA query_only = ON";
/// 8 MiB for the one that writes: index pages are changed again and again. Readers keep SQLite's 2 MiB each; the system caches the file.
/// It does not wait for the lock of another process by itself, since that would hold up its thread.
const WRITER: &str = "PRAGMA cache_size = -8192; PRAGMA busy_timeout = 0";
/// Statements that each connection keeps prepared.
const PREPARED: usize = 128;

/// Switching a new file to WAL takes a lock for which SQLite does not wait by itself; several servers may start at once.
const OPENING_LIMIT: Duration = Duration::from_secs(10);
const OPENING_PAUSE: Duration = Duration::from_millis(100);
/// How often a writer asks for the lock that another process holds.
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// How soon events of another process on the same file are noticed.
const WATCH_PAUSE: Duration = Duration::from_secs(1);
/// Bytes of values beyond which a statement is expected to take its time.
const LARGE: usize = 64 << 10;

type Pool = managed::Pool<Opener>;

/// Opens the connections of a pool.
#[derive(Debug)]
struct Opener {
    /// What SQLite calls a URI filename (<https://www.sqlite.org/uri.html>).
    address: String,
    then: &'static str,
}

impl managed::Manager for Opener {
    /// Nobody but the one who holds it uses a connection, and never two threads at once. Boxed, since it is part of every future that waits
    /// with a unit in its hand.
    type Type = Box<SyncWrapper<Connection>>;
    type Error = rusqlite::Error;

    async fn create(&self) -> Result<Box<SyncWrapper<Connection>>, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.address, flags)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.execute_batch(SET_UP)?;
        connection.execute_batch(self.then)?;
        Ok(Box::new(SyncWrapper::new(connection)))
    }

    async fn recycle(&self, _: &mut Box<SyncWrapper<Connection>>, _: &Metrics) -> RecycleResult<rusqlite::Error> {
        Ok(())
    }
}

/// Connections for reading, and the one that writes: its queue is fair, and has a time limit.
#[derive(Clone)]
pub(crate) struct Pools {
    read: Pool,
    write: Pool,
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pools").finish_non_exhaustive()
    }
}

impl Pools {
    pub(super) async fn open(url: &SecretString, max_connections: u32) -> Result<Self, OpenError> {
        let url = url.expose_secret();
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(OpenError::Address {
                reason: "a database in memory cannot be shared by several connections".to_owned(),
            });
        }
        create_private(url);
        let readers = usize::try_from(max_connections).unwrap_or(usize::MAX).max(1);
        Ok(Self { write: opened(url, WRITER, 1).await?, read: opened(url, READER, readers).await? })
    }

    pub(super) async fn begin_write(&self) -> Result<Transaction, Error> {
        let mut connection = taken(&self.write).await?;
        let trying = async {
            loop {
                match execute(connection.get_mut(), BEGIN_WRITE) {
                    Err(error) if is_locked(&error) => tokio::time::sleep(LOCK_PAUSE).await,
                    settled => return settled.map_err(|error| Error::from_sqlite(&error)),
                }
            }
        };
        let tried = tokio::time::timeout(LOCK_LIMIT, trying).await;
        tried.unwrap_or_else(|_| Err(Error::timed_out("waiting for the lock of another process")))?;
        Ok(Transaction { connection })
    }

    pub(super) async fn begin_read(&self) -> Result<Transaction, Error> {
        let mut connection = taken(&self.read).await?;
        execute(connection.get_mut(), BEGIN_READ).map_err(|error| Error::from_sqlite(&error))?;
        Ok(Transaction { connection })
    }

    pub(super) async fn fetch_all(&self, text: &str, values: &[Value]) -> Result<Vec<statement::Row>, Error> {
        let mut connection = taken(&self.read).await?;
        with(connection.get_mut(), text, values, rows)
    }

    /// Waits until whoever writes has ended.
    pub(super) async fn close(&self) {
        // Closed already, or somebody takes longer than anybody waits: what he wrote is rolled back.
        let _ = self.write.get().await;
        self.write.close();
        self.read.close();
    }
}

/// A transaction; what is not committed is rolled back when it is dropped.
pub(crate) struct Transaction {
    connection: Object<Opener>,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Transaction {
    pub(super) async fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Error> {
        tokio::task::consume_budget().await;
        let connection = self.connection.get_mut();
        with(connection, text, values, |statement| {
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(())
        })?;
        Ok(connection.changes())
    }

    pub(super) async fn all(&mut self, text: &str, values: &[Value]) -> Result<Vec<statement::Row>, Error> {
        tokio::task::consume_budget().await;
        with(self.connection.get_mut(), text, values, rows)
    }

    /// The disk may take its time, so another thread waits for it.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        let committing = tokio::task::spawn_blocking(move || {
            execute(self.connection.get_mut(), "COMMIT").map_err(|error| Error::from_sqlite(&error))
        });
        committing.await.unwrap_or_else(|_| Err(Error::Unconfirmed(Fault::timed_out("a commit"))))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let connection = self.connection.get_mut();
        if !connection.is_autocommit() {
            // Where not even that works, the next one is told so by his own beginning.
            let _ = execute(connection, "ROLLBACK");
        }
    }
}

/// What stood in the columns of a row.
pub(crate) struct Row {
    names: Arc<[String]>,
    values: Vec<rusqlite::types::Value>,
}

/// `None` if there is no such column, or something else stands in it; inside, if nothing does.
macro_rules! read_raw {
    ($($name:ident: $raw:ty = $variant:ident;)*) => { $(
        pub(crate) fn $name(&self, column: &str) -> Option<Option<$raw>> {
            let at = self.names.iter().position(|name| name == column)?;
            match &self.values[at] {
                rusqlite::types::Value::$variant(value) => Some(Some(value.clone())),
                rusqlite::types::Value::Null => Some(None),
                _ => None,
            }
        }
    )* };
}

impl Row {
    read_raw! {
        text: String = Text;
        number: i64 = Integer;
        bytes: Vec<u8> = Blob;
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Number(Some(number)) => ValueRef::Integer(*number),
            Self::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::Text(None) | Self::Number(None) | Self::Bytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn execute(connection: &Connection, text: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(text)?.raw_execute().map(drop)
}

/// Runs a statement with its values.
fn with<T>(
    connection: &Connection,
    text: &str,
    values: &[Value],
    work: impl FnOnce(&mut Statement<'_>) -> rusqlite::Result<T>,
) -> Result<T, Error> {
    let run = || {
        let mut statement = connection.prepare_cached(text)?;
        bind(&mut statement, values)?;
        work(&mut statement)
    };
    // A deletion may be of everything that is too old.
    let is_long = text.starts_with("DELETE") || values.iter().map(Value::len).sum::<usize>() > LARGE;
    let has_others = || Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    let done = if is_long && has_others() { tokio::task::block_in_place(run) } else { run() };
    done.map_err(|error| Error::from_sqlite(&error))
}

/// To SQLite `$2` is a name like any other, which it numbers as it meets it.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    let wanted = statement.parameter_count();
    if wanted != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), wanted));
    }
    for index in 1..=wanted {
        let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        statement
            .raw_bind_parameter(index, value.ok_or(rusqlite::Error::InvalidParameterCount(values.len(), wanted))?)?;
    }
    Ok(())
}

fn rows(statement: &mut Statement<'_>) -> rusqlite::Result<Vec<statement::Row>> {
    let names: Arc<[String]> = statement.column_names().into_iter().map(ToOwned::to_owned).collect();
    let mut read = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..names.len()).map(|column| row.get(column));
        let values = values.collect::<rusqlite::Result<_>>()?;
        read.push(statement::Row::Sqlite(Row { names: Arc::clone(&names), values }));
    }
    Ok(read)
}

async fn taken(pool: &Pool) -> Result<Object<Opener>, Error> {
    Box::pin(pool.get()).await.map_err(|refused| match refused {
        PoolError::Backend(error) => Error::from_sqlite(&error),
        PoolError::Closed => Error::closed(),
        PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            Error::timed_out("waiting for a connection")
        }
    })
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

/// SQLite's spelling of our address. What does not exist is made only if the address says so.
fn uri_filename(url: &str) -> String {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    let mode = match path.split_once('?') {
        Some((_, how)) if how.contains("mode=") => "",
        Some(_) => "&mode=rw",
        None => "?mode=rw",
    };
    format!("file:{path}{mode}")
}

async fn opened(url: &str, then: &'static str, connections: usize) -> Result<Pool, OpenError> {
    let pool = Pool::builder(Opener { address: uri_filename(url), then })
        .max_size(connections)
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(LOCK_LIMIT))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| OpenError::Address { reason: error.to_string() })?;
    let trying = async {
        loop {
            match pool.get().await {
                Ok(_) => return Ok(()),
                Err(PoolError::Backend(error)) if !is_locked(&error) => {
                    return Err(OpenError::Unreachable(Fault::of_sqlite(&error)));
                }
                Err(_) => tokio::time::sleep(OPENING_PAUSE).await,
            }
        }
    };
    let tried = tokio::time::timeout(OPENING_LIMIT, trying).await;
    tried.unwrap_or_else(|_| Err(OpenError::Unreachable(Fault::timed_out("waiting for the lock of the database"))))?;
    Ok(pool)
}

/// SQLite has nothing like NOTIFY. Looking at the counters once a second finds what another process wrote; what this process
/// writes is announced at once.
pub(super) async fn watch(pools: Pools, bell: Arc<Bell>) {
    loop {
        tokio::time::sleep(WATCH_PAUSE).await;
        // A failed look is made up for by the next one.
        let total = pools.fetch_all("SELECT COALESCE(SUM(event_seq), 0) AS total FROM heads", &[]).await;
        if let Some(total) = total.ok().and_then(|rows| rows.first()?.get::<i64>("total").ok()) {
            bell.compare(total);
        }
    }
}

fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
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

    fn pragma(connection: &Connection, name: &str) -> String {
        let select = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        connection.query_row(&select, [], |row| row.get(0)).unwrap()
    }

    #[tokio::test]
    async fn a_new_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let url = SecretString::from(format!("sqlite://{}?mode=rwc", path.display()));
        let pools = Pools::open(&url, 1).await.unwrap();
        for name in ["new.db", "new.db-wal"] {
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        pools.close().await;
    }

    #[tokio::test]
    async fn what_is_not_there_is_made_only_if_the_address_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}/a name.db", folder.path().display());
        for (how, opens) in
            [("", false), ("?cache=private", false), ("?mode=rwc", true), ("?mode=rw", true), ("", true)]
        {
            let opened = Pools::open(&SecretString::from(format!("{address}{how}")), 1).await;
            assert_eq!(opened.is_ok(), opens, "{how}: {opened:?}");
        }
    }

    #[tokio::test]
    async fn every_connection_waits_for_the_disk_and_readers_only_read() {
        let folder = tempfile::tempdir().unwrap();
        let pools = Pools::open(&sqlite_url(folder.path()).into(), 2).await.unwrap();
        for pool in [&pools.read, &pools.write] {
            let mut connection = pool.get().await.unwrap();
            let connection = connection.get_mut();
            assert_eq!(pragma(connection, "journal_mode"), "wal");
            assert_eq!(pragma(connection, "synchronous"), "2");
            assert_eq!(pragma(connection, "foreign_keys"), "1");
        }
        pools.write.get().await.unwrap().get_mut().execute_batch("CREATE TABLE x (y TEXT)").unwrap();
        assert!(pools.read.get().await.unwrap().get_mut().execute_batch("INSERT INTO x VALUES ('z')").is_err());
    }

    #[tokio::test]
    async fn values_stand_where_their_numbers_say() {
        let folder = tempfile::tempdir().unwrap();
        let pools = Pools::open(&sqlite_url(folder.path()).into(), 1).await.unwrap();
        let values: [Value; 3] = ["one".into(), 2_i64.into(), Some(vec![3_u8]).into()];
        let read = pools.fetch_all("SELECT $2 AS b, $3 AS c, $1 AS a, $2 AS again", &values).await.unwrap();
        let row = &read[0];
        assert_eq!(row.get::<String>("a").unwrap(), "one");
        assert_eq!((row.get::<i64>("b").unwrap(), row.get::<i64>("again").unwrap()), (2, 2));
        assert_eq!(row.get::<Vec<u8>>("c").unwrap(), [3]);
        for misfit in ["SELECT $1, $2", "SELECT $1, $2, $4", "SELECT $1, $2, ?"] {
            assert!(matches!(pools.fetch_all(misfit, &values).await, Err(Error::Refused(_))), "{misfit}");
        }
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
