//! What Salesforce signs: the token answer, and the id token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value};
use sha2::Sha256;

/// A key of the stand-in alone; whoever trusts it trusts whoever has this source.
const SIGNING_KEY: &[u8] = include_bytes!("signing-key.der");
const KEY_ID: &str = "sandbox-1";

/// `signature` of a token answer: HMAC-SHA256 of identity URL and time with the client secret, in base64.
pub(super) fn signature(identity_url: &str, issued_at: &str, client_secret: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()) else { return String::new() };
    mac.update(identity_url.as_bytes());
    mac.update(issued_at.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// An id token, signed with the published key or with the client secret.
pub(super) fn id_token(claims: &Map<String, Value>, shared_secret: Option<&str>) -> Option<String> {
    let (algorithm, key) = match shared_secret {
        Some(secret) => (Algorithm::HS256, EncodingKey::from_secret(secret.as_bytes())),
        None => (Algorithm::RS256, EncodingKey::from_rsa_der(SIGNING_KEY)),
    };
    let key_id = (algorithm == Algorithm::RS256).then(|| KEY_ID.to_owned());
    let header = Header { kid: key_id, ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, &key).ok()
}

/// The public half of the key, as `/id/keys` tells it.
pub(super) fn published() -> JwkSet {
    let key = Jwk::from_encoding_key(&EncodingKey::from_rsa_der(SIGNING_KEY), Algorithm::RS256);
    let named = key.map(|mut key| {
        key.common.key_id = Some(KEY_ID.to_owned());
        key
    });
    JwkSet { keys: named.into_iter().collect() }
}
