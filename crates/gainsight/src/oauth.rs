//! A tenant's own authorisation server (`gainsight.md` 2.2, 2.3), and who a token belongs to.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sidelight_outbound::header::AUTHORIZATION;
use sidelight_outbound::{Answer, Method, Request};
use url::Url;

use crate::client::{Stopped, address};
use crate::envelope::Failure;
use crate::users::User;
use crate::{Access, Error, Gainsight, Query, Record, record};

/// The one OAuth application that a tenant can have (`gainsight.md` 2.3).
#[derive(Clone, Debug)]
pub struct Application {
    /// Public.
    pub client_id: String,
    /// Copied by the tenant's admin.
    pub client_secret: SecretString,
    /// Whether the tenant takes PKCE. Nothing documented says so, hence a setting.
    pub pkce: bool,
    /// Our callback address, as registered there.
    pub redirect: Url,
}

/// What a sign-in brought.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Opaque.
    pub access: SecretString,
    /// Absent for M2M, and perhaps for people: then the next step is a new sign-in.
    pub refresh: Option<SecretString>,
    /// How long the access token lives, if the tenant says so.
    pub expires_in: Option<Duration>,
}

/// Where a browser goes to sign in.
///
/// A `challenge` (S256) is left out where the tenant does not take PKCE.
#[must_use]
pub fn authorize_url(base: &Url, application: &Application, state: &str, challenge: Option<&str>) -> Url {
    let mut url = address(base, &["v1", "authorize"]);
    let mut query = url.query_pairs_mut();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &application.client_id)
        .append_pair("redirect_uri", application.redirect.as_str())
        .append_pair("state", state);
    if let Some(challenge) = challenge.filter(|_| application.pkce) {
        query.append_pair("code_challenge", challenge).append_pair("code_challenge_method", "S256");
    }
    drop(query);
    url
}

impl Gainsight {
    /// Turns a code into tokens. One call; two where the tenant wants the client's secret in the body.
    ///
    /// # Errors
    /// [`Error::GrantRefused`] for a wrong, used or old code; [`Error::ClientRefused`] for a wrong registration.
    pub async fn exchange_code(
        &self,
        base: &Url,
        application: &Application,
        code: &SecretString,
        verifier: Option<&SecretString>,
    ) -> Result<Tokens, Error> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", application.redirect.as_str()),
        ];
        let verifier = verifier.filter(|_| application.pkce);
        form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        self.application_tokens(base, application, form).await
    }

    /// Turns a refresh token into new tokens. If the answer brings no refresh token, the old one stays good (RFC 6749, 6).
    ///
    /// # Errors
    /// [`Error::GrantRefused`] when only a new sign-in helps. When [`Error::may_have_been_applied`], the old token may be dead.
    pub async fn refresh(
        &self,
        base: &Url,
        application: &Application,
        refresh: &SecretString,
    ) -> Result<Tokens, Error> {
        let form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        self.application_tokens(base, application, form).await
    }

    /// A token of the tenant's M2M client (`gainsight.md` 2.2). There is nothing to refresh it with: ask again in time.
    ///
    /// # Errors
    /// [`Error::ClientRefused`] for a wrong pair.
    pub async fn machine_token(&self, base: &Url, id: &str, secret: &SecretString) -> Result<Tokens, Error> {
        let request = Request::new(Method::POST, address(base, &["v1", "users", "m2m", "oauth", "token"]));
        let request = basic(request, id, secret).form(&[("grant_type", "client_credentials")]);
        read_tokens(&self.gate.send(request).await?)
    }

    /// The person behind a user's token, by a path that no documentation mentions (`gainsight.md` 9).
    ///
    /// `None` if this tenant does not offer it to tokens. Where the answer leaves that open (a refusal, a page), a second
    /// call finds out whether the token is good at all, so that a revoked one is never mistaken for a missing path.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] for a token that is good for nothing, and what every call may meet.
    pub async fn current_user(&self, access: &Access<'_>) -> Result<Option<User>, Error> {
        let request = Request::get(address(access.base, &["v1", "users", "me"]));
        let error = match self.send(access, request).await {
            Ok(data) => return Ok(user_of(data, access)),
            Err(Stopped::Failed(failure)) => failure.into_error(),
            Err(Stopped::Unanswered(error)) => return Err(error),
        };
        match error {
            Error::NotFound(_) | Error::NotOffered(_) => Ok(None),
            Error::Unauthorized(_) | Error::Forbidden(_) | Error::Unreadable(_) => {
                self.query(access, "GsUser", &Query::select(["Gsid"]).limit(1)).await.map(|_| None)
            }
            Error::NotSent(_)
            | Error::NoAnswer(_)
            | Error::GrantRefused(_)
            | Error::ClientRefused(_)
            | Error::Busy { .. }
            | Error::Invalid { .. }
            | Error::UnknownObject(_)
            | Error::Duplicate(_)
            | Error::Unavailable(_) => Err(error),
        }
    }

    /// How the application shows its secret is not documented (`gainsight.md` 2.3). The header comes first, as the standard
    /// demands it of every server (RFC 6749, 2.3.1); a refused client has not used up its code, so the body is tried next.
    async fn application_tokens(
        &self,
        base: &Url,
        application: &Application,
        mut form: Vec<(&str, &str)>,
    ) -> Result<Tokens, Error> {
        let (id, secret) = (&application.client_id, &application.client_secret);
        let request = || Request::new(Method::POST, address(base, &["v1", "users", "oauth", "token"]));
        match read_tokens(&self.gate.send(basic(request(), id, secret).form(&form)).await?) {
            Err(Error::ClientRefused(_)) => {}
            answered => return answered,
        }
        form.extend([("client_id", id.as_str()), ("client_secret", secret.expose_secret())]);
        read_tokens(&self.gate.send(request().form(&form)).await?)
    }
}

fn basic(request: Request, id: &str, secret: &SecretString) -> Request {
    let pair = STANDARD.encode(format!("{id}:{}", secret.expose_secret()));
    request.secret_header(AUTHORIZATION, &format!("Basic {pair}"))
}

/// The standard's answer (RFC 6749, 5.1), bare or wrapped into the usual envelope.
fn read_tokens(answer: &Answer) -> Result<Tokens, Error> {
    let body: Value = answer.json().unwrap_or_default();
    if !answer.status.is_success() || body.get("result").and_then(Value::as_bool) == Some(false) {
        return Err(token_error(answer, &body));
    }
    let inner = body.get("data").filter(|data| data.is_object()).unwrap_or(&body);
    let token = |key: &str| record::text(inner.get(key)).map(SecretString::from);
    let access = token("access_token").ok_or_else(|| token_error(answer, &body))?;
    let expires_in = record::text(inner.get("expires_in")).and_then(|seconds| seconds.parse().ok());
    Ok(Tokens { access, refresh: token("refresh_token"), expires_in: expires_in.map(Duration::from_secs) })
}

/// The standard's error (RFC 6749, 5.2), else one of Gainsight's own.
fn token_error(answer: &Answer, body: &Value) -> Error {
    let failure = Failure::of(answer, body.as_object());
    let is_bare_success = answer.status.is_success() && body.get("result").is_none();
    match (body.get("error").and_then(Value::as_str), answer.status.as_u16()) {
        (Some("invalid_grant"), _) => Error::GrantRefused(failure.refusal),
        // At this address it is the client that a 401 speaks of.
        (Some("invalid_client" | "unauthorized_client"), _) | (None, 401) => Error::ClientRefused(failure.refusal),
        (Some(_), 400..=499) => Error::Invalid { fields: Vec::new(), refusal: failure.refusal },
        _ if is_bare_success => Error::Unreadable(failure.refusal),
        _ => failure.into_error(),
    }
}

/// The answer's shape is not documented; the names are those of `GsUser` (`gainsight.md` 9).
fn user_of(data: Value, access: &Access<'_>) -> Option<User> {
    let Value::Object(row) = data else { return None };
    User::read(&Record::new(row), access.schema)
}

#[cfg(test)]
#[path = "oauth_tests.rs"]
mod tests;
