//! What we ask of Zoom.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid};
use sidelight_outbound::Pkce;
use sidelight_zoom::Error;

use crate::world::World;

const MAYA: &str = "maya-lindqvist";
/// Northwind Traders: weekly sync.
const NUMBER: &str = "812 3456 7890";

#[tokio::test]
async fn an_install_brings_tokens_that_say_whose_they_are() {
    let world = World::start().await;
    let tokens = world.install(MAYA).await;
    assert!(tokens.scopes.iter().any(|scope| scope == "zoomapp:inmeeting"), "{:?}", tokens.scopes);
    assert!(tokens.expires_in <= Duration::from_hours(1) && tokens.api_url.is_some());
    let me = world.rest.me(&tokens.access).await.unwrap();
    assert_eq!((me.name.as_str(), me.is_verified), ("Maya Lindqvist", true));
    assert_eq!(me.account.map(|account| account.to_string()).as_deref(), Some("acc-lumen"));
}

#[tokio::test]
async fn a_code_is_good_once_and_with_its_own_verifier_and_address() {
    let world = World::start().await;
    let pair = Pkce::s256([7; 32]);
    let redirect = world.redirect.as_str();
    for error in ["invalid_grant", "invalid_request"] {
        world.play("zoom.bad_code_error", error).await;
        let code = world.code(MAYA, Some(&pair.challenge)).await;
        for (redirect, verifier) in
            [(redirect, None), (redirect, Some("wrong")), ("http://elsewhere.example/", Some(""))]
        {
            let verifier = verifier.map(|verifier| verifier.to_owned().into());
            let refused = world.oauth.exchange_code(&world.app, &code, redirect, verifier.as_ref()).await;
            assert!(matches!(refused, Err(Error::CodeRefused(_) | Error::RedirectRefused(_))), "{refused:?}");
        }
        let code = world.code(MAYA, Some(&pair.challenge)).await;
        world.oauth.exchange_code(&world.app, &code, redirect, Some(&pair.verifier)).await.unwrap();
        let again = world.oauth.exchange_code(&world.app, &code, redirect, Some(&pair.verifier)).await;
        assert!(matches!(again, Err(Error::CodeRefused(_))), "{again:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_is_spent_by_its_first_use() {
    let world = World::start().await;
    let first = world.install(MAYA).await;
    let second = world.oauth.refresh(&world.app, &first.refresh).await.unwrap();
    assert_ne!(first.refresh.expose_secret(), second.refresh.expose_secret());
    let again = world.oauth.refresh(&world.app, &first.refresh).await;
    assert!(matches!(&again, Err(error @ Error::GrantGone(_)) if error.needs_authorisation()), "{again:?}");
    world.rest.me(&second.access).await.unwrap();
}

#[tokio::test]
async fn a_revoked_grant_is_over_and_may_be_revoked_again() {
    let world = World::start().await;
    let tokens = world.install(MAYA).await;
    world.oauth.revoke(&world.app, &tokens.access).await.unwrap();
    assert!(world.rest.me(&tokens.access).await.is_err());
    let refresh = world.oauth.refresh(&world.app, &tokens.refresh).await;
    assert!(matches!(refresh, Err(Error::GrantGone(_))), "{refresh:?}");
    world.oauth.revoke(&world.app, &tokens.access).await.unwrap();
}

#[tokio::test]
async fn an_expired_token_is_known_by_any_of_its_numbers() {
    let world = World::start().await;
    for status in ["401", "400"] {
        for number in ["124", "201"] {
            world.play("zoom.expired_token_status", status).await;
            world.play("zoom.expired_token_code", number).await;
            let tokens = world.install(MAYA).await;
            world.control("zoom-tokens/expire", json!({})).await;
            let expired = world.rest.me(&tokens.access).await;
            assert!(matches!(expired, Err(Error::Unauthorized(_))), "{status} {number}: {expired:?}");
            let renewed = world.oauth.refresh(&world.app, &tokens.refresh).await.unwrap();
            world.rest.me(&renewed.access).await.unwrap();
        }
    }
}

#[tokio::test]
async fn only_the_host_sees_the_meeting() {
    let world = World::start().await;
    let (maya, tom) = (world.install(MAYA).await, world.install("tom-okafor").await);
    let number = MeetingNumber::new(NUMBER);
    let meeting = world.rest.meeting(&maya.access, &number).await.unwrap().expect("the host sees it");
    assert_eq!((meeting.topic.as_str(), meeting.is_started), ("Northwind Traders: weekly sync", true));
    assert!(meeting.starts_at.is_some() && meeting.host.is_some() && meeting.uuid.is_some());
    assert!(world.rest.meeting(&tom.access, &number).await.unwrap().is_none());
    assert!(world.rest.meeting(&maya.access, &MeetingNumber::new("999")).await.unwrap().is_none());
    let running = world.rest.past_participants(&maya.access, &meeting.uuid.unwrap()).await;
    assert!(
        matches!(running, Ok(None) | Err(Error::Invalid(_) | Error::Forbidden(_))),
        "not before it ended: {running:?}"
    );
}

#[tokio::test]
async fn the_stays_of_a_past_meeting_are_read_by_an_awkward_uuid() {
    let world = World::start().await;
    let maya = world.install(MAYA).await;
    let uuid = "/ajXp112//uoKj4854875==";
    world.control("meetings", json!({"topic": "Past", "host": MAYA, "number": "86000000001", "uuid": uuid})).await;
    for (step, body) in [("start", json!({})), ("join", json!({"person": "ana-ruiz"})), ("end", json!({}))] {
        world.control(&format!("meetings/86000000001/{step}"), body).await;
    }
    let stays = world.rest.past_participants(&maya.access, &MeetingUuid::new(uuid)).await.unwrap().expect("it is over");
    assert!(stays.iter().any(|stay| stay.name == "Ana Ruiz" && stay.left_at.is_some()), "{} stays", stays.len());
}

#[tokio::test]
async fn a_deep_link_leads_back_into_the_client() {
    let world = World::start().await;
    let maya = world.install(MAYA).await;
    let link = world.rest.deeplink(&maya.access, Some("open:brief")).await.unwrap();
    assert!(link.as_str().contains("/launch/"), "{link}");
}

#[tokio::test]
async fn too_many_calls_are_told_with_and_without_headers() {
    let world = World::start().await;
    world.play("zoom.rate_limits", "free").await;
    let maya = world.install(MAYA).await;
    for headers in ["present", "absent"] {
        world.play("zoom.rate_limit_headers", headers).await;
        let mut wait = None;
        for _ in 0..20 {
            if let Err(Error::Busy { retry_after }) = world.rest.me(&maya.access).await {
                wait = Some(retry_after);
                break;
            }
        }
        assert_eq!(wait.expect("20 calls in one moment are too many").is_some(), headers == "present");
        world.clock.advance(Duration::from_secs(5));
    }
}
