//! What is granted, for how long, and how it is taken back.

use super::*;

const LIFE: Lifetimes = Lifetimes { code: 10, access: 100, refresh: 1_000 };
const CALLBACK: &str = "https://app.example/callback";

fn request(challenge: Option<Challenge>) -> Request {
    Request { redirect_uri: Url::parse(CALLBACK).unwrap(), state: None, challenge }
}

fn user(name: &str) -> Arc<str> {
    Arc::from(name)
}

/// Grants in which `maya` exchanged a code for the tokens `a1` and `r1`.
fn signed_in() -> Grants {
    let mut grants = Grants::default();
    grants.issue_code("c1".to_owned(), user("maya"), &request(None), 10);
    let who = grants.exchange("c1", CALLBACK, None, 0).unwrap();
    grants.issue(who, &Pair { access: "a1".to_owned(), refresh: Some("r1".to_owned()) }, LIFE, 0);
    grants
}

fn fresh(number: u8) -> (String, String) {
    (format!("a{number}"), format!("r{number}"))
}

#[test]
fn an_access_token_names_its_user_until_it_expires() {
    let grants = signed_in();
    assert_eq!(grants.who("a1", 99), Some(Who::User(user("maya"))));
    assert_eq!(grants.who("a1", 100), None);
    assert_eq!(grants.who("r1", 0), None, "a refresh token opens nothing");
}

#[test]
fn a_code_is_refused_when_anything_about_it_is_wrong() {
    let cases = [
        ("unknown", CALLBACK, 0, "an unknown code"),
        ("c1", "https://app.example/callback/", 0, "another address"),
        ("c1", CALLBACK, 10, "too late"),
    ];
    for (code, redirect, now, why) in cases {
        let mut grants = Grants::default();
        grants.issue_code("c1".to_owned(), user("maya"), &request(None), 10);
        assert_eq!(grants.exchange(code, redirect, None, now), Err(InvalidGrant), "{why}");
    }
}

#[test]
fn a_challenge_is_met_plain_or_hashed() {
    // RFC 7636, appendix B.
    let hashed = Challenge { text: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(), is_hashed: true };
    let plain = Challenge { text: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(), is_hashed: false };
    for challenge in [hashed, plain] {
        let exchange = |verifier: Option<&str>| {
            let mut grants = Grants::default();
            grants.issue_code("c1".to_owned(), user("maya"), &request(Some(challenge.clone())), 10);
            grants.exchange("c1", CALLBACK, verifier, 0).is_ok()
        };
        assert!(exchange(Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
        assert!(!exchange(Some("guess")) && !exchange(None));
    }
}

#[test]
fn using_a_code_twice_takes_back_its_tokens_and_no_others() {
    let mut grants = signed_in();
    grants.issue_code("c2".to_owned(), user("maya"), &request(None), 10);
    let who = grants.exchange("c2", CALLBACK, None, 0).unwrap();
    grants.issue(who, &Pair { access: "a2".to_owned(), refresh: None }, LIFE, 0);
    assert_eq!(grants.exchange("c1", CALLBACK, None, 0), Err(InvalidGrant));
    assert_eq!(grants.who("a1", 0), None);
    assert!(grants.refresh("r1", fresh(3), Refreshing::Stays, LIFE, 0).is_err());
    assert!(grants.who("a2", 0).is_some());
}

#[test]
fn a_refreshed_pair_belongs_to_the_same_sign_in() {
    let mut grants = signed_in();
    let pair = grants.refresh("r1", fresh(2), Refreshing::Rotates, LIFE, 50).unwrap();
    assert_eq!((pair.access.as_str(), pair.refresh.as_deref()), ("a2", Some("r2")));
    assert!(grants.who("a1", 50).is_some(), "the old access token lives out its time");
    assert_eq!(grants.exchange("c1", CALLBACK, None, 0), Err(InvalidGrant));
    assert_eq!(grants.who("a2", 50), None, "taken back with the rest of the family");
}

#[test]
fn a_refresh_token_expires() {
    let mut grants = signed_in();
    assert!(grants.refresh("r1", fresh(2), Refreshing::Stays, LIFE, 999).is_ok());
    // Used at 999, it lives on from there.
    assert!(grants.refresh("r1", fresh(3), Refreshing::Stays, LIFE, 1_998).is_ok());
    assert!(grants.refresh("r1", fresh(4), Refreshing::Stays, LIFE, 2_998).is_err());
}

#[test]
fn revoking_hits_one_user_or_everybody() {
    let mut grants = signed_in();
    grants.issue_code("c2".to_owned(), user("tom"), &request(None), 10);
    let who = grants.exchange("c2", CALLBACK, None, 0).unwrap();
    grants.issue(who, &Pair { access: "a2".to_owned(), refresh: None }, LIFE, 0);
    grants.issue_machine("m1".to_owned(), 100);
    grants.sign_in("cookie".to_owned(), user("maya"));
    grants.consent(user("maya"));
    assert_eq!(grants.revoke(Some("maya")), 2);
    assert!(grants.who("a1", 0).is_none() && grants.session("cookie").is_none() && !grants.has_consented("maya"));
    assert!(grants.who("a2", 0).is_some() && grants.who("m1", 0).is_some());
    assert_eq!(grants.revoke(None), 2);
    assert!(grants.who("a2", 0).is_none() && grants.who("m1", 0).is_none());
}
