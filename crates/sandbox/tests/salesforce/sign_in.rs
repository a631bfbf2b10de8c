//! The login page, codes and the token answer.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::visitor::*;
use crate::support::*;

#[tokio::test]
async fn a_person_logs_in_and_the_application_learns_who_it_is() {
    cites("sf-code-flow");
    cites("sf-paths");
    cites("sf-token-answer");
    cites("sf-identity-url");
    cites("sf-issued-at");
    cites("sf-signature");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let page = at.get(&authorize("openid id", "")).await;
    assert!(page.text().contains("Olivia Grant, Kestrel Pay") && page.text().contains("demo"), "{}", page.text());
    assert_eq!(fill(&at, &page, OLIVIA, "guess", "allow").await.status, 401);
    assert_eq!(fill(&at, &page, "nobody@kestrelpay.example", "demo", "allow").await.status, 401);
    let back = fill(&at, &page, " Olivia.Grant@crm.kestrelpay.example ", "demo", "allow").await;
    let target = Url::parse(back.header("location").unwrap()).unwrap();
    assert!(target.as_str().starts_with(BACK) && target.query().unwrap().contains("state=st"), "{target}");
    let code = code_in(&back);
    let reply = redeem(&at, &code, &[]).await;
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let tokens = reply.json();
    let text = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("{name} in {tokens}")).to_owned();
    assert_eq!((text("token_type"), text("issued_at")), ("Bearer".to_owned(), NOW.as_millis().to_string()));
    assert!(text("instance_url").starts_with("http://kestrelpay.my.salesforce.localhost:"));
    let id = Url::parse(&text("id")).unwrap();
    let parts: Vec<_> = id.path_segments().unwrap().collect();
    assert_eq!((id.host_str(), parts[0], parts.len()), (Some("login.salesforce.localhost"), "id", 3));
    assert!(parts[1].len() == 18 && parts[1].starts_with("00D") && parts[2].len() == 18 && parts[2].starts_with("005"));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}{}", text("issued_at")).as_bytes());
    mac.verify_slice(&STANDARD.decode(text("signature")).unwrap()).unwrap();
    assert!(!text("access_token").is_empty());

    let again = redeem(&at, &code, &[]).await;
    assert_eq!(error(&again), (400, "invalid_grant".to_owned()), "a code is good once");
    let closed = fill(&at, &page, OLIVIA, "demo", "allow").await;
    assert_eq!(closed.status, 400, "and so is the page");
}

#[tokio::test]
async fn a_person_may_say_no() {
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let page = at.get(&authorize("id", "")).await;
    let back = fill(&at, &page, "", "", "deny").await;
    let target = back.header("location").unwrap();
    assert!(target.starts_with(BACK) && target.contains("error=access_denied") && target.contains("state=st"));
    assert_eq!(fill(&at, &page, OLIVIA, "demo", "allow").await.status, 400);
}

#[tokio::test]
async fn a_code_lives_as_long_as_the_switch_says() {
    cites("sf-code-lifetime");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    for (seconds, lives) in [(900, true), (5, false)] {
        sandbox.switch("salesforce.code_seconds", seconds).await;
        let code = code(&at, OLIVIA, "id", "").await;
        sandbox.clock.advance(Duration::from_secs(6));
        assert_eq!(redeem(&at, &code, &[]).await.status == 200, lives, "{seconds}");
    }
}

#[tokio::test]
async fn a_code_challenge_is_honoured_and_may_be_required() {
    cites("sf-pkce");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let challenge = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    for (verifier, expected) in [(Some(VERIFIER), 200), (Some("another"), 400), (None, 400)] {
        let code = code(&at, OLIVIA, "id", &challenge).await;
        let shown: Vec<_> = verifier.iter().map(|verifier| ("code_verifier", *verifier)).collect();
        assert_eq!(redeem(&at, &code, &shown).await.status, expected, "{verifier:?}");
    }
    let plain = at.get(&authorize("id", "&code_challenge=x&code_challenge_method=plain")).await;
    assert!(plain.header("location").unwrap().contains("error=invalid_request"));
    assert_eq!(at.get(&authorize("id", "")).await.status, 200);
    sandbox.switch("salesforce.pkce", "required").await;
    let without = at.get(&authorize("id", "")).await;
    assert!(without.header("location").unwrap().contains("error=invalid_request"));
    assert_eq!(at.get(&authorize("id", &challenge)).await.status, 200);
}

#[tokio::test]
async fn only_the_connected_app_gets_codes_and_tokens() {
    cites("sf-client");
    cites("sf-scopes");
    cites("sf-error-body");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    for path in [
        authorize("id", "").replace(CLIENT, "other"),
        authorize("id", "").replace("salesforce%2Fcallback", "elsewhere"),
    ] {
        let reply = at.get(&path).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (400, None), "{path}");
    }
    for (path, expected) in [
        (authorize("id full", ""), "invalid_scope"),
        (authorize("id", "").replace("type=code", "type=token"), "unsupported_response_type"),
    ] {
        let reply = at.get(&path).await;
        assert!(reply.header("location").unwrap().contains(&format!("error={expected}")), "{path}");
    }
    let code = code(&at, OLIVIA, "id", "").await;
    let ask = |id: &'static str, secret: &'static str, redirect: &'static str, kind: &'static str| {
        [
            ("grant_type", kind),
            ("code", &*code),
            ("redirect_uri", redirect),
            ("client_id", id),
            ("client_secret", secret),
        ]
    };
    for (form, expected) in [
        (ask(CLIENT, "guess", BACK, "authorization_code"), (400, "invalid_client")),
        (ask("other", SECRET, BACK, "authorization_code"), (400, "invalid_client")),
        (ask(CLIENT, SECRET, BACK, "password"), (400, "unsupported_grant_type")),
        (ask(CLIENT, SECRET, "http://localhost:8080/elsewhere", "authorization_code"), (400, "invalid_grant")),
        (ask(CLIENT, SECRET, BACK, "authorization_code"), (400, "invalid_grant")),
    ] {
        let reply = at.form("/services/oauth2/token", &form).await;
        assert_eq!(error(&reply), (expected.0, expected.1.to_owned()), "{form:?}");
    }
    assert_eq!(error(&at.form("/services/oauth2/token", &[]).await).1, "invalid_client");
}

/// Checks an id token as a client would.
fn claims(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Value, jsonwebtoken::errors::Error> {
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[CLIENT]);
    // The sandbox's clock stands still.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, key, &validation).map(|data| data.claims)
}

#[tokio::test]
async fn an_id_token_comes_when_it_was_asked_for_and_is_signed_either_way() {
    cites("sf-id-token");
    cites("sf-id-token-algorithm");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    assert_eq!(tokens(&at, OLIVIA, "id", "").await.get("id_token"), None);

    let answer = tokens(&at, OLIVIA, "openid", "&nonce=once").await;
    let keys: JwkSet = serde_json::from_value(at.get("/id/keys").await.json()).unwrap();
    let header = jsonwebtoken::decode_header(answer["id_token"].as_str().unwrap()).unwrap();
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
    let told = claims(answer["id_token"].as_str().unwrap(), &key, Algorithm::RS256).unwrap();
    let issuer = format!("http://login.salesforce.localhost:{}", sandbox.addresses.salesforce.port());
    assert_eq!((&told["iss"], &told["nonce"], &told["sub"]), (&json!(issuer), &json!("once"), &answer["id"]));
    let seconds = NOW.as_millis() / 1_000;
    assert_eq!((&told["iat"], &told["exp"]), (&json!(seconds), &json!(seconds + 120)));

    sandbox.switch("salesforce.id_token_algorithm", "HS256").await;
    let answer = tokens(&at, OLIVIA, "openid", "").await;
    let shared = DecodingKey::from_secret(SECRET.as_bytes());
    let told = claims(answer["id_token"].as_str().unwrap(), &shared, Algorithm::HS256).unwrap();
    assert_eq!((&told["sub"], told.get("nonce")), (&answer["id"], None));
}
