//! App contexts (`zoom.md` 4.4, 5), opened by the test's own hands.

use std::time::Duration;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::town::{NORTHWIND, NOW, Town, cites};

/// The parts of a context: nonce, additional data, ciphertext with tag (`zoom.md` 5.2).
fn parts(bytes: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (length, rest) = bytes.split_first().unwrap();
    let (nonce, rest) = rest.split_at(usize::from(*length));
    let (length, rest) = rest.split_at(2);
    let (additional, rest) = rest.split_at(usize::from(u16::from_le_bytes(length.try_into().unwrap())));
    let (length, rest) = rest.split_at(4);
    let length = usize::try_from(i32::from_le_bytes(length.try_into().unwrap())).unwrap();
    assert_eq!(rest.len(), length + 16, "the tag is the rest");
    (nonce.to_vec(), additional.to_vec(), rest.to_vec())
}

pub(crate) fn open(context: &str, secret: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(context).unwrap();
    let (nonce, additional, sealed) = parts(&bytes);
    let cipher = Aes256Gcm::new_from_slice(&Sha256::digest(secret.as_bytes())).unwrap();
    let nonce = Nonce::from(<[u8; 12]>::try_from(nonce).unwrap());
    let plain = cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &additional }).ok()?;
    Some(serde_json::from_slice(&plain).unwrap())
}

async fn mint(town: &Town, wish: Value) -> Value {
    let minted = town.control("context", wish).await;
    open(minted["context"].as_str().unwrap(), &town.registration.client_secret).unwrap()
}

#[tokio::test]
async fn a_context_is_laid_out_and_locked_as_documented() {
    cites("zm-context-layout");
    cites("zm-context-key");
    let town = Town::with_app().await;
    let minted = town.control("context", json!({ "user": "maya-lindqvist", "additional": "ctx" })).await;
    let context = minted["context"].as_str().unwrap();
    let (nonce, additional, _) = parts(&URL_SAFE_NO_PAD.decode(context).unwrap());
    assert_eq!((nonce.len(), additional.as_slice()), (12, b"ctx".as_slice()));
    assert_eq!(open(context, &town.registration.client_secret), Some(minted["claims"].clone()));
    assert_eq!(open(context, "another secret"), None);
}

#[tokio::test]
async fn a_context_may_come_in_any_base64() {
    cites("zm-context-spelling");
    let town = Town::with_app().await;
    let decoded = async |spelling: &str| {
        town.switch("zoom.context_spelling", spelling).await;
        let minted = town.control("context", json!({ "user": "maya-lindqvist" })).await;
        minted["context"].as_str().unwrap().to_owned()
    };
    assert!(URL_SAFE_NO_PAD.decode(decoded("url").await).is_ok());
    assert!(URL_SAFE.decode(decoded("url_padded").await).is_ok());
    assert!(STANDARD.decode(decoded("standard").await).is_ok());
}

#[tokio::test]
async fn times_are_milliseconds_and_two_minutes_apart() {
    cites("zm-context-millis");
    cites("zm-context-life");
    let town = Town::with_app().await;
    let claims = mint(&town, json!({ "user": "maya-lindqvist" })).await;
    assert_eq!(claims["ts"], NOW.as_millis());
    let life = claims["exp"].as_i64().unwrap() - NOW.as_millis();
    assert!((115_000..=120_000).contains(&life), "{life}");
    town.switch("zoom.context_life_millis", 1_000).await;
    let claims = mint(&town, json!({ "user": "maya-lindqvist" })).await;
    assert_eq!(claims["exp"], NOW.as_millis() + 1_000);
}

#[tokio::test]
async fn a_context_names_issuer_app_and_type() {
    cites("zm-context-issuer");
    cites("zm-context-type");
    let town = Town::with_app().await;
    let inside = mint(&town, json!({ "user": "maya-lindqvist", "meeting": NORTHWIND })).await;
    assert_eq!((&inside["iss"], &inside["aud"]), (&json!("marketplace.zoom.us"), &json!("sidelight-demo-client")));
    assert_eq!((&inside["typ"], &inside["uid"]), (&json!("meeting"), &json!("u-maya-lindqvist")));
    assert!(inside["mid"].is_string());
    let outside = mint(&town, json!({ "user": "maya-lindqvist" })).await;
    assert_eq!((&outside["typ"], outside.get("mid"), outside.get("attendrole")), (&json!("panel"), None, None));
}

#[tokio::test]
async fn roles_are_spelt_in_the_contexts_own_way() {
    cites("zm-context-role");
    let town = Town::with_app().await;
    town.step("role", json!({ "person": "tom-okafor", "role": "co_host" })).await;
    for (person, role) in [("maya-lindqvist", "host"), ("tom-okafor", "co-host"), ("ana-ruiz", "participant")] {
        let claims = mint(&town, json!({ "user": person, "meeting": NORTHWIND })).await;
        assert_eq!(claims["attendrole"], role, "{person}");
    }
}

#[tokio::test]
async fn a_guest_is_not_named() {
    cites("zm-guest-no-uid");
    cites("zm-host-uid");
    let town = Town::with_app().await;
    for person in ["sam", "ana-ruiz", "tom-okafor"] {
        let claims = mint(&town, json!({ "user": person, "meeting": NORTHWIND })).await;
        assert_eq!(claims.get("uid"), None, "{person} has not added the app");
    }
    let host = json!({ "user": "maya-lindqvist", "meeting": NORTHWIND });
    assert_eq!(mint(&town, host.clone()).await["uid"], "u-maya-lindqvist");
    town.switch("zoom.host_context_uid", "absent").await;
    assert_eq!(mint(&town, host).await.get("uid"), None);
}

#[tokio::test]
async fn the_ladder_leads_from_guest_to_user() {
    cites("zm-ladder");
    let town = Town::start().await;
    let standing = async || town.get("/_control/people/sam").await.json()["standing"].clone();
    assert_eq!(standing().await, "unauthenticated");
    assert_eq!(town.try_control("people/sam/add-app", json!({})).await.status(), 404, "not before signing in");
    town.control("people/sam/sign-in", json!({})).await;
    assert_eq!(standing().await, "authenticated");
    town.control("people/sam/add-app", json!({})).await;
    assert_eq!(standing().await, "authorized");
    let claims = mint(&town, json!({ "user": "sam", "meeting": NORTHWIND })).await;
    assert_eq!(claims["uid"], "x-sam");
}

#[tokio::test]
async fn an_invitation_is_named_for_five_minutes() {
    cites("zm-context-invitation");
    let town = Town::with_app().await;
    let sent = town.step("invite", json!({ "by": "maya-lindqvist" })).await;
    assert_eq!(sent["invited"], 8);
    town.control("people/sam/opening", json!({ "invitation": sent["invitation"] })).await;
    let wish = json!({ "user": "sam", "meeting": NORTHWIND });
    assert_eq!(mint(&town, wish.clone()).await["iid"], sent["invitation"]);
    town.clock.advance(Duration::from_mins(5));
    assert_eq!(mint(&town, wish).await.get("iid"), None);
}

#[tokio::test]
async fn crooked_contexts_can_be_asked_for() {
    let town = Town::with_app().await;
    let claims =
        mint(&town, json!({ "user": "maya-lindqvist", "claims": { "uid": null, "typ": "chat", "x": 1 } })).await;
    assert_eq!((claims.get("uid"), &claims["typ"], &claims["x"]), (None, &json!("chat"), &json!(1)));
    let stale = mint(&town, json!({ "issued_at": 1_000, "expires_in_ms": -1, "aud": "other" })).await;
    assert_eq!((&stale["ts"], &stale["exp"], &stale["aud"]), (&json!(1_000), &json!(999), &json!("other")));
    let forged = town.control("context", json!({ "secret": "another secret" })).await;
    assert_eq!(open(forged["context"].as_str().unwrap(), &town.registration.client_secret), None);
    assert_eq!(town.try_control("context", json!({ "user": "nobody" })).await.status(), 404);
    assert_eq!(town.try_control("context", json!({ "usr": "maya" })).await.status(), 400, "a misspelt wish is refused");
}
