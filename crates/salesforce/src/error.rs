//! How finding out who somebody is can fail.

use sidelight_outbound as outbound;

/// Why nobody is known to have signed in. Holds nothing of what Salesforce said: messages echo what was sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Salesforce could not be called, or did not answer.
    #[error("Salesforce did not answer")]
    Call(#[from] outbound::Error),
    /// It failed, or answered something that is no answer.
    #[error("Salesforce is unavailable (status {0})")]
    Unavailable(u16),
    /// It does not accept the code, the client or the call.
    #[error("Salesforce refused the call (status {0})")]
    Refused(u16),
    /// What it answered does not prove what it says.
    #[error("the answer proves nothing: {0}")]
    Unproven(&'static str),
    /// The id token is not signed as it should be, or is for somebody else.
    #[error("the id token is not valid")]
    IdToken(#[source] jsonwebtoken::errors::Error),
}

impl Error {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Call(error) => error.is_transient(),
            Self::Unavailable(_) => true,
            Self::Refused(_) | Self::Unproven(_) | Self::IdToken(_) => false,
        }
    }
}
