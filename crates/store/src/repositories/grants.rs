//! A person's sign-in on a Gainsight tenant: who he is there, how he stands, and the tokens behind it.

use std::time::Duration;

use sidelight_domain::ids::{GrantId, Gsid, TenantKey};
use sidelight_domain::{EmailAddress, Licence, Timestamp};

use super::lease::{Lease, TokenTable, Tokens};
use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::{Column, Kind};
use crate::statement::{Row, Statement, sql};
use crate::{Error, PersonKey, Unit};

const EMAIL: Column = Column::new("grants.email_sealed");
const NAME: Column = Column::new("grants.name_sealed");
const TOKENS: TokenTable = TokenTable {
    name: "grants",
    key: "id",
    ended_at: "ended_at",
    access: Column::new("grants.access_token_sealed"),
    refresh: Column::new("grants.refresh_token_sealed"),
};
const COLUMNS: &str = "id, person, tenant, user_id, email_sealed, name_sealed, licence, is_active, access_token_sealed, \
    refresh_token_sealed, token_expires_at, version, lease_until, checked_at, created_at, ended_at, ended_because";
const ATTACHING_TRIES: usize = 3;

repository! {
    /// Live sign-ins on tenants.
    Grants
}

/// One sign-in on a tenant.
#[derive(Clone)]
pub struct Grant {
    /// Which one.
    pub id: GrantId,
    /// Whose.
    pub person: PersonKey,
    /// Where.
    pub tenant: TenantKey,
    /// Who that is there.
    pub user: Gsid,
    /// His address there.
    pub email: EmailAddress,
    /// The same as the tenant spells it: some compare letter by letter.
    pub email_spelling: String,
    /// His name there.
    pub name: String,
    /// His licence, if it is one that we know.
    pub licence: Option<Licence>,
    /// Whether he is switched on.
    pub is_active: bool,
    /// What opens the tenant's API; `None` once ended, or where the sign-in proved an identity only.
    pub tokens: Option<Tokens>,
    /// Counts up with each change of the tokens.
    pub version: u32,
    /// Until when somebody is refreshing the tokens.
    pub lease_until: Option<Timestamp>,
    /// When licence and activity were read last.
    pub checked_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why, in one word.
    pub ended_because: Option<String>,
}

debug_by_ids!(Grant {
    id,
    person,
    tenant,
    licence,
    is_active,
    version,
    lease_until,
    created_at,
    ended_at,
    ended_because
});

/// What a sign-in brings.
pub struct NewGrant {
    /// Whose.
    pub person: PersonKey,
    /// Where.
    pub tenant: TenantKey,
    /// Who that is there.
    pub user: Gsid,
    /// His address there.
    pub email: EmailAddress,
    /// The same as the tenant spells it: some compare letter by letter.
    pub email_spelling: String,
    /// His name there.
    pub name: String,
    /// His licence.
    pub licence: Option<Licence>,
    /// Whether he is switched on.
    pub is_active: bool,
    /// What opens the tenant's API.
    pub tokens: Option<Tokens>,
}

debug_by_ids!(NewGrant { person, tenant });

impl Grants<'_> {
    /// Attaches a sign-in to a person, in place of an earlier one on the same tenant.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn attach(&mut self, new: NewGrant) -> Result<Grant, Error> {
        for _ in 0..ATTACHING_TRIES {
            if let Some(earlier) = self.find(&new.person, &new.tenant).await? {
                self.end(earlier.id, "replaced").await?;
            }
            let id = GrantId::new(self.unit.uuid());
            if self.insert(id, &new).await? {
                let stored = self.find_by_id(id).await?;
                return stored.ok_or_else(|| Error::Unreadable { column: "grants.id".to_owned() });
            }
            // Another server attached one by the time of the insert; that one is ended in its turn.
        }
        Err(Error::timed_out("attaching a grant"))
    }

    async fn insert(&mut self, id: GrantId, new: &NewGrant) -> Result<bool, Error> {
        let unit = &mut *self.unit;
        let now = unit.now();
        let insert = sql("INSERT INTO grants (organisation, id, person, tenant, user_id, email_sealed, email_index, \
             name_sealed, licence, is_active, access_token_sealed, refresh_token_sealed, token_expires_at, version, \
             checked_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14) \
             ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(new.person)
        .bind(&new.tenant)
        .bind(&new.user)
        .bind(unit.seal(EMAIL, &id, &new.email_spelling)?)
        .bind(unit.blind(Kind::Email, new.email.as_str()))
        .bind(unit.seal(NAME, &id, &new.name)?)
        .bind(new.licence)
        .bind(new.is_active)
        .bind(TOKENS.seal_access(unit, &id, new.tokens.as_ref())?)
        .bind(TOKENS.seal_refresh(unit, &id, new.tokens.as_ref())?)
        .bind(new.tokens.as_ref().map_or(now, |tokens| tokens.expires_at))
        .bind(now);
        Ok(unit.run(insert).await? > 0)
    }

    /// The live sign-in of a person on a tenant.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, person: &PersonKey, tenant: &TenantKey) -> Result<Option<Grant>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM grants WHERE organisation = $1 AND person = $2 AND tenant = $3 AND ended_at IS NULL"
        );
        self.fetch(sql(select).bind(person).bind(tenant).locking()).await
    }

    /// A sign-in, live or not.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_by_id(&mut self, id: GrantId) -> Result<Option<Grant>, Error> {
        let select = format!("SELECT {COLUMNS} FROM grants WHERE organisation = $1 AND id = $2");
        self.fetch(sql(select).bind(id).locking()).await
    }

    /// The live sign-ins of everybody with this address, in whichever tenant.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_by_email(&mut self, email: &EmailAddress) -> Result<Vec<Grant>, Error> {
        let index = self.unit.blind(Kind::Email, email.as_str());
        let select = format!(
            "SELECT {COLUMNS} FROM grants WHERE organisation = $1 AND email_index = $2 AND ended_at IS NULL ORDER BY created_at"
        );
        let rows = self.unit.all(sql(select).bind(index)).await?;
        rows.iter().map(|row| grant(self.unit, row)).collect()
    }

    /// The latest sign-in of a person on each tenant, live or not: what the panel says about each.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list(&mut self, person: &PersonKey) -> Result<Vec<Grant>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM grants WHERE organisation = $1 AND person = $2 ORDER BY created_at DESC, id DESC"
        );
        let rows = self.unit.all(sql(select).bind(person)).await?;
        let mut latest: Vec<Grant> = Vec::new();
        for row in &rows {
            let grant = grant(self.unit, row)?;
            if latest.iter().all(|newer| newer.tenant != grant.tenant) {
                latest.push(grant);
            }
        }
        Ok(latest)
    }

    /// Takes the right to refresh the tokens of `version` for `hold`. `None` if somebody else has it or has refreshed meanwhile: read the
    /// grant again then.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn lease_refresh(
        &mut self,
        id: GrantId,
        version: u32,
        hold: Duration,
    ) -> Result<Option<Lease<GrantId>>, Error> {
        TOKENS.lease(self.unit, id, version, hold).await
    }

    /// Stores refreshed tokens; tells whether nobody was faster. An answer without a refresh token leaves the old one in force.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn store_refreshed(&mut self, lease: &Lease<GrantId>, tokens: &Tokens) -> Result<bool, Error> {
        TOKENS.store(self.unit, lease, tokens).await
    }

    /// Gives a lease back without new tokens.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn release(&mut self, lease: &Lease<GrantId>) -> Result<(), Error> {
        TOKENS.release(self.unit, lease).await
    }

    /// Notes how the user stands in the tenant now; tells whether that is news.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn note_standing(
        &mut self,
        id: GrantId,
        licence: Option<Licence>,
        is_active: bool,
    ) -> Result<bool, Error> {
        let Some(known) = self.find_by_id(id).await? else { return Ok(false) };
        let update = sql("UPDATE grants SET licence = $3, is_active = $4, checked_at = $5 \
             WHERE organisation = $1 AND id = $2 AND ended_at IS NULL")
        .bind(id)
        .bind(licence)
        .bind(is_active)
        .bind(self.unit.now())
        .upkeep();
        let is_live = self.unit.run(update).await? > 0;
        Ok(is_live && (known.licence, known.is_active) != (licence, is_active))
    }

    /// Ends a sign-in and forgets its tokens; tells whether it was live.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn end(&mut self, id: GrantId, because: &str) -> Result<bool, Error> {
        let update =
            sql("UPDATE grants SET access_token_sealed = NULL, refresh_token_sealed = NULL, lease_until = NULL, \
             ended_at = $3, ended_because = $4 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL")
            .bind(id)
            .bind(self.unit.now())
            .bind(because);
        Ok(self.unit.run(update).await? > 0)
    }

    /// Ends the sign-in of a lease because the tenant refused to refresh it, unless somebody else refreshed it meanwhile; tells whether
    /// it was ended.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn give_up(&mut self, lease: &Lease<GrantId>, because: &str) -> Result<bool, Error> {
        let known = self.find_by_id(lease.of).await?;
        if known.is_some_and(|known| known.version == lease.version) {
            self.end(lease.of, because).await
        } else {
            Ok(false)
        }
    }

    /// Ends all sign-ins of a person, forgets their tokens, and names them.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn end_all_of(&mut self, person: &PersonKey, because: &str) -> Result<Vec<GrantId>, Error> {
        let update = sql("UPDATE grants SET access_token_sealed = NULL, refresh_token_sealed = NULL, lease_until = NULL, \
             ended_at = $3, ended_because = $4 WHERE organisation = $1 AND person = $2 AND ended_at IS NULL RETURNING id")
        .bind(person)
        .bind(self.unit.now())
        .bind(because);
        self.unit.all(update).await?.iter().map(|row| row.get("id")).collect()
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Option<Grant>, Error> {
        let row = self.unit.one(statement).await?;
        row.map(|row| grant(self.unit, &row)).transpose()
    }
}

fn grant(unit: &Unit, row: &Row) -> Result<Grant, Error> {
    let id: GrantId = row.get("id")?;
    let email = unit.open(row, EMAIL, &id)?;
    Ok(Grant {
        id,
        person: row.get("person")?,
        tenant: row.get("tenant")?,
        user: row.get("user_id")?,
        email: EmailAddress::parse(&email).map_err(|_| Error::Unreadable { column: EMAIL.as_str().to_owned() })?,
        email_spelling: email,
        name: unit.open(row, NAME, &id)?,
        licence: row.get("licence")?,
        is_active: row.get("is_active")?,
        tokens: TOKENS.open(unit, row, &id)?,
        version: row.get("version")?,
        lease_until: row.get("lease_until")?,
        checked_at: row.get("checked_at")?,
        created_at: row.get("created_at")?,
        ended_at: row.get("ended_at")?,
        ended_because: row.get("ended_because")?,
    })
}
