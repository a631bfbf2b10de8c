//! What is kept of a write, and how the panel sees it.

use serde::{Deserialize, Serialize};
use sidelight_api::activity::{PendingWrite, Task as ShownTask, WriteState as Shown};
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::{ExternalId, Gsid, MeetingUuid};
use sidelight_domain::person::PersonForm;
use sidelight_domain::words::Word;
use sidelight_domain::{EntityKind, EntityRef, Timestamp};
use sidelight_store::{Write, WriteState};

use super::change::Seen;
use super::errand::Errand;

/// The kept form of a write; sealed by the store.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Payload {
    /// As the author sent it.
    pub form: ActivityForm,
    /// Name of the entity then, so that the list can be shown without asking Gainsight.
    pub entity_name: String,
    /// Whether a draft was put away for it.
    pub from_draft: bool,
    /// What is to be done; `form` is what the activity says then.
    #[serde(default)]
    pub task: Task,
}

/// What a write does.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Logs an activity.
    #[default]
    Log,
    /// Changes one that is in Gainsight.
    Change {
        /// Which one.
        activity: Gsid,
        /// What its author saw.
        seen: Seen,
        /// What shall be different.
        changes: Changes,
    },
    /// Deletes one.
    Delete {
        /// Which one.
        activity: Gsid,
        /// What its author saw.
        seen: Seen,
    },
}

/// What shall be different; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Changes {
    /// Another type.
    pub type_name: Option<String>,
    /// Another line.
    pub subject: Option<String>,
    /// Other notes, as cleaned HTML.
    pub notes: Option<String>,
    /// Another time.
    pub held_at: Option<Timestamp>,
    /// Another duration.
    pub duration_minutes: Option<u32>,
}

impl Task {
    /// The activity that it is about, and what was seen of it.
    #[must_use]
    pub const fn target(&self) -> Option<(&Gsid, &Seen)> {
        match self {
            Self::Log => None,
            Self::Change { activity, seen, .. } | Self::Delete { activity, seen } => Some((activity, seen)),
        }
    }

    /// The same for a panel.
    #[must_use]
    pub const fn shown(&self) -> ShownTask {
        match self {
            Self::Log => ShownTask::Log,
            Self::Change { .. } => ShownTask::Change,
            Self::Delete { .. } => ShownTask::Delete,
        }
    }
}

/// The kept form of a person to be added; sealed by the store.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct PersonPayload {
    /// As the author sent it.
    pub person: PersonForm,
    /// The company that the person is linked to: the entity, or the one that it belongs to.
    pub company: Gsid,
    /// Name of the entity then.
    pub entity_name: String,
    /// The meeting in which it was done, whose panels are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingUuid>,
    /// Whether Gainsight said, just before this was stored, that nobody has the address.
    #[serde(default)]
    pub is_new: bool,
}

/// Where a reopened note may be in Gainsight already; sealed by the store, with the draft.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Earlier {
    /// Our mark on it.
    pub external_id: ExternalId,
    /// What it was logged to.
    pub entity: EntityRef,
}

impl Earlier {
    /// What a draft has to remember of the write that it is made of, if a try of that may have reached Gainsight.
    #[must_use]
    pub fn of(write: &Write, payload: &Payload) -> Option<Self> {
        let earlier = || Self { external_id: write.external_id.clone(), entity: payload.form.entity.clone() };
        write.in_doubt.then(earlier)
    }
}

/// What Gainsight last said about a write; sealed by the store.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Verdict {
    /// Why not, where callers tell it apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// The record, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Gsid>,
    /// Why not, for the author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Which fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

impl Verdict {
    /// The catalogue's sentence, without a field.
    pub(super) fn saying(code: ErrorCode) -> Self {
        Self { code: Some(code), message: code.word().text().to_owned(), ..Self::default() }
    }

    /// A sentence of its own.
    pub(super) fn in_words(word: Word) -> Self {
        Self { message: word.text().to_owned(), ..Self::default() }
    }

    pub(super) fn of(write: &Write) -> Self {
        write.answer.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

/// A write as its author's panel sees it.
#[must_use]
pub fn shown(write: &Write) -> PendingWrite {
    let (payload, person) = match Errand::of(write) {
        Some(Errand::Log(payload)) => (Some(payload), None),
        Some(Errand::Add(person)) => (None, Some(person)),
        None => (None, None),
    };
    let verdict = Verdict::of(write);
    let state = match (write.state, &payload) {
        (WriteState::Done, _) => Shown::Done { activity: verdict.activity },
        (WriteState::NeedsSignIn, _) => Shown::NeedsSignIn,
        (WriteState::Kept, _) => Shown::Kept,
        // Somebody is at it: that its claim runs out one day is no news for the author.
        (WriteState::Sending, _) => Shown::Waiting { next_try_at: write.stored_at, tries: write.tries },
        (WriteState::Refused, payload) if payload.is_some() || person.is_some() => {
            let form = payload.as_ref().map(|payload| Box::new(payload.form.clone()));
            Shown::Refused { message: verdict.message, fields: verdict.fields, form }
        }
        (WriteState::Queued | WriteState::Refused | WriteState::Discarded, _) => {
            Shown::Waiting { next_try_at: write.due_at.unwrap_or(write.stored_at), tries: write.tries }
        }
    };
    let task = payload.as_ref().map(|payload| payload.task.shown()).unwrap_or_default();
    let activity = payload.as_ref().and_then(|payload| payload.task.target()).map(|(activity, _)| activity.clone());
    let (entity, entity_name, subject) = match (payload, &person) {
        (Some(payload), _) => (payload.form.entity, payload.entity_name, payload.form.subject),
        (None, Some(person)) => (person.person.entity.clone(), person.entity_name.clone(), person.subject()),
        (None, None) => (nowhere(write), String::new(), String::new()),
    };
    let person = person.map(|payload| Box::new(payload.person));
    PendingWrite {
        id: write.id,
        external_id: write.external_id.clone(),
        task,
        activity,
        entity,
        entity_name,
        subject,
        stored_at: write.stored_at,
        person,
        state,
    }
}

impl PersonPayload {
    /// What the list of writes calls it.
    fn subject(&self) -> String {
        let who = self.person.name.as_deref().unwrap_or(&self.person.email);
        Word::PageAddPerson.fill(&[("name", who.trim())])
    }
}

/// A discarded write says nothing any more.
fn nowhere(write: &Write) -> EntityRef {
    EntityRef { tenant: write.tenant.clone(), kind: EntityKind::Company, id: Gsid::new("") }
}

/// When a write is tried again: soon at first, then at most every ten minutes, whatever a tenant asks for: a note must not be put off
/// for ever by one strange answer.
pub(super) fn next_try(now: Timestamp, tries: u32, asked_to_wait: Option<std::time::Duration>) -> Timestamp {
    const PAUSES: [u64; 6] = [5, 15, 30, 60, 180, 600];
    const LONGEST: std::time::Duration = std::time::Duration::from_mins(10);
    let index = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    let pause = std::time::Duration::from_secs(PAUSES[index]);
    now.after(asked_to_wait.map_or(pause, |asked| asked.min(LONGEST).max(pause)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn pauses_grow_and_respect_what_gainsight_asks_for() {
        let now = Timestamp::from_millis(1_780_000_000_000);
        let pause = |tries, asked| next_try(now, tries, asked).since(now).as_secs();
        assert_eq!([0, 1, 2, 5, 6, 7, 500].map(|tries| pause(tries, None)), [5, 5, 15, 180, 600, 600, 600]);
        assert_eq!(pause(1, Some(Duration::from_secs(40))), 40);
        assert_eq!(pause(6, Some(Duration::from_secs(40))), 600);
        assert_eq!(pause(1, Some(Duration::from_secs(99_999_999))), 600);
    }
}
