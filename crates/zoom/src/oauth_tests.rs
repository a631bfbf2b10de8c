use super::*;
use crate::stub::{answering, base, gate, html, impatient_gate, json, never, requests};
use serde_json::json as value;
use wiremock::ResponseTemplate;

fn app() -> App {
    App { client_id: ZoomClientId::new("cid0001"), client_secret: "s3cret+/=".into() }
}

fn granted() -> Value {
    value!({"access_token": "at", "token_type": "bearer", "refresh_token": "rt", "expires_in": 3599,
        "scope": "user:read:user zoomapp:inmeeting", "api_url": "https://api-eu.zoom.example"})
}

async fn refreshed(answer: ResponseTemplate) -> Result<Tokens, Error> {
    let server = answering(answer).await;
    Oauth::new(gate(&base(&server)), base(&server)).refresh(&app(), &"rt0".into()).await
}

async fn exchanged(answer: ResponseTemplate) -> Result<Tokens, Error> {
    let server = answering(answer).await;
    let oauth = Oauth::new(gate(&base(&server)), base(&server));
    oauth.exchange_code(&app(), &"code".into(), "https://app.example/zoom/callback", None).await
}

#[tokio::test]
async fn the_browser_is_sent_with_state_and_challenge() {
    let base = Url::parse("https://zoom.example").unwrap();
    let redirect = Url::parse("https://app.example/zoom/callback").unwrap();
    let oauth = |path: &str| Oauth::new(gate(&base), base.join(path).unwrap());
    let expected = "https://zoom.example/oauth/authorize?response_type=code&client_id=cid0001\
        &redirect_uri=https%3A%2F%2Fapp.example%2Fzoom%2Fcallback&state=abc";
    for path in ["", "/", "/oauth", "/oauth/"] {
        assert_eq!(oauth(path).authorize_url(&app(), &redirect, "abc", None).as_str(), expected, "{path:?}");
    }
    let challenged = oauth("").authorize_url(&app(), &redirect, "abc", Some("chal"));
    assert_eq!(challenged.as_str(), format!("{expected}&code_challenge=chal&code_challenge_method=S256"));
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let server = answering(json(200, &granted())).await;
    let oauth = Oauth::new(gate(&base(&server)), base(&server).join("/oauth/").unwrap());
    let redirect = "https://app.example/panel#here";
    let tokens = oauth.exchange_code(&app(), &"c0de".into(), redirect, Some(&"ver".into())).await.unwrap();
    assert_eq!((tokens.access.expose_secret(), tokens.refresh.expose_secret()), ("at", "rt"));
    assert_eq!(tokens.expires_in, Duration::from_secs(3599));
    assert_eq!(tokens.scopes, ["user:read:user", "zoomapp:inmeeting"]);
    assert_eq!(tokens.api_url, Url::parse("https://api-eu.zoom.example").ok());

    let sent = &requests(&server).await[0];
    assert_eq!(sent.url.path(), "/oauth/token");
    assert_eq!(sent.url.query(), None, "a code never stands in an address");
    assert_eq!(sent.headers["authorization"], "Basic Y2lkMDAwMTpzM2NyZXQrLz0=");
    let body = std::str::from_utf8(&sent.body).unwrap();
    assert_eq!(
        body,
        "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fapp.example%2Fpanel%23here&code_verifier=ver"
    );
}

#[tokio::test]
async fn a_refresh_token_becomes_a_new_pair() {
    let server = answering(json(200, &value!({"access_token": "at", "refresh_token": "rt1"}))).await;
    let tokens = Oauth::new(gate(&base(&server)), base(&server)).refresh(&app(), &"rt0".into()).await.unwrap();
    assert_eq!(tokens.refresh.expose_secret(), "rt1");
    assert_eq!((tokens.expires_in, tokens.scopes.len()), (Duration::from_hours(1), 0));
    assert_eq!(requests(&server).await[0].body, b"grant_type=refresh_token&refresh_token=rt0");
}

#[tokio::test]
async fn a_refused_code_and_a_spent_grant_are_told_apart() {
    for error in ["invalid_grant", "invalid_request"] {
        let refused = || json(400, &value!({"reason": "Invalid authorization code c0de", "error": error}));
        assert!(matches!(exchanged(refused()).await, Err(Error::CodeRefused(_))), "{error}");
        assert!(matches!(refreshed(refused()).await, Err(Error::GrantGone(_))), "{error}");
    }
}

#[tokio::test]
async fn every_documented_number_has_its_reaction() {
    type Check = fn(&Error) -> bool;
    let cases: [(i64, Check); 14] = [
        (4702, |error| matches!(error, Error::ClientRefused(_))),
        (4704, |error| matches!(error, Error::ClientRefused(_))),
        (4706, |error| matches!(error, Error::ClientRefused(_))),
        (4700, |error| matches!(error, Error::Invalid(_))),
        (4705, |error| matches!(error, Error::Invalid(_))),
        (4709, |error| matches!(error, Error::RedirectRefused(_))),
        (4711, |error| matches!(error, Error::GrantGone(_))),
        (4717, |error| matches!(error, Error::AppDisabled(_))),
        (4733, |error| matches!(error, Error::CodeRefused(_))),
        (4735, |error| matches!(error, Error::UserGone(_))),
        (4737, |error| matches!(error, Error::GrantGone(_))),
        (4738, |error| matches!(error, Error::GrantGone(_))),
        (4740, |error| matches!(error, Error::GrantGone(_))),
        (4741, |error| matches!(error, Error::GrantGone(_))),
    ];
    for (number, is_expected) in cases {
        for body in [value!({"code": number}), value!({"errorCode": number.to_string()})] {
            let error = refreshed(json(401, &body)).await.unwrap_err();
            assert!(is_expected(&error), "{body}: {error:?}");
            assert_eq!(error.refusal().unwrap().number, Some(number));
        }
    }
    let unknown = refreshed(json(400, &value!({"error": "unsupported_grant_type"}))).await.unwrap_err();
    assert!(matches!(unknown, Error::Invalid(_)) && !unknown.needs_authorisation());
    let client = exchanged(json(401, &value!({"error": "invalid_client"}))).await.unwrap_err();
    assert!(matches!(client, Error::ClientRefused(_)) && !client.is_transient());
}

#[tokio::test]
async fn no_answer_may_have_spent_the_refresh_token() {
    let server = answering(never()).await;
    let silent = Oauth::new(impatient_gate(&base(&server)), base(&server));
    let error = silent.refresh(&app(), &"rt0".into()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)) && error.may_have_been_applied() && error.is_transient());
    let nobody = Url::parse("http://127.0.0.1:1").unwrap();
    let error = Oauth::new(gate(&nobody), nobody).refresh(&app(), &"rt0".into()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)) && !error.may_have_been_applied() && error.is_transient());
}

#[tokio::test]
async fn what_is_no_json_is_unreadable_or_unavailable() {
    for (answer, is_unavailable) in [
        (html(502), true),
        (json(503, &value!({})), true),
        (html(200), false),
        (html(400), false),
        (html(302), false),
        (ResponseTemplate::new(200).set_body_string(r#"{"access_token":"at","#), false),
        (json(200, &value!({"access_token": "at"})), false),
        (json(200, &value!([])), false),
    ] {
        let error = refreshed(answer).await.unwrap_err();
        let expected = if is_unavailable { "Zoom is unavailable" } else { "Zoom's answer is unreadable" };
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_dead_token_counts_as_revoked() {
    let revoked = async |answer: ResponseTemplate| {
        let server = answering(answer).await;
        let done = Oauth::new(gate(&base(&server)), base(&server)).revoke(&app(), &"at".into()).await;
        (done, requests(&server).await.remove(0))
    };
    let (done, sent) = revoked(json(200, &value!({"status": "success"}))).await;
    assert!(done.is_ok());
    assert_eq!((sent.url.path(), sent.body.as_slice()), ("/oauth/revoke", b"token=at".as_slice()));
    let (done, _) = revoked(json(400, &value!({"error": "invalid_token"}))).await;
    assert!(done.is_ok());
    let (done, _) = revoked(json(500, &value!({}))).await;
    assert!(matches!(done, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn no_secret_shows_in_debug_output_or_errors() {
    let error = exchanged(json(400, &value!({"reason": "Invalid authorization code c0de", "error": "invalid_grant"})));
    let shown =
        format!("{:?} {:?} {:?}", app(), refreshed(json(200, &granted())).await.unwrap(), error.await.unwrap_err());
    for secret in ["s3cret", "\"at\"", "\"rt\"", "c0de"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
