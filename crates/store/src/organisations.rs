//! The outermost boundary and its keys (design 4.8).

use sidelight_domain::Timestamp;
use sidelight_domain::ids::{OrganisationId, OrganisationKey};
use uuid::Uuid;

use crate::keys::WrappedKey;
use crate::statement::{Row, Statement, sql};
use crate::{Digest, Error, Store};

/// The organisation of everybody who belongs to none: guests and strangers. It exists in every store.
pub const VISITORS: OrganisationId = OrganisationId::new(Uuid::nil());

/// No operator can register this key: brackets are not allowed in one.
const VISITORS_KEY: &str = "(visitors)";

/// Where the chain of an audit log begins.
pub(crate) const NO_DIGEST: Digest = Digest::from_bytes([0; 32]);

/// An organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organisation {
    /// Ours.
    pub id: OrganisationId,
    /// The operator's.
    pub key: OrganisationKey,
    /// The name on the screen.
    pub name: String,
    /// When it was first seen.
    pub created_at: Timestamp,
}

impl Store {
    /// Finds the organisation with this key and gives it this name; makes it, with a key of its own, if there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn ensure_organisation(&self, key: &OrganisationKey, name: &str) -> Result<OrganisationId, Error> {
        let fresh = OrganisationId::new(self.shared().ids.uuid());
        self.ensure(fresh, key, name).await
    }

    /// All organisations except [`VISITORS`], oldest first.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        let text = "SELECT id, key, name, created_at FROM organisations WHERE id <> $1 ORDER BY created_at, id";
        let rows = self.fetch_all(sql(text).bind(VISITORS)).await?;
        rows.iter().map(organisation).collect()
    }

    async fn ensure(&self, fresh: OrganisationId, key: &OrganisationKey, name: &str) -> Result<OrganisationId, Error> {
        if let Some(known) = self.find_organisation(key).await? {
            if known.name != name {
                let update = sql("UPDATE organisations SET name = $1 WHERE id = $2").bind(name).bind(known.id);
                self.run_in_one_go(vec![update]).await?;
            }
            return Ok(known.id);
        }
        let wrapped = WrappedKey::draw(&self.keyring().masters().current, self.shared().ids.as_ref(), fresh)
            .map_err(Error::Key)?;
        // Two servers may start with the same new organisation: the second insert gives way, and its key is forgotten.
        let organisation = sql("INSERT INTO organisations (id, key, name, data_key, wrapped_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
        .bind(fresh)
        .bind(key)
        .bind(name)
        .bind(wrapped.bytes)
        .bind(wrapped.wrapped_by)
        .bind(self.shared().clock.now());
        let heads = sql("INSERT INTO heads (organisation, event_seq, event_purged_seq, audit_seq, audit_digest) \
             SELECT id, 0, 0, 0, $2 FROM organisations WHERE key = $1 ON CONFLICT DO NOTHING")
        .bind(key)
        .bind(NO_DIGEST);
        self.run_in_one_go(vec![organisation, heads]).await?;
        let known = self.find_organisation(key).await?;
        known.map(|known| known.id).ok_or(Error::UnknownOrganisation(fresh))
    }

    async fn find_organisation(&self, key: &OrganisationKey) -> Result<Option<Organisation>, Error> {
        let text = "SELECT id, key, name, created_at FROM organisations WHERE key = $1";
        self.fetch_all(sql(text).bind(key)).await?.first().map(organisation).transpose()
    }

    async fn run_in_one_go(&self, statements: Vec<Statement>) -> Result<(), Error> {
        let mut transaction = self.transaction().await?;
        for statement in statements {
            transaction.run(statement.into_parts(None, "")).await?;
        }
        transaction.commit().await
    }

    /// Makes sure that [`VISITORS`] exist, opens every organisation's key, and wraps those anew that a previous master key wrapped.
    pub(crate) async fn open_keys(&self) -> Result<(), Error> {
        self.ensure(VISITORS, &OrganisationKey::new(VISITORS_KEY), "Visitors").await?;
        for row in self.fetch_all(sql("SELECT id, data_key, wrapped_by FROM organisations")).await? {
            let (id, wrapped) = (row.get("id")?, wrapped(&row)?);
            self.keyring().open(id, &wrapped).map_err(Error::Key)?;
            let rewrapped = wrapped.rewrapped(self.keyring().masters(), self.shared().ids.as_ref(), id);
            if let Some(rewrapped) = rewrapped.map_err(Error::Key)? {
                self.rewrap(id, wrapped.wrapped_by, rewrapped).await?;
            }
        }
        Ok(())
    }

    async fn rewrap(&self, id: OrganisationId, wrapped_by: String, rewrapped: WrappedKey) -> Result<(), Error> {
        // Only where nobody else did meanwhile, who may have a newer master key.
        let update = sql("UPDATE organisations SET data_key = $1, wrapped_by = $2 WHERE id = $3 AND wrapped_by = $4")
            .bind(rewrapped.bytes)
            .bind(rewrapped.wrapped_by)
            .bind(id)
            .bind(wrapped_by);
        self.run_in_one_go(vec![update]).await?;
        tracing::info!(organisation.id = %id, "The key of an organisation was wrapped with the current master key.");
        Ok(())
    }
}

/// The stored key of an organisation.
pub(crate) async fn wrapped_key(store: &Store, id: OrganisationId) -> Result<Option<WrappedKey>, Error> {
    let select: Statement = sql("SELECT data_key, wrapped_by FROM organisations WHERE id = $1").bind(id);
    store.fetch_all(select).await?.first().map(wrapped).transpose()
}

fn wrapped(row: &Row) -> Result<WrappedKey, Error> {
    Ok(WrappedKey { bytes: row.get("data_key")?, wrapped_by: row.get("wrapped_by")? })
}

fn organisation(row: &Row) -> Result<Organisation, Error> {
    Ok(Organisation {
        id: row.get("id")?,
        key: row.get("key")?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
    })
}
