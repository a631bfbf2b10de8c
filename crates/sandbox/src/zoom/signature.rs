//! How Zoom signs what it sends (`zoom.md` 6.1, 6.2).

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signature header of a body that is sent at `timestamp`.
pub(crate) fn of_body(secret: &str, timestamp: &str, body: &[u8]) -> String {
    format!("v0={}", keyed_hex(secret, &[b"v0:", timestamp.as_bytes(), b":", body]))
}

/// What the app must answer to a validation probe.
pub(crate) fn of_probe(secret: &str, plain_token: &str) -> String {
    keyed_hex(secret, &[plain_token.as_bytes()])
}

fn keyed_hex(secret: &str, parts: &[&[u8]]) -> String {
    // HMAC takes a key of any length, so the error of the general interface cannot happen.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_are_met() {
        let probe = of_probe("wh-secret-0001", "qgg8vlvZRS6UYooatFL8Aw");
        assert_eq!(probe, "b0d0e1ac9aa4d8a7a855d7aa742e7675e77a573b41179c62890d13b6b5243a29");
        let body = br#"{"event":"meeting.started","event_ts":1700000000123,"payload":{"account_id":"acc1","object":{"id":"81234567890","uuid":"aDYlohsHRtCd4ii1uC2+hA==","host_id":"h1","topic":"T","type":2,"start_time":"2023-11-14T22:13:20Z","duration":60,"timezone":"UTC"}}}"#;
        assert_eq!(
            of_body("wh-secret-0001", "1700000000", body),
            "v0=79250fd17e82feb8b51fd9933c429ddc87896a5d0abe2c082c729bcad0ee8462"
        );
    }
}
