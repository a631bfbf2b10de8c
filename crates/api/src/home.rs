//! `GET /home`: the panel in the main Zoom client, where there is no meeting (design 4.1).

use serde::{Deserialize, Serialize};
use sidelight_domain::ids::{MeetingNumber, MeetingUuid};
use sidelight_domain::{EntityRef, Timestamp};

use crate::entity::Entity;
use crate::session::ChosenBy;

/// The header in which a panel in the main client names the meeting that it looks at.
pub const VISITED_MEETING: &str = "sidelight-meeting";

/// What a person has to do today, apart from the writes, which stand in `Panel`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Home {
    /// The day's meetings, the earliest first.
    pub meetings: Vec<HomeMeeting>,
    /// Whether Zoom told the plan of the day; without it, only meetings that were seen are listed.
    pub plan: Plan,
    /// When Zoom told it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_as_of: Option<Timestamp>,
    /// Calls of the last days with customers, of which nothing was logged; the latest first.
    pub unlogged: Vec<HomeMeeting>,
    /// Those of them that the viewer said need no note; the latest first.
    #[serde(default)]
    pub set_aside: Vec<HomeMeeting>,
    /// Meetings with a note that was begun, the latest first; each begins when its note was saved. One without `uuid` is outside of any.
    pub drafts: Vec<HomeMeeting>,
}

/// How the plan of the day stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Plan {
    /// Zoom told it.
    Known,
    /// The person has not authorised the app at Zoom, or took it back.
    NotAuthorised,
    /// The person declined to let us list meetings.
    Declined,
    /// Zoom wants to be left alone for a while.
    Busy,
    /// Zoom did not answer.
    Down,
}

/// A meeting of the viewer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HomeMeeting {
    /// The instance, once it was seen: then it can be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<MeetingUuid>,
    /// The number people dial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<MeetingNumber>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// When it begins or began.
    pub starts_at: Timestamp,
    /// When it ends or ended, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// How far it is.
    pub stage: Stage,
    /// The customer it is about, as far as the viewer may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<Entity>,
    /// Why that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_by: Option<ChosenBy>,
    /// In the list of drafts, how the note begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the viewer has begun a note.
    #[serde(default)]
    pub has_draft: bool,
    /// Whether the viewer has logged something, or it is on its way.
    #[serde(default)]
    pub is_logged: bool,
}

impl HomeMeeting {
    /// A meeting of which nothing is known but when it begins and how far it is.
    #[must_use]
    pub fn at(starts_at: Timestamp, stage: Stage) -> Self {
        Self {
            uuid: None,
            number: None,
            topic: None,
            starts_at,
            ends_at: None,
            stage,
            entity: None,
            chosen_by: None,
            note: None,
            has_draft: false,
            is_logged: false,
        }
    }
}

/// How far a meeting is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Stage {
    /// It has not begun.
    Ahead,
    /// It runs.
    Running,
    /// It is over.
    Over,
}

/// `PUT /home/note`: says whether a call of the viewer's is still to be logged.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteNeed {
    /// Which call.
    pub meeting: MeetingUuid,
    /// Whether it needs a note.
    pub is_needed: bool,
}

/// `PUT /home/company`: chooses a company or relationship for a meeting of the plan, before it begins.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChooseCompany {
    /// Which meeting.
    pub number: MeetingNumber,
    /// When it begins.
    pub starts_at: Timestamp,
    /// What it is about.
    pub select: EntityRef,
}
