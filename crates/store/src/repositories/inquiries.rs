//! In which meetings the guests were asked for their addresses, and what they told (`zoom.md` 8).

use std::collections::BTreeMap;

use sidelight_domain::EmailAddress;
use sidelight_domain::ids::{MeetingUuid, ParticipantUuid};
use sidelight_domain::inquiry::Inquiry;
use sidelight_domain::roster::MOST_PARTICIPANTS;

use super::repository;
use crate::keys::Column;
use crate::statement::sql;
use crate::{Error, PersonKey};

const ASKER: Column = Column::new("inquiries.asker_sealed");
const TOLD: Column = Column::new("inquiries.told_sealed");

type Answers = BTreeMap<ParticipantUuid, Option<EmailAddress>>;

repository! {
    /// In which meetings the guests were asked, and what they told.
    Inquiries
}

impl Inquiries<'_> {
    /// Notes that `person` asks the guests of a meeting now; tells whether nobody did before. The meeting must have been observed before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn begin(&mut self, meeting: &MeetingUuid, person: &PersonKey, name: &str) -> Result<bool, Error> {
        let insert = sql("INSERT INTO inquiries (organisation, meeting, person, asked_at, asker_sealed) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(meeting)
        .bind(person)
        .bind(self.unit.now())
        .bind(self.unit.seal(ASKER, meeting, name)?);
        Ok(self.unit.run(insert).await? > 0)
    }

    /// Takes back that `person` asked, if nobody has answered: the client refused, so that nobody was asked. Tells whether it was so.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn take_back(&mut self, meeting: &MeetingUuid, person: &PersonKey) -> Result<bool, Error> {
        let delete =
            "DELETE FROM inquiries WHERE organisation = $1 AND meeting = $2 AND person = $3 AND told_sealed IS NULL";
        Ok(self.unit.run(sql(delete).bind(meeting).bind(person)).await? > 0)
    }

    /// Whether it was `person` who asked.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn is_asker(&mut self, meeting: &MeetingUuid, person: &PersonKey) -> Result<bool, Error> {
        let select = "SELECT meeting FROM inquiries WHERE organisation = $1 AND meeting = $2 AND person = $3";
        Ok(self.unit.one(sql(select).bind(meeting).bind(person)).await?.is_some())
    }

    /// Stores what one of those told whom `person` asked. A first answer stands: `false` where there is one, or `person` did not ask.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn answer(
        &mut self,
        meeting: &MeetingUuid,
        person: &PersonKey,
        participant: &ParticipantUuid,
        email: Option<&EmailAddress>,
    ) -> Result<bool, Error> {
        let select =
            "SELECT person, told_sealed FROM inquiries WHERE organisation = $1 AND meeting = $2 AND person = $3";
        let Some(row) = self.unit.one(sql(select).bind(meeting).bind(person).locking()).await? else {
            return Ok(false);
        };
        let mut answers = read(self.unit.open_some(&row, TOLD, meeting)?)?;
        if answers.contains_key(participant) || answers.len() >= MOST_PARTICIPANTS {
            return Ok(false);
        }
        answers.insert(participant.clone(), email.cloned());
        let told = serde_json::to_vec(&answers).map_err(|_| unreadable())?;
        let update =
            sql("UPDATE inquiries SET told_sealed = $4 WHERE organisation = $1 AND meeting = $2 AND person = $3")
                .bind(meeting)
                .bind(person)
                .bind(self.unit.seal(TOLD, meeting, told)?);
        Ok(self.unit.run(update).await? > 0)
    }

    /// What is known of the inquiry in a meeting. Whoever asked is nameless once he has left.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, meeting: &MeetingUuid) -> Result<Option<Inquiry>, Error> {
        let select =
            "SELECT asked_at, asker_sealed, told_sealed FROM inquiries WHERE organisation = $1 AND meeting = $2";
        let Some(row) = self.unit.one(sql(select).bind(meeting)).await? else { return Ok(None) };
        let by = self.unit.open_some(&row, ASKER, meeting)?.unwrap_or_default();
        let answers = read(self.unit.open_some(&row, TOLD, meeting)?)?;
        Ok(Some(Inquiry { by, at: row.get("asked_at")?, answers }))
    }

    /// Forgets what the guests told: the meeting is over.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn forget(&mut self, meeting: &MeetingUuid) -> Result<(), Error> {
        let update = "UPDATE inquiries SET told_sealed = NULL WHERE organisation = $1 AND meeting = $2";
        self.unit.run(sql(update).bind(meeting).upkeep()).await.map(drop)
    }
}

fn read(told: Option<String>) -> Result<Answers, Error> {
    told.map_or_else(|| Ok(Answers::new()), |told| serde_json::from_str(&told).map_err(|_| unreadable()))
}

fn unreadable() -> Error {
    Error::Unreadable { column: TOLD.as_str().to_owned() }
}
