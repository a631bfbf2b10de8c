//! Proof key for code exchange (RFC 7636), for the sign-ins that take it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// A verifier, kept until the code is exchanged, and its challenge, which goes into the authorisation URL.
#[derive(Clone, Debug)]
pub struct Pkce {
    /// Secret; sent with the exchange.
    pub verifier: SecretString,
    /// Public; sent with `code_challenge_method=S256`.
    pub challenge: String,
}

impl Pkce {
    /// Makes a pair from 32 unpredictable bytes, as RFC 7636, 4.1 recommends.
    #[must_use]
    pub fn s256(entropy: [u8; 32]) -> Self {
        let verifier = URL_SAFE_NO_PAD.encode(entropy);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        Self { verifier: verifier.into(), challenge }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn the_example_of_the_standard_comes_out() {
        // RFC 7636, appendix B.
        let entropy = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let pkce = Pkce::s256(entropy);
        assert_eq!(pkce.verifier.expose_secret(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(pkce.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn debug_output_shows_no_verifier() {
        let shown = format!("{:?}", Pkce::s256([1; 32]));
        assert!(!shown.contains("AQEB"), "{shown}");
    }
}
