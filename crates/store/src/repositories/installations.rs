//! A person's authorisation of our app at Zoom (`zoom.md` 4). The last one counts.

use std::time::Duration;

use sidelight_domain::ids::{MeetingUuid, ZoomAccountId, ZoomClientId, ZoomUserId};
use sidelight_domain::{EmailAddress, Timestamp};

use super::lease::{Lease, TokenTable, Tokens};
use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::{Column, Kind};
use crate::statement::{Row, Statement, sql};
use crate::{Error, PersonKey, Unit};

const ZOOM_USER: Column = Column::new("installations.zoom_user_sealed");
const ACCOUNT: Column = Column::new("installations.zoom_account_sealed");
const NAME: Column = Column::new("installations.name_sealed");
const EMAIL: Column = Column::new("installations.email_sealed");
const TOKENS: TokenTable = TokenTable {
    name: "installations",
    key: "person",
    ended_at: "removed_at",
    access: Column::new("installations.access_token_sealed"),
    refresh: Column::new("installations.refresh_token_sealed"),
};
const COLUMNS: &str = "person, zoom_user_sealed, zoom_account_sealed, name_sealed, email_sealed, client_id, \
    access_token_sealed, refresh_token_sealed, scope, api_url, token_expires_at, version, lease_until, installed_at, removed_at";

repository! {
    /// Authorisations of our app at Zoom.
    Installations
}

/// One person's authorisation.
#[derive(Clone)]
pub struct Installation {
    /// Who.
    pub person: PersonKey,
    /// The same, as Zoom names him.
    pub zoom_user: ZoomUserId,
    /// His account.
    pub account: ZoomAccountId,
    /// His name at Zoom.
    pub name: String,
    /// His address, verified by Zoom.
    pub email: Option<EmailAddress>,
    /// The app he authorised.
    pub client_id: ZoomClientId,
    /// What opens Zoom's API; `None` once it was withdrawn.
    pub tokens: Option<Tokens>,
    /// What the tokens are good for.
    pub scope: String,
    /// Where they are good.
    pub api_url: String,
    /// Counts up with each change of the tokens.
    pub version: u32,
    /// Until when somebody is refreshing the tokens.
    pub lease_until: Option<Timestamp>,
    /// When it was given last.
    pub installed_at: Timestamp,
    /// When Zoom no longer accepted it.
    pub removed_at: Option<Timestamp>,
}

debug_by_ids!(Installation { person, client_id, version, lease_until, installed_at, removed_at });

/// What an authorisation brings.
pub struct NewInstallation {
    /// Who.
    pub zoom_user: ZoomUserId,
    /// His account.
    pub account: ZoomAccountId,
    /// His name at Zoom.
    pub name: String,
    /// His address, verified by Zoom.
    pub email: Option<EmailAddress>,
    /// The app he authorised.
    pub client_id: ZoomClientId,
    /// What opens Zoom's API.
    pub tokens: Tokens,
    /// What the tokens are good for.
    pub scope: String,
    /// Where they are good.
    pub api_url: String,
}

debug_by_ids!(NewInstallation { client_id });

impl Installations<'_> {
    /// Stores an authorisation in place of an earlier one of the same person.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save_install(&mut self, new: NewInstallation) -> Result<PersonKey, Error> {
        let unit = &mut *self.unit;
        let person = unit.person_key(&new.zoom_user);
        let email = new.email.as_ref().map(EmailAddress::as_str);
        let upsert = sql("INSERT INTO installations (organisation, person, zoom_user_sealed, zoom_account_sealed, \
             zoom_account_index, name_sealed, email_sealed, email_index, client_id, access_token_sealed, \
             refresh_token_sealed, scope, api_url, token_expires_at, version, installed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15) \
             ON CONFLICT (organisation, person) DO UPDATE SET zoom_user_sealed = excluded.zoom_user_sealed, \
             zoom_account_sealed = excluded.zoom_account_sealed, zoom_account_index = excluded.zoom_account_index, \
             name_sealed = excluded.name_sealed, email_sealed = excluded.email_sealed, email_index = excluded.email_index, \
             client_id = excluded.client_id, access_token_sealed = excluded.access_token_sealed, \
             refresh_token_sealed = excluded.refresh_token_sealed, scope = excluded.scope, api_url = excluded.api_url, \
             token_expires_at = excluded.token_expires_at, version = installations.version + 1, lease_until = NULL, \
             installed_at = excluded.installed_at, removed_at = NULL")
        .bind(person)
        .bind(unit.seal(ZOOM_USER, &person, new.zoom_user.as_str())?)
        .bind(unit.seal(ACCOUNT, &person, new.account.as_str())?)
        .bind(unit.blind(Kind::ZoomAccount, new.account.as_str()))
        .bind(unit.seal(NAME, &person, &new.name)?)
        .bind(unit.seal_some(EMAIL, &person, email)?)
        .bind(email.map(|email| unit.blind(Kind::Email, email)))
        .bind(&new.client_id)
        .bind(TOKENS.seal_access(unit, &person, Some(&new.tokens))?)
        .bind(TOKENS.seal_refresh(unit, &person, Some(&new.tokens))?)
        .bind(&new.scope)
        .bind(&new.api_url)
        .bind(new.tokens.expires_at)
        .bind(unit.now());
        unit.run(upsert).await?;
        Ok(person)
    }

    /// Stores what Zoom says of a person now; tells whether he is still known. Neither the tokens nor the time of the authorisation
    /// change: somebody may be refreshing the one, and a removal is compared with the other.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn renew_profile(
        &mut self,
        person: &PersonKey,
        name: &str,
        email: Option<&EmailAddress>,
    ) -> Result<bool, Error> {
        let unit = &mut *self.unit;
        let email = email.map(EmailAddress::as_str);
        let update = sql("UPDATE installations SET name_sealed = $3, email_sealed = $4, email_index = $5 \
             WHERE organisation = $1 AND person = $2")
        .bind(person)
        .bind(unit.seal(NAME, person, name)?)
        .bind(unit.seal_some(EMAIL, person, email)?)
        .bind(email.map(|email| unit.blind(Kind::Email, email)));
        Ok(unit.run(update).await? > 0)
    }

    /// The authorisation of a person.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, person: &PersonKey) -> Result<Option<Installation>, Error> {
        let select = format!("SELECT {COLUMNS} FROM installations WHERE organisation = $1 AND person = $2");
        self.fetch(sql(select).bind(person).locking()).await
    }

    /// The authorisation of a Zoom user.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_by_zoom_user(&mut self, user: &ZoomUserId) -> Result<Option<Installation>, Error> {
        let person = self.unit.person_key(user);
        self.find(&person).await
    }

    /// The latest authorisation of somebody with this address.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<Installation>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM installations WHERE organisation = $1 AND email_index = $2 ORDER BY installed_at DESC LIMIT 1"
        );
        let index = self.unit.blind(Kind::Email, email.as_str());
        self.fetch(sql(select).bind(index)).await
    }

    /// The authorisations of those who have a panel open in a meeting, at most `limit`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn present_in(&mut self, meeting: &MeetingUuid, limit: u32) -> Result<Vec<Installation>, Error> {
        let select = sql(format!(
            "SELECT {COLUMNS} FROM installations WHERE organisation = $1 AND removed_at IS NULL AND person IN \
             (SELECT person FROM sessions WHERE organisation = $1 AND meeting = $2 AND ended_at IS NULL AND expires_at > $3) \
             ORDER BY person LIMIT $4"
        ))
        .bind(meeting)
        .bind(self.unit.now())
        .bind(limit);
        let rows = self.unit.all(select).await?;
        rows.iter().map(|row| installation(self.unit, row)).collect()
    }

    /// Whether anybody of this Zoom account authorised the app here.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn knows_account(&mut self, account: &ZoomAccountId) -> Result<bool, Error> {
        let index = self.unit.blind(Kind::ZoomAccount, account.as_str());
        let select =
            "SELECT zoom_account_index FROM installations WHERE organisation = $1 AND zoom_account_index = $2 LIMIT 1";
        Ok(self.unit.one(sql(select).bind(index)).await?.is_some())
    }

    /// Takes the right to refresh the tokens of `version` for `hold`. `None` if somebody else has it or has refreshed meanwhile: read the
    /// authorisation again then.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn lease_refresh(
        &mut self,
        person: &PersonKey,
        version: u32,
        hold: Duration,
    ) -> Result<Option<Lease<PersonKey>>, Error> {
        TOKENS.lease(self.unit, *person, version, hold).await
    }

    /// Stores refreshed tokens; tells whether nobody was faster. An answer without a refresh token leaves the old one in force.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn store_refreshed(&mut self, lease: &Lease<PersonKey>, tokens: &Tokens) -> Result<bool, Error> {
        TOKENS.store(self.unit, lease, tokens).await
    }

    /// Gives a lease back without new tokens.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn release(&mut self, lease: &Lease<PersonKey>) -> Result<(), Error> {
        TOKENS.release(self.unit, lease).await
    }

    /// Notes that Zoom refused to refresh the tokens of a lease, and forgets them, unless somebody else refreshed them meanwhile; tells
    /// whether it did.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn give_up(&mut self, lease: &Lease<PersonKey>) -> Result<bool, Error> {
        let update = sql("UPDATE installations SET access_token_sealed = NULL, refresh_token_sealed = NULL, \
             lease_until = NULL, removed_at = $4, version = version + 1 \
             WHERE organisation = $1 AND person = $2 AND version = $3 AND removed_at IS NULL")
        .bind(lease.of)
        .bind(lease.version)
        .bind(self.unit.now());
        Ok(self.unit.run(update).await? > 0)
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Option<Installation>, Error> {
        let row = self.unit.one(statement).await?;
        row.map(|row| installation(self.unit, &row)).transpose()
    }
}

fn installation(unit: &Unit, row: &Row) -> Result<Installation, Error> {
    let person: PersonKey = row.get("person")?;
    let email = unit.open_some(row, EMAIL, &person)?;
    Ok(Installation {
        person,
        zoom_user: ZoomUserId::new(unit.open(row, ZOOM_USER, &person)?),
        account: ZoomAccountId::new(unit.open(row, ACCOUNT, &person)?),
        name: unit.open(row, NAME, &person)?,
        email: email.and_then(|email| EmailAddress::parse(&email).ok()),
        client_id: row.get("client_id")?,
        tokens: TOKENS.open(unit, row, &person)?,
        scope: row.get("scope")?,
        api_url: row.get("api_url")?,
        version: row.get("version")?,
        lease_until: row.get("lease_until")?,
        installed_at: row.get("installed_at")?,
        removed_at: row.get("removed_at")?,
    })
}
