//! Somebody who signs in at Salesforce, and the application that sent him there.

use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::support::*;

pub(crate) const CLIENT: &str = "sidelight-connected-app";
pub(crate) const SECRET: &str = "sidelight-connected-app-demo-secret";
pub(crate) const BACK: &str = "http://localhost:8080/salesforce/callback";
pub(crate) const VERIFIER: &str = "a-verifier-that-is-at-least-forty-three-characters-long";
/// SHA-256 of it, in base64 for addresses.
pub(crate) const CHALLENGE: &str = "fHqnnK8JVGn9Act2vp52KGPBGNKHlxFsjRMgelmsfzI";
pub(crate) const OLIVIA: &str = "olivia.grant@crm.kestrelpay.example";

/// One of Salesforce's hosts.
pub(crate) fn host<'a>(sandbox: &'a Sandbox, name: &str) -> Tenant<'a> {
    sandbox.at(&format!("http://{name}:{}", sandbox.addresses.salesforce.port()))
}

/// The host where everybody logs in.
pub(crate) fn login(sandbox: &Sandbox) -> Tenant<'_> {
    host(sandbox, "login.salesforce.localhost")
}

/// The address that an application sends a person to.
pub(crate) fn authorize(scope: &str, extra: &str) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs([("response_type", "code"), ("client_id", CLIENT), ("redirect_uri", BACK)]);
    query.extend_pairs([("state", "st"), ("scope", scope)]);
    format!("/services/oauth2/authorize?{}{extra}", query.finish())
}

/// Fills in the login page.
pub(crate) async fn fill(at: &Tenant<'_>, page: &Reply, username: &str, password: &str, decision: &str) -> Reply {
    let ask = hidden(&page.text(), "ask");
    let fields = [("ask", &*ask), ("username", username), ("password", password), ("decision", decision)];
    at.form("/services/oauth2/authorize/login", &fields).await
}

/// Logs in, and comes back with a code.
pub(crate) async fn code(at: &Tenant<'_>, username: &str, scope: &str, extra: &str) -> String {
    let page = at.get(&authorize(scope, extra)).await;
    code_in(&fill(at, &page, username, "demo", "allow").await)
}

/// Exchanges a code; `extra` is added to the form.
pub(crate) async fn redeem(at: &Tenant<'_>, code: &str, extra: &[(&str, &str)]) -> Reply {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ];
    form.extend_from_slice(extra);
    at.form("/services/oauth2/token", &form).await
}

/// Logs in all the way to the token answer.
pub(crate) async fn tokens(at: &Tenant<'_>, username: &str, scope: &str, extra: &str) -> Value {
    let code = code(at, username, scope, extra).await;
    redeem(at, &code, &[]).await.json()
}

/// Who the holder of a token answer is.
pub(crate) async fn userinfo(at: &Tenant<'_>, tokens: &Value) -> Reply {
    at.clone().with_token(tokens["access_token"].as_str().unwrap()).get("/services/oauth2/userinfo").await
}

/// `error` of a refusal.
pub(crate) fn error(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert!(body["error_description"].is_string(), "{body}");
    (reply.status.as_u16(), body["error"].as_str().unwrap().to_owned())
}
