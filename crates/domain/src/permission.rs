//! What a person may allow or decline when the app is added to his Zoom account (`zoom.md` 2.4): each optional scope with what is
//! missing without it.

use serde::{Deserialize, Serialize};

use crate::words::Word;

/// Something that an optional scope allows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Permission {
    /// The person's own meetings of the day.
    ListMeetings,
    /// Who registered for a meeting, with addresses.
    Registrants,
    /// Who took part in a meeting that is over.
    PastParticipants,
}

impl Permission {
    /// All of them, in the order in which they are named on the screen.
    pub const ALL: [Self; 3] = [Self::ListMeetings, Self::Registrants, Self::PastParticipants];

    /// The granular scope that gives it.
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Self::ListMeetings => "meeting:read:list_meetings",
            Self::Registrants => "meeting:read:list_registrants",
            Self::PastParticipants => "meeting:read:list_past_participants",
        }
    }

    /// What does not work without it, for a person.
    #[must_use]
    pub const fn missing(self) -> Word {
        match self {
            Self::ListMeetings => Word::DeclinedListMeetings,
            Self::Registrants => Word::DeclinedRegistrants,
            Self::PastParticipants => Word::DeclinedPastParticipants,
        }
    }
}

/// The scope of apps from before the granular ones, which holds them all.
const CLASSIC: &str = "meeting:read";

/// What somebody who granted these scopes has declined.
#[must_use]
pub fn declined<'a>(granted: impl Iterator<Item = &'a str>) -> Vec<Permission> {
    let granted: Vec<&str> = granted.collect();
    let is_given = |permission: &Permission| granted.contains(&CLASSIC) || granted.contains(&permission.scope());
    Permission::ALL.into_iter().filter(|permission| !is_given(permission)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_granted_was_declined() {
        let cases: [(&str, &[Permission]); 4] = [
            ("", &Permission::ALL),
            ("zoomapp:inmeeting meeting:read", &[]),
            ("meeting:read:list_registrants user:read:user", &[Permission::ListMeetings, Permission::PastParticipants]),
            ("meeting:read:list_meetings meeting:read:list_past_participants meeting:read:list_registrants", &[]),
        ];
        for (granted, expected) in cases {
            assert_eq!(declined(granted.split_whitespace()), expected, "{granted}");
        }
    }
}
