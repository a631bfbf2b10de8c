//! Refreshing an OAuth grant once, however many callers find it expired at the same time.
//!
//! Both Zoom and Gainsight may void the old refresh token with the first use (`zoom.md` 4.2, `gainsight.md` 2.1), so two refreshes at once
//! would sign a person out. Whoever wants to refresh takes a lease first; the version tells a caller that somebody else did.

use secrecy::SecretString;
use sidelight_domain::Timestamp;

/// What a token endpoint gave.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Goes into calls.
    pub access: SecretString,
    /// Gets the next ones, where the provider gave one.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

/// The right to refresh one grant, until it expires or the grant changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lease<K> {
    /// The grant.
    pub(crate) of: K,
    /// Its version when the lease was taken.
    pub(crate) version: u32,
    /// When others may take it over.
    pub(crate) until: Timestamp,
}

impl<K: Copy> Lease<K> {
    /// The grant it is about.
    #[must_use]
    pub const fn of(&self) -> K {
        self.of
    }

    /// When others may take it over: have the answer by then.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }
}
