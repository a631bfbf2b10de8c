//! One unit of work: a transaction that is bound to an organisation.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{OrganisationId, ZoomUserId};

use crate::engine::{Engine, Transaction};
use crate::error::Fault;
use crate::keys::{BlindIndex, Column, Kind, OrganisationKeys};
use crate::logs::Pending;
use crate::rosters::Rosters;
use crate::statement::{Row, Statement};
use crate::store::Shared;
use crate::{Error, PersonKey};

/// A transaction in one organisation. What is not committed is rolled back when it is dropped.
///
/// Every statement carries the organisation, so an id of another organisation is simply not found. In a unit opened with
/// [`Store::begin`](crate::Store::begin), a row that was found stays as it is until the commit: read, change and save without
/// another server coming in between. On SQLite nobody else writes meanwhile: never wait for anything but the database while holding
/// one.
pub struct Unit {
    shared: Arc<Shared>,
    organisation: OrganisationId,
    keys: Arc<OrganisationKeys>,
    transaction: Transaction,
    writes: bool,
    pub(crate) pending: Pending,
    unaudited: Option<&'static str>,
}

/// Tables of which each row belongs to a person: a change there has to show in the audit log.
const PERSONAL_TABLES: [&str; 13] = [
    "sessions",
    "installations",
    "sign_ins",
    "grants",
    "views",
    "recents",
    "series",
    "drafts",
    "writes",
    "ticks",
    "brought_invitations",
    "corrections",
    "inquiries",
];

impl Unit {
    pub(crate) fn new(
        shared: Arc<Shared>,
        organisation: OrganisationId,
        keys: Arc<OrganisationKeys>,
        transaction: Transaction,
        writes: bool,
    ) -> Self {
        Self { shared, organisation, keys, transaction, writes, pending: Pending::default(), unaudited: None }
    }

    /// The organisation this unit is bound to.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The key under which rows of a Zoom user stand.
    #[must_use]
    pub fn person_key(&self, user: &ZoomUserId) -> PersonKey {
        PersonKey::new(self.blind(Kind::ZoomUser, user.as_str()))
    }

    /// Appends the audit rows and events, and makes everything lasting.
    ///
    /// Once begun, the commit runs to its end even if the caller goes away.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: nothing was written. [`Error::Unconfirmed`]: the connection broke before the answer; ask whether
    /// it was applied, or repeat what is safe to repeat. [`Error::Unaudited`] in strict stores.
    pub async fn commit(mut self) -> Result<(), Error> {
        if let Some(table) = self.unaudited.filter(|_| self.shared.strict_audit && self.pending.audit.is_empty()) {
            return Err(Error::Unaudited { table });
        }
        let events = self.append_logs().await?;
        let Self { shared, transaction, .. } = self;
        let committed = tokio::spawn(async move {
            let committed = transaction.commit().await;
            if events > 0 {
                shared.bell.announce(events);
            }
            committed
        });
        committed.await.unwrap_or_else(|_| Err(Error::Unconfirmed(Fault::timed_out("a commit"))))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) fn uuid(&self) -> uuid::Uuid {
        self.shared.ids.uuid()
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.shared.ids.fill(bytes);
    }

    pub(crate) fn engine(&self) -> Engine {
        self.shared.engine
    }

    pub(crate) fn instance(&self) -> &str {
        &self.shared.instance
    }

    pub(crate) fn rosters(&self) -> &Rosters {
        &self.shared.rosters
    }

    pub(crate) fn keys(&self) -> &OrganisationKeys {
        &self.keys
    }

    pub(crate) fn blind(&self, kind: Kind, value: &str) -> BlindIndex {
        self.keys.blind(kind, value)
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) async fn run(&mut self, statement: Statement) -> Result<u64, Error> {
        let table = self.admit(&statement)?;
        let changed = self.transaction.run(statement.into_parts(Some(self.organisation), "")).await?;
        self.note(table, changed > 0);
        Ok(changed)
    }

    /// Runs a statement and reads the rows it gives.
    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>, Error> {
        let table = self.admit(&statement)?;
        let lock = if self.writes { self.engine().row_lock() } else { "" };
        let rows = self.transaction.all(statement.into_parts(Some(self.organisation), lock)).await?;
        self.note(table, !rows.is_empty());
        Ok(rows)
    }

    /// Runs a statement that gives at most one row.
    pub(crate) async fn one(&mut self, statement: Statement) -> Result<Option<Row>, Error> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// Runs a [`listing`](crate::statement::listing): a thousand rows that come together as one JSON text, in no order. One by one they cost
    /// more on their way from the driver's thread than it takes to find them.
    pub(crate) async fn list<T: DeserializeOwned>(&mut self, listing: Statement) -> Result<Vec<T>, Error> {
        let Some(row) = self.one(listing).await? else { return Ok(Vec::new()) };
        let Some(list) = row.get::<Option<String>>("list")? else { return Ok(Vec::new()) };
        serde_json::from_str(&list).map_err(|_| Error::Unreadable { column: "list".to_owned() })
    }

    /// Runs a statement that gives exactly one number.
    pub(crate) async fn number(&mut self, statement: Statement) -> Result<i64, Error> {
        self.one(statement).await?.map_or(Ok(0), |row| row.get("number"))
    }

    /// Refuses writes of a reading unit, and finds the personal table that a statement is about to change.
    fn admit(&self, statement: &Statement) -> Result<Option<&'static str>, Error> {
        #[cfg(any(test, feature = "testing"))]
        crate::testing::record(self.engine(), statement.text());
        let changed = changed_table(statement.text());
        if changed.is_some() && !self.writes {
            return Err(Error::ReadOnly);
        }
        let personal = PERSONAL_TABLES.into_iter().find(|table| changed == Some(*table));
        Ok(personal.filter(|_| !statement.is_upkeep()))
    }

    fn note(&mut self, table: Option<&'static str>, changed: bool) {
        if changed {
            self.unaudited = self.unaudited.or(table);
        }
    }

    /// Seals a value for a column of the row that `row` names.
    pub(crate) fn seal(&self, column: Column, row: &impl Display, value: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
        let sealed = self.keys.seal(self.shared.ids.as_ref(), column, &row.to_string(), value.as_ref());
        sealed.ok_or(Error::Unsealable { column: column.as_str() })
    }

    /// The same for a value that may be absent.
    pub(crate) fn seal_some(
        &self,
        column: Column,
        row: &impl Display,
        value: Option<impl AsRef<[u8]>>,
    ) -> Result<Option<Vec<u8>>, Error> {
        value.map(|value| self.seal(column, row, value)).transpose()
    }

    /// Opens the value of a sealed column.
    pub(crate) fn open(&self, row: &Row, column: Column, id: &impl Display) -> Result<String, Error> {
        let sealed: Vec<u8> = row.get(column.name())?;
        self.opened(column, id, &sealed)
    }

    /// Opens the value of a sealed column that may be empty.
    pub(crate) fn open_some(&self, row: &Row, column: Column, id: &impl Display) -> Result<Option<String>, Error> {
        let sealed: Option<Vec<u8>> = row.get(column.name())?;
        sealed.map(|sealed| self.opened(column, id, &sealed)).transpose()
    }

    /// The same for one that was read otherwise.
    pub(crate) fn opened(&self, column: Column, id: &impl Display, sealed: &[u8]) -> Result<String, Error> {
        let refused = Error::Unsealable { column: column.as_str() };
        let value = self.keys.open(column, &id.to_string(), sealed).ok_or(refused)?;
        String::from_utf8(value.to_vec()).map_err(|_| Error::Unreadable { column: column.as_str().to_owned() })
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unit")
            .field("organisation", &self.organisation)
            .field("writes", &self.writes)
            .finish_non_exhaustive()
    }
}

/// The table that a statement writes to.
fn changed_table(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    match words.next()? {
        "WITH" => text.split_once(") UPDATE ")?.1.split_whitespace().next(),
        "INSERT" | "DELETE" => words.nth(1),
        "UPDATE" => words.next(),
        _ => None,
    }
}

macro_rules! repositories {
    ($($(#[$doc:meta])* $accessor:ident: $name:ident;)*) => {
        impl Unit { $(
            $(#[$doc])*
            pub fn $accessor(&mut self) -> $crate::$name<'_> { $crate::$name::new(self) }
        )* }
    };
}

repositories! {
    /// Opened panels.
    sessions: Sessions;
    /// App contexts that were used.
    contexts: Contexts;
    /// Authorisations of our app at Zoom.
    installations: Installations;
    /// Meetings and who is in them.
    meetings: Meetings;
    /// Whom hosts await, and whom they had.
    invitations: Invitations;
    /// Who is in a meeting, as colleagues said.
    ticks: Ticks;
    /// Who somebody in a room really is, as colleagues said.
    corrections: Corrections;
    /// In which meetings the guests were asked, and what they told.
    inquiries: Inquiries;
    /// Webhooks that were received.
    inbox: Inbox;
    /// Sign-ins that are under way.
    sign_ins: SignIns;
    /// Live sign-ins on tenants.
    grants: Grants;
    /// What people chose.
    views: Views;
    /// Directory mirrors.
    directory: Directory;
    /// Timelines that panels show.
    timelines: Timelines;
    /// What people chose for series of meetings.
    series: Series;
    /// Notes that are being written.
    drafts: Drafts;
    /// Writes on their way to Gainsight.
    writes: Writes;
    /// Live events.
    events: Events;
    /// The audit log.
    audit: Audit;
    /// What belongs to one person, altogether.
    people: People;
    /// What is kept for a while only.
    retention: Purge;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changed_table_is_read_off_the_statement() {
        let cases = [
            ("INSERT INTO drafts (id) VALUES ($1)", Some("drafts")),
            ("UPDATE grants SET x = 1", Some("grants")),
            ("DELETE FROM sessions WHERE id = $1", Some("sessions")),
            ("WITH due AS (SELECT id FROM x FOR UPDATE) UPDATE writes SET y = 1", Some("writes")),
            ("SELECT id FROM drafts", None),
        ];
        for (text, table) in cases {
            assert_eq!(changed_table(text), table, "{text}");
        }
    }
}
