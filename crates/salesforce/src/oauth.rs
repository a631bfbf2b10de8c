//! The web server flow, as far as it tells who somebody is (`salesforce.md`, flow).

use jsonwebtoken::jwk::JwkSet;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sidelight_domain::Timestamp;
use sidelight_outbound::{Answer, Gate, Method, Request};
use url::Url;

use crate::proof::{Expected, TokenAnswer, needs_published_keys, proven};
use crate::{Error, RecordId};

/// Enough to identify; no data scope is asked for (`salesforce.md`, scopes).
const SCOPES: &str = "openid id";

/// Our connected app.
#[derive(Clone, Debug)]
pub struct Application {
    /// Public.
    pub client_id: String,
    /// Also the key of the token answer's signature.
    pub client_secret: SecretString,
    /// Our callback address, as registered there.
    pub redirect: Url,
}

/// Somebody who logged in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// Whose user it is.
    pub organisation: RecordId,
    /// Which one.
    pub user: RecordId,
    /// Whether the organisation has switched the user on.
    pub is_active: bool,
}

/// What a browser came back with, and what it was sent away with.
#[derive(Debug)]
pub struct Returned<'a> {
    /// Where it had been sent to.
    pub host: &'a Url,
    /// The authorisation code.
    pub code: &'a SecretString,
    /// The PKCE verifier.
    pub verifier: &'a SecretString,
    /// The nonce that the id token has to carry.
    pub nonce: &'a str,
}

/// Where a browser goes to log in at `host`.
#[must_use]
pub fn authorize_url(host: &Url, application: &Application, state: &str, nonce: &str, challenge: &str) -> Url {
    let mut url = at(host, "/services/oauth2/authorize");
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &application.client_id)
        .append_pair("redirect_uri", application.redirect.as_str())
        .append_pair("scope", SCOPES)
        .append_pair("state", state)
        .append_pair("nonce", nonce)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256");
    url
}

/// Salesforce's authorisation server, under any of its hosts.
#[derive(Clone, Debug)]
pub struct Oauth {
    gate: Gate,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    user_id: String,
    organization_id: String,
    #[serde(default)]
    active: bool,
}

impl Oauth {
    /// Calls through this gate.
    #[must_use]
    pub const fn new(gate: Gate) -> Self {
        Self { gate }
    }

    /// Who logged in. The tokens are taken back before anybody hears of it.
    ///
    /// # Errors
    /// [`Error`]; nothing but a whole proof is an identity.
    pub async fn identify(
        &self,
        application: &Application,
        returned: &Returned<'_>,
        now: Timestamp,
    ) -> Result<Person, Error> {
        let answer = self.exchange(application, returned).await?;
        let person = self.person(application, returned, &answer, now).await;
        // Of no use to us, so they should be of none to anybody. If that fails, they run out by themselves.
        let revoke = Request::new(Method::POST, at(returned.host, "/services/oauth2/revoke"));
        drop(self.gate.send(revoke.form(&[("token", &answer.access_token)])).await);
        person
    }

    async fn exchange(&self, application: &Application, returned: &Returned<'_>) -> Result<TokenAnswer, Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", returned.code.expose_secret()),
            ("redirect_uri", application.redirect.as_str()),
            ("code_verifier", returned.verifier.expose_secret()),
            ("client_id", &application.client_id),
            ("client_secret", application.client_secret.expose_secret()),
        ];
        let request = Request::new(Method::POST, at(returned.host, "/services/oauth2/token")).form(&form);
        read(&self.gate.send(request).await?)
    }

    async fn person(
        &self,
        application: &Application,
        returned: &Returned<'_>,
        answer: &TokenAnswer,
        now: Timestamp,
    ) -> Result<Person, Error> {
        let keys = if needs_published_keys(answer)? { Some(self.keys(returned.host).await?) } else { None };
        let issuer = returned.host.origin().ascii_serialization();
        let expected = Expected { issuer: &issuer, application, nonce: returned.nonce, now };
        let (organisation, user) = proven(answer, keys.as_ref(), &expected)?;
        let request = Request::get(at(returned.host, "/services/oauth2/userinfo")).bearer(&answer.access_token);
        let told: UserInfo = read(&self.gate.send(request).await?)?;
        // OpenID Connect Core, 5.3.2: an answer about another subject must not be used.
        if told.sub != answer.id
            || told.organization_id.parse() != Ok(organisation.clone())
            || told.user_id.parse() != Ok(user.clone())
        {
            return Err(Error::Unproven("the user info is about somebody else"));
        }
        Ok(Person { organisation, user, is_active: told.active })
    }

    async fn keys(&self, host: &Url) -> Result<JwkSet, Error> {
        read(&self.gate.send(Request::get(at(host, "/id/keys"))).await?)
    }
}

fn at(host: &Url, path: &str) -> Url {
    let mut url = host.clone();
    url.set_path(path);
    url
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    let status = answer.status.as_u16();
    match status {
        200..=299 => answer.json().map_err(|_| Error::Unproven("the answer lacks what it should hold")),
        429 | 500..=599 => Err(Error::Unavailable(status)),
        _ => Err(Error::Refused(status)),
    }
}
