//! Refreshing an OAuth grant once, however many callers find it expired at the same time.
//!
//! Both Zoom and Gainsight may void the old refresh token with the first use (`zoom.md` 4.2, `gainsight.md` 2.1), so two refreshes at once
//! would sign a person out. Whoever wants to refresh takes a lease first; the version tells a caller that somebody else did.

use std::fmt::Display;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sidelight_domain::Timestamp;

use crate::keys::Column;
use crate::statement::{Row, Value, sql};
use crate::{Error, Unit};

/// What a token endpoint gave.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Goes into calls.
    pub access: SecretString,
    /// Gets the next ones, where the provider gave one.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

/// The right to refresh one grant, until it expires or the grant changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lease<K> {
    /// The grant.
    pub(crate) of: K,
    /// Its version when the lease was taken.
    pub(crate) version: u32,
    /// When others may take it over.
    pub(crate) until: Timestamp,
}

impl<K: Copy> Lease<K> {
    /// The grant it is about.
    #[must_use]
    pub const fn of(&self) -> K {
        self.of
    }

    /// When others may take it over: have the answer by then.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }
}

/// A table whose rows hold tokens that are refreshed. All that is done here is upkeep: it changes nothing for the person.
pub(super) struct TokenTable {
    pub(super) name: &'static str,
    /// The column that names a row.
    pub(super) key: &'static str,
    /// The column that is empty as long as the tokens are in force.
    pub(super) ended_at: &'static str,
    pub(super) access: Column,
    pub(super) refresh: Column,
}

impl TokenTable {
    /// Takes the right to refresh, unless somebody else has it or the version is gone.
    pub(super) async fn lease<K>(
        &self,
        unit: &mut Unit,
        of: K,
        version: u32,
        hold: Duration,
    ) -> Result<Option<Lease<K>>, Error>
    where
        K: Copy + Into<Value>,
    {
        let Self { name, key, ended_at, .. } = self;
        let update = format!(
            "UPDATE {name} SET lease_until = $4 WHERE organisation = $1 AND {key} = $2 AND version = $3 \
             AND {ended_at} IS NULL AND (lease_until IS NULL OR lease_until <= $5)"
        );
        let now = unit.now();
        let until = now.after(hold);
        let update = sql(update).bind(of).bind(version).bind(until).bind(now).upkeep();
        Ok((unit.run(update).await? > 0).then_some(Lease { of, version, until }))
    }

    /// Stores refreshed tokens, unless somebody else was faster.
    pub(super) async fn store<K>(&self, unit: &mut Unit, lease: &Lease<K>, tokens: &Tokens) -> Result<bool, Error>
    where
        K: Copy + Display + Into<Value>,
    {
        let Self { name, key, ended_at, .. } = self;
        // Not the lease decides but the version: an answer that comes after the lease ended still holds the only valid tokens.
        let update = format!(
            "UPDATE {name} SET access_token_sealed = $4, refresh_token_sealed = COALESCE($5, refresh_token_sealed), \
             token_expires_at = $6, version = version + 1, lease_until = NULL \
             WHERE organisation = $1 AND {key} = $2 AND version = $3 AND {ended_at} IS NULL"
        );
        let update = sql(update)
            .bind(lease.of)
            .bind(lease.version)
            .bind(self.seal_access(unit, &lease.of, Some(tokens))?)
            .bind(self.seal_refresh(unit, &lease.of, Some(tokens))?)
            .bind(tokens.expires_at)
            .upkeep();
        Ok(unit.run(update).await? > 0)
    }

    /// Gives a lease back.
    pub(super) async fn release<K: Copy + Into<Value>>(&self, unit: &mut Unit, lease: &Lease<K>) -> Result<(), Error> {
        let Self { name, key, .. } = self;
        let update = format!(
            "UPDATE {name} SET lease_until = NULL WHERE organisation = $1 AND {key} = $2 AND version = $3 AND lease_until = $4"
        );
        let update = sql(update).bind(lease.of).bind(lease.version).bind(lease.until).upkeep();
        unit.run(update).await.map(drop)
    }

    pub(super) fn seal_access(
        &self,
        unit: &Unit,
        row: &impl Display,
        tokens: Option<&Tokens>,
    ) -> Result<Option<Vec<u8>>, Error> {
        unit.seal_some(self.access, row, tokens.map(|tokens| tokens.access.expose_secret()))
    }

    pub(super) fn seal_refresh(
        &self,
        unit: &Unit,
        row: &impl Display,
        tokens: Option<&Tokens>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let refresh = tokens.and_then(|tokens| tokens.refresh.as_ref());
        unit.seal_some(self.refresh, row, refresh.map(ExposeSecret::expose_secret))
    }

    /// The tokens of a row that `id` names, if they are still kept.
    pub(super) fn open(&self, unit: &Unit, row: &Row, id: &impl Display) -> Result<Option<Tokens>, Error> {
        let Some(access) = unit.open_some(row, self.access, id)?.map(SecretString::from) else { return Ok(None) };
        let refresh = unit.open_some(row, self.refresh, id)?.map(SecretString::from);
        Ok(Some(Tokens { access, refresh, expires_at: row.get("token_expires_at")? }))
    }
}
