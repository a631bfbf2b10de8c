//! App contexts, as the meeting client makes them (`zoom.md` 5).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sidelight_domain::Timestamp;

/// Who the client says issued a context (`zoom.md` 5.3).
pub(crate) const ISSUER: &str = "marketplace.zoom.us";

/// What a context says. Fields that do not apply are left out, as the client does.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Claims {
    /// `panel` in the main client, `meeting` in a meeting.
    pub(crate) typ: String,
    /// The Zoom user; absent for guests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uid: Option<String>,
    /// The meeting instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mid: Option<String>,
    /// The breakout room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bmid: Option<String>,
    /// Client id of the app.
    pub(crate) aud: String,
    pub(crate) iss: String,
    /// When it was made, in milliseconds.
    pub(crate) ts: Timestamp,
    /// Until when it holds, in milliseconds.
    pub(crate) exp: Timestamp,
    /// `host`, `co-host` or `participant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attendrole: Option<String>,
    /// Action of the deep link that opened the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) act: Option<String>,
    /// Invitation that opened the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iid: Option<String>,
    /// Observed, always empty.
    pub(crate) entitlements: [String; 0],
}

/// Which of the base64 spellings a context comes in; all were seen (`zoom.md` 5.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Spelling {
    /// `-_` without padding.
    Url,
    /// `-_` with padding.
    UrlPadded,
    /// `+/` with padding.
    Standard,
}

impl Spelling {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "standard" => Self::Standard,
            "url_padded" => Self::UrlPadded,
            _ => Self::Url,
        }
    }

    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Url => URL_SAFE_NO_PAD.encode(bytes),
            Self::UrlPadded => URL_SAFE.encode(bytes),
            Self::Standard => STANDARD.encode(bytes),
        }
    }
}

/// A context could not be made: the text is longer than the cipher or its length fields take.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the context is too long")]
pub(crate) struct TooLong;

/// Encrypts `plaintext` the way `zoom.md` 5.2 lays it out: three length-prefixed parts, then the tag.
pub(crate) fn seal(
    secret: &str,
    iv: [u8; 12],
    additional: &[u8],
    plaintext: &[u8],
    spelling: Spelling,
) -> Result<String, TooLong> {
    let key = Key::<Aes256Gcm>::from(<[u8; 32]>::from(Sha256::digest(secret.as_bytes())));
    let sealed = Aes256Gcm::new(&key)
        .encrypt(&Nonce::from(iv), Payload { msg: plaintext, aad: additional })
        .map_err(|_| TooLong)?;
    let additional_length = u16::try_from(additional.len()).map_err(|_| TooLong)?;
    let cipher_length = i32::try_from(plaintext.len()).map_err(|_| TooLong)?;
    let mut bytes = Vec::with_capacity(sealed.len() + additional.len() + 19);
    bytes.push(12);
    bytes.extend_from_slice(&iv);
    bytes.extend_from_slice(&additional_length.to_le_bytes());
    bytes.extend_from_slice(additional);
    bytes.extend_from_slice(&cipher_length.to_le_bytes());
    bytes.extend_from_slice(&sealed);
    Ok(spelling.write(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAINTEXT: &str = r#"{"typ":"meeting","uid":"UIhTkdB5Q0aaaaaaaaaaaA","mid":"aDYlohsHRtCd4ii1uC2+hA==","ts":1700000000000,"exp":1700000120000,"iss":"marketplace.zoom.us","aud":"cid0001"}"#;
    const WITH_DATA: &str = "DAABAgMEBQYHCAkKCwMAY3R4pAAAAGRHqHf__ed-xFxDP7t0-WOaiubJ5mUH1ZQuduc9tUXSRH_4tfAAY0xezTHkCoOgz2kRriWGAxz6lqMzF65E4OgxPI9_tIb2u3swg-gKsLnpKwnwUYz5LASJ3ldZgrNKJWVfWOkCu8YlqbdEJoLOaYH022LDCh_MN8mgfcFsNB_YbRyxgpbjA5kfRou6222mpjSv8Wlhw15JCS1g8dd-BQk6invNp6T5SYsSMbfGPZGXPX90og";
    const WITHOUT_DATA: &str = "DAABAgMEBQYHCAkKCwAApAAAAGRHqHf__ed-xFxDP7t0-WOaiubJ5mUH1ZQuduc9tUXSRH_4tfAAY0xezTHkCoOgz2kRriWGAxz6lqMzF65E4OgxPI9_tIb2u3swg-gKsLnpKwnwUYz5LASJ3ldZgrNKJWVfWOkCu8YlqbdEJoLOaYH022LDCh_MN8mgfcFsNB_YbRyxgpbjA5kfRou6222mpjSv8Wlhw15JCS1g8dd-BQk6invNU5stDpzbjZxjyjVQK6TGdQ";

    #[test]
    fn the_published_vectors_are_met() {
        let iv = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        for (additional, expected) in [("ctx", WITH_DATA), ("", WITHOUT_DATA)] {
            let made = seal("test-client-secret-0001", iv, additional.as_bytes(), PLAINTEXT.as_bytes(), Spelling::Url);
            assert_eq!(made.unwrap(), expected);
        }
    }

    #[test]
    fn every_spelling_says_the_same() {
        let made = |spelling| seal("secret", [255; 12], b"", b"{}", spelling).unwrap();
        let plain = |text: String| text.replace('-', "+").replace('_', "/").replace('=', "");
        assert!(made(Spelling::Standard).contains('/'));
        assert_eq!(plain(made(Spelling::Standard)), plain(made(Spelling::Url)));
        assert_eq!(plain(made(Spelling::UrlPadded)), plain(made(Spelling::Url)));
    }

    #[test]
    fn what_does_not_apply_is_left_out() {
        let claims = Claims {
            typ: "panel".to_owned(),
            uid: None,
            mid: None,
            bmid: None,
            aud: "cid".to_owned(),
            iss: ISSUER.to_owned(),
            ts: Timestamp::from_millis(1),
            exp: Timestamp::from_millis(2),
            attendrole: None,
            act: None,
            iid: None,
            entitlements: [],
        };
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(json, r#"{"typ":"panel","aud":"cid","iss":"marketplace.zoom.us","ts":1,"exp":2,"entitlements":[]}"#);
    }
}
