//! How far a write is on its way to Gainsight.

use std::str::FromStr;

/// How far a write is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum WriteState {
    /// Waits for its next try.
    Queued,
    /// Somebody is sending it.
    Sending,
    /// It is in Gainsight.
    Done,
    /// Gainsight refused it.
    Refused,
    /// It waits for its author to sign in again.
    NeedsSignIn,
    /// Its author signed out and kept it; it is not sent by itself.
    Kept,
    /// Its author does not want it any more.
    Discarded,
}

impl WriteState {
    const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Done, Self::Refused, Self::NeedsSignIn, Self::Kept, Self::Discarded];

    /// The word of the row, which metrics and the audit log use too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NeedsSignIn => "needs_sign_in",
            Self::Kept => "kept",
            Self::Discarded => "discarded",
        }
    }

    /// Whether nothing can change it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Discarded)
    }
}

/// A text that is not the state of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("unknown state of a write")]
pub struct UnknownWriteState;

impl FromStr for WriteState {
    type Err = UnknownWriteState;

    fn from_str(text: &str) -> Result<Self, UnknownWriteState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownWriteState)
    }
}
