//! How a call can fail before there is an answer.

use std::time::Duration;

/// A call without a complete answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not registered; nothing was sent.
    #[error("{origin} is not a registered address")]
    NotRegistered {
        /// Where the call wanted to go.
        origin: String,
    },
    /// The address cannot be called at all; nothing was sent.
    #[error("the address cannot be called")]
    Address(#[source] crate::InvalidOrigin),
    /// No connection; nothing was sent.
    #[error("could not connect")]
    Connect(#[source] reqwest::Error),
    /// No complete answer in time. The other side may have applied the request.
    #[error("no answer within {} s", limit.as_secs())]
    TimedOut {
        /// How long we waited.
        limit: Duration,
    },
    /// The connection broke. The other side may have applied the request.
    #[error("the connection broke")]
    Broken(#[source] reqwest::Error),
    /// The answer is larger than we read. The other side did apply the request.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// What we read at most.
        limit: usize,
    },
    /// The request could not be built; nothing was sent.
    #[error("the request could not be built")]
    Unbuildable(#[source] reqwest::Error),
}

impl Error {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Connect(_) | Self::TimedOut { .. } | Self::Broken(_) => true,
            Self::NotRegistered { .. } | Self::Address(_) | Self::TooLarge { .. } | Self::Unbuildable(_) => false,
        }
    }

    /// Whether the other side may have done what we asked although we got no answer.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        match self {
            Self::TimedOut { .. } | Self::Broken(_) | Self::TooLarge { .. } => true,
            Self::NotRegistered { .. } | Self::Address(_) | Self::Connect(_) | Self::Unbuildable(_) => false,
        }
    }
}
