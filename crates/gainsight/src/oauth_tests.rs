use super::*;
use crate::Credential;
use crate::stub::{answering, answering_in_turn, base, failing, gate, html, impatient_gate, json, never, ok, requests};
use serde_json::json as value;
use sidelight_domain::Licence;
use wiremock::ResponseTemplate;

fn application(pkce: bool) -> Application {
    Application {
        client_id: "lumen-sidelight".to_owned(),
        client_secret: "s3cret".into(),
        pkce,
        redirect: Url::parse("https://app.example/gainsight/callback").unwrap(),
    }
}

async fn refreshed(answer: ResponseTemplate) -> Result<Tokens, Error> {
    let server = answering(answer).await;
    let base = base(&server);
    Gainsight::new(gate(&base)).refresh(&base, &application(false), &"rt0".into()).await
}

/// Asks who the token belongs to, and counts the calls.
async fn asked(answers: Vec<ResponseTemplate>) -> (Result<Option<User>, Error>, usize) {
    let server = answering_in_turn(answers).await;
    let (base, credential) = (base(&server), Credential::User("t".into()));
    let user = Gainsight::new(gate(&base)).current_user(&Access::new(&base, &credential)).await;
    let sent = requests(&server).await;
    assert_eq!((sent[0].method.as_str(), sent[0].url.path()), ("GET", "/v1/users/me"));
    (user, sent.len())
}

#[test]
fn the_browser_is_sent_with_state() {
    let base = Url::parse("https://lumen.us1.gainsight.example/").unwrap();
    let plain = "https://lumen.us1.gainsight.example/v1/authorize?response_type=code&client_id=lumen-sidelight\
        &redirect_uri=https%3A%2F%2Fapp.example%2Fgainsight%2Fcallback&state=abc";
    let challenged = format!("{plain}&code_challenge=chal&code_challenge_method=S256");
    assert_eq!(authorize_url(&base, &application(true), "abc", Some("chal")).as_str(), challenged);
    assert_eq!(authorize_url(&base, &application(true), "abc", None).as_str(), plain);
    assert_eq!(authorize_url(&base, &application(false), "abc", Some("chal")).as_str(), plain);
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let answer = value!({"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "rt"});
    let server = answering(json(200, &answer)).await;
    let base = base(&server);
    let gainsight = Gainsight::new(gate(&base));
    for pkce in [true, false] {
        let tokens =
            gainsight.exchange_code(&base, &application(pkce), &"c0de".into(), Some(&"ver".into())).await.unwrap();
        assert_eq!(tokens.access.expose_secret(), "at");
        assert_eq!(tokens.refresh.unwrap().expose_secret(), "rt");
        assert_eq!(tokens.expires_in, Some(Duration::from_hours(1)));
    }
    let sent = requests(&server).await;
    assert_eq!((sent[0].url.path(), sent[0].url.query()), ("/v1/users/oauth/token", None));
    assert_eq!(sent[0].headers["authorization"], "Basic bHVtZW4tc2lkZWxpZ2h0OnMzY3JldA==");
    let plain = "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fapp.example%2Fgainsight%2Fcallback";
    assert_eq!(std::str::from_utf8(&sent[0].body).unwrap(), format!("{plain}&code_verifier=ver"));
    assert_eq!(std::str::from_utf8(&sent[1].body).unwrap(), plain, "no verifier where there was no challenge");
}

#[tokio::test]
async fn a_tenant_may_want_the_secret_in_the_body() {
    let refused = || json(401, &value!({"error": "invalid_client"}));
    let server = answering_in_turn([refused(), json(200, &value!({"access_token": "at"})), refused(), refused()]).await;
    let base = base(&server);
    let gainsight = Gainsight::new(gate(&base));
    let tokens = gainsight.refresh(&base, &application(false), &"rt0".into()).await.unwrap();
    assert_eq!(tokens.access.expose_secret(), "at");
    let sent = requests(&server).await;
    assert!(!sent[1].headers.contains_key("authorization"), "never both at once");
    let body = "grant_type=refresh_token&refresh_token=rt0&client_id=lumen-sidelight&client_secret=s3cret";
    assert_eq!(std::str::from_utf8(&sent[1].body).unwrap(), body);
    let wrong = gainsight.refresh(&base, &application(false), &"rt0".into()).await;
    assert!(matches!(wrong, Err(Error::ClientRefused(_))) && requests(&server).await.len() == 4);
}

#[tokio::test]
async fn lifetimes_and_refresh_tokens_may_be_missing() {
    let tokens = refreshed(json(200, &value!({"access_token": "at"}))).await.unwrap();
    assert!(tokens.refresh.is_none() && tokens.expires_in.is_none());
    let wrapped = ok(&value!({"access_token": "at", "expires_in": "60"}));
    assert_eq!(refreshed(wrapped).await.unwrap().expires_in, Some(Duration::from_mins(1)));
}

#[tokio::test]
async fn a_machine_gets_its_token_by_its_own_path() {
    let answer = value!({"access_token": "at", "token_type": "Bearer", "expires_in": 86_400});
    let server = answering(json(200, &answer)).await;
    let base = base(&server);
    let tokens = Gainsight::new(gate(&base)).machine_token(&base, "m2m", &"s".into()).await.unwrap();
    assert_eq!(tokens.expires_in, Some(Duration::from_hours(24)));
    let sent = &requests(&server).await[0];
    assert_eq!(
        (sent.url.path(), sent.body.as_slice()),
        ("/v1/users/m2m/oauth/token", b"grant_type=client_credentials".as_slice())
    );
    assert_eq!(sent.headers["authorization"], "Basic bTJtOnM=");
}

#[tokio::test]
async fn every_refusal_of_a_token_is_told_apart() {
    type Check = fn(&Error) -> bool;
    let standard =
        |status: u16, error: &str| json(status, &value!({"error": error, "error_description": "Ana's grant"}));
    let cases: [(ResponseTemplate, Check); 12] = [
        (standard(400, "invalid_grant"), |error| matches!(error, Error::GrantRefused(_))),
        (standard(401, "invalid_client"), |error| matches!(error, Error::ClientRefused(_))),
        (standard(400, "unauthorized_client"), |error| matches!(error, Error::ClientRefused(_))),
        (standard(400, "invalid_scope"), |error| matches!(error, Error::Invalid { .. })),
        (failing(401, "GS_APIG_2401", "x"), |error| matches!(error, Error::ClientRefused(_))),
        (
            failing(429, "GU_2400", "x").insert_header("retry-after", "7"),
            |error| matches!(error, Error::Busy { retry_after: Some(wait), .. } if *wait == Duration::from_secs(7)),
        ),
        (failing(500, "GU_1101", "x"), |error| matches!(error, Error::Unavailable(_))),
        (html(503), |error| matches!(error, Error::Unavailable(_))),
        (html(200), |error| matches!(error, Error::Unreadable(_))),
        (html(302), |error| matches!(error, Error::Unreadable(_))),
        (json(200, &value!({"token_type": "Bearer"})), |error| matches!(error, Error::Unreadable(_))),
        (ResponseTemplate::new(200).set_body_string(r#"{"access_token":"a"#), |error| {
            matches!(error, Error::Unreadable(_))
        }),
    ];
    for (number, (answer, is_expected)) in cases.into_iter().enumerate() {
        let error = refreshed(answer).await.unwrap_err();
        assert!(is_expected(&error), "case {number}: {error:?}");
        assert!(!format!("{error:?}").contains("Ana"), "{error:?}");
        assert_eq!(error.needs_sign_in(), matches!(error, Error::GrantRefused(_)), "case {number}");
    }
}

#[tokio::test]
async fn no_answer_may_have_spent_the_refresh_token() {
    let server = answering(never()).await;
    let base = base(&server);
    let silence = Gainsight::new(impatient_gate(&base)).refresh(&base, &application(false), &"rt0".into()).await;
    let error = silence.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)) && error.may_have_been_applied() && !error.needs_sign_in());
}

#[tokio::test]
async fn a_tenant_that_offers_it_says_who_is_signed_in() {
    let me = value!({"gsid": "1P01", "name": "Maya Lindqvist", "email": "maya@lumen.example", "LicenseType": "Viewer",
        "isActiveUser": true});
    let (user, calls) = asked(vec![ok(&me)]).await;
    let user = user.unwrap().unwrap();
    assert_eq!((user.id.as_str(), user.licence, user.is_active, calls), ("1P01", Some(Licence::Viewer), true, 1));
}

#[tokio::test]
async fn a_missing_path_is_no_user_and_no_further_call() {
    for answer in [failing(404, "", "x"), html(404), failing(400, "GSOBJ_1023", "x"), ok(&value!({"theme": "dark"}))] {
        let (user, calls) = asked(vec![answer]).await;
        assert_eq!((user.unwrap(), calls), (None, 1));
    }
}

#[tokio::test]
async fn a_refusal_is_checked_against_the_token_itself() {
    let refusals = || [failing(401, "GS_APIG_2401", "x"), failing(403, "", "x"), html(200), html(302)];
    for refusal in refusals() {
        let (user, calls) = asked(vec![refusal, ok(&value!([{"Gsid": "1P01"}]))]).await;
        assert_eq!((user.unwrap(), calls), (None, 2), "the token works elsewhere");
    }
    for refusal in refusals() {
        let (user, calls) = asked(vec![refusal, failing(401, "GS_APIG_2401", "x")]).await;
        assert!(matches!(user, Err(Error::Unauthorized(_))) && calls == 2, "the token is good for nothing");
    }
    let (user, calls) = asked(vec![failing(429, "GU_2400", "x")]).await;
    assert!(matches!(user, Err(Error::Busy { .. })) && calls == 1);
}

#[tokio::test]
async fn no_secret_shows_in_debug_output() {
    let tokens = refreshed(json(200, &value!({"access_token": "at-1", "refresh_token": "rt-1"}))).await.unwrap();
    let shown = format!("{:?} {tokens:?} {:?}", application(true), Credential::AccessKey("key-1".into()));
    for secret in ["s3cret", "at-1", "rt-1", "key-1"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
