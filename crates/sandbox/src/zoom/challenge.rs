//! Proof keys of the code exchange (RFC 7636; `zoom.md` 4.1, 4.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What the app sent ahead, to be met at the exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// Its SHA-256.
    S256(String),
}

impl Challenge {
    /// Reads the two parameters of the authorisation request. Without a method it is `plain` (`zoom.md` 4.1).
    ///
    /// # Errors
    /// The method, if it is neither `plain` nor `S256`.
    pub(crate) fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, String> {
        let Some(challenge) = challenge.filter(|challenge| !challenge.is_empty()) else { return Ok(None) };
        match method.unwrap_or("plain") {
            "plain" => Ok(Some(Self::Plain(challenge.to_owned()))),
            "S256" => Ok(Some(Self::S256(challenge.to_owned()))),
            other => Err(other.to_owned()),
        }
    }

    /// Whether `verifier` belongs to this challenge.
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_without_a_method_is_plain() {
        let cases = [
            (Some("abc"), None, Ok(Some(Challenge::Plain("abc".to_owned())))),
            (Some("abc"), Some("plain"), Ok(Some(Challenge::Plain("abc".to_owned())))),
            (Some("abc"), Some("S256"), Ok(Some(Challenge::S256("abc".to_owned())))),
            (Some("abc"), Some("s256"), Err("s256".to_owned())),
            (Some(""), Some("S256"), Ok(None)),
            (None, Some("S256"), Ok(None)),
        ];
        for (challenge, method, expected) in cases {
            assert_eq!(Challenge::parse(challenge, method), expected, "{challenge:?} {method:?}");
        }
    }

    #[test]
    fn the_example_of_the_standard_is_met() {
        let challenge = Challenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }
}
