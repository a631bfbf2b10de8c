//! Gainsight licences: the first thing that decides what somebody may do (`gainsight.md` 15).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A licence as the `LicenseType` picklist names it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Licence {
    /// Reads and writes everything its permissions allow.
    Full,
    /// "Viewer+": reads, and logs Timeline entries.
    ViewerAnalytics,
    /// Reads, and logs Timeline entries.
    Viewer,
    /// Takes part but does not use the product.
    InternalCollaborator,
    /// Receives shared pages only.
    External,
}

impl Licence {
    /// All licences, for tests and tables.
    pub const ALL: [Self; 5] =
        [Self::Full, Self::ViewerAnalytics, Self::Viewer, Self::InternalCollaborator, Self::External];

    /// The spelling of Gainsight's picklist (`gainsight.md` 6).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "Full",
            Self::ViewerAnalytics => "Viewer_Analytics",
            Self::Viewer => "Viewer",
            Self::InternalCollaborator => "Internal_Collaborator",
            Self::External => "External",
        }
    }

    /// Whether this licence may open the panel at all: Full, Viewer or Viewer+ (`gainsight.md` 15.1).
    #[must_use]
    pub const fn may_sign_in(self) -> bool {
        match self {
            Self::Full | Self::ViewerAnalytics | Self::Viewer => true,
            Self::InternalCollaborator | Self::External => false,
        }
    }

    /// Whether this licence changes companies, relationships and people: Full only (`gainsight.md` 15.2).
    #[must_use]
    pub const fn may_edit_records(self) -> bool {
        matches!(self, Self::Full)
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A licence that we do not know; whoever holds it is treated as having none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("unknown licence")]
pub struct UnknownLicence;

impl FromStr for Licence {
    type Err = UnknownLicence;
    fn from_str(text: &str) -> Result<Self, UnknownLicence> {
        Self::ALL.into_iter().find(|licence| licence.as_str().eq_ignore_ascii_case(text.trim())).ok_or(UnknownLicence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_read_in_any_case_and_unknown_ones_refused() {
        assert_eq!("viewer_analytics".parse(), Ok(Licence::ViewerAnalytics));
        assert_eq!(" Full ".parse(), Ok(Licence::Full));
        assert_eq!("Platinum".parse::<Licence>(), Err(UnknownLicence));
    }

    #[test]
    fn collaborators_and_externals_stay_outside() {
        let inside: Vec<_> = Licence::ALL.into_iter().filter(|licence| licence.may_sign_in()).collect();
        assert_eq!(inside, [Licence::Full, Licence::ViewerAnalytics, Licence::Viewer]);
    }
}
