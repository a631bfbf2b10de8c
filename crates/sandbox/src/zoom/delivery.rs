//! One webhook on its way, and how the way can be disturbed (`zoom.md` 6.3).

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sidelight_domain::Timestamp;

use super::sender;

/// The pauses before the three retries (`zoom.md` 6.3).
const RETRIES_MILLIS: [u64; 3] = [5 * 60_000, 20 * 60_000, 60 * 60_000];

/// How the sending is disturbed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Behaviour {
    /// Nothing is sent: as if the subscription were missing.
    pub(crate) off: bool,
    /// How many times each one is sent.
    pub(crate) copies: u8,
    /// How late the first try is.
    pub(crate) delay_millis: u64,
    /// Kept back until released, so that the order can be changed.
    pub(crate) hold: bool,
    pub(crate) signature: SignedAs,
    /// How wrong the sender's clock is, in seconds.
    pub(crate) skew_seconds: i64,
    /// The pauses before the retries.
    pub(crate) retries_millis: Vec<u64>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            off: false,
            copies: 1,
            delay_millis: 0,
            hold: false,
            signature: SignedAs::Valid,
            skew_seconds: 0,
            retries_millis: RETRIES_MILLIS.to_vec(),
        }
    }
}

/// What the signature is worth.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignedAs {
    #[default]
    Valid,
    /// Made with another secret.
    Forged,
    Missing,
}

/// The order in which held webhooks are let go.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    #[default]
    Kept,
    Reversed,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Will be tried at its time.
    Waiting,
    /// Kept back.
    Held,
    Delivered,
    /// Tried four times in vain, or not sent at all.
    Dropped,
}

/// One webhook and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) event: String,
    pub(crate) standing: Standing,
    /// The HTTP status of each try; 0 where there was no answer.
    pub(crate) tries: Vec<u16>,
    pub(crate) due_at: Timestamp,
    pub(crate) body: serde_json::Value,
    /// What exactly is sent: a retry has the same bytes.
    #[serde(skip)]
    pub(crate) bytes: Bytes,
    #[serde(skip)]
    pub(crate) signed_as: SignedAs,
    #[serde(skip)]
    pub(crate) skew_seconds: i64,
    #[serde(skip)]
    pub(crate) first_signature: sender::Signature,
}
