//! A store to tell stories in, on either engine.

use std::sync::Arc;

use sidelight_domain::ids::{OrganisationId, OrganisationKey, SessionId, ZoomUserId};
use sidelight_domain::{CountingIds, IdSource, ManualClock, Timestamp};
use sidelight_store::testing::{Postgres, sqlite_url};
use sidelight_store::{Error, MasterKey, MasterKeys, OpenError, Options, PersonKey, Store, Unit};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Arc<CountingIds>,
    pub(crate) organisation: OrganisationId,
    pub(crate) url: String,
    pub(crate) folder: Option<TempDir>,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(folder.path());
        Self::at(url, Some(folder)).await
    }

    pub(crate) async fn postgres() -> Self {
        let url = Postgres::shared().unwrap().database().await.unwrap();
        Self::at(url, None).await
    }

    pub(crate) async fn at(url: String, folder: Option<TempDir>) -> Self {
        let clock = Arc::new(ManualClock::at(NOW));
        let ids = Arc::new(CountingIds::default());
        let store = open(&url, &keys(1, &[]), &clock, &ids).await.unwrap();
        let organisation = store.ensure_organisation(&OrganisationKey::new("lumen"), "Lumen").await.unwrap();
        Self { store, clock, ids, organisation, url, folder }
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        self.folder.is_none()
    }

    /// A second server on the same database.
    pub(crate) async fn second_server(&self) -> Store {
        self.reopened(&keys(1, &[])).await.unwrap()
    }

    pub(crate) async fn reopened(&self, keys: &MasterKeys) -> Result<Store, OpenError> {
        open(&self.url, keys, &self.clock, &self.ids).await
    }

    pub(crate) async fn begin(&self) -> Unit {
        self.store.begin(self.organisation).await.unwrap()
    }

    pub(crate) async fn read(&self) -> Unit {
        self.store.read(self.organisation).await.unwrap()
    }

    pub(crate) async fn person(&self, name: &str) -> PersonKey {
        self.store.person_key(self.organisation, &ZoomUserId::new(name)).await.unwrap()
    }

    pub(crate) fn session_id(&self) -> SessionId {
        SessionId::new(self.ids.uuid())
    }

    /// Behind the store's back.
    pub(crate) async fn raw(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        let mut connection = self.raw().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// Commits with the row in the audit log that every change needs.
pub(crate) trait Finish {
    async fn finish(self);
    async fn try_finish(self) -> Result<(), Error>;
}

impl Finish for Unit {
    async fn finish(self) {
        self.try_finish().await.unwrap();
    }

    async fn try_finish(mut self) -> Result<(), Error> {
        self.audit().add(None, "test", "test", "");
        self.commit().await
    }
}

pub(crate) fn keys(current: u8, previous: &[u8]) -> MasterKeys {
    let previous = previous.iter().map(|byte| MasterKey::new([*byte; 32])).collect();
    MasterKeys { current: MasterKey::new([current; 32]), previous }
}

async fn open(
    url: &str,
    keys: &MasterKeys,
    clock: &Arc<ManualClock>,
    ids: &Arc<CountingIds>,
) -> Result<Store, OpenError> {
    Store::open(Options {
        url: url.to_owned().into(),
        master_keys: keys.clone(),
        clock: Arc::<ManualClock>::clone(clock),
        ids: Arc::<CountingIds>::clone(ids),
        max_connections: 4,
        strict_audit: true,
    })
    .await
}

/// Runs rules on both engines: each is a function that takes a [`World`].
macro_rules! on_both_engines {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $rule() {
                Box::pin(super::$rule(crate::world::World::sqlite().await)).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $rule() {
                Box::pin(super::$rule(crate::world::World::postgres().await)).await;
            })*
        }
    };
}

pub(crate) use on_both_engines;
