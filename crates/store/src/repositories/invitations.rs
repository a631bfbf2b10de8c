//! Whom the host awaits, as his own Zoom authorisation or somebody's calendar shows, and which ended meetings Zoom is still to be asked about (`zoom.md` 7).

use std::time::Duration;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::MeetingUuid;
use sidelight_domain::recognition::Expected;

use super::repository;
use crate::keys::Column;
use crate::statement::sql;
use crate::{Error, PersonKey};

const EXPECTED: Column = Column::new("invitations.expected_sealed");
const NAMED: Column = Column::new("brought_invitations.named_sealed");

repository! {
    /// Whom hosts await, and whom they had.
    Invitations
}

/// What came of asking Zoom with somebody's authorisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Invitation {
    /// Somebody asks, or asked in vain.
    Unknown,
    /// Zoom does not show the meeting to whoever has the host's role in it: it belongs to somebody else.
    NotTheirs,
    /// These people are awaited.
    Known(Vec<Expected>),
}

/// A meeting that is over, of which Zoom is to be asked who took part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recall {
    /// Which one.
    pub meeting: MeetingUuid,
    /// How often it was tried, this time included.
    pub tries: u32,
}

impl Invitations<'_> {
    /// Whether `person` is the one to ask Zoom now: nobody knows yet, and nobody asked with the same authorisation within `pause`. The
    /// meeting must have been observed before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim(&mut self, meeting: &MeetingUuid, person: &PersonKey, pause: Duration) -> Result<bool, Error> {
        let now = self.unit.now();
        let claim = sql("INSERT INTO invitations (organisation, meeting, person, state, due_at) \
             VALUES ($1, $2, $3, 'asking', $4) ON CONFLICT (organisation, meeting) DO UPDATE \
             SET person = excluded.person, state = 'asking', due_at = excluded.due_at \
             WHERE invitations.due_at IS NOT NULL AND (invitations.person <> excluded.person OR invitations.due_at <= $5)")
        .bind(meeting)
        .bind(person)
        .bind(now.after(pause))
        .bind(now);
        Ok(self.unit.run(claim).await? > 0)
    }

    /// Whether [`claim`](Self::claim) would say yes, without a write: most panels open where nothing is left to ask.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn is_open(&mut self, meeting: &MeetingUuid, person: &PersonKey) -> Result<bool, Error> {
        let select = "SELECT person, due_at FROM invitations WHERE organisation = $1 AND meeting = $2";
        let Some(row) = self.unit.one(sql(select).bind(meeting)).await? else { return Ok(true) };
        let (asker, due_at): (PersonKey, Option<Timestamp>) = (row.get("person")?, row.get("due_at")?);
        Ok(due_at.is_some_and(|due_at| asker != *person || due_at <= self.unit.now()))
    }

    /// Stores what came of asking; tells whether anything did. What is known is not asked for again.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn answer(
        &mut self,
        meeting: &MeetingUuid,
        person: &PersonKey,
        answer: &Invitation,
        pause: Duration,
    ) -> Result<bool, Error> {
        let (state, expected, due_at) = match answer {
            Invitation::Unknown => ("asking", None, Some(self.unit.now().after(pause))),
            Invitation::NotTheirs => ("not_theirs", None, Some(self.unit.now().after(pause))),
            Invitation::Known(expected) => ("known", Some(written(EXPECTED, expected)?), None),
        };
        let update = sql("UPDATE invitations SET state = $4, due_at = $5, expected_sealed = $6 \
             WHERE organisation = $1 AND meeting = $2 AND person = $3")
        .bind(meeting)
        .bind(person)
        .bind(state)
        .bind(due_at)
        .bind(self.unit.seal_some(EXPECTED, meeting, expected.as_ref())?);
        Ok(self.unit.run(update).await? > 0 && *answer != Invitation::Unknown)
    }

    /// What is known of a meeting.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, meeting: &MeetingUuid) -> Result<Invitation, Error> {
        let select = "SELECT state, expected_sealed FROM invitations WHERE organisation = $1 AND meeting = $2";
        let Some(row) = self.unit.one(sql(select).bind(meeting)).await? else { return Ok(Invitation::Unknown) };
        if let Some(expected) = self.unit.open_some(&row, EXPECTED, meeting)? {
            return Ok(Invitation::Known(read(EXPECTED, &expected)?));
        }
        let state: String = row.get("state")?;
        Ok(if state == "not_theirs" { Invitation::NotTheirs } else { Invitation::Unknown })
    }

    /// Stores whom the invitation names that `person` brought from his calendar, in the place of an earlier one. The meeting must have been
    /// observed before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn bring(&mut self, meeting: &MeetingUuid, person: &PersonKey, named: &[Expected]) -> Result<(), Error> {
        let upsert = sql("INSERT INTO brought_invitations (organisation, meeting, person, named_sealed) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (organisation, meeting, person) DO UPDATE \
             SET named_sealed = excluded.named_sealed")
        .bind(meeting)
        .bind(person)
        .bind(self.unit.seal(NAMED, &row_of(meeting, person), written(NAMED, named)?)?);
        self.unit.run(upsert).await.map(drop)
    }

    /// Forgets what `person` brought; tells whether there was anything.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn take_back(&mut self, meeting: &MeetingUuid, person: &PersonKey) -> Result<bool, Error> {
        let delete = "DELETE FROM brought_invitations WHERE organisation = $1 AND meeting = $2 AND person = $3";
        Ok(self.unit.run(sql(delete).bind(meeting).bind(person)).await? > 0)
    }

    /// Whom the invitations name that members brought, with who brought them.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn brought(&mut self, meeting: &MeetingUuid) -> Result<Vec<(PersonKey, Vec<Expected>)>, Error> {
        let select = "SELECT person, named_sealed FROM brought_invitations \
             WHERE organisation = $1 AND meeting = $2 ORDER BY person";
        let rows = self.unit.all(sql(select).bind(meeting)).await?;
        let brought = rows.iter().map(|row| {
            let person: PersonKey = row.get("person")?;
            let named = self.unit.open(row, NAMED, &row_of(meeting, &person))?;
            Ok((person, read(NAMED, &named)?))
        });
        brought.collect()
    }

    /// Has Zoom asked about a meeting that is over, `after` some time. Said again, it changes nothing.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn recall(&mut self, meeting: &MeetingUuid, after: Duration) -> Result<(), Error> {
        let due_at = self.unit.now().after(after);
        let insert =
            "INSERT INTO recalls (organisation, meeting, due_at, tries) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING";
        self.unit.run(sql(insert).bind(meeting).bind(due_at)).await.map(drop)
    }

    /// Whether Zoom is to be asked about any meeting now.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn is_recall_due(&mut self) -> Result<bool, Error> {
        let now = self.unit.now();
        let select = "SELECT meeting FROM recalls WHERE organisation = $1 AND due_at <= $2 LIMIT 1";
        Ok(self.unit.one(sql(select).bind(now)).await?.is_some())
    }

    /// Takes what is due, for `hold`; whoever stops on the way leaves it to the next one.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim_recalls(&mut self, hold: Duration) -> Result<Vec<Recall>, Error> {
        let now = self.unit.now();
        let claim = sql("UPDATE recalls SET due_at = $3, tries = tries + 1 WHERE organisation = $1 AND due_at <= $2 \
             RETURNING meeting, tries")
        .bind(now)
        .bind(now.after(hold));
        let rows = self.unit.all(claim).await?;
        rows.iter().map(|row| Ok(Recall { meeting: row.get("meeting")?, tries: row.get("tries")? })).collect()
    }

    /// Tries again later.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn put_off_recall(&mut self, meeting: &MeetingUuid, by: Duration) -> Result<(), Error> {
        let due_at = self.unit.now().after(by);
        let update = "UPDATE recalls SET due_at = $3 WHERE organisation = $1 AND meeting = $2";
        self.unit.run(sql(update).bind(meeting).bind(due_at)).await.map(drop)
    }

    /// Nothing more is to be asked.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn end_recall(&mut self, meeting: &MeetingUuid) -> Result<(), Error> {
        let delete = "DELETE FROM recalls WHERE organisation = $1 AND meeting = $2";
        self.unit.run(sql(delete).bind(meeting)).await.map(drop)
    }
}

fn row_of(meeting: &MeetingUuid, person: &PersonKey) -> String {
    format!("{meeting}/{person}")
}

fn written(column: Column, people: &[Expected]) -> Result<String, Error> {
    serde_json::to_string(people).map_err(|_| unreadable(column))
}

fn read(column: Column, people: &str) -> Result<Vec<Expected>, Error> {
    serde_json::from_str(people).map_err(|_| unreadable(column))
}

fn unreadable(column: Column) -> Error {
    Error::Unreadable { column: column.as_str().to_owned() }
}
