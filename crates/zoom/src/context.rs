//! The app context: Zoom's encrypted word about who opened the panel, and in which meeting (`zoom.md` 5).
//!
//! It comes in a header of the Home URL request and from `getAppContext()`. Only somebody who knows the client secret can make one,
//! so what it says is proof; but it is a bearer credential too, so it never goes into a log or a URL.

use std::fmt;
use std::time::Duration;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{MeetingUuid, ZoomClientId, ZoomUserId};
use sidelight_domain::roster::Role;

/// The longest context that is looked at, in characters. Real ones have a few hundred.
pub const LONGEST: usize = 8 * 1024;

const ISSUER: &str = "marketplace.zoom.us";
const IV_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// Why a context was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ContextError {
    /// More than [`LONGEST`] characters.
    #[error("the app context is too long")]
    TooLong,
    /// Not base64, or its lengths do not add up, or what was sealed in it is not the expected JSON.
    #[error("the app context is malformed")]
    Malformed,
    /// It ends before its own lengths say so.
    #[error("the app context is cut off")]
    Truncated,
    /// None of our client secrets opens it: another app's, an old secret's, or tampered with.
    #[error("the app context was not made for this app")]
    NotOurs,
    /// Sealed with our secret, but not issued by the Zoom Marketplace.
    #[error("the app context has another issuer")]
    WrongIssuer,
    /// Made for another client id than the one whose secret opens it.
    #[error("the app context is for another client id")]
    WrongAudience,
    /// Its two minutes are over.
    #[error("the app context has expired")]
    Expired,
    /// Created later than the clocks' difference can explain.
    #[error("the app context comes from the future")]
    FromTheFuture,
}

/// How far Zoom's clock and ours may differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Leeway {
    /// A context stays valid for this long after its `exp`. Short, since it prolongs what a thief can use; a server whose clock
    /// runs ahead of Zoom's by more loses what is left of a context's two minutes (`zoom.md` 5.4, rule 4).
    pub expiry: Duration,
    /// A context may be created this much later than our present moment. Costs nothing: such a context expires later by
    /// our clock, but not by Zoom's.
    pub future: Duration,
}

impl Default for Leeway {
    /// Ten seconds for `exp`, two minutes for `ts`.
    fn default() -> Self {
        Self { expiry: Duration::from_secs(10), future: Duration::from_mins(2) }
    }
}

/// Where a panel was opened (`typ`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ContextKind {
    /// In Zoom's main window, without a meeting.
    Panel,
    /// In a meeting.
    Meeting,
    /// In a webinar.
    Webinar,
    /// From a chat message.
    Chat,
    /// Something newer than this code.
    Other(String),
}

/// What Zoom says about whoever opened the panel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppContext {
    /// Where the panel was opened.
    pub kind: ContextKind,
    /// The Zoom user; absent for guests, and at times for a host (`zoom.md` 4.4).
    pub user: Option<ZoomUserId>,
    /// The meeting instance.
    pub meeting: Option<MeetingUuid>,
    /// The breakout room, if in one.
    pub breakout: Option<MeetingUuid>,
    /// The app whose secret opened it: development and production differ.
    pub client_id: ZoomClientId,
    /// The role at the moment of creation. May be stale: decides nothing by itself (`zoom.md` 5.4, rule 7).
    pub role: Option<Role>,
    /// What a deep link carried. Any user of the app can mint one, so it is a hint (`zoom.md` 4.5).
    pub action: Option<String>,
    /// The invitation by which it was opened.
    pub invitation: Option<String>,
    /// When Zoom made it.
    pub issued_at: Timestamp,
    /// When it ends by Zoom's clock.
    pub expires_at: Timestamp,
}

/// Opens app contexts with the client secrets of our Marketplace apps.
#[derive(Clone)]
pub struct ContextReader {
    apps: Vec<(ZoomClientId, Aes256Gcm)>,
    leeway: Leeway,
}

impl ContextReader {
    /// A reader for these apps, each a client id with its secret; development and production have different ones.
    pub fn new<'a>(apps: impl IntoIterator<Item = (&'a ZoomClientId, &'a SecretString)>, leeway: Leeway) -> Self {
        // The key is the plain digest of the secret: no PBKDF2, no HKDF (`zoom.md` 5.2).
        let cipher = |secret: &SecretString| Aes256Gcm::new(&Sha256::digest(secret.expose_secret()));
        Self { apps: apps.into_iter().map(|(id, secret)| (id.clone(), cipher(secret))).collect(), leeway }
    }

    /// Opens and checks a context as Zoom sent it.
    ///
    /// # Errors
    /// [`ContextError`], of which only [`ContextError::Expired`] can happen to an honest panel in normal operation.
    pub fn open(&self, context: &str, now: Timestamp) -> Result<AppContext, ContextError> {
        let bytes = decode(context)?;
        let sealed = Sealed::parse(&bytes)?;
        let mut refused = ContextError::NotOurs;
        for (client_id, cipher) in &self.apps {
            let Some(plain) = sealed.open(cipher) else { continue };
            // Two apps might share a secret, so a wrong audience does not end the search.
            match self.check(&plain, client_id, now) {
                Err(ContextError::WrongAudience) => refused = ContextError::WrongAudience,
                checked => return checked,
            }
        }
        Err(refused)
    }

    fn check(&self, plain: &[u8], client_id: &ZoomClientId, now: Timestamp) -> Result<AppContext, ContextError> {
        let claims: Claims = serde_json::from_slice(plain).map_err(|_| ContextError::Malformed)?;
        if claims.iss.as_deref() != Some(ISSUER) {
            return Err(ContextError::WrongIssuer);
        }
        if claims.aud.as_deref() != Some(client_id.as_str()) {
            return Err(ContextError::WrongAudience);
        }
        let (issued_at, expires_at) = (Timestamp::from_millis(claims.ts), Timestamp::from_millis(claims.exp));
        if expires_at.after(self.leeway.expiry) <= now {
            return Err(ContextError::Expired);
        }
        if issued_at > now.after(self.leeway.future) {
            return Err(ContextError::FromTheFuture);
        }
        Ok(claims.into_context(client_id.clone(), issued_at, expires_at))
    }
}

impl fmt::Debug for ContextReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client_ids: Vec<_> = self.apps.iter().map(|(id, _)| id).collect();
        f.debug_struct("ContextReader")
            .field("client_ids", &client_ids)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

/// What a context is remembered by, so that it is used once: the digest of its bytes, whatever base64 they came in.
///
/// # Errors
/// [`ContextError::TooLong`] or [`ContextError::Malformed`]. The context is not opened here.
pub fn digest(context: &str) -> Result<[u8; 32], ContextError> {
    Ok(Sha256::digest(decode(context)?).into())
}

/// Accepts both base64 alphabets, with and without padding, as Zoom's own samples do (`zoom.md` 5.2).
fn decode(context: &str) -> Result<Vec<u8>, ContextError> {
    if context.len() > LONGEST {
        return Err(ContextError::TooLong);
    }
    let standard: String = context
        .trim()
        .trim_end_matches('=')
        .chars()
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    STANDARD_NO_PAD.decode(standard).map_err(|_| ContextError::Malformed)
}

/// The layout of `zoom.md` 5.2, cut into its parts.
struct Sealed<'a> {
    iv: [u8; IV_LENGTH],
    aad: &'a [u8],
    /// Ciphertext and tag together.
    message: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, ContextError> {
        let (&[iv_length], rest) = bytes.split_first_chunk().ok_or(ContextError::Truncated)?;
        if usize::from(iv_length) != IV_LENGTH {
            return Err(ContextError::Malformed);
        }
        let (&iv, rest) = rest.split_first_chunk().ok_or(ContextError::Truncated)?;
        let (&aad_length, rest) = rest.split_first_chunk().ok_or(ContextError::Truncated)?;
        let (aad, rest) =
            rest.split_at_checked(u16::from_le_bytes(aad_length).into()).ok_or(ContextError::Truncated)?;
        let (&length, message) = rest.split_first_chunk().ok_or(ContextError::Truncated)?;
        let length = usize::try_from(i32::from_le_bytes(length)).map_err(|_| ContextError::Malformed)?;
        match message.len().checked_sub(TAG_LENGTH) {
            Some(ciphertext) if ciphertext == length => Ok(Self { iv, aad, message }),
            Some(ciphertext) if ciphertext > length => Err(ContextError::Malformed),
            _ => Err(ContextError::Truncated),
        }
    }

    fn open(&self, cipher: &Aes256Gcm) -> Option<Vec<u8>> {
        cipher.decrypt(&Nonce::from(self.iv), Payload { msg: self.message, aad: self.aad }).ok()
    }
}

/// `zoom.md` 5.3; unknown fields are ignored, times are milliseconds.
#[derive(Deserialize)]
struct Claims {
    typ: String,
    uid: Option<String>,
    mid: Option<String>,
    bmid: Option<String>,
    aud: Option<String>,
    iss: Option<String>,
    ts: i64,
    exp: i64,
    attendrole: Option<String>,
    act: Option<String>,
    iid: Option<String>,
}

impl Claims {
    fn into_context(self, client_id: ZoomClientId, issued_at: Timestamp, expires_at: Timestamp) -> AppContext {
        // Zoom writes "" where it has nothing to say.
        let told = |text: Option<String>| text.filter(|text| !text.is_empty());
        AppContext {
            kind: ContextKind::from(self.typ),
            user: told(self.uid).map(ZoomUserId::new),
            meeting: told(self.mid).map(MeetingUuid::new),
            breakout: told(self.bmid).map(MeetingUuid::new),
            client_id,
            role: told(self.attendrole).map(|role| Role::parse(&role)),
            action: told(self.act),
            invitation: told(self.iid),
            issued_at,
            expires_at,
        }
    }
}

impl From<String> for ContextKind {
    fn from(typ: String) -> Self {
        match typ.as_str() {
            "panel" => Self::Panel,
            "meeting" => Self::Meeting,
            "webinar" => Self::Webinar,
            "chat" => Self::Chat,
            _ => Self::Other(typ),
        }
    }
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
