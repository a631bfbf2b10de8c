//! What has to fit together before anybody is believed (`salesforce.md`, 4).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha2::Sha256;
use sidelight_domain::Timestamp;
use subtle::ConstantTimeEq as _;
use url::Url;

use crate::{Application, Error, RecordId};

/// How far two clocks may be apart.
const LEEWAY: Duration = Duration::from_mins(2);
/// How old a token answer may be: it was asked for a moment ago.
const FRESH_FOR: Duration = Duration::from_mins(5);

/// The answer of the token endpoint, as far as it proves something.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    /// `https://login.salesforce.com/id/<organisation>/<user>`
    pub(crate) id: String,
    pub(crate) issued_at: String,
    pub(crate) signature: String,
    pub(crate) id_token: String,
}

/// The claims that are read; issuer and audience are checked on the way.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    nonce: String,
}

/// What an id token must have been made for.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) application: &'a Application,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// Whether the id token says that it is signed with a published key; whether that is so, and taken, is seen when it is read.
pub(crate) fn needs_published_keys(answer: &TokenAnswer) -> Result<bool, Error> {
    Ok(jsonwebtoken::decode_header(&answer.id_token).map_err(Error::IdToken)?.alg == Algorithm::RS256)
}

/// The organisation and the user that a token answer proves.
pub(crate) fn proven(
    answer: &TokenAnswer,
    keys: Option<&JwkSet>,
    expected: &Expected<'_>,
) -> Result<(RecordId, RecordId), Error> {
    check_signature(answer, expected)?;
    let claims = claims(answer, keys, expected)?;
    let is_same: bool = claims.nonce.as_bytes().ct_eq(expected.nonce.as_bytes()).into();
    if !is_same {
        return Err(Error::Unproven("the nonce is another"));
    }
    if Timestamp::from_millis(claims.exp.saturating_mul(1_000)).after(LEEWAY) <= expected.now {
        return Err(Error::Unproven("the id token is past its time"));
    }
    if claims.sub != answer.id {
        return Err(Error::Unproven("the id token is about somebody else"));
    }
    identity(&answer.id).ok_or(Error::Unproven("the identity URL names nobody"))
}

/// `signature` is made of the identity URL and the time, under the client secret.
fn check_signature(answer: &TokenAnswer, expected: &Expected<'_>) -> Result<(), Error> {
    let unsigned = || Error::Unproven("the token answer is not signed with the client secret");
    let secret = expected.application.client_secret.expose_secret();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| unsigned())?;
    mac.update(answer.id.as_bytes());
    mac.update(answer.issued_at.as_bytes());
    let signature = STANDARD.decode(&answer.signature).map_err(|_| unsigned())?;
    mac.verify_slice(&signature).map_err(|_| unsigned())?;
    let issued_at = answer.issued_at.parse().map(Timestamp::from_millis).map_err(|_| unsigned())?;
    let (now, earlier, later) = (expected.now, issued_at.min(expected.now), issued_at.max(expected.now));
    let most = if issued_at < now { FRESH_FOR } else { LEEWAY };
    if later.since(earlier) > most {
        return Err(Error::Unproven("the token answer is of another time"));
    }
    Ok(())
}

fn claims(answer: &TokenAnswer, keys: Option<&JwkSet>, expected: &Expected<'_>) -> Result<Claims, Error> {
    let header = jsonwebtoken::decode_header(&answer.id_token).map_err(Error::IdToken)?;
    // The kind of key follows from where it comes from, never from the token alone (RFC 8725, 3.1).
    let (algorithm, key) = match (header.alg, keys) {
        (Algorithm::RS256, Some(keys)) => {
            let named = header.kid.as_deref().and_then(|name| keys.find(name));
            let named = named.ok_or(Error::Unproven("the id token names no published key"))?;
            (Algorithm::RS256, DecodingKey::from_jwk(named).map_err(Error::IdToken)?)
        }
        (Algorithm::HS256, None) => {
            let secret = expected.application.client_secret.expose_secret();
            (Algorithm::HS256, DecodingKey::from_secret(secret.as_bytes()))
        }
        _ => return Err(Error::Unproven("the id token is signed in a way that is not taken")),
    };
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[&expected.application.client_id]);
    validation.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
    validation.validate_exp = false; // by our own clock
    Ok(jsonwebtoken::decode::<Claims>(&answer.id_token, &key, &validation).map_err(Error::IdToken)?.claims)
}

/// Organisation and user of an identity URL.
fn identity(url: &str) -> Option<(RecordId, RecordId)> {
    let url = Url::parse(url).ok()?;
    let mut segments = url.path_segments()?;
    let parts = (segments.next()?, segments.next()?.parse().ok()?, segments.next()?.parse().ok()?, segments.next());
    match parts {
        ("id", organisation, user, None) => {
            Some((organisation, user)).filter(|(one, _): &(RecordId, _)| one.is_organisation())
        }
        _ => None,
    }
}
