//! The note a person writes in a meeting before it is logged: one is open per person and meeting, shared by all his windows.

use sidelight_domain::Timestamp;
use sidelight_domain::ids::{DraftId, MeetingUuid, WriteId};

use super::{meeting_at, place, repository};
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, Statement, sql};
use crate::{Error, PersonKey, Unit};

const CONTENT: Column = Column::new("drafts.content_sealed");
const EARLIER: Column = Column::new("drafts.earlier_sealed");
const COLUMNS: &str = "id, person, meeting, version, content_sealed, saved_at, put_away_by, earlier_sealed";

repository! {
    /// Notes that are being written.
    Drafts
}

/// One note.
#[derive(Clone, Eq, PartialEq)]
pub struct Draft {
    /// Which one.
    pub id: DraftId,
    /// Its author.
    pub person: PersonKey,
    /// The meeting it was written in, if any.
    pub meeting: Option<MeetingUuid>,
    /// Counts up with each saved change, and on over all drafts of the same place: a window that still shows an older draft
    /// cannot take its number for that of a newer one.
    pub version: u32,
    /// What has been typed, as JSON; empty once discarded.
    pub content: String,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The write that it became.
    pub put_away_by: Option<WriteId>,
    /// What it may be in Gainsight as already, as JSON, if it was a write before.
    pub earlier: Option<String>,
}

debug_by_ids!(Draft { id, person, meeting, version, saved_at, put_away_by });

/// What became of a save.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Saved {
    /// It is stored. Saying the same twice is no conflict.
    Saved(Draft),
    /// Another window saved something else meanwhile: this.
    Conflict(Draft),
    /// The draft it was based on has been logged or discarded.
    Closed,
}

/// What became of a draft whose write came to nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BroughtBack {
    /// It is the open draft again.
    Open(Draft),
    /// The author has begun another note in the same place: this. The old one stays put away.
    Occupied(Draft),
    /// No draft became this write, or it is gone.
    Nothing,
}

impl Drafts<'_> {
    /// The open draft of a person in a meeting, or outside of any.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_open(
        &mut self,
        person: &PersonKey,
        meeting: Option<&MeetingUuid>,
    ) -> Result<Option<Draft>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM drafts WHERE organisation = $1 AND person = $2 AND meeting = $3 AND closed_at IS NULL"
        );
        self.fetch(sql(select).bind(person).bind(place(meeting)).locking()).await
    }

    /// A draft of this person, open or not.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, person: &PersonKey, id: DraftId) -> Result<Option<Draft>, Error> {
        let select = format!("SELECT {COLUMNS} FROM drafts WHERE organisation = $1 AND id = $2 AND person = $3");
        self.fetch(sql(select).bind(id).bind(person).locking()).await
    }

    /// All open drafts of a person, the latest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_open(&mut self, person: &PersonKey) -> Result<Vec<Draft>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM drafts WHERE organisation = $1 AND person = $2 AND closed_at IS NULL ORDER BY saved_at DESC"
        );
        let rows = self.unit.all(sql(select).bind(person)).await?;
        rows.iter().map(|row| draft(self.unit, row)).collect()
    }

    /// Saves the whole content on top of version `based_on`; 0 for a draft that does not exist yet.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save(
        &mut self,
        person: &PersonKey,
        meeting: Option<&MeetingUuid>,
        based_on: u32,
        content: &str,
    ) -> Result<Saved, Error> {
        match self.find_open(person, meeting).await? {
            Some(open) if open.version == based_on => self.replace(open, content).await.map(Saved::Saved),
            Some(open) if open.content == content => Ok(Saved::Saved(open)),
            Some(open) => Ok(Saved::Conflict(open)),
            None if based_on == 0 => self.insert(person, meeting, content).await,
            None => Ok(Saved::Closed),
        }
    }

    async fn replace(&mut self, open: Draft, content: &str) -> Result<Draft, Error> {
        let version = open.version.saturating_add(1);
        let saved_at = self.unit.now();
        // The row is locked since it was found, so the version is still the one seen.
        let update = sql("UPDATE drafts SET version = $3, content_sealed = $4, saved_at = $5 \
             WHERE organisation = $1 AND id = $2")
        .bind(open.id)
        .bind(version)
        .bind(self.unit.seal(CONTENT, &open.id, content)?)
        .bind(saved_at);
        self.unit.run(update).await?;
        Ok(Draft { version, content: content.to_owned(), saved_at, ..open })
    }

    async fn insert(
        &mut self,
        person: &PersonKey,
        meeting: Option<&MeetingUuid>,
        content: &str,
    ) -> Result<Saved, Error> {
        let id = DraftId::new(self.unit.uuid());
        let version = self.next_version(person, meeting).await?;
        let saved_at = self.unit.now();
        let insert = sql("INSERT INTO drafts (organisation, id, person, meeting, version, content_sealed, saved_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(person)
        .bind(place(meeting))
        .bind(version)
        .bind(self.unit.seal(CONTENT, &id, content)?)
        .bind(saved_at);
        if self.unit.run(insert).await? > 0 {
            let (person, meeting, content) = (*person, meeting.cloned(), content.to_owned());
            return Ok(Saved::Saved(Draft {
                id,
                person,
                meeting,
                version,
                content,
                saved_at,
                put_away_by: None,
                earlier: None,
            }));
        }
        // Another server was faster by the time of this statement.
        Ok(match self.find_open(person, meeting).await? {
            Some(open) if open.content == content => Saved::Saved(open),
            Some(open) => Saved::Conflict(open),
            None => Saved::Closed,
        })
    }

    async fn next_version(&mut self, person: &PersonKey, meeting: Option<&MeetingUuid>) -> Result<u32, Error> {
        let select = sql("SELECT COALESCE(MAX(version), 0) + 1 AS number FROM drafts \
             WHERE organisation = $1 AND person = $2 AND meeting = $3")
        .bind(person)
        .bind(place(meeting));
        let next = self.unit.number(select).await?;
        u32::try_from(next).map_err(|_| Error::Unreadable { column: "drafts.version".to_owned() })
    }

    /// Closes an open draft that became `write`; tells whether it was open.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn put_away(&mut self, person: &PersonKey, id: DraftId, write: WriteId) -> Result<bool, Error> {
        let update = sql("UPDATE drafts SET put_away_by = $4, closed_at = $5 \
             WHERE organisation = $1 AND id = $2 AND person = $3 AND closed_at IS NULL")
        .bind(id)
        .bind(person)
        .bind(write)
        .bind(self.unit.now());
        Ok(self.unit.run(update).await? > 0)
    }

    /// Opens the draft again that became `write`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn bring_back(&mut self, write: WriteId) -> Result<BroughtBack, Error> {
        let select = format!("SELECT {COLUMNS} FROM drafts WHERE organisation = $1 AND put_away_by = $2");
        let Some(put_away) = self.fetch(sql(select).bind(write).locking()).await? else {
            return Ok(BroughtBack::Nothing);
        };
        let Draft { id, person, meeting, .. } = &put_away;
        if let Some(open) = self.find_open(person, meeting.as_ref()).await? {
            return Ok(BroughtBack::Occupied(open));
        }
        let version = self.next_version(person, meeting.as_ref()).await?;
        let update = sql("UPDATE drafts SET put_away_by = NULL, closed_at = NULL, version = $3 \
             WHERE organisation = $1 AND id = $2")
        .bind(*id)
        .bind(version);
        self.unit.run(update).await?;
        Ok(BroughtBack::Open(Draft { version, put_away_by: None, ..put_away }))
    }

    /// Notes what a draft may be in Gainsight as already, until it is discarded.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn note_earlier(&mut self, id: DraftId, earlier: &str) -> Result<(), Error> {
        let update = sql("UPDATE drafts SET earlier_sealed = $3 WHERE organisation = $1 AND id = $2")
            .bind(id)
            .bind(self.unit.seal(EARLIER, &id, earlier)?);
        self.unit.run(update).await.map(drop)
    }

    /// Closes an open draft and forgets its content; tells whether it was open.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn discard(&mut self, person: &PersonKey, id: DraftId) -> Result<bool, Error> {
        let update = sql("UPDATE drafts SET content_sealed = NULL, earlier_sealed = NULL, closed_at = $4 \
             WHERE organisation = $1 AND id = $2 AND person = $3 AND closed_at IS NULL")
        .bind(id)
        .bind(person)
        .bind(self.unit.now());
        Ok(self.unit.run(update).await? > 0)
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Option<Draft>, Error> {
        let row = self.unit.one(statement).await?;
        row.map(|row| draft(self.unit, &row)).transpose()
    }
}

fn draft(unit: &Unit, row: &Row) -> Result<Draft, Error> {
    let id: DraftId = row.get("id")?;
    Ok(Draft {
        id,
        person: row.get("person")?,
        meeting: meeting_at(row.get("meeting")?),
        version: row.get("version")?,
        content: unit.open_some(row, CONTENT, &id)?.unwrap_or_default(),
        saved_at: row.get("saved_at")?,
        put_away_by: row.get("put_away_by")?,
        earlier: unit.open_some(row, EARLIER, &id)?,
    })
}
