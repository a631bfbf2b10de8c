//! Reading activities: `GET /timeline`, `GET /timeline/{tenant}/{id}`.

use serde::{Deserialize, Serialize};
use sidelight_domain::Timestamp;
use sidelight_domain::access::Reason;
use sidelight_domain::ids::{Gsid, TenantKey};

/// A page of activities, newest first.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelinePage {
    /// The activities.
    pub activities: Vec<ActivitySummary>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// When Gainsight was asked.
    pub as_of: Timestamp,
    /// Whether that is older than it should be, because Gainsight is busy or silent.
    #[serde(default)]
    pub is_stale: bool,
    /// Where the tenant does not search for what is wanted: so far back its Timeline was looked through here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Timestamp>,
}

/// Which activities somebody wants to see; all of them, unless something is said.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the screen and in the query")]
pub struct Narrowing {
    /// Words that all stand in the subject or in the notes.
    pub words: String,
    /// Of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// Written by this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Gsid>,
    /// What that user is called; for the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// Of so many days up to now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Not after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Written by the viewer.
    pub is_own: bool,
    /// Milestones.
    pub is_milestone: bool,
    /// With somebody who is in the meeting.
    pub is_of_meeting: bool,
    /// Without those of a company's relationships.
    pub without_relationships: bool,
}

impl Narrowing {
    /// The longest of its texts, in letters.
    pub const LONGEST: usize = 200;

    /// The same with no text longer than that.
    #[must_use]
    pub fn cut(self) -> Self {
        let cut = |text: String| text.chars().take(Self::LONGEST).collect::<String>();
        Self {
            words: cut(self.words),
            type_name: self.type_name.map(cut),
            author_name: self.author_name.map(cut),
            author: self.author.map(|id| Gsid::new(cut(id.to_string()))),
            ..self
        }
    }
}

/// An activity in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivitySummary {
    /// The record.
    pub id: Gsid,
    /// The tenant's name of its type.
    pub type_name: String,
    /// One line.
    pub subject: String,
    /// The beginning of the notes, as plain text.
    pub preview: String,
    /// When it took place.
    pub held_at: Timestamp,
    /// Who wrote it.
    pub author: String,
    /// That user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_id: Option<Gsid>,
    /// Whether that is the viewer.
    #[serde(default)]
    pub is_own: bool,
    /// Whether it was logged with Sidelight.
    #[serde(default)]
    pub is_ours: bool,
    /// For entries of a relationship in the company's list: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
}

/// One activity, opened.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activity {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: ActivitySummary,
    /// Where it lives.
    pub tenant: TenantKey,
    /// The notes as HTML, sanitised by the server: nothing in it runs, loads or leads to a script.
    pub notes_html: String,
    /// Colleagues, as Gainsight's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub internal_attendees: Vec<String>,
    /// Customers, as Gainsight's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_attendees: Vec<String>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u32>,
    /// What stands in the tenant's own fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<OwnField>,
    /// The page in Gainsight on which it stands, with what no API tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When it was last changed, if later than created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// What its fields say, as a text that tells nothing of them: whoever changes it names what he saw.
    #[serde(default)]
    pub seen: String,
    /// Why the viewer may not change it, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<Reason>,
}

/// A field that the tenant itself defined.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnField {
    /// The tenant's word for it.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// The same, if it is a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// `PUT /timeline/{tenant}/{id}`: changes an activity; what is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeActivity {
    /// Chosen by the caller. The same key again is the same change.
    pub key: String,
    /// `seen` of the activity that was read. What somebody else changed since is not overwritten.
    pub seen: String,
    /// Another type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// Another line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Other notes, as HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Another time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_at: Option<Timestamp>,
    /// Another duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u32>,
}

/// `DELETE /timeline/{tenant}/{id}`: deletes an activity.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DeleteActivity {
    /// Chosen by the caller. The same key again is the same deletion.
    pub key: String,
    /// `seen` of the activity that was read.
    pub seen: String,
}
