//! The token endpoints.

use axum::Json;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::super::caller::{Visit, Ways};
use super::super::switches;
use super::super::tenant::Tenant;
use super::grants::{InvalidGrant, Lifetimes, Pair, Refreshing};
use super::secret;

/// A refusal of the token endpoint (RFC 6749, 5.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Refusal {
    Client,
    Grant,
    Request,
    GrantType,
}

impl From<InvalidGrant> for Refusal {
    fn from(_: InvalidGrant) -> Self {
        Self::Grant
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, text) = match self {
            Self::Client => (StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed."),
            Self::Grant => (StatusCode::BAD_REQUEST, "invalid_grant", "The code or token is invalid, expired or used."),
            Self::Request => (StatusCode::BAD_REQUEST, "invalid_request", "A parameter is missing."),
            Self::GrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unknown grant type."),
        };
        let body = Json(json!({ "error": code, "error_description": text }));
        let mut answer = (status, [(CACHE_CONTROL, "no-store")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(WWW_AUTHENTICATE, http::HeaderValue::from_static("Basic"));
        }
        answer
    }
}

/// The fields of a form.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or(Refusal::Request)
    }
}

/// `POST /v1/users/oauth/token`: a code or a refresh token for an access token (`gainsight.md` 2.3).
pub(crate) async fn token(visit: Visit, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::read(&body);
    let granted = visit.tenant().ok_or(Refusal::Client).and_then(|tenant| grant(&visit, tenant, &headers, &form));
    match granted {
        Ok(body) => ([(CACHE_CONTROL, "no-store")], Json(body)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn grant(visit: &Visit, tenant: &Tenant, headers: &HeaderMap, form: &Form) -> Result<Value, Refusal> {
    let ways = visit.ways();
    let (basic, in_body) = (basic(headers), form.get("client_id").zip(form.get("client_secret")));
    let shown = match ways.choice(&switches::OAUTH_CLIENT_AUTH) {
        "basic" => basic,
        "body" => in_body.map(owned),
        _ => basic.or_else(|| in_body.map(owned)),
    };
    is_client(shown, &tenant.application())?;
    let (lifetimes, refreshing) = (lifetimes(&ways), refreshing(&ways));
    let ids = &*visit.cloud.shared.ids;
    let fresh = (secret(ids), secret(ids));
    let now = visit.now();
    let grants = &mut tenant.state().grants;
    let pair = match form.need("grant_type")? {
        "authorization_code" => {
            let (code, redirect_uri) = (form.need("code")?, form.need("redirect_uri")?);
            let user = grants.exchange(code, redirect_uri, form.get("code_verifier"), now)?;
            let refresh = (refreshing != Refreshing::Never).then_some(fresh.1);
            let pair = Pair { access: fresh.0, refresh };
            grants.issue(user, &pair, lifetimes, now);
            pair
        }
        "refresh_token" => grants.refresh(form.need("refresh_token")?, fresh, refreshing, lifetimes, now)?,
        _ => return Err(Refusal::GrantType),
    };
    let mut body = json!({
        "access_token": pair.access, "token_type": "Bearer", "expires_in": lifetimes.access / 1_000,
    });
    if let (Some(refresh), Some(fields)) = (pair.refresh, body.as_object_mut()) {
        fields.insert("refresh_token".to_owned(), refresh.into());
    }
    Ok(body)
}

fn owned((id, secret): (&str, &str)) -> (String, String) {
    (id.to_owned(), secret.to_owned())
}

pub(super) fn lifetimes(ways: &Ways<'_>) -> Lifetimes {
    let millis = |switch| ways.number(switch).saturating_mul(1_000);
    Lifetimes {
        code: millis(&switches::OAUTH_CODE_SECONDS),
        access: millis(&switches::OAUTH_ACCESS_SECONDS),
        refresh: millis(&switches::OAUTH_REFRESH_SECONDS),
    }
}

fn refreshing(ways: &Ways<'_>) -> Refreshing {
    match ways.choice(&switches::OAUTH_REFRESH) {
        "stays" => Refreshing::Stays,
        "none" => Refreshing::Never,
        _ => Refreshing::Rotates,
    }
}

/// How long the tenant's own token lives, in seconds: the documented sample value (`gainsight.md` 2.2).
const MACHINE_SECONDS: i64 = 86_400;

/// `POST /v1/users/m2m/oauth/token`: Basic auth; the form may be missing altogether (`gainsight.md` 2.2).
pub(crate) async fn machine_token(visit: Visit, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::read(&body);
    if !matches!(form.get("grant_type"), None | Some("client_credentials")) {
        return Refusal::GrantType.into_response();
    }
    let Some(tenant) = visit.tenant() else { return Refusal::Client.into_response() };
    if let Err(refusal) = is_client(basic(&headers), &tenant.machine_client()) {
        return refusal.into_response();
    }
    let access = secret(&*visit.cloud.shared.ids);
    tenant.state().grants.issue_machine(access.clone(), visit.now().saturating_add(MACHINE_SECONDS * 1_000));
    let body = json!({ "access_token": access, "token_type": "Bearer", "expires_in": MACHINE_SECONDS });
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Client id and secret of an `Authorization: Basic` header.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    decoded.split_once(':').map(owned)
}

fn is_client(shown: Option<(String, String)>, registered: &(String, String)) -> Result<(), Refusal> {
    let (id, secret) = shown.ok_or(Refusal::Client)?;
    let matches = id.as_bytes().ct_eq(registered.0.as_bytes()) & secret.as_bytes().ct_eq(registered.1.as_bytes());
    if bool::from(matches) { Ok(()) } else { Err(Refusal::Client) }
}
