//! Who added the app, and the codes and tokens that came of it (`zoom.md` 4.1 to 4.3).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use sidelight_domain::Timestamp;

use super::challenge::Challenge;

/// How long a code may wait for its exchange (`zoom.md` 4.1).
const CODE_LIFE: Duration = Duration::from_mins(5);
/// How long an access token holds (`zoom.md` 4.2).
pub(crate) const ACCESS_LIFE: Duration = Duration::from_secs(3_599);
/// How long a refresh token holds: documented as changeable (`zoom.md` 4.2).
const REFRESH_LIFE: Duration = Duration::from_hours(90 * 24);

/// What somebody agreed to.
pub(crate) type Scopes = BTreeSet<String>;

/// A person's consent, on its way to the app.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    /// The Zoom user.
    pub(crate) user: String,
    /// Where the code was sent; the exchange must name it again.
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) challenge: Option<Challenge>,
}

#[derive(Debug)]
struct Code {
    consent: Consent,
    expires_at: Timestamp,
    used: bool,
}

/// One exchange and all tokens that came of it.
#[derive(Debug)]
struct Grant {
    user: String,
    scopes: Scopes,
    ended: bool,
}

#[derive(Debug)]
struct Access {
    grant: usize,
    expires_at: Timestamp,
}

#[derive(Debug)]
struct Refresh {
    grant: usize,
    expires_at: Timestamp,
    /// When it was used, and what it was replaced by.
    replaced: Option<(Timestamp, Pair)>,
}

/// An access token and the refresh token that goes with it.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) scopes: Scopes,
}

/// Somebody whose access token was presented.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    /// The Zoom user.
    pub(crate) user: String,
    pub(crate) scopes: Scopes,
}

/// What happens when a refresh token comes a second time; the documents only say "beyond tolerance".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reuse {
    /// How long the second use gets the answer of the first.
    pub(crate) tolerance: Duration,
    /// Whether a later one ends the whole grant.
    pub(crate) ends_grant: bool,
}

/// Why the token endpoint refuses; the numbers are those of `zoom.md` 4.2.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refused {
    /// 4733
    CodeExpired,
    /// 4734, and what a wrong or missing verifier or a missing redirect URI gets (`zoom.md` 4.3).
    CodeInvalid,
    /// 4709
    RedirectMismatch,
    /// 4737
    RefreshUnknown,
    /// 4740
    RefreshReused,
    /// 4741
    Revoked,
}

/// Why an access token is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NotTaken {
    /// Never issued.
    Unknown,
    /// Older than an hour.
    Expired,
    /// Revoked, or replaced by a later authorisation of the same person.
    Revoked,
}

/// Everything the authorisation server remembers.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    added: BTreeMap<String, Scopes>,
    codes: HashMap<String, Code>,
    issued: Vec<Grant>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
}

impl Grants {
    /// Notes that `user` added the app. Tokens come with the exchange, not with the adding.
    pub(crate) fn add_app(&mut self, user: &str, scopes: Scopes) {
        self.added.insert(user.to_owned(), scopes);
    }

    /// Takes the app away from `user`, with all tokens; tells whether he had it.
    pub(crate) fn remove_app(&mut self, user: &str) -> bool {
        self.end_grants_of(user);
        self.codes.retain(|_, code| code.consent.user != user);
        self.added.remove(user).is_some()
    }

    /// Whether `user` has the app.
    pub(crate) fn has_app(&self, user: &str) -> bool {
        self.added.contains_key(user)
    }

    /// What `user` agreed to when he added the app.
    pub(crate) fn scopes_of(&self, user: &str) -> Option<&Scopes> {
        self.added.get(user)
    }

    /// Keeps a consent under `code` until it is exchanged.
    pub(crate) fn issue_code(&mut self, code: String, consent: Consent, now: Timestamp) {
        self.add_app(&consent.user, consent.scopes.clone());
        self.codes.insert(code, Code { consent, expires_at: now.after(CODE_LIFE), used: false });
    }

    /// Turns a code into a pair of tokens. Earlier tokens of the same person die (`zoom.md` 4.2).
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        now: Timestamp,
        mint: &mut dyn FnMut(&str) -> (String, String),
    ) -> Result<Pair, Refused> {
        let code = self.codes.get_mut(code).filter(|code| !code.used).ok_or(Refused::CodeInvalid)?;
        if now >= code.expires_at {
            return Err(Refused::CodeExpired);
        }
        let redirect_uri = redirect_uri.ok_or(Refused::CodeInvalid)?;
        if redirect_uri != code.consent.redirect_uri {
            return Err(Refused::RedirectMismatch);
        }
        let proven = match &code.consent.challenge {
            Some(challenge) => verifier.is_some_and(|verifier| challenge.is_met_by(verifier)),
            None => true,
        };
        if !proven {
            return Err(Refused::CodeInvalid);
        }
        code.used = true;
        let Consent { user, scopes, .. } = code.consent.clone();
        self.end_grants_of(&user);
        self.issued.push(Grant { user, scopes, ended: false });
        self.pair(self.issued.len() - 1, now, mint).ok_or(Refused::CodeInvalid)
    }

    /// Turns a refresh token into the next pair; the old one dies.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        reuse: Reuse,
        now: Timestamp,
        mint: &mut dyn FnMut(&str) -> (String, String),
    ) -> Result<Pair, Refused> {
        let known = self.refresh.get(token).filter(|known| now < known.expires_at).ok_or(Refused::RefreshUnknown)?;
        let index = known.grant;
        let grant = self.issued.get_mut(index).ok_or(Refused::RefreshUnknown)?;
        if grant.ended {
            return Err(Refused::Revoked);
        }
        if let Some((used_at, pair)) = &known.replaced {
            if now.since(*used_at) < reuse.tolerance {
                return Ok(pair.clone());
            }
            grant.ended = reuse.ends_grant;
            return Err(Refused::RefreshReused);
        }
        let pair = self.pair(index, now, mint).ok_or(Refused::RefreshUnknown)?;
        if let Some(known) = self.refresh.get_mut(token) {
            known.replaced = Some((now, pair.clone()));
        }
        Ok(pair)
    }

    /// Ends the grant of an access token, both tokens with it; tells whether it was known.
    pub(crate) fn revoke(&mut self, access: &str) -> bool {
        let grant = self.access.get(access).map(|access| access.grant);
        match grant.and_then(|grant| self.issued.get_mut(grant)) {
            Some(grant) => !std::mem::replace(&mut grant.ended, true),
            None => false,
        }
    }

    /// Ends all tokens of `user`, or of everybody, without taking the app away.
    pub(crate) fn revoke_all(&mut self, user: Option<&str>) {
        for grant in self.issued.iter_mut().filter(|grant| user.is_none_or(|user| grant.user == user)) {
            grant.ended = true;
        }
    }

    /// Makes all access tokens of `user`, or of everybody, as old as they get.
    pub(crate) fn expire(&mut self, user: Option<&str>, now: Timestamp) {
        let Self { issued, access, .. } = self;
        for access in access.values_mut() {
            if user.is_none_or(|user| issued.get(access.grant).is_some_and(|grant| grant.user == user)) {
                access.expires_at = now;
            }
        }
    }

    /// Whose access token this is.
    pub(crate) fn bearer(&self, access: &str, now: Timestamp) -> Result<Bearer, NotTaken> {
        let access = self.access.get(access).ok_or(NotTaken::Unknown)?;
        let grant = self.issued.get(access.grant).ok_or(NotTaken::Unknown)?;
        if grant.ended {
            return Err(NotTaken::Revoked);
        }
        if now >= access.expires_at {
            return Err(NotTaken::Expired);
        }
        Ok(Bearer { user: grant.user.clone(), scopes: grant.scopes.clone() })
    }

    fn end_grants_of(&mut self, user: &str) {
        self.revoke_all(Some(user));
    }

    fn pair(&mut self, index: usize, now: Timestamp, mint: &mut dyn FnMut(&str) -> (String, String)) -> Option<Pair> {
        let grant = self.issued.get(index)?;
        let (access, refresh) = mint(&grant.user);
        let pair = Pair { access, refresh, scopes: grant.scopes.clone() };
        self.access.insert(pair.access.clone(), Access { grant: index, expires_at: now.after(ACCESS_LIFE) });
        let kept = Refresh { grant: index, expires_at: now.after(REFRESH_LIFE), replaced: None };
        self.refresh.insert(pair.refresh.clone(), kept);
        Some(pair)
    }
}

#[cfg(test)]
#[path = "grants_tests.rs"]
mod tests;
