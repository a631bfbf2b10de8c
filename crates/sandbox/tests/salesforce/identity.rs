//! Who somebody is, discovery, revocation.

use std::time::Duration;

use serde_json::json;

use super::visitor::*;
use crate::support::*;

#[tokio::test]
async fn user_info_tells_who_it_is_as_far_as_was_asked() {
    cites("sf-userinfo");
    cites("sf-scopes");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let answer = tokens(&at, OLIVIA, "openid id profile email", "").await;
    let told = userinfo(&at, &answer).await.json();
    assert_eq!(
        (&told["preferred_username"], &told["name"], &told["email"], &told["email_verified"]),
        (&json!(OLIVIA), &json!("Olivia Grant"), &json!("olivia.grant@kestrelpay.example"), &json!(true))
    );
    assert_eq!(
        (&told["zoneinfo"], &told["locale"], &told["active"]),
        (&json!("America/New_York"), &json!("en_US"), &json!(true))
    );
    let path = format!("/id/{}/{}", told["organization_id"].as_str().unwrap(), told["user_id"].as_str().unwrap());
    assert!(answer["id"].as_str().unwrap().ends_with(&path));
    let holder = at.clone().with_token(answer["access_token"].as_str().unwrap());
    assert_eq!(holder.get(&path).await.json(), told);
    assert_eq!(error(&holder.get("/id/00D000000000000AAA/005000000000000AAA").await).0, 403);

    let narrow = userinfo(&at, &tokens(&at, OLIVIA, "openid", "").await).await.json();
    assert_eq!((narrow.get("email"), narrow.get("name"), &narrow["user_id"]), (None, None, &told["user_id"]));
}

#[tokio::test]
async fn ids_are_told_in_either_form() {
    cites("sf-id-forms");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let answer = tokens(&at, OLIVIA, "id", "").await;
    let long = userinfo(&at, &answer).await.json();
    sandbox.switch("salesforce.id_form", "15").await;
    let short = userinfo(&at, &answer).await.json();
    for name in ["user_id", "organization_id"] {
        let (long, short) = (long[name].as_str().unwrap(), short[name].as_str().unwrap());
        assert_eq!((long.len(), short.len(), &long[..15]), (18, 15, short));
    }
}

#[tokio::test]
async fn discovery_leads_to_everything_under_the_host_that_was_asked() {
    cites("sf-discovery");
    cites("sf-paths");
    let sandbox = Sandbox::start().await;
    for name in ["login.salesforce.localhost", "kestrelpay.my.salesforce.localhost", "localhost"] {
        let at = host(&sandbox, name);
        let told = at.get("/.well-known/openid-configuration").await.json();
        assert_eq!(told["issuer"], json!(at.base));
        for (what, path) in [
            ("authorization_endpoint", "/services/oauth2/authorize"),
            ("token_endpoint", "/services/oauth2/token"),
            ("revocation_endpoint", "/services/oauth2/revoke"),
            ("userinfo_endpoint", "/services/oauth2/userinfo"),
            ("jwks_uri", "/id/keys"),
        ] {
            assert_eq!(told[what], json!(format!("{}{path}", at.base)), "{name}");
        }
        assert_eq!(told["id_token_signing_alg_values_supported"], json!(["RS256"]));
    }
}

#[tokio::test]
async fn a_token_ends_by_time_or_when_it_is_taken_back() {
    cites("sf-access-lifetime");
    cites("sf-paths");
    cites("sf-error-body");
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let answer = tokens(&at, OLIVIA, "id", "").await;
    assert_eq!(answer.get("expires_in"), None);
    assert_eq!(userinfo(&at, &answer).await.status, 200);
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(at.form("/services/oauth2/revoke", &[("token", token)]).await.status, 200);
    assert_eq!(error(&userinfo(&at, &answer).await), (403, "invalid_token".to_owned()));
    assert_eq!(error(&at.form("/services/oauth2/revoke", &[("token", token)]).await).0, 400);

    sandbox.switch("salesforce.access_seconds", 60).await;
    let answer = tokens(&at, OLIVIA, "id", "").await;
    sandbox.clock.advance(Duration::from_mins(1));
    assert_eq!(userinfo(&at, &answer).await.status, 403);
    assert_eq!(at.get("/services/oauth2/userinfo").await.status, 403, "and nobody gets in without one");
}

#[tokio::test]
async fn faults_counters_and_a_reset_hold_for_salesforce_too() {
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let control = host(&sandbox, "localhost");
    let plan = json!({ "match": { "tenant": "salesforce" }, "fault": { "kind": "status", "status": 503 }, "times": 1 });
    control.post("/_control/faults", plan).await;
    assert_eq!(error(&at.get("/id/keys").await), (503, "server_error".to_owned()));
    let answer = tokens(&at, OLIVIA, "id", "").await;
    let calls = control.get("/_control/calls").await.json();
    assert_eq!(calls["salesforce"]["POST /services/oauth2/token"]["count"], 1);
    control.post("/_control/reset", json!({})).await;
    assert_eq!(userinfo(&at, &answer).await.status, 403, "tokens are gone");
    assert_eq!(control.get("/_control/switches").await.status, 200);
    assert_eq!(sandbox.look("salesforce").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn answers_can_be_told_wrongly_until_they_are_told_truly_again() {
    let sandbox = Sandbox::start().await;
    let at = login(&sandbox);
    let crooked = json!({
        "token": { "issued_at": "1", "token_type": null },
        "claims": { "aud": "somebody-else" },
        "userinfo": { "active": false },
    });
    sandbox.control("salesforce/answers", crooked).await;
    let answer = tokens(&at, OLIVIA, "openid id", "").await;
    assert_eq!((&answer["issued_at"], answer.get("token_type")), (&json!("1"), None));
    let claims: serde_json::Value =
        jsonwebtoken::dangerous::insecure_decode(answer["id_token"].as_str().unwrap()).unwrap().claims;
    assert_eq!(claims["aud"], "somebody-else");
    assert_eq!(userinfo(&at, &answer).await.json()["active"], false);
    sandbox.control("salesforce/answers", json!({})).await;
    assert_eq!(tokens(&at, OLIVIA, "id", "").await["token_type"], "Bearer");
}
