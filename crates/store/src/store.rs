//! The open store and what can be done before an organisation is known.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use sidelight_domain::ids::{OrganisationId, SessionId, ZoomAccountId, ZoomUserId};
use sidelight_domain::{Clock, IdSource};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::bell::Bell;
use crate::engine::{Engine, LOCK_LIMIT, Pools, Transaction};
use crate::keys::{Keyring, Kind, MasterKeys, OrganisationKeys};
use crate::migrations::{self, AppliedMigration, MIGRATIONS};
use crate::organisations;
use crate::rosters::Rosters;
use crate::statement::{Row, Statement, sql};
use crate::unit::Unit;
use crate::{Digest, Error, OpenError, PersonKey};

/// What a store needs to open.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:///path/file.db?mode=rwc` or `postgres://…`.
    pub url: SecretString,
    /// The keys that wrap the key of each organisation.
    pub master_keys: MasterKeys,
    /// The time of every row.
    pub clock: Arc<dyn Clock>,
    /// Ids, keys and nonces.
    pub ids: Arc<dyn IdSource>,
    /// Connections that may be open at once; on SQLite those for reading.
    pub max_connections: u32,
    /// Refuses to commit a change to what belongs to a person without a row in the audit log. On in tests: it shows that no route
    /// forgets to write one.
    pub strict_audit: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// Everything that Sidelight keeps. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

/// What all units of a store share.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) pools: Pools,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) bell: Arc<Bell>,
    pub(crate) rosters: Rosters,
    pub(crate) strict_audit: bool,
    /// Names this store to other processes on the same database.
    pub(crate) instance: String,
    keyring: Keyring,
    watcher: JoinHandle<()>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.watcher.abort();
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("engine", &self.shared.engine).finish_non_exhaustive()
    }
}

impl Store {
    /// Connects, brings the schema up to date and opens the keys. Several servers may do so at once.
    ///
    /// # Errors
    /// [`OpenError`]; see [`OpenError::is_transient`] for whether to try again.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(&options.url)?;
        let pools = engine.connect(&options.url, options.max_connections).await?;
        for applied in migrations::apply(engine, &options.url, MIGRATIONS, options.clock.now()).await? {
            tracing::info!(
                migration.version = applied.version,
                migration.name = applied.name,
                "A migration was applied."
            );
        }
        let bell = Arc::new(Bell::new());
        let instance = options.ids.uuid().simple().to_string();
        let watcher = pools.watch(&options.url, &instance, &bell);
        let store = Self {
            shared: Arc::new(Shared {
                engine,
                pools,
                clock: options.clock,
                ids: options.ids,
                bell,
                rosters: Rosters::new(),
                strict_audit: options.strict_audit,
                instance,
                keyring: Keyring::new(options.master_keys),
                watcher,
            }),
        };
        store.open_keys().await.map_err(OpenError::Keys)?;
        Ok(store)
    }

    /// Brings the schema up to date without opening a store, and says what was applied.
    ///
    /// # Errors
    /// [`OpenError`], as [`open`](Self::open).
    pub async fn migrate(url: &SecretString, clock: &dyn Clock) -> Result<Vec<AppliedMigration>, OpenError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        engine.connect(url, 1).await?.close().await;
        Ok(migrations::apply(engine, url, MIGRATIONS, clock.now()).await?)
    }

    /// Whether the database takes writes at this moment: the readiness probe.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it does not.
    pub async fn check(&self) -> Result<(), Error> {
        // PostgreSQL hands out a transaction number to those who may write only; SQLite's write lock says the same.
        let probe = self.shared.engine.pick("SELECT 1", "SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)");
        let mut unit = self.transaction().await?;
        unit.run(sql(probe).into_parts(None, "")).await.map(drop)
    }

    /// Begins a unit of work that writes.
    ///
    /// # Errors
    /// [`Error::UnknownOrganisation`], or [`Error::Unavailable`] if nobody could write within a few seconds.
    pub async fn begin(&self, organisation: OrganisationId) -> Result<Unit, Error> {
        let keys = self.keys(organisation).await?;
        let transaction = self.transaction().await?;
        Ok(Unit::new(Arc::clone(&self.shared), organisation, keys, transaction, true))
    }

    /// Begins a unit that only reads, and sees the data of one moment.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn read(&self, organisation: OrganisationId) -> Result<Unit, Error> {
        let keys = self.keys(organisation).await?;
        let transaction = self.shared.pools.begin_read().await?;
        Ok(Unit::new(Arc::clone(&self.shared), organisation, keys, transaction, false))
    }

    pub(crate) async fn transaction(&self) -> Result<Transaction, Error> {
        self.shared.pools.begin_write().await
    }

    /// Rung after each commit that wrote events, in this process or another. Read the events after your cursor then.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<u64> {
        self.shared.bell.listen()
    }

    /// The key under which rows of a Zoom user stand in an organisation.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn person_key(&self, organisation: OrganisationId, user: &ZoomUserId) -> Result<PersonKey, Error> {
        let keys = self.keys(organisation).await?;
        Ok(PersonKey::new(keys.blind(Kind::ZoomUser, user.as_str())))
    }

    /// The organisation that a session belongs to.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn locate_session(&self, id: SessionId) -> Result<Option<OrganisationId>, Error> {
        self.locate(sql("SELECT organisation FROM sessions WHERE id = $1").bind(id)).await
    }

    /// The organisation in which a one-time link was made.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn locate_link(&self, link: &Digest) -> Result<Option<OrganisationId>, Error> {
        self.locate(sql("SELECT organisation FROM sign_ins WHERE link_digest = $1").bind(link)).await
    }

    /// The organisation in which a sign-in with this `state` is under way.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn locate_state(&self, state: &Digest) -> Result<Option<OrganisationId>, Error> {
        self.locate(sql("SELECT organisation FROM sign_ins WHERE state_digest = $1").bind(state)).await
    }

    /// The organisations in which somebody of this Zoom account installed the app. Asks once for each organisation, since each has a
    /// blind index of its own.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn locate_account(&self, account: &ZoomAccountId) -> Result<Vec<OrganisationId>, Error> {
        let mut found = Vec::new();
        for organisation in self.organisations().await? {
            if self.read(organisation.id).await?.installations().knows_account(account).await? {
                found.push(organisation.id);
            }
        }
        Ok(found)
    }

    async fn locate(&self, statement: Statement) -> Result<Option<OrganisationId>, Error> {
        let row = self.fetch_all(statement).await?.into_iter().next();
        row.map(|row| row.get("organisation")).transpose()
    }

    /// Runs a statement over all organisations. Only look-ups that find an organisation do so.
    pub(crate) async fn fetch_all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        self.shared.pools.fetch_all(statement).await
    }

    /// Ends all connections, as soon as units that are still open have ended; waits for those a few seconds at most.
    pub async fn close(&self) {
        self.shared.watcher.abort();
        // Whatever is still open then ends with the process, and is rolled back by the database.
        let _ = tokio::time::timeout(LOCK_LIMIT, self.shared.pools.close()).await;
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.shared.keyring
    }

    async fn keys(&self, organisation: OrganisationId) -> Result<Arc<OrganisationKeys>, Error> {
        if let Some(keys) = self.shared.keyring.opened(organisation) {
            return Ok(keys);
        }
        let wrapped = organisations::wrapped_key(self, organisation).await?;
        let wrapped = wrapped.ok_or(Error::UnknownOrganisation(organisation))?;
        self.shared.keyring.open(organisation, &wrapped).map_err(Error::Key)
    }
}
