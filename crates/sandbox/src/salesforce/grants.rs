//! Everything that was granted: open login pages, codes, access tokens.

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

/// A checked authorization request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The host where it was made: the issuer of what follows.
    pub(super) issuer: String,
    pub(super) redirect_uri: Url,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scopes: BTreeSet<String>,
    /// A code challenge, always S256.
    pub(super) challenge: Option<String>,
}

#[derive(Clone, Debug)]
struct Code {
    user: String,
    request: Request,
    expires_at: i64,
}

/// What an access token stands for.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) user: String,
    pub(super) scopes: BTreeSet<String>,
    expires_at: i64,
}

/// What the next answers carry instead of the truth: for tests of whoever reads them.
#[derive(Clone, Debug, Default)]
pub(super) struct Crooked {
    /// Laid over the token answer.
    pub(super) token: Map<String, Value>,
    /// Laid over the claims of the id token before it is signed.
    pub(super) claims: Map<String, Value>,
    /// Laid over the user info.
    pub(super) userinfo: Map<String, Value>,
}

/// Why a code was not exchanged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Invalid {
    /// Unknown, used, or for another address.
    Code,
    /// Too old.
    Expired,
    /// The verifier is missing or does not fit.
    Verifier,
}

/// All grants.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    asks: HashMap<String, Request>,
    codes: HashMap<String, Code>,
    tokens: HashMap<String, Held>,
    pub(super) crooked: Crooked,
}

impl Grants {
    /// Remembers what a login page is about, under a one-time name.
    pub(super) fn ask(&mut self, name: String, request: Request) {
        self.asks.insert(name, request);
    }

    pub(super) fn asked(&self, name: &str) -> Option<&Request> {
        self.asks.get(name)
    }

    /// Closes a login page with a code.
    pub(super) fn issue_code(&mut self, ask: &str, code: String, user: String, expires_at: i64) -> Option<Request> {
        let request = self.asks.remove(ask)?;
        self.codes.insert(code, Code { user, request: request.clone(), expires_at });
        Some(request)
    }

    /// Closes a login page without one.
    pub(super) fn decline(&mut self, ask: &str) -> Option<Request> {
        self.asks.remove(ask)
    }

    /// Exchanges a code, once: whatever comes of it, it is used up.
    pub(super) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<(String, Request), Invalid> {
        let held = self.codes.remove(code).ok_or(Invalid::Code)?;
        if held.request.redirect_uri.as_str() != redirect_uri {
            return Err(Invalid::Code);
        }
        if held.expires_at <= now {
            return Err(Invalid::Expired);
        }
        let is_met = |challenge: &String| verifier.is_some_and(|verifier| meets(challenge, verifier));
        if !held.request.challenge.as_ref().is_none_or(is_met) {
            return Err(Invalid::Verifier);
        }
        Ok((held.user, held.request))
    }

    /// Stores an access token.
    pub(super) fn issue(&mut self, token: String, user: String, scopes: BTreeSet<String>, expires_at: i64) {
        self.tokens.insert(token, Held { user, scopes, expires_at });
    }

    /// What an access token stands for, while it lives.
    pub(super) fn held(&self, token: &str, now: i64) -> Option<&Held> {
        self.tokens.get(token).filter(|held| held.expires_at > now)
    }

    /// Takes a token back; tells whether it was there.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        self.tokens.remove(token).is_some()
    }
}

fn meets(challenge: &str, verifier: &str) -> bool {
    let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    bool::from(shown.as_bytes().ct_eq(challenge.as_bytes()))
}
