//! The event log: what changed and for whom, read by event streams with a cursor (design 4.6).

use std::fmt;

use sidelight_domain::EntityRef;
use sidelight_domain::ids::{MeetingUuid, SessionId};

use super::repository;
use crate::logs::PendingEvent;
use crate::statement::sql;
use crate::{Error, PersonKey};

repository! {
    /// Live events.
    Events
}

/// Whom an event concerns.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Audience {
    /// All windows of a person.
    Person(PersonKey),
    /// Everybody who has the panel open in a meeting.
    Meeting(MeetingUuid),
    /// One session.
    Session(SessionId),
    /// Everybody who looks at this Timeline.
    Timeline(EntityRef),
    /// Everybody in the organisation.
    Organisation,
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Meeting(meeting) => write!(f, "meeting:{meeting}"),
            Self::Session(session) => write!(f, "session:{session}"),
            Self::Timeline(EntityRef { tenant, kind, id }) => write!(f, "timeline:{tenant}/{kind}/{id}"),
            Self::Organisation => f.write_str("organisation"),
        }
    }
}

/// Who reads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listener {
    /// The session of the stream.
    pub session: SessionId,
    /// Its person, if it has one.
    pub person: Option<PersonKey>,
    /// Its meeting, if it is in one.
    pub meeting: Option<MeetingUuid>,
    /// The Timelines that it shows, as far as its person may see them.
    pub timelines: Vec<EntityRef>,
}

impl Listener {
    fn audiences(&self) -> Vec<String> {
        let person = self.person.map(Audience::Person);
        let meeting = self.meeting.clone().map(Audience::Meeting);
        let timelines = self.timelines.iter().cloned().map(Audience::Timeline);
        let own = [Audience::Organisation, Audience::Session(self.session)];
        own.into_iter().chain(person).chain(meeting).chain(timelines).map(|audience| audience.to_string()).collect()
    }
}

/// An event as it was stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredEvent {
    /// Its number: the cursor of whoever has read it.
    pub seq: u64,
    /// What changed, as JSON.
    pub payload: String,
}

impl Events<'_> {
    /// Adds an event; it is numbered and visible with the commit of the unit. The payload names what changed and holds no content.
    pub fn add(&mut self, audience: &Audience, payload: impl Into<String>) {
        let event = PendingEvent { audience: audience.to_string(), payload: payload.into() };
        self.unit.pending.events.push(event);
    }

    /// Up to `limit` events for `listener` after `cursor`, oldest first. Numbers appear in the order of commits: nothing is ever added
    /// below a number that could be read.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn after(&mut self, cursor: u64, listener: &Listener, limit: u32) -> Result<Vec<StoredEvent>, Error> {
        let audiences = self
            .unit
            .engine()
            .pick("SELECT value FROM json_each($3)", "SELECT jsonb_array_elements_text(CAST($3 AS jsonb))");
        let select = sql(format!(
            "SELECT seq, payload FROM events WHERE organisation = $1 AND seq > $2 \
             AND audience IN ({audiences}) ORDER BY seq LIMIT $4"
        ))
        .bind(cursor)
        .bind(serde_json::json!(listener.audiences()).to_string())
        .bind(limit);
        let rows = self.unit.all(select).await?;
        rows.iter().map(|row| Ok(StoredEvent { seq: row.get("seq")?, payload: row.get("payload")? })).collect()
    }

    /// The number of the latest event: the cursor of whoever begins to listen now.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn latest(&mut self) -> Result<u64, Error> {
        let select = sql("SELECT event_seq AS number FROM heads WHERE organisation = $1");
        Ok(u64::try_from(self.unit.number(select).await?).unwrap_or_default())
    }

    /// The lowest cursor that misses nothing: who comes with a lower one has to read everything anew, since what he missed
    /// has been purged.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn lowest_cursor(&mut self) -> Result<u64, Error> {
        let select = sql("SELECT event_purged_seq AS number FROM heads WHERE organisation = $1");
        Ok(u64::try_from(self.unit.number(select).await?).unwrap_or_default())
    }
}
