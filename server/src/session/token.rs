//! The bearer token of the panel: a short-lived JWT that names a session row (design 4.1).

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{InvalidId, SessionId};

/// Makes and reads tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: Vec<DecodingKey>,
    validation: Validation,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// Registered claims (RFC 7519, 4.1) only: a token says which session, nothing about a person.
#[derive(Debug, Deserialize, Serialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
    iss: String,
    aud: String,
}

const ISSUER: &str = "sidelight";
const AUDIENCE: &str = "sidelight-panel";

/// A token that was not made here, was changed, or is past its time.
#[derive(Debug, thiserror::Error)]
pub enum InvalidToken {
    /// Not ours, not whole, or too old.
    #[error("the token is not valid")]
    Jwt(#[source] jsonwebtoken::errors::Error),
    /// Ours, but without a session.
    #[error("the token names no session")]
    Subject(#[source] InvalidId),
    /// Past its time by our clock.
    #[error("the token is past its time")]
    Expired,
}

impl Tokens {
    /// Signs under `current`, and reads what was signed under any of the keys: while a master key is exchanged, one server may have it
    /// and another not yet. All are derived from master keys.
    #[must_use]
    pub fn new(current: &[u8; 32], previous: &[[u8; 32]]) -> Self {
        // One algorithm, fixed here: what the token's own header says is not asked (RFC 8725, 3.1).
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
        validation.validate_exp = false; // by our own clock, below
        let keys = std::iter::once(current).chain(previous);
        let decoding = keys.map(|key| DecodingKey::from_secret(key)).collect();
        Self { encoding: EncodingKey::from_secret(current), decoding, validation }
    }

    /// A token for `session` that is good until `expires_at`.
    ///
    /// # Errors
    /// What the signature library refuses, which means a defect.
    pub fn issue(
        &self,
        session: SessionId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            sub: session.to_string(),
            iat: now.as_seconds(),
            exp: expires_at.as_seconds(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The session that `token` names, and until when.
    ///
    /// # Errors
    /// [`InvalidToken`].
    pub fn read(&self, token: &str, now: Timestamp) -> Result<(SessionId, Timestamp), InvalidToken> {
        let mut read = self.decoding.iter().map(|key| jsonwebtoken::decode::<Claims>(token, key, &self.validation));
        let first = read.next().unwrap_or_else(|| Err(ErrorKind::InvalidSignature.into()));
        let claims = first.or_else(|error| read.find_map(Result::ok).ok_or(error)).map_err(InvalidToken::Jwt)?.claims;
        if claims.exp <= now.as_seconds() {
            return Err(InvalidToken::Expired);
        }
        let session = claims.sub.parse().map_err(InvalidToken::Subject)?;
        Ok((session, Timestamp::from_millis(claims.exp.saturating_mul(1_000))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    fn session() -> SessionId {
        SessionId::new(uuid::Uuid::from_u128(5))
    }

    fn token(tokens: &Tokens) -> String {
        tokens.issue(session(), NOW, NOW.after(Duration::from_mins(10))).unwrap()
    }

    #[test]
    fn a_token_names_its_session_until_it_expires() {
        let tokens = Tokens::new(&[1; 32], &[]);
        let token = token(&tokens);
        assert_eq!(tokens.read(&token, NOW).unwrap().0, session());
        assert!(matches!(tokens.read(&token, NOW.after(Duration::from_mins(10))), Err(InvalidToken::Expired)));
    }

    #[test]
    fn a_token_of_a_previous_key_is_read_while_keys_are_exchanged() {
        let (before, after) = (Tokens::new(&[1; 32], &[]), Tokens::new(&[2; 32], &[[1; 32]]));
        assert_eq!(after.read(&token(&before), NOW).unwrap().0, session());
        assert!(before.read(&token(&after), NOW).is_err());
    }

    #[test]
    fn changed_foreign_and_unsigned_tokens_are_refused() {
        use base64::Engine as _;
        let tokens = Tokens::new(&[1; 32], &[]);
        let good = token(&tokens);
        let (head, rest) = good.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let other = encode(&format!(
            "{{\"sub\":\"{}\",\"exp\":9999999999,\"iss\":\"sidelight\",\"aud\":\"sidelight-panel\"}}",
            session()
        ));
        let forged = [
            token(&Tokens::new(&[2; 32], &[])),
            format!("{head}.{other}.{signature}"),
            format!("{}.{claims}.", encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")),
            format!("{}.{claims}.{signature}", encode("{\"alg\":\"HS512\",\"typ\":\"JWT\"}")),
            good[..good.len() - 4].to_owned(),
            String::new(),
            "a.b.c".to_owned(),
        ];
        for token in forged {
            assert!(tokens.read(&token, NOW).is_err(), "{token}");
        }
    }
}
