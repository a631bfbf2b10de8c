//! `POST /oauth/token` and its neighbours (`zoom.md` 4.1, 4.2, 6.5).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawForm, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use sidelight_domain::Timestamp;

use super::cloud::Cloud;
use super::fresh::Fresh;
use super::grants::{ACCESS_LIFE, Pair, Refused, Reuse};
use super::parameters::Parameters;
use super::switches;

/// Why a call was refused; the numbers in the comments are those of `zoom.md` 4.2.
#[derive(Clone, Debug, Eq, PartialEq)]
enum TokenError {
    /// 4702, 4704
    Client,
    /// 4705, 4706
    GrantType,
    /// 4700
    Empty,
    Refused {
        reason: Refused,
        error: &'static str,
        code: String,
    },
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, reason, error) = match self {
            Self::Client => {
                (StatusCode::UNAUTHORIZED, "Invalid client_id or client_secret".to_owned(), "invalid_client")
            }
            Self::GrantType => (StatusCode::BAD_REQUEST, "unsupported grant type".to_owned(), "unsupported_grant_type"),
            Self::Empty => (StatusCode::BAD_REQUEST, "Token cannot be empty".to_owned(), "invalid_request"),
            Self::Refused { reason, error, code } => {
                let text = match reason {
                    Refused::CodeExpired => format!("Authorization code expired {code}"),
                    Refused::CodeInvalid => format!("Invalid authorization code {code}"),
                    Refused::RedirectMismatch => "Redirect URI mismatch".to_owned(),
                    Refused::RefreshUnknown => "Invalid Token!".to_owned(),
                    Refused::RefreshReused => "The refresh token was already used".to_owned(),
                    Refused::Revoked => "The token was revoked".to_owned(),
                };
                (StatusCode::BAD_REQUEST, text, error)
            }
        };
        (status, Json(json!({ "reason": reason.trim_end(), "error": error }))).into_response()
    }
}

pub(super) fn router() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/oauth/token", post(token))
        .route("/oauth/revoke", post(revoke))
        .route("/oauth/data/compliance", post(compliance))
}

/// Parameters may stand in the query or in the form (`zoom.md` 4.1); the form wins.
fn parameters(form: &[u8], query: Option<&str>) -> Parameters {
    Parameters::parse(form).followed_by(Parameters::parse(query.unwrap_or_default().as_bytes()))
}

fn is_our_client(cloud: &Cloud, headers: &HeaderMap) -> bool {
    let app = &cloud.shared.app;
    let expected = format!("{}:{}", app.client_id, app.client_secret);
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .is_some_and(|given| given == expected.as_bytes())
}

async fn token(
    State(cloud): State<Arc<Cloud>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<Json<Value>, TokenError> {
    if !is_our_client(&cloud, &headers) {
        return Err(TokenError::Client);
    }
    let given = parameters(&form, query.as_deref());
    let pair = match given.get("grant_type") {
        Some("authorization_code") => exchange(&cloud, &given)?,
        Some("refresh_token") => refresh(&cloud, &given)?,
        _ => return Err(TokenError::GrantType),
    };
    let api = format!("http://localhost:{}", cloud.shared.addresses.zoom.port());
    Ok(Json(json!({
        "access_token": pair.access,
        "token_type": "bearer",
        "refresh_token": pair.refresh,
        "expires_in": ACCESS_LIFE.as_secs(),
        "scope": pair.scopes.into_iter().collect::<Vec<_>>().join(" "),
        "api_url": api,
    })))
}

fn exchange(cloud: &Cloud, given: &Parameters) -> Result<Pair, TokenError> {
    let code = given.get("code").unwrap_or_default();
    let error = cloud.choice(&switches::BAD_CODE_ERROR);
    let now = cloud.now();
    let mut mint = minter(cloud, now);
    let (redirect_uri, verifier) = (given.get("redirect_uri"), given.get("code_verifier"));
    let pair = cloud.state().grants.exchange(code, redirect_uri, verifier, now, &mut mint);
    pair.map_err(|reason| TokenError::Refused { reason, error, code: code.to_owned() })
}

fn refresh(cloud: &Cloud, given: &Parameters) -> Result<Pair, TokenError> {
    let token = given.get("refresh_token").ok_or(TokenError::Empty)?;
    let reuse = Reuse {
        tolerance: Duration::from_secs(cloud.number(&switches::REFRESH_TOLERANCE)),
        ends_grant: cloud.choice(&switches::REFRESH_REUSE) == "ends_grant",
    };
    let now = cloud.now();
    let mut mint = minter(cloud, now);
    let pair = cloud.state().grants.refresh(token, reuse, now, &mut mint);
    let refused = |reason| TokenError::Refused { reason, error: "invalid_grant", code: String::new() };
    pair.map_err(refused)
}

/// Makes the texts of a pair of tokens.
fn minter(cloud: &Cloud, now: Timestamp) -> impl FnMut(&str) -> (String, String) {
    let fresh: Fresh<'_> = cloud.fresh();
    let client = &cloud.shared.app.client_id;
    move |user| {
        let token = |kind: u8, seconds: i64| {
            fresh.token(&json!({
                "ver": 10, "type": kind, "iss": format!("zm:cid:{client}"), "aud": "https://oauth.zoom.us", "uid": user,
                "iat": now.as_seconds(), "exp": now.as_seconds() + seconds,
            }))
        };
        (token(0, 3_600), token(1, 90 * 86_400))
    }
}

async fn revoke(
    State(cloud): State<Arc<Cloud>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<Json<Value>, TokenError> {
    if !is_our_client(&cloud, &headers) {
        return Err(TokenError::Client);
    }
    let given = parameters(&form, query.as_deref());
    let token = given.get("token").ok_or(TokenError::Empty)?;
    if cloud.state().grants.revoke(token) {
        return Ok(Json(json!({ "status": "success" })));
    }
    Err(TokenError::Refused { reason: Refused::RefreshUnknown, error: "invalid_request", code: String::new() })
}

/// The app says that it deleted somebody's data. Older guides demand the call, newer ones do not mention it.
async fn compliance(State(cloud): State<Arc<Cloud>>, headers: HeaderMap) -> Result<StatusCode, TokenError> {
    if is_our_client(&cloud, &headers) { Ok(StatusCode::OK) } else { Err(TokenError::Client) }
}
