//! How a call to Zoom can fail (`zoom.md` 4.2, 7.4, 7.5).

use std::time::Duration;

use sidelight_outbound as outbound;

/// What Zoom's refusal can be traced by. Holds numbers only: messages echo what was sent.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Zoom's own number, where the body has one.
    pub number: Option<i64>,
    /// `x-zm-trackingid`, by which Zoom's support finds the call.
    pub tracking_id: Option<String>,
}

/// A call that did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was sent.
    #[error("Zoom could not be called")]
    NotSent(#[source] outbound::Error),
    /// There is no complete answer. Zoom may have done what we asked: a refresh token may be spent.
    #[error("Zoom did not answer")]
    NoAnswer(#[source] outbound::Error),
    /// The authorisation code is wrong, used, or older than five minutes: begin the flow anew.
    #[error("the authorisation code was refused")]
    CodeRefused(Refusal),
    /// The person, an administrator or a spent refresh token ended the grant: drop the tokens and ask to authorise.
    #[error("the Zoom authorisation has ended")]
    GrantGone(Refusal),
    /// The token's user no longer exists: his data has to go.
    #[error("the Zoom user no longer exists")]
    UserGone(Refusal),
    /// Client id or secret is wrong: a mistake in our configuration.
    #[error("Zoom does not accept the client id or secret")]
    ClientRefused(Refusal),
    /// The redirect address is not on the app's allow list, or differs from the first step's: a mistake in our configuration.
    #[error("Zoom does not accept the redirect address")]
    RedirectRefused(Refusal),
    /// The app is switched off in the Marketplace.
    #[error("the Zoom app is disabled")]
    AppDisabled(Refusal),
    /// The access token is invalid or expired: refresh it.
    #[error("the Zoom access token was refused")]
    Unauthorized(Refusal),
    /// The token lacks scopes: ask for consent again.
    #[error("the Zoom token lacks scopes")]
    MissingScopes(Refusal),
    /// The person or the account's plan does not allow it.
    #[error("Zoom does not allow it")]
    Forbidden(Refusal),
    /// There is no such thing, or this token does not see it.
    #[error("Zoom does not find it")]
    NotFound(Refusal),
    /// Too many calls.
    #[error("Zoom is busy")]
    Busy {
        /// How long Zoom wants to be left alone, if it said so.
        retry_after: Option<Duration>,
    },
    /// Zoom does not accept the request as it is: a mistake of ours.
    #[error("Zoom refused the request")]
    Invalid(Refusal),
    /// Zoom failed.
    #[error("Zoom is unavailable")]
    Unavailable(Refusal),
    /// The answer is not what it should be: HTML, a redirect, half a body, a missing field.
    #[error("Zoom's answer is unreadable")]
    Unreadable(Refusal),
}

impl Error {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NotSent(error) | Self::NoAnswer(error) => error.is_transient(),
            Self::Busy { .. } | Self::Unavailable(_) | Self::Unreadable(_) => true,
            Self::CodeRefused(_)
            | Self::GrantGone(_)
            | Self::UserGone(_)
            | Self::ClientRefused(_)
            | Self::RedirectRefused(_)
            | Self::AppDisabled(_)
            | Self::Unauthorized(_)
            | Self::MissingScopes(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::Invalid(_) => false,
        }
    }

    /// Whether Zoom may have done what we asked all the same.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        match self {
            Self::NoAnswer(_) | Self::Unavailable(_) | Self::Unreadable(_) => true,
            Self::NotSent(_)
            | Self::CodeRefused(_)
            | Self::GrantGone(_)
            | Self::UserGone(_)
            | Self::ClientRefused(_)
            | Self::RedirectRefused(_)
            | Self::AppDisabled(_)
            | Self::Unauthorized(_)
            | Self::MissingScopes(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::Busy { .. }
            | Self::Invalid(_) => false,
        }
    }

    /// Whether only the person's own authorisation can help. [`Error::Unauthorized`] asks for a refresh first.
    #[must_use]
    pub const fn needs_authorisation(&self) -> bool {
        match self {
            Self::CodeRefused(_) | Self::GrantGone(_) | Self::UserGone(_) | Self::MissingScopes(_) => true,
            Self::NotSent(_)
            | Self::NoAnswer(_)
            | Self::ClientRefused(_)
            | Self::RedirectRefused(_)
            | Self::AppDisabled(_)
            | Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::Busy { .. }
            | Self::Invalid(_)
            | Self::Unavailable(_)
            | Self::Unreadable(_) => false,
        }
    }

    /// What to look for in Zoom's logs.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::CodeRefused(refusal)
            | Self::GrantGone(refusal)
            | Self::UserGone(refusal)
            | Self::ClientRefused(refusal)
            | Self::RedirectRefused(refusal)
            | Self::AppDisabled(refusal)
            | Self::Unauthorized(refusal)
            | Self::MissingScopes(refusal)
            | Self::Forbidden(refusal)
            | Self::NotFound(refusal)
            | Self::Invalid(refusal)
            | Self::Unavailable(refusal)
            | Self::Unreadable(refusal) => Some(refusal),
            Self::NotSent(_) | Self::NoAnswer(_) | Self::Busy { .. } => None,
        }
    }
}

impl From<outbound::Error> for Error {
    fn from(error: outbound::Error) -> Self {
        if error.may_have_been_applied() { Self::NoAnswer(error) } else { Self::NotSent(error) }
    }
}
