//! Zoom's authorisation server: the Marketplace install and the tokens (`zoom.md` 4).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sidelight_domain::ids::ZoomClientId;
use sidelight_outbound::header::AUTHORIZATION;
use sidelight_outbound::{Answer, Gate, Method, Request};
use url::Url;

use crate::{Error, Refusal, wire};

/// How long an access token lives where the answer does not say (`zoom.md` 4.2).
const USUAL_LIFETIME: Duration = Duration::from_hours(1);

/// One environment of our Marketplace app: development and production have credentials of their own (`zoom.md` 2.1).
#[derive(Clone, Debug)]
pub struct App {
    /// Public.
    pub client_id: ZoomClientId,
    /// Also the key of the app context (`zoom.md` 5.2).
    pub client_secret: SecretString,
}

/// What an authorisation brought.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Opaque; goes into headers only.
    pub access: SecretString,
    /// Spent by its first use: store the new one before anything else, and refresh one at a time (`zoom.md` 4.2).
    pub refresh: SecretString,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// What was granted; a person may have declined optional scopes.
    pub scopes: Vec<String>,
    /// The base address of the person's region. The global one always works.
    pub api_url: Option<Url>,
}

/// Zoom's authorisation server.
#[derive(Clone, Debug)]
pub struct Oauth {
    gate: Gate,
    base: Url,
}

/// What the token endpoint is asked for, since the same error means different things.
#[derive(Clone, Copy)]
enum Asked {
    Exchange,
    Refresh,
}

impl Oauth {
    /// The server at `base`, such as `https://zoom.us`, with or without `/oauth`.
    #[must_use]
    pub fn new(gate: Gate, base: Url) -> Self {
        Self { gate, base }
    }

    /// Where a browser goes to add the app, or to consent anew (`zoom.md` 4.1).
    ///
    /// `state` should be base64url or hexadecimal, so that no encoding on the way can matter. A `challenge` is taken as S256.
    #[must_use]
    pub fn authorize_url(&self, app: &App, redirect: &Url, state: &str, challenge: Option<&str>) -> Url {
        let mut url = wire::endpoint(&self.base, "oauth", &["authorize"]);
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", app.client_id.as_str())
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("state", state);
        if let Some(challenge) = challenge {
            // Left out, the method would be `plain`.
            query.append_pair("code_challenge", challenge).append_pair("code_challenge_method", "S256");
        }
        drop(query);
        url
    }

    /// Turns a code into tokens. `redirect` must be the address of the first step, letter by letter.
    ///
    /// # Errors
    /// [`Error::CodeRefused`] for a wrong, used or old code, a wrong verifier or redirect; others as told by [`Error`].
    pub async fn exchange_code(
        &self,
        app: &App,
        code: &SecretString,
        redirect: &str,
        verifier: Option<&SecretString>,
    ) -> Result<Tokens, Error> {
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code.expose_secret()), ("redirect_uri", redirect)];
        form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        let answer = self.post(app, "token", &form).await?;
        tokens(&answer, Asked::Exchange)
    }

    /// Spends a refresh token for a new pair.
    ///
    /// # Errors
    /// [`Error::GrantGone`] or [`Error::UserGone`] when only a new authorisation helps. When
    /// [`Error::may_have_been_applied`], the old refresh token may be dead although no new one arrived.
    pub async fn refresh(&self, app: &App, refresh: &SecretString) -> Result<Tokens, Error> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        let answer = self.post(app, "token", &form).await?;
        tokens(&answer, Asked::Refresh)
    }

    /// Ends a grant by its access token; both tokens die. One that is dead already counts as done.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn revoke(&self, app: &App, access: &SecretString) -> Result<(), Error> {
        let answer = self.post(app, "revoke", &[("token", access.expose_secret())]).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        let error = token_error(&answer, Asked::Refresh);
        if matches!(error, Error::GrantGone(_) | Error::UserGone(_)) { Ok(()) } else { Err(error) }
    }

    async fn post(&self, app: &App, endpoint: &str, form: &[(&str, &str)]) -> Result<Answer, Error> {
        let pair = format!("{}:{}", app.client_id, app.client_secret.expose_secret());
        let request = Request::new(Method::POST, wire::endpoint(&self.base, "oauth", &[endpoint]))
            .secret_header(AUTHORIZATION, &format!("Basic {}", STANDARD.encode(pair)))
            .form(form);
        Ok(self.gate.send(request).await?)
    }
}

fn tokens(answer: &Answer, asked: Asked) -> Result<Tokens, Error> {
    if !answer.status.is_success() {
        return Err(token_error(answer, asked));
    }
    let body: Value = answer.json().unwrap_or_default();
    let token = |key| wire::text(&body, key).map(SecretString::from);
    let (Some(access), Some(refresh)) = (token("access_token"), token("refresh_token")) else {
        return Err(Error::Unreadable(wire::refusal(answer)));
    };
    let expires_in = wire::text(&body, "expires_in").and_then(|seconds| seconds.parse().ok());
    Ok(Tokens {
        access,
        refresh,
        expires_in: expires_in.map_or(USUAL_LIFETIME, Duration::from_secs),
        scopes: wire::text(&body, "scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        api_url: wire::text(&body, "api_url").and_then(|url| Url::parse(&url).ok()),
    })
}

/// `{"reason": …, "error": …}`, of which only the second may be trusted (`zoom.md` 4.2).
fn token_error(answer: &Answer, asked: Asked) -> Error {
    let refusal = wire::refusal(answer);
    if let Some(error) = wire::common_error(answer, &refusal) {
        return error;
    }
    let body: Value = answer.json().unwrap_or_default();
    match (wire::text(&body, "error").as_deref(), refusal.number) {
        (_, Some(4711)) => Error::GrantGone(refusal),
        (_, Some(4733 | 4734)) => Error::CodeRefused(refusal),
        (Some("invalid_client" | "unauthorized_client"), _) => Error::ClientRefused(refusal),
        // Older captures have `invalid_request` where newer ones have `invalid_grant`.
        (Some("invalid_grant" | "invalid_request" | "invalid_token"), _) => grant_error(asked, refusal),
        (Some(_), _) | (None, Some(_)) => Error::Invalid(refusal),
        (None, None) => Error::Unreadable(refusal),
    }
}

fn grant_error(asked: Asked, refusal: Refusal) -> Error {
    match asked {
        Asked::Exchange => Error::CodeRefused(refusal),
        Asked::Refresh => Error::GrantGone(refusal),
    }
}

#[cfg(test)]
#[path = "oauth_tests.rs"]
mod tests;
