//! Everything that was granted in a tenant: sessions, consents, codes, tokens.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

use super::super::view::Who;

/// What somebody was about to do when the login window opened.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// An application wants to act for him.
    Application(Request),
    /// He came by himself and wants to see this page.
    Page(String),
}

/// A checked authorization request (RFC 6749, 4.1.1).
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) redirect_uri: Url,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<Challenge>,
}

/// A code challenge (RFC 7636, 4.3).
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    pub(crate) text: String,
    pub(crate) is_hashed: bool,
}

impl Challenge {
    fn is_met_by(&self, verifier: &str) -> bool {
        let shown = if self.is_hashed { URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) } else { verifier.to_owned() };
        bool::from(shown.as_bytes().ct_eq(self.text.as_bytes()))
    }
}

#[derive(Clone, Debug)]
struct Code {
    user: Arc<str>,
    redirect_uri: Url,
    challenge: Option<Challenge>,
    expires_at: i64,
    /// The family of tokens that it was exchanged for.
    used_for: Option<u64>,
}

#[derive(Clone, Debug)]
struct Token {
    who: Who,
    expires_at: i64,
    family: u64,
}

/// How long what is granted lives, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub(crate) code: i64,
    pub(crate) access: i64,
    pub(crate) refresh: i64,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refreshing {
    Rotates,
    Stays,
    /// There are none.
    Never,
}

/// What the token endpoint hands out.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
}

/// The code or refresh token is unknown, over, used or not for this client (RFC 6749, 5.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct InvalidGrant;

/// All grants of a tenant.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    asks: HashMap<String, Ask>,
    sessions: HashMap<String, Arc<str>>,
    consents: HashSet<Arc<str>>,
    codes: HashMap<String, Code>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Token>,
    families: u64,
}

impl Grants {
    /// Remembers what somebody was about to do, under a one-time name.
    pub(crate) fn ask(&mut self, name: String, ask: Ask) {
        self.asks.insert(name, ask);
    }

    pub(crate) fn asked(&self, name: &str) -> Option<&Ask> {
        self.asks.get(name)
    }

    pub(crate) fn forget_ask(&mut self, name: &str) {
        self.asks.remove(name);
    }

    /// Begins a browser session.
    pub(crate) fn sign_in(&mut self, cookie: String, user: Arc<str>) {
        self.sessions.insert(cookie, user);
    }

    pub(crate) fn sign_out(&mut self, cookie: &str) {
        self.sessions.remove(cookie);
    }

    /// Whose browser session it is.
    pub(crate) fn session(&self, cookie: &str) -> Option<&Arc<str>> {
        self.sessions.get(cookie)
    }

    pub(crate) fn consent(&mut self, user: Arc<str>) {
        self.consents.insert(user);
    }

    /// Whether this user agreed before: one application per tenant, so consent is for that one.
    pub(crate) fn has_consented(&self, user: &str) -> bool {
        self.consents.contains(user)
    }

    /// Hands out a code.
    pub(crate) fn issue_code(&mut self, code: String, user: Arc<str>, request: &Request, expires_at: i64) {
        let (redirect_uri, challenge) = (request.redirect_uri.clone(), request.challenge.clone());
        self.codes.insert(code, Code { user, redirect_uri, challenge, expires_at, used_for: None });
    }

    /// Exchanges a code for tokens, once. A second try takes back what the first one got (RFC 6749, 4.1.2).
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: i64,
    ) -> Result<Arc<str>, InvalidGrant> {
        let family = self.families + 1;
        let held = self.codes.get_mut(code).ok_or(InvalidGrant)?;
        if let Some(used_for) = held.used_for {
            self.revoke_family(used_for);
            return Err(InvalidGrant);
        }
        let is_met =
            held.challenge.as_ref().is_none_or(|challenge| verifier.is_some_and(|shown| challenge.is_met_by(shown)));
        if held.expires_at <= now || held.redirect_uri.as_str() != redirect_uri || !is_met {
            return Err(InvalidGrant);
        }
        held.used_for = Some(family);
        let user = Arc::clone(&held.user);
        self.families = family;
        Ok(user)
    }

    /// Stores the tokens of the newest family.
    pub(crate) fn issue(&mut self, user: Arc<str>, pair: &Pair, lifetimes: Lifetimes, now: i64) {
        let family = self.families;
        self.store(Who::User(user), pair, family, lifetimes, now);
    }

    fn store(&mut self, who: Who, pair: &Pair, family: u64, lifetimes: Lifetimes, now: i64) {
        let access = Token { who: who.clone(), expires_at: now.saturating_add(lifetimes.access), family };
        self.access.insert(pair.access.clone(), access);
        if let Some(refresh) = &pair.refresh {
            let token = Token { who, expires_at: now.saturating_add(lifetimes.refresh), family };
            self.refresh.insert(refresh.clone(), token);
        }
    }

    /// Exchanges a refresh token for new tokens.
    pub(crate) fn refresh(
        &mut self,
        shown: &str,
        fresh: (String, String),
        refreshing: Refreshing,
        lifetimes: Lifetimes,
        now: i64,
    ) -> Result<Pair, InvalidGrant> {
        let held = self.refresh.get(shown).filter(|token| token.expires_at > now).cloned().ok_or(InvalidGrant)?;
        let (access, rotated) = fresh;
        let refresh = match refreshing {
            Refreshing::Rotates => {
                self.refresh.remove(shown);
                Some(rotated)
            }
            Refreshing::Stays => Some(shown.to_owned()),
            Refreshing::Never => return Err(InvalidGrant),
        };
        let pair = Pair { access, refresh };
        self.store(held.who, &pair, held.family, lifetimes, now);
        Ok(pair)
    }

    /// A token of the tenant itself; there is no refresh (`gainsight.md` 2.2).
    pub(crate) fn issue_machine(&mut self, access: String, expires_at: i64) {
        self.families += 1;
        self.access.insert(access, Token { who: Who::Tenant, expires_at, family: self.families });
    }

    /// Whose access token it is, while it lives.
    pub(crate) fn who(&self, token: &str, now: i64) -> Option<Who> {
        self.access.get(token).filter(|held| held.expires_at > now).map(|held| held.who.clone())
    }

    fn revoke_family(&mut self, family: u64) {
        self.access.retain(|_, token| token.family != family);
        self.refresh.retain(|_, token| token.family != family);
    }

    /// Takes back the tokens, sessions and consent of a user; of everybody if none is named.
    pub(crate) fn revoke(&mut self, user: Option<&str>) -> usize {
        let is_meant = |who: &Who| match (user, who) {
            (None, _) => true,
            (Some(user), Who::User(holder)) => **holder == *user,
            (Some(_), Who::Tenant) => false,
        };
        let before = self.access.len() + self.refresh.len();
        self.access.retain(|_, token| !is_meant(&token.who));
        self.refresh.retain(|_, token| !is_meant(&token.who));
        self.sessions.retain(|_, holder| user.is_some_and(|user| **holder != *user));
        self.consents.retain(|holder| user.is_some_and(|user| **holder != *user));
        before - self.access.len() - self.refresh.len()
    }
}

#[cfg(test)]
#[path = "grants_tests.rs"]
mod tests;
