//! How a call to Gainsight can fail (`gainsight.md` 4.2).

use std::fmt;
use std::time::Duration;

use sidelight_outbound as outbound;

/// What a refusal can be traced by. Holds no text of Gainsight's: its messages echo the values of records.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refusal {
    /// The HTTP status; 200 for a refusal that came as a success.
    pub status: u16,
    /// Gainsight's error code, such as `GSOBJ_1006`.
    pub code: Option<String>,
    /// `requestId`, by which Gainsight's support finds the call.
    pub request_id: Option<String>,
}

/// What is wrong with a field, or with the record as a whole.
#[derive(Clone, Eq, PartialEq)]
pub struct FieldProblem {
    /// The field's name in Gainsight; `None` if the refusal names none.
    pub field: Option<String>,
    /// Its error code.
    pub code: Option<String>,
    /// Gainsight's own words. May repeat what the author wrote: for his eyes, never for a log.
    pub message: String,
}

impl fmt::Debug for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldProblem").field("field", &self.field).field("code", &self.code).finish_non_exhaustive()
    }
}

/// A call that did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was sent.
    #[error("Gainsight could not be called")]
    NotSent(#[source] outbound::Error),
    /// There is no complete answer. Gainsight may have done what we asked.
    #[error("Gainsight did not answer")]
    NoAnswer(#[source] outbound::Error),
    /// The token or key is wrong, expired or revoked (`GS_APIG_2401`, `GSOBJ_1024`).
    #[error("Gainsight does not accept the credential")]
    Unauthorized(Refusal),
    /// The credential is good, but not for this.
    #[error("Gainsight does not allow it")]
    Forbidden(Refusal),
    /// The authorisation code or refresh token is wrong, spent or revoked: sign in again.
    #[error("the Gainsight sign-in has ended")]
    GrantRefused(Refusal),
    /// Client id or secret of the tenant's OAuth application is wrong: a mistake in the tenant's registration.
    #[error("Gainsight does not accept the client id or secret")]
    ClientRefused(Refusal),
    /// The tenant's limit of calls is reached (429, `GU_2400`).
    #[error("Gainsight is busy")]
    Busy {
        /// How long Gainsight wants to be left alone, if it said so.
        retry_after: Option<Duration>,
        /// What it can be traced by.
        refusal: Refusal,
    },
    /// Gainsight does not accept the request as it is.
    #[error("Gainsight refused the request")]
    Invalid {
        /// What is wrong, field by field.
        fields: Vec<FieldProblem>,
        /// What it can be traced by.
        refusal: Refusal,
    },
    /// The tenant has no such object (`OBJECT_NOT_FOUND`).
    #[error("the tenant has no such object")]
    UnknownObject(Refusal),
    /// The tenant does not offer this call (`GSOBJ_1023`).
    #[error("the tenant does not offer this call")]
    NotOffered(Refusal),
    /// Gainsight has it already, or says so without showing it: queries may lag behind writes (design 4.5).
    #[error("Gainsight speaks of a duplicate")]
    Duplicate(Refusal),
    /// There is no such record, or this credential does not see it.
    #[error("Gainsight does not find it")]
    NotFound(Refusal),
    /// Gainsight failed (5xx, `GU_1101`, `GSOBJ_1003`). It may have done what we asked before it did.
    #[error("Gainsight is unavailable")]
    Unavailable(Refusal),
    /// The answer is not what it should be: HTML, a redirect, half a body, a missing part.
    #[error("Gainsight's answer is unreadable")]
    Unreadable(Refusal),
}

impl Error {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NotSent(error) | Self::NoAnswer(error) => error.is_transient(),
            Self::Busy { .. } | Self::Unavailable(_) | Self::Unreadable(_) | Self::Duplicate(_) => true,
            Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::GrantRefused(_)
            | Self::ClientRefused(_)
            | Self::Invalid { .. }
            | Self::UnknownObject(_)
            | Self::NotOffered(_)
            | Self::NotFound(_) => false,
        }
    }

    /// Whether Gainsight may have done what we asked all the same.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        match self {
            Self::NoAnswer(_) | Self::Unavailable(_) | Self::Unreadable(_) | Self::Duplicate(_) => true,
            Self::NotSent(_)
            | Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::GrantRefused(_)
            | Self::ClientRefused(_)
            | Self::Busy { .. }
            | Self::Invalid { .. }
            | Self::UnknownObject(_)
            | Self::NotOffered(_)
            | Self::NotFound(_) => false,
        }
    }

    /// Whether only a new sign-in can help. For an expired access token, a refresh comes first.
    #[must_use]
    pub const fn needs_sign_in(&self) -> bool {
        match self {
            Self::Unauthorized(_) | Self::GrantRefused(_) => true,
            Self::NotSent(_)
            | Self::NoAnswer(_)
            | Self::Forbidden(_)
            | Self::ClientRefused(_)
            | Self::Busy { .. }
            | Self::Invalid { .. }
            | Self::UnknownObject(_)
            | Self::NotOffered(_)
            | Self::Duplicate(_)
            | Self::NotFound(_)
            | Self::Unavailable(_)
            | Self::Unreadable(_) => false,
        }
    }

    /// What the refusal can be traced by, if Gainsight answered at all.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorized(refusal)
            | Self::Forbidden(refusal)
            | Self::GrantRefused(refusal)
            | Self::ClientRefused(refusal)
            | Self::Busy { refusal, .. }
            | Self::Invalid { refusal, .. }
            | Self::UnknownObject(refusal)
            | Self::NotOffered(refusal)
            | Self::Duplicate(refusal)
            | Self::NotFound(refusal)
            | Self::Unavailable(refusal)
            | Self::Unreadable(refusal) => Some(refusal),
            Self::NotSent(_) | Self::NoAnswer(_) => None,
        }
    }

    /// Gainsight's number for the call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.refusal()?.request_id.as_deref()
    }
}

impl From<outbound::Error> for Error {
    fn from(error: outbound::Error) -> Self {
        if error.may_have_been_applied() { Self::NoAnswer(error) } else { Self::NotSent(error) }
    }
}
