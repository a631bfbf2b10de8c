//! The token endpoint (`zoom.md` 4.1 to 4.3).

use std::time::Duration;

use sidelight_outbound::{Method, Request, header};

use crate::town::{Town, cites};

#[tokio::test]
async fn the_answer_has_everything_that_is_documented() {
    cites("zm-token-shape");
    let town = Town::start().await;
    let code = town.code_for("maya-lindqvist", "").await;
    let tokens = town.exchange(&code, &[]).await.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"bearer".into(), &3_599.into()));
    assert_eq!(tokens["api_url"], town.zoom.as_str());
    for name in ["access_token", "refresh_token"] {
        assert_eq!(tokens[name].as_str().unwrap().split('.').count(), 3, "{name} looks like a JWT");
    }
    assert!(tokens["scope"].as_str().unwrap().contains("zoomapp:inmeeting"));
}

#[tokio::test]
async fn a_code_is_good_once() {
    cites("zm-code-once");
    cites("zm-token-error-body");
    let town = Town::start().await;
    let code = town.code_for("maya-lindqvist", "").await;
    assert_eq!(town.exchange(&code, &[]).await.status(), 200);
    let again = town.exchange(&code, &[]).await;
    assert_eq!(again.oauth_refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(again.json()["reason"], format!("Invalid authorization code {code}"));
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    cites("zm-code-five-minutes");
    let town = Town::start().await;
    for (seconds, status) in [(299, 200), (300, 400)] {
        let code = town.code_for("maya-lindqvist", "").await;
        town.clock.advance(Duration::from_secs(seconds));
        assert_eq!(town.exchange(&code, &[]).await.status(), status, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_bad_code_has_one_of_two_names() {
    cites("zm-bad-code-error");
    let town = Town::start().await;
    assert_eq!(town.exchange("forged", &[]).await.oauth_refusal().1, "invalid_grant");
    town.switch("zoom.bad_code_error", "invalid_request").await;
    assert_eq!(town.exchange("forged", &[]).await.oauth_refusal().1, "invalid_request");
}

#[tokio::test]
async fn an_incomplete_exchange_is_an_invalid_grant() {
    cites("zm-exchange-incomplete");
    let town = Town::start().await;
    let code = town.code_for("maya-lindqvist", "&code_challenge=v").await;
    let redirect = town.registration.redirect_url.to_string();
    let base = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let incomplete: [&[(&str, &str)]; 3] = [
        &[("code_verifier", "v")],
        &[("redirect_uri", &redirect)],
        &[("redirect_uri", &redirect), ("code_verifier", "w")],
    ];
    for more in incomplete {
        let reply = town.token(&[&base[..], more].concat()).await;
        assert_eq!(reply.oauth_refusal(), (400, "invalid_grant".to_owned()), "{more:?}");
    }
    let other = [&base[..], &[("redirect_uri", "http://localhost/other"), ("code_verifier", "v")]].concat();
    assert_eq!(town.token(&other).await.json()["reason"], "Redirect URI mismatch");
}

#[tokio::test]
async fn a_challenge_is_plain_unless_it_says_otherwise() {
    cites("zm-pkce-default-plain");
    cites("zm-pkce-s256");
    let town = Town::start().await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let digest = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let cases = [
        (format!("&code_challenge={verifier}"), 200),
        (format!("&code_challenge={verifier}&code_challenge_method=plain"), 200),
        (format!("&code_challenge={digest}&code_challenge_method=S256"), 200),
        (format!("&code_challenge={digest}"), 400),
        (format!("&code_challenge={verifier}&code_challenge_method=S256"), 400),
    ];
    for (more, status) in cases {
        let code = town.code_for("maya-lindqvist", &more).await;
        let reply = town.exchange(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(reply.status(), status, "{more}");
    }
}

#[tokio::test]
async fn the_client_proves_who_it_is() {
    cites("zm-token-basic-auth");
    let town = Town::start().await;
    let request = || Request::new(Method::POST, town.url("/oauth/token")).form(&[("grant_type", "refresh_token")]);
    assert_eq!(town.send(request()).await.oauth_refusal(), (401, "invalid_client".to_owned()));
    let wrong = "Basic c2lkZWxpZ2h0LWRlbW8tY2xpZW50Ondyb25n".parse().unwrap();
    let refused = town.send(request().header(header::AUTHORIZATION, wrong)).await;
    assert_eq!(refused.oauth_refusal(), (401, "invalid_client".to_owned()));
    let unknown = town.token(&[("grant_type", "password")]).await;
    assert_eq!(unknown.oauth_refusal(), (400, "unsupported_grant_type".to_owned()));
}

#[tokio::test]
async fn parameters_may_stand_in_the_query() {
    cites("zm-token-query-or-body");
    let town = Town::start().await;
    let code = town.code_for("maya-lindqvist", "").await;
    let mut url = town.url("/oauth/token");
    url.query_pairs_mut()
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", &code)
        .append_pair("redirect_uri", town.registration.redirect_url.as_str());
    let request = Request::new(Method::POST, url).form(&[]).header(header::AUTHORIZATION, town.basic());
    assert_eq!(town.send(request).await.status(), 200);
}

fn refresh(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

#[tokio::test]
async fn each_refresh_replaces_the_token() {
    cites("zm-refresh-rotates");
    cites("zm-refresh-reuse");
    let town = Town::start().await;
    let (_, first) = town.tokens_for("maya-lindqvist").await;
    let second = town.token(&refresh(&first)).await.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(town.token(&refresh(&first)).await.oauth_refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(town.token(&refresh(&second)).await.status(), 200, "by default the grant lives on");
    town.switch("zoom.refresh_reuse", "ends_grant").await;
    let (access, first) = town.tokens_for("maya-lindqvist").await;
    let second = town.token(&refresh(&first)).await.json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(town.token(&refresh(&first)).await.status(), 400);
    assert_eq!(town.token(&refresh(&second)).await.status(), 400, "by switch it ends");
    assert_eq!(town.read(&access, "/v2/users/me").await.refusal(), (401, 4_741));
}

#[tokio::test]
async fn a_tolerance_can_be_set() {
    cites("zm-refresh-tolerance");
    let town = Town::start().await;
    town.switch("zoom.refresh_tolerance_seconds", 10).await;
    let (_, first) = town.tokens_for("maya-lindqvist").await;
    let second = town.token(&refresh(&first)).await.json();
    assert_eq!(town.token(&refresh(&first)).await.json(), second, "the loser of a race gets the winner's answer");
    town.clock.advance(Duration::from_secs(10));
    assert_eq!(town.token(&refresh(&first)).await.status(), 400);
}

#[tokio::test]
async fn tokens_age() {
    cites("zm-access-hour");
    cites("zm-refresh-ninety-days");
    let town = Town::start().await;
    let (access, first) = town.tokens_for("maya-lindqvist").await;
    town.clock.advance(Duration::from_secs(3_598));
    assert_eq!(town.read(&access, "/v2/users/me").await.status(), 200);
    town.clock.advance(Duration::from_secs(1));
    assert_eq!(town.read(&access, "/v2/users/me").await.refusal(), (401, 124));
    town.clock.advance(Duration::from_hours(89 * 24));
    let second = town.token(&refresh(&first)).await.json()["refresh_token"].as_str().unwrap().to_owned();
    town.clock.advance(Duration::from_hours(90 * 24));
    assert_eq!(town.token(&refresh(&second)).await.status(), 400);
}

#[tokio::test]
async fn the_last_authorisation_wins() {
    cites("zm-last-grant-wins");
    let town = Town::start().await;
    let (first, old_refresh) = town.tokens_for("maya-lindqvist").await;
    let second = town.access_for("maya-lindqvist").await;
    assert_eq!(town.read(&first, "/v2/users/me").await.refusal(), (401, 4_741));
    assert_eq!(town.token(&refresh(&old_refresh)).await.status(), 400);
    assert_eq!(town.read(&second, "/v2/users/me").await.status(), 200);
}

#[tokio::test]
async fn revoking_one_token_kills_both() {
    cites("zm-revoke-both");
    let town = Town::start().await;
    let (access, refresh_token) = town.tokens_for("maya-lindqvist").await;
    let revoked = town.oauth("revoke", &[("token", &access)]).await;
    assert_eq!(revoked.json(), serde_json::json!({ "status": "success" }));
    assert_eq!(town.read(&access, "/v2/users/me").await.status(), 401);
    assert_eq!(town.token(&refresh(&refresh_token)).await.status(), 400);
    assert_eq!(town.oauth("revoke", &[("token", "forged")]).await.status(), 400);
    assert_eq!(town.oauth("revoke", &[]).await.status(), 400);
}

#[tokio::test]
async fn tokens_can_be_ended_from_outside() {
    let town = Town::start().await;
    let maya = town.access_for("maya-lindqvist").await;
    let tom = town.access_for("tom-okafor").await;
    town.control("zoom-tokens/expire", serde_json::json!({ "person": "maya-lindqvist" })).await;
    assert_eq!(town.read(&maya, "/v2/users/me").await.refusal().1, 124);
    assert_eq!(town.read(&tom, "/v2/users/me").await.status(), 200);
    town.control("zoom-tokens/revoke", serde_json::json!({})).await;
    assert_eq!(town.read(&tom, "/v2/users/me").await.refusal().1, 4_741);
}

#[tokio::test]
async fn the_deletion_of_data_is_confirmed_by_the_app_only() {
    cites("zm-compliance");
    let town = Town::start().await;
    assert_eq!(town.oauth("data/compliance", &[]).await.status(), 200);
    let stranger = Request::new(Method::POST, town.url("/oauth/data/compliance")).form(&[]);
    assert_eq!(town.send(stranger).await.status(), 401);
}
