use super::*;

const START: Timestamp = Timestamp::from_millis(1_780_000_000_000);
const ONCE: Reuse = Reuse { tolerance: Duration::ZERO, ends_grant: false };
const CALLBACK: &str = "http://app.test/callback";

fn mint() -> impl FnMut(&str) -> (String, String) {
    let mut count = 0;
    move |user| {
        count += 1;
        (format!("access-{user}-{count}"), format!("refresh-{user}-{count}"))
    }
}

fn consent(user: &str) -> Consent {
    Consent {
        user: user.to_owned(),
        redirect_uri: CALLBACK.to_owned(),
        scopes: Scopes::from(["user:read:user".to_owned()]),
        challenge: None,
    }
}

fn granted(grants: &mut Grants, user: &str, mint: &mut dyn FnMut(&str) -> (String, String)) -> Pair {
    grants.issue_code("code".to_owned(), consent(user), START);
    grants.exchange("code", Some(CALLBACK), None, START, mint).unwrap()
}

#[test]
fn a_code_is_good_once_for_five_minutes_and_one_address() {
    let cases = [
        ("code", Some(CALLBACK), 0, Ok(())),
        ("code", Some(CALLBACK), 299, Ok(())),
        ("code", Some(CALLBACK), 300, Err(Refused::CodeExpired)),
        ("other", Some(CALLBACK), 0, Err(Refused::CodeInvalid)),
        ("code", Some("http://app.test/callback/"), 0, Err(Refused::RedirectMismatch)),
        ("code", None, 0, Err(Refused::CodeInvalid)),
    ];
    for (code, redirect_uri, seconds, expected) in cases {
        let mut grants = Grants::default();
        grants.issue_code("code".to_owned(), consent("ana"), START);
        let now = START.after(Duration::from_secs(seconds));
        let outcome = grants.exchange(code, redirect_uri, None, now, &mut mint()).map(|_| ());
        assert_eq!(outcome, expected, "{code} {redirect_uri:?} {seconds}");
    }
    let mut grants = Grants::default();
    let mut mint = mint();
    granted(&mut grants, "ana", &mut mint);
    let again = grants.exchange("code", Some(CALLBACK), None, START, &mut mint);
    assert_eq!(again.unwrap_err(), Refused::CodeInvalid);
}

#[test]
fn a_promised_verifier_must_come() {
    for (verifier, taken) in [(Some("right"), true), (Some("wrong"), false), (None, false)] {
        let mut grants = Grants::default();
        let challenge = Some(Challenge::Plain("right".to_owned()));
        grants.issue_code("code".to_owned(), Consent { challenge, ..consent("ana") }, START);
        let outcome = grants.exchange("code", Some(CALLBACK), verifier, START, &mut mint());
        assert_eq!(outcome.is_ok(), taken, "{verifier:?}");
    }
}

#[test]
fn a_refresh_token_is_good_once() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let first = granted(&mut grants, "ana", &mut mint);
    let second = grants.refresh(&first.refresh, ONCE, START, &mut mint).unwrap();
    assert_eq!(grants.refresh(&first.refresh, ONCE, START, &mut mint).unwrap_err(), Refused::RefreshReused);
    assert!(grants.refresh(&second.refresh, ONCE, START, &mut mint).is_ok(), "the grant lives on");
    assert!(grants.bearer(&first.access, START).is_ok(), "access tokens live out their hour");
}

#[test]
fn within_the_tolerance_the_second_use_gets_the_answer_of_the_first() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let reuse = Reuse { tolerance: Duration::from_secs(10), ends_grant: true };
    let first = granted(&mut grants, "ana", &mut mint);
    let second = grants.refresh(&first.refresh, reuse, START, &mut mint).unwrap();
    let at = |seconds| START.after(Duration::from_secs(seconds));
    let again = grants.refresh(&first.refresh, reuse, at(9), &mut mint).unwrap();
    assert_eq!((again.access, again.refresh), (second.access.clone(), second.refresh.clone()));
    assert_eq!(grants.refresh(&first.refresh, reuse, at(10), &mut mint).unwrap_err(), Refused::RefreshReused);
    assert_eq!(grants.refresh(&second.refresh, reuse, at(10), &mut mint).unwrap_err(), Refused::Revoked);
}

#[test]
fn a_second_authorisation_ends_the_tokens_of_the_first() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let first = granted(&mut grants, "ana", &mut mint);
    let other = granted(&mut grants, "ben", &mut mint);
    let second = granted(&mut grants, "ana", &mut mint);
    assert_eq!(grants.bearer(&first.access, START).unwrap_err(), NotTaken::Revoked);
    assert_eq!(grants.refresh(&first.refresh, ONCE, START, &mut mint).unwrap_err(), Refused::Revoked);
    assert!(grants.bearer(&second.access, START).is_ok() && grants.bearer(&other.access, START).is_ok());
}

#[test]
fn an_access_token_holds_an_hour_and_a_refresh_token_ninety_days() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let pair = granted(&mut grants, "ana", &mut mint);
    let at = |seconds| START.after(Duration::from_secs(seconds));
    assert!(grants.bearer(&pair.access, at(3_598)).is_ok());
    assert_eq!(grants.bearer(&pair.access, at(3_599)).unwrap_err(), NotTaken::Expired);
    assert_eq!(grants.bearer("forged", START).unwrap_err(), NotTaken::Unknown);
    let late = at(90 * 24 * 3_600);
    assert_eq!(grants.refresh(&pair.refresh, ONCE, late, &mut mint).unwrap_err(), Refused::RefreshUnknown);
}

#[test]
fn revoking_kills_both_tokens_and_leaves_the_app() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let pair = granted(&mut grants, "ana", &mut mint);
    assert!(grants.revoke(&pair.access));
    assert!(!grants.revoke(&pair.access) && !grants.revoke("forged"));
    assert_eq!(grants.bearer(&pair.access, START).unwrap_err(), NotTaken::Revoked);
    assert_eq!(grants.refresh(&pair.refresh, ONCE, START, &mut mint).unwrap_err(), Refused::Revoked);
    assert!(grants.has_app("ana"));
}

#[test]
fn removing_the_app_takes_everything_with_it() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let pair = granted(&mut grants, "ana", &mut mint);
    grants.issue_code("pending".to_owned(), consent("ana"), START);
    assert!(grants.remove_app("ana") && !grants.has_app("ana") && !grants.remove_app("ana"));
    assert_eq!(grants.bearer(&pair.access, START).unwrap_err(), NotTaken::Revoked);
    let pending = grants.exchange("pending", Some(CALLBACK), None, START, &mut mint);
    assert_eq!(pending.unwrap_err(), Refused::CodeInvalid);
}

#[test]
fn tokens_of_one_person_expire_alone() {
    let mut grants = Grants::default();
    let mut mint = mint();
    let ana = granted(&mut grants, "ana", &mut mint);
    let ben = granted(&mut grants, "ben", &mut mint);
    grants.expire(Some("ana"), START);
    assert_eq!(grants.bearer(&ana.access, START).unwrap_err(), NotTaken::Expired);
    assert!(grants.bearer(&ben.access, START).is_ok());
    grants.expire(None, START);
    assert_eq!(grants.bearer(&ben.access, START).unwrap_err(), NotTaken::Expired);
}
