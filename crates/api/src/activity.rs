//! Writing activities: `/draft`, `/activities`, `/writes`, `GET /activity-types`.

use serde::{Deserialize, Serialize};
use sidelight_domain::activity::{ActivityForm, DURATION_FIELD, LONGEST_FIELD, Problem};
use sidelight_domain::ids::{DraftId, ExternalId, Gsid, TenantKey, WriteId};
use sidelight_domain::person::{FilledField, PersonForm};
use sidelight_domain::{EmailAddress, EntityRef, NotesFormat, Timestamp};

use crate::FieldError;
use crate::person::{AskedField, AskedKind};

/// The one note that a person keeps in a meeting before it is logged.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Which one.
    pub id: DraftId,
    /// Counts up with each saved change; a change names the version that it is based on.
    pub version: u32,
    /// What has been typed so far.
    pub content: DraftContent,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// What has been typed so far. Everything may still be missing.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftContent {
    /// Where it shall go, if the author chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityRef>,
    /// One of the tenant's activity types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// One line; `None` while the suggestion stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What was said.
    #[serde(default)]
    pub notes: String,
    /// How that is written down; drafts from before the editor say nothing of it.
    #[serde(default)]
    pub format: NotesFormat,
    /// When it takes place; `None` while the suggestion stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_at: Option<Timestamp>,
    /// Minutes; `None` while the suggestion stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u32>,
    /// Colleagues and customers the author picked; `None` while everybody recognised counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendees: Option<Vec<EmailAddress>>,
    /// Who took part besides those in the meeting.
    #[serde(default)]
    pub others: Vec<OtherAttendee>,
    /// What the tenant's forms ask for, as far as it was filled in. Kept for every type, whichever is chosen now.
    #[serde(default)]
    pub fields: Vec<FilledField>,
}

/// Somebody whom an activity can name, whether or not he is in the meeting.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtherAttendee {
    /// The address that Gainsight knows.
    pub email: EmailAddress,
    /// The name for the screen.
    pub name: String,
    /// Whether this is a user of the tenant; else a person of the customer's.
    #[serde(default)]
    pub is_internal: bool,
}

/// `POST /attendees/find`: whom an activity of this company can name. A `POST`, because names and addresses do not belong into a URL.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FindAttendees {
    /// The company, or a relationship of it.
    pub entity: EntityRef,
    /// A part of the name or of the address.
    pub query: String,
}

/// `PUT /draft`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveDraft {
    /// The version that this change is based on; 0 for a draft that does not exist yet.
    pub based_on: u32,
    /// The whole content.
    pub content: DraftContent,
}

/// `409 draft_conflict` carries both texts, so that neither is lost.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftConflict {
    /// The error, as always.
    #[serde(flatten)]
    pub error: crate::ErrorBody,
    /// What another window saved meanwhile.
    pub current: Draft,
}

/// `POST /activities`: logs an activity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogActivity {
    /// Chosen by the caller. The same key again is the same write: it is neither stored nor sent twice.
    #[cfg_attr(feature = "openapi", schema(example = "3f0c7f1e-6c1b-4b1e-9e3e-0c7f1e6c1b4b"))]
    pub key: String,
    /// What to log.
    pub form: ActivityForm,
    /// The draft it came from; it is put away once the write is stored, and comes back if Gainsight refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftId>,
}

/// The answer to `POST /activities` and `POST /people`: `201` in Gainsight, `202` saved here and on its way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingWrite {
    /// Which one.
    pub id: WriteId,
    /// Our mark in Gainsight.
    pub external_id: ExternalId,
    /// What it does.
    #[serde(default)]
    pub task: Task,
    /// The record that it changes, if that is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Gsid>,
    /// Where it goes.
    pub entity: EntityRef,
    /// Name of that entity when it was written.
    pub entity_name: String,
    /// Its subject.
    pub subject: String,
    /// When it was stored here.
    pub stored_at: Timestamp,
    /// Who was to be added, where it is no activity: to be mended and sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Box<PersonForm>>,
    /// How far it is.
    pub state: WriteState,
}

/// What a write does.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Task {
    /// Logs an activity.
    #[default]
    Log,
    /// Changes one.
    Change,
    /// Deletes one.
    Delete,
}

/// How far a write is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WriteState {
    /// In Gainsight.
    Done {
        /// The record there, where Gainsight told it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        activity: Option<Gsid>,
    },
    /// Saved here; will be sent again.
    Waiting {
        /// When.
        next_try_at: Timestamp,
        /// How often it was tried.
        tries: u32,
    },
    /// Saved here; waits for its author to sign in again.
    NeedsSignIn,
    /// Kept at a logout; its author decides whether it is sent, becomes a note again, or is forgotten.
    Kept,
    /// Gainsight refused it; it needs its author.
    Refused {
        /// Why, for a person.
        message: String,
        /// Which fields, as far as Gainsight said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<FieldError>,
        /// The form of an activity as it was sent, to be mended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<Box<ActivityForm>>,
    },
}

/// `POST /writes/{id}`: what becomes of a refused or waiting write.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "settle")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SettleWrite {
    /// Try now.
    TryNow,
    /// Make a note the draft of this meeting again.
    Reopen,
    /// Forget it.
    Discard,
}

/// `GET /activity-types`: what can be logged for an entity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityTypes {
    /// The tenant.
    pub tenant: TenantKey,
    /// Names, in the order of the menu.
    pub types: Vec<String>,
    /// The one to begin with.
    pub default_type: String,
    /// What is asked for besides, for those types of which it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<TypeForm>,
}

/// What a type's form asks for besides what every form has.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeForm {
    /// The type.
    pub type_name: String,
    /// Required ones first.
    pub fields: Vec<AskedField>,
}

impl ActivityTypes {
    /// What a type's form asks for.
    #[must_use]
    pub fn asked(&self, type_name: &str) -> &[AskedField] {
        let form = self.forms.iter().find(|form| form.type_name == type_name);
        form.map(|form| form.fields.as_slice()).unwrap_or_default()
    }
}

/// What is wrong with what was filled into the fields of a tenant's form, by their names.
#[must_use]
pub fn unfit<'a>(form: &ActivityForm, asked: &'a [AskedField]) -> Vec<(&'a str, Problem)> {
    let problem = |field: &AskedField| {
        if field.name == DURATION_FIELD {
            return (field.is_required && form.duration_minutes.is_none()).then_some(Problem::Missing);
        }
        let filled = form.fields.iter().find(|filled| filled.name == field.name);
        let value = filled.map(|filled| filled.value.trim()).unwrap_or_default();
        let is_offered = || field.options.is_empty() || field.options.iter().any(|option| option.value == value);
        match field.kind {
            _ if value.is_empty() => field.is_required.then_some(Problem::Missing),
            _ if value.chars().count() > LONGEST_FIELD => Some(Problem::TooMuch(LONGEST_FIELD)),
            AskedKind::Choice if !is_offered() => Some(Problem::NotOffered),
            AskedKind::Text | AskedKind::Number | AskedKind::Flag | AskedKind::Date | AskedKind::Choice => None,
        }
    };
    asked.iter().filter_map(|field| Some((field.name.as_str(), problem(field)?))).collect()
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
