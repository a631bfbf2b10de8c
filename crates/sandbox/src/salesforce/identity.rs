//! Who somebody is, and where everything can be found.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, StatusCode};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value, json};

use crate::world::Organisation;
use crate::world::salesforce::SalesforceUser;

use super::grants::Held;
use super::signing::published;
use super::token::lay_over;
use super::{Door, Salesforce, refusal, switches};

/// `/services/oauth2/userinfo`.
pub(super) async fn userinfo(State(salesforce): State<Arc<Salesforce>>, _: Door, headers: HeaderMap) -> Response {
    tell(&salesforce, &headers, |_, _| true)
}

/// The identity URL of a token answer, for the holder of that token.
pub(super) async fn identity(
    State(salesforce): State<Arc<Salesforce>>,
    _: Door,
    headers: HeaderMap,
    Path((organisation, user)): Path<(String, String)>,
) -> Response {
    tell(&salesforce, &headers, |held, of| of.id == organisation && held.user == user)
}

fn tell(salesforce: &Salesforce, headers: &HeaderMap, is_meant: impl Fn(&Held, &Organisation) -> bool) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let now = salesforce.now();
    let held = token.and_then(|token| salesforce.state().held(token, now).cloned());
    let found = held.as_ref().and_then(|held| Some((held, salesforce.user(&held.user)?)));
    match found {
        Some((held, (organisation, user))) if is_meant(held, organisation) => {
            let mut fields = facts(salesforce, held, organisation, user);
            lay_over(&mut fields, &salesforce.state().crooked.userinfo);
            ([(CACHE_CONTROL, "no-store")], Json(Value::Object(fields))).into_response()
        }
        _ => refusal(StatusCode::FORBIDDEN, "invalid_token", "the access token is invalid or expired"),
    }
}

/// What `userinfo` tells; an address and a name only where they were asked for.
fn facts(
    salesforce: &Salesforce,
    held: &Held,
    organisation: &Organisation,
    user: &SalesforceUser,
) -> Map<String, Value> {
    let is_short = salesforce.is(&switches::ID_FORM, "15");
    let told = |id: &str| id.get(..if is_short { 15 } else { 18 }).unwrap_or(id).to_owned();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("sub", salesforce.identity_url(organisation, user).into());
    put("user_id", told(&user.id).into());
    put("organization_id", told(organisation.id).into());
    put("active", user.is_active.into());
    if held.scopes.contains("profile") || held.scopes.contains("id") {
        put("preferred_username", user.username.as_str().into());
        put("name", user.name.as_str().into());
        put("zoneinfo", user.timezone.into());
        put("locale", "en_US".into());
    }
    if held.scopes.contains("email") || held.scopes.contains("id") {
        put("email", user.email.as_str().into());
        put("email_verified", user.email_is_verified.into());
    }
    fields
}

/// `/.well-known/openid-configuration`.
pub(super) async fn discovery(State(salesforce): State<Arc<Salesforce>>, door: Door) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", door.origin);
    let algorithm = salesforce.shared.control.switches.choice(&switches::ID_TOKEN_ALGORITHM, super::REALM);
    Json(json!({
        "issuer": door.origin,
        "authorization_endpoint": at("/services/oauth2/authorize"),
        "token_endpoint": at("/services/oauth2/token"),
        "revocation_endpoint": at("/services/oauth2/revoke"),
        "userinfo_endpoint": at("/services/oauth2/userinfo"),
        "jwks_uri": at("/id/keys"),
        "scopes_supported": ["openid", "id", "profile", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [algorithm],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

/// The keys that id tokens are signed with.
pub(super) async fn keys(_: Door) -> Json<JwkSet> {
    Json(published())
}
