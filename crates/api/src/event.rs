//! Live events: `GET /events`, as server-sent events with `Last-Event-ID` (design 4.6).
//!
//! An event says what changed and carries no content: the panel asks again through the route that checks its rights.

use serde::{Deserialize, Serialize};
use sidelight_domain::EntityRef;
use sidelight_domain::ids::{SignInId, WriteId};

/// What changed. The JSON stands in the `data:` line; its number in the `id:` line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// People joined, left or became known.
    People,
    /// Topic, start or end of the meeting.
    Meeting,
    /// Entity, tab or theme were chosen elsewhere.
    View,
    /// The draft was saved elsewhere, logged or reopened.
    Draft,
    /// A write changed its state.
    Write {
        /// Which one.
        id: WriteId,
    },
    /// Something was logged for an entity.
    Timeline {
        /// Whose Timeline.
        entity: EntityRef,
    },
    /// A sign-in took a step.
    SignIn {
        /// Which one.
        id: SignInId,
    },
    /// The viewer's standing in a tenant changed.
    Standing,
    /// This session is over; nothing follows.
    SessionEnded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_carry_ids_and_no_content() {
        let id = "wri_00000000000000000000000000000001".parse().unwrap();
        assert_eq!(
            serde_json::to_string(&Event::Write { id }).unwrap(),
            r#"{"type":"write","id":"wri_00000000000000000000000000000001"}"#
        );
        assert_eq!(serde_json::to_string(&Event::People).unwrap(), r#"{"type":"people"}"#);
    }
}
