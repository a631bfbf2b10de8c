//! Webhooks: what Zoom reports, proven by its signature over the raw bytes (`zoom.md` 6).

use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sidelight_domain::Timestamp;
use subtle::ConstantTimeEq;

mod event;

pub use event::{Deauthorization, Event, Meeting, Notice, Participant, ParticipantReport, Report};

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-zm-signature";
/// The header that carries the time that was signed.
pub const TIMESTAMP_HEADER: &str = "x-zm-request-timestamp";

/// Why a webhook was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WebhookError {
    /// A header is missing or unreadable.
    #[error("the webhook is not signed")]
    Unsigned,
    /// None of our secrets makes this signature.
    #[error("the webhook's signature is wrong")]
    WrongSignature,
    /// Signed correctly, but too long ago. Whether Zoom signs a retry anew is undocumented (`zoom.md` 6.2): count these by age
    /// before tightening the window.
    #[error("the webhook was signed {} s ago", age.as_secs())]
    TooOld {
        /// How long ago.
        age: Duration,
    },
    /// Signed correctly, but later than the clocks' difference can explain.
    #[error("the webhook comes from the future")]
    FromTheFuture,
    /// Signed correctly, but not the JSON that such an event has.
    #[error("the webhook is malformed")]
    Malformed,
}

impl WebhookError {
    /// One word for counters.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::WrongSignature => "wrong_signature",
            Self::TooOld { .. } => "too_old",
            Self::FromTheFuture => "from_the_future",
            Self::Malformed => "malformed",
        }
    }
}

/// Which signatures still count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// A signature counts for this long. Must cover the time a delivery takes and a clock of ours that runs ahead.
    pub age: Duration,
    /// A signature may be this much later than our present moment.
    pub future: Duration,
}

impl Default for Window {
    /// Five minutes, as is customary, and two minutes for the clocks.
    fn default() -> Self {
        Self { age: Duration::from_mins(5), future: Duration::from_mins(2) }
    }
}

/// What a webhook turned out to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Delivery {
    /// Zoom asks whether we are who we say; answer 200 with this as JSON (`zoom.md` 6.1).
    Challenge(ChallengeAnswer),
    /// Something happened.
    Notice(Box<Notice>),
}

/// The answer to an endpoint validation.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeAnswer {
    /// What Zoom sent.
    pub plain_token: String,
    /// Its HMAC under the secret that signed the request, in hexadecimal.
    pub encrypted_token: String,
}

/// Checks webhooks against the secret tokens of our Marketplace apps.
#[derive(Clone)]
pub struct WebhookReader {
    keys: Vec<Hmac<Sha256>>,
    window: Window,
}

impl WebhookReader {
    /// A reader for these webhook secret tokens (not the client secrets). Without any, everything is refused.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a SecretString>, window: Window) -> Self {
        // HMAC takes keys of any length, so no secret is left out here. An empty one would accept anybody's signature.
        let keys = secrets.into_iter().map(ExposeSecret::expose_secret).filter(|secret| !secret.is_empty());
        Self { keys: keys.filter_map(|secret| Hmac::new_from_slice(secret.as_bytes()).ok()).collect(), window }
    }

    /// Checks the signature over the body as it came, then reads it.
    ///
    /// # Errors
    /// [`WebhookError`]; nothing of the body is looked at before its signature is found right.
    pub fn read(
        &self,
        signature: Option<&str>,
        timestamp: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Delivery, WebhookError> {
        let (signature, timestamp) = signature.zip(timestamp).ok_or(WebhookError::Unsigned)?;
        let signed_at = signing_time(timestamp).ok_or(WebhookError::Unsigned)?;
        let key = self.signer(signature, timestamp, body).ok_or(WebhookError::WrongSignature)?;
        if now.since(signed_at) > self.window.age {
            return Err(WebhookError::TooOld { age: now.since(signed_at) });
        }
        if signed_at > now.after(self.window.future) {
            return Err(WebhookError::FromTheFuture);
        }
        match serde_json::from_slice::<Validation>(body) {
            Ok(Validation { event, payload }) if event == "endpoint.url_validation" => {
                let encrypted_token = hexadecimal(key.clone().chain_update(&payload.plain_token));
                Ok(Delivery::Challenge(ChallengeAnswer { plain_token: payload.plain_token, encrypted_token }))
            }
            _ => event::parse(body, signed_at).map(|notice| Delivery::Notice(Box::new(notice))),
        }
    }

    /// The key under which this is the right signature.
    fn signer(&self, signature: &str, timestamp: &str, body: &[u8]) -> Option<&Hmac<Sha256>> {
        self.keys.iter().find(|key| {
            let message =
                Hmac::clone(key).chain_update("v0:").chain_update(timestamp).chain_update(":").chain_update(body);
            let expected = format!("v0={}", hexadecimal(message));
            bool::from(expected.as_bytes().ct_eq(signature.as_bytes()))
        })
    }
}

/// Reads a notice that was checked when it came, and kept since, once more.
///
/// # Errors
/// [`WebhookError::Malformed`] if it is not what was kept.
pub fn read_kept(body: &[u8], received_at: Timestamp) -> Result<Notice, WebhookError> {
    event::parse(body, received_at).map(|notice| Notice { late_by: Duration::ZERO, ..notice })
}

impl fmt::Debug for WebhookReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookReader").field("secrets", &self.keys.len()).field("window", &self.window).finish()
    }
}

#[derive(Deserialize)]
struct Validation {
    event: String,
    payload: ValidationPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ValidationPayload {
    plain_token: String,
}

/// Seconds or milliseconds, told apart by magnitude (`zoom.md` 6.2): in seconds, 10^11 lies beyond the year 5000.
fn signing_time(text: &str) -> Option<Timestamp> {
    if text.is_empty() || text.len() > 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let is_seconds = number < 100_000_000_000;
    Some(Timestamp::from_millis(if is_seconds { number * 1000 } else { number }))
}

fn hexadecimal(mac: Hmac<Sha256>) -> String {
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
