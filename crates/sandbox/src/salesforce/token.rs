//! The token endpoint and revocation.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::world::Organisation;
use crate::world::salesforce::SalesforceUser;

use super::grants::{Invalid, Request};
use super::signing::{id_token, signature};
use super::{Door, Salesforce, refusal, switches};

struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// `POST /services/oauth2/token`: a code for an access token.
pub(super) async fn token(
    State(salesforce): State<Arc<Salesforce>>,
    _: Door,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form(form_urlencoded::parse(&body).into_owned().collect());
    match grant(&salesforce, &headers, &form) {
        Ok(body) => ([(CACHE_CONTROL, "no-store")], Json(body)).into_response(),
        Err((status, error, text)) => refusal(status, error, text),
    }
}

type Refusal = (StatusCode, &'static str, &'static str);

fn bad(error: &'static str, text: &'static str) -> Refusal {
    (StatusCode::BAD_REQUEST, error, text)
}

fn grant(salesforce: &Salesforce, headers: &HeaderMap, form: &Form) -> Result<Value, Refusal> {
    is_client(salesforce, headers, form)?;
    if form.get("grant_type") != Some("authorization_code") {
        return Err(bad("unsupported_grant_type", "grant type not supported"));
    }
    let (code, redirect_uri) = form
        .get("code")
        .zip(form.get("redirect_uri"))
        .ok_or_else(|| bad("invalid_request", "missing required parameter"))?;
    let now = salesforce.now();
    let exchanged = salesforce.state().exchange(code, redirect_uri, form.get("code_verifier"), now);
    let (user, request) = exchanged.map_err(|invalid| match invalid {
        Invalid::Code => bad("invalid_grant", "invalid authorization code"),
        Invalid::Expired => bad("invalid_grant", "expired authorization code"),
        Invalid::Verifier => bad("invalid_grant", "invalid code verifier"),
    })?;
    let found = salesforce.user(&user).filter(|(_, user)| user.is_active);
    let (organisation, user) = found.ok_or_else(|| bad("inactive_user", "user is inactive"))?;
    let access = format!("{}!{}", &organisation.id[..15], salesforce.secret());
    let lifetime = salesforce.number(&switches::ACCESS_SECONDS).saturating_mul(1_000);
    let scopes = request.scopes.clone();
    salesforce.state().issue(access.clone(), user.id.clone(), scopes, now.saturating_add(lifetime));
    Ok(answer(salesforce, (organisation, user), &request, access))
}

/// The token answer; the id token when `openid` was asked.
fn answer(
    salesforce: &Salesforce,
    (organisation, user): (&Organisation, &SalesforceUser),
    request: &Request,
    access: String,
) -> Value {
    let app = &salesforce.shared.app;
    let crooked = salesforce.state().crooked.clone();
    let identity_url = salesforce.identity_url(organisation, user);
    let issued_at = salesforce.now().to_string();
    let scopes: Vec<_> = request.scopes.iter().map(String::as_str).collect();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("access_token", access.into());
    put("instance_url", salesforce.instance_url(organisation).into());
    put("id", identity_url.as_str().into());
    put("signature", signature(&identity_url, &issued_at, &app.salesforce_client_secret).into());
    put("issued_at", issued_at.into());
    put("token_type", "Bearer".into());
    put("scope", scopes.join(" ").into());
    if request.scopes.contains("openid") {
        let shared_secret = salesforce.is(&switches::ID_TOKEN_ALGORITHM, "HS256");
        let secret = shared_secret.then_some(app.salesforce_client_secret.as_str());
        let mut claims = claims(salesforce, &identity_url, request);
        lay_over(&mut claims, &crooked.claims);
        put("id_token", id_token(&claims, secret).into());
    }
    lay_over(&mut fields, &crooked.token);
    Value::Object(fields)
}

fn claims(salesforce: &Salesforce, identity_url: &str, request: &Request) -> Map<String, Value> {
    /// How long an id token may be believed, in seconds.
    const LIFE: i64 = 120;
    let now = salesforce.now() / 1_000;
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", request.issuer.as_str().into());
    put("sub", identity_url.into());
    put("aud", salesforce.shared.app.salesforce_client_id.as_str().into());
    put("iat", now.into());
    put("exp", now.saturating_add(LIFE).into());
    if let Some(nonce) = &request.nonce {
        put("nonce", nonce.as_str().into());
    }
    claims
}

/// Lays fields over others; null takes one away.
pub(super) fn lay_over(fields: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (name, value) in over {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
}

/// Client id and secret, in the form or in the header.
fn is_client(salesforce: &Salesforce, headers: &HeaderMap, form: &Form) -> Result<(), Refusal> {
    let in_form = || Some((form.get("client_id")?.to_owned(), form.get("client_secret")?.to_owned()));
    let invalid = bad("invalid_client", "invalid client credentials");
    let (id, secret) = basic(headers).or_else(in_form).ok_or(invalid)?;
    let app = &salesforce.shared.app;
    let is_known = id.as_bytes().ct_eq(app.salesforce_client_id.as_bytes())
        & secret.as_bytes().ct_eq(app.salesforce_client_secret.as_bytes());
    if bool::from(is_known) { Ok(()) } else { Err(invalid) }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// `POST /services/oauth2/revoke`.
pub(super) async fn revoke(State(salesforce): State<Arc<Salesforce>>, _: Door, body: Bytes) -> Response {
    let form = Form(form_urlencoded::parse(&body).into_owned().collect());
    let token = form.get("token").unwrap_or_default();
    if salesforce.state().revoke(token) {
        return StatusCode::OK.into_response();
    }
    (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_token", "error_description": "invalid token" })))
        .into_response()
}
