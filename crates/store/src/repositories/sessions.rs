//! Opened panels (design 4.1).

use secrecy::{ExposeSecret, SecretString};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{MeetingUuid, SessionId, ZoomClientId, ZoomUserId};
use sidelight_domain::roster::Role;

use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, sql};
use crate::{Digest, Error, PersonKey, Unit};

const ZOOM_USER: Column = Column::new("sessions.zoom_user_sealed");
const VERIFIER: Column = Column::new("sessions.zoom_verifier_sealed");
const SCREEN_NAME: Column = Column::new("sessions.screen_name_sealed");

repository! {
    /// Opened panels.
    Sessions
}

/// One opened panel.
#[derive(Clone, Eq, PartialEq)]
pub struct Session {
    /// The one its token names.
    pub id: SessionId,
    /// Whose it is; `None` for a guest.
    pub person: Option<PersonKey>,
    /// The same, as Zoom names him.
    pub zoom_user: Option<ZoomUserId>,
    /// The Zoom app it was opened with.
    pub client_id: ZoomClientId,
    /// The meeting it was opened in, if any.
    pub meeting: Option<MeetingUuid>,
    /// The role in that meeting when the context was made.
    pub role: Role,
    /// What the client said his name is: a hint.
    pub screen_name: String,
    /// The number of the latest event when it was opened: what came later is news for it.
    pub events_from: u64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub ended_at: Option<Timestamp>,
    /// Why it was ended, in one word.
    pub ended_because: Option<String>,
}

debug_by_ids!(Session { id, person, meeting, expires_at, ended_at, ended_because });

impl Session {
    /// Whether its token still opens anything.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

/// What a new session is made of.
pub struct NewSession {
    /// Drawn by the caller, who needs it before the row exists to use up the context.
    pub id: SessionId,
    /// Whose it is; `None` for a guest.
    pub zoom_user: Option<ZoomUserId>,
    /// The Zoom app it was opened with.
    pub client_id: ZoomClientId,
    /// The meeting it was opened in.
    pub meeting: Option<MeetingUuid>,
    /// The role in that meeting.
    pub role: Role,
    /// What the client said the name is; may be empty.
    pub screen_name: String,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

debug_by_ids!(NewSession { id, meeting, expires_at });

impl Sessions<'_> {
    /// Opens a session.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn add(&mut self, new: NewSession) -> Result<Session, Error> {
        let NewSession { id, zoom_user, client_id, meeting, role, screen_name, expires_at } = new;
        let person = zoom_user.as_ref().map(|user| self.unit.person_key(user));
        let created_at = self.unit.now();
        let events_from = self.unit.events().latest().await?;
        let insert =
            sql("INSERT INTO sessions (organisation, id, person, zoom_user_sealed, client_id, meeting, role, \
             screen_name_sealed, created_at, expires_at, events_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind(id)
            .bind(person)
            .bind(self.unit.seal_some(ZOOM_USER, &id, zoom_user.as_ref().map(ZoomUserId::as_str))?)
            .bind(&client_id)
            .bind(meeting.as_ref())
            .bind(role)
            .bind(self.unit.seal(SCREEN_NAME, &id, &screen_name)?)
            .bind(created_at)
            .bind(expires_at)
            .bind(events_from);
        self.unit.run(insert).await?;
        let (ended_at, ended_because) = (None, None);
        Ok(Session {
            id,
            person,
            zoom_user,
            client_id,
            meeting,
            role,
            screen_name,
            events_from,
            created_at,
            expires_at,
            ended_at,
            ended_because,
        })
    }

    /// The session with this id, live or not.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, id: SessionId) -> Result<Option<Session>, Error> {
        let select =
            sql("SELECT id, person, zoom_user_sealed, client_id, meeting, role, screen_name_sealed, events_from, \
             created_at, expires_at, ended_at, ended_because FROM sessions WHERE organisation = $1 AND id = $2")
            .bind(id)
            .locking();
        let row = self.unit.one(select).await?;
        row.map(|row| session(self.unit, &row)).transpose()
    }

    /// Whether a session is live, without opening what is sealed in it: asked often.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn is_live(&mut self, id: SessionId) -> Result<bool, Error> {
        let select = sql("SELECT COUNT(*) AS number FROM sessions \
             WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3")
        .bind(id)
        .bind(self.unit.now());
        Ok(self.unit.number(select).await? > 0)
    }

    /// Whether somebody has a panel open as the host of a meeting, and has not authorised the app.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn has_unauthorised_host(&mut self, meeting: &MeetingUuid) -> Result<bool, Error> {
        let select = sql("SELECT id FROM sessions WHERE organisation = $1 AND meeting = $2 AND role = $3 \
             AND ended_at IS NULL AND expires_at > $4 AND person IS NOT NULL AND NOT EXISTS (SELECT 1 FROM installations \
             WHERE installations.organisation = sessions.organisation AND installations.person = sessions.person \
             AND installations.removed_at IS NULL) LIMIT 1")
        .bind(meeting)
        .bind(Role::Host)
        .bind(self.unit.now());
        Ok(self.unit.one(select).await?.is_some())
    }

    /// Whether somebody of the organisation has a panel open as the host of a meeting.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn has_host(&mut self, meeting: &MeetingUuid) -> Result<bool, Error> {
        let select = sql("SELECT id FROM sessions WHERE organisation = $1 AND meeting = $2 AND role = $3 \
             AND ended_at IS NULL AND expires_at > $4 AND person IS NOT NULL LIMIT 1")
        .bind(meeting)
        .bind(Role::Host)
        .bind(self.unit.now());
        Ok(self.unit.one(select).await?.is_some())
    }

    /// Who had a panel open after `at`, at most `limit` people.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn people_since(&mut self, at: Timestamp, limit: u32) -> Result<Vec<PersonKey>, Error> {
        let select = sql("SELECT DISTINCT person FROM sessions WHERE organisation = $1 AND expires_at > $2 \
             AND person IS NOT NULL ORDER BY person LIMIT $3")
        .bind(at)
        .bind(limit);
        let rows = self.unit.all(select).await?;
        rows.iter().map(|row| row.get("person")).collect()
    }

    /// Whether a person opened a panel of this app after `at`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn was_opened_since(
        &mut self,
        person: &PersonKey,
        client_id: &ZoomClientId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let select = sql("SELECT id FROM sessions \
             WHERE organisation = $1 AND person = $2 AND client_id = $3 AND created_at > $4 LIMIT 1")
        .bind(person)
        .bind(client_id)
        .bind(at);
        Ok(self.unit.one(select).await?.is_some())
    }

    /// Remembers that a panel began an authorisation inside the Zoom client; an earlier one is forgotten.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn begin_authorization(
        &mut self,
        id: SessionId,
        state: &Digest,
        verifier: &SecretString,
        until: Timestamp,
    ) -> Result<(), Error> {
        let update =
            sql("UPDATE sessions SET zoom_state_digest = $3, zoom_verifier_sealed = $4, zoom_state_until = $5 \
             WHERE organisation = $1 AND id = $2")
            .bind(id)
            .bind(state)
            .bind(self.unit.seal(VERIFIER, &id, verifier.expose_secret())?)
            .bind(until)
            .upkeep();
        self.unit.run(update).await.map(drop)
    }

    /// The verifier of an authorisation that this panel began with this state and that is not over; it is forgotten with that.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn take_authorization(&mut self, id: SessionId, state: &Digest) -> Result<Option<SecretString>, Error> {
        let select = sql("SELECT zoom_verifier_sealed FROM sessions \
             WHERE organisation = $1 AND id = $2 AND zoom_state_digest = $3 AND zoom_state_until > $4")
        .bind(id)
        .bind(state)
        .bind(self.unit.now())
        .locking();
        let Some(row) = self.unit.one(select).await? else { return Ok(None) };
        let verifier = self.unit.open_some(&row, VERIFIER, &id)?;
        let forget =
            sql("UPDATE sessions SET zoom_state_digest = NULL, zoom_verifier_sealed = NULL, zoom_state_until = NULL \
             WHERE organisation = $1 AND id = $2")
            .bind(id)
            .upkeep();
        self.unit.run(forget).await?;
        Ok(verifier.map(SecretString::from))
    }

    /// Ends all sessions of a person and names those that were live.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn end_all_of(&mut self, person: &PersonKey, because: &str) -> Result<Vec<SessionId>, Error> {
        let update = sql("UPDATE sessions SET ended_at = $3, ended_because = $4 \
             WHERE organisation = $1 AND person = $2 AND ended_at IS NULL AND expires_at > $3 RETURNING id")
        .bind(person)
        .bind(self.unit.now())
        .bind(because);
        self.unit.all(update).await?.iter().map(|row| row.get("id")).collect()
    }
}

fn session(unit: &Unit, row: &Row) -> Result<Session, Error> {
    let id: SessionId = row.get("id")?;
    Ok(Session {
        id,
        person: row.get("person")?,
        zoom_user: unit.open_some(row, ZOOM_USER, &id)?.map(ZoomUserId::new),
        client_id: row.get("client_id")?,
        meeting: row.get("meeting")?,
        role: row.get("role")?,
        screen_name: unit.open(row, SCREEN_NAME, &id)?,
        events_from: row.get("events_from")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        ended_at: row.get("ended_at")?,
        ended_because: row.get("ended_because")?,
    })
}
