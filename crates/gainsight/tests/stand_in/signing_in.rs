//! Tokens, and whose they are.

use std::time::Duration;

use secrecy::ExposeSecret;
use sidelight_domain::Licence;
use sidelight_gainsight::{Credential, Error, Query};

use crate::world::{World, application, parameter};

const MAYA: &str = "maya.lindqvist@lumenworks.example";
const DANA: &str = "dana.whitfield@harborcloud.example";

#[tokio::test]
async fn a_sign_in_works_whatever_the_tenant_makes_of_pkce_and_secrets() {
    let world = World::start().await;
    for (switch, value, pkce) in [
        ("gainsight.oauth_pkce", "ignored", true),
        ("gainsight.oauth_pkce", "honoured", true),
        ("gainsight.oauth_pkce", "honoured", false),
        ("gainsight.oauth_pkce", "refused", false),
        ("gainsight.oauth_client_auth", "either", true),
        ("gainsight.oauth_client_auth", "basic", true),
        ("gainsight.oauth_client_auth", "body", true),
    ] {
        world.play(switch, value).await;
        let tokens = world.tokens("lumen", MAYA, pkce).await;
        assert_eq!(tokens.expires_in, Some(Duration::from_hours(1)), "{switch} {value}");
        let caller = world.caller("lumen", Credential::User(tokens.access));
        let query = Query::select(["Name"]).limit(1);
        assert_eq!(world.gainsight.query(&caller.access(), "Company", &query).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_refresh_works_in_each_of_its_forms() {
    let world = World::start().await;
    let (base, application) = (world.base("lumen"), application("lumen", false));
    for (form, is_another, old_is_dead) in [("rotates", true, true), ("stays", false, false)] {
        world.play("gainsight.oauth_refresh", form).await;
        let first = world.tokens("lumen", MAYA, false).await.refresh.expect("there is a refresh token");
        let second = world.gainsight.refresh(&base, &application, &first).await.unwrap();
        let other = second.refresh.is_some_and(|second| second.expose_secret() != first.expose_secret());
        assert_eq!(other, is_another, "{form}");
        let again = world.gainsight.refresh(&base, &application, &first).await;
        assert_eq!(matches!(again, Err(Error::GrantRefused(_))), old_is_dead, "{form}: {again:?}");
    }
    world.play("gainsight.oauth_refresh", "none").await;
    assert!(world.tokens("lumen", MAYA, false).await.refresh.is_none());
}

#[tokio::test]
async fn wrong_codes_and_wrong_secrets_are_told_apart() {
    let world = World::start().await;
    let base = world.base("lumen");
    let wrong_code = world.gainsight.exchange_code(&base, &application("lumen", false), &"nonsense".into(), None).await;
    assert!(matches!(wrong_code, Err(Error::GrantRefused(_))), "{wrong_code:?}");
    let stranger = application("harbor", false);
    let wrong_client = world.gainsight.refresh(&base, &stranger, &"nonsense".into()).await;
    assert!(matches!(wrong_client, Err(Error::ClientRefused(_))), "{wrong_client:?}");
    let machine = world.gainsight.machine_token(&base, "lumen-m2m", &"wrong".into()).await;
    assert!(matches!(machine, Err(Error::ClientRefused(_))), "{machine:?}");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let world = World::start().await;
    let (base, application) = (world.base("lumen"), application("lumen", false));
    let authorize = sidelight_gainsight::oauth::authorize_url(&base, &application, "s", None);
    let back = world.sign_in("lumen", MAYA, authorize).await;
    let code = parameter(&back, "code").unwrap().into();
    world.gainsight.exchange_code(&base, &application, &code, None).await.unwrap();
    let again = world.gainsight.exchange_code(&base, &application, &code, None).await;
    assert!(matches!(again, Err(Error::GrantRefused(_))), "{again:?}");
}

#[tokio::test]
async fn an_expired_token_is_unauthorized_and_a_machine_gets_its_own() {
    let world = World::start().await;
    let maya = world.person("lumen", MAYA).await;
    let query = Query::select(["Name"]).limit(1);
    world.clock.advance(Duration::from_hours(2));
    let expired = world.gainsight.query(&maya.access(), "Company", &query).await;
    assert!(matches!(&expired, Err(error) if error.needs_sign_in()), "{expired:?}");
    let tokens =
        world.gainsight.machine_token(&world.base("lumen"), "lumen-m2m", &"lumen-m2m-secret".into()).await.unwrap();
    assert!(tokens.refresh.is_none());
    let machine = world.caller("lumen", Credential::Machine(tokens.access));
    assert_eq!(world.gainsight.query(&machine.access(), "Company", &query).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_signed_in_is_told_only_where_the_tenant_offers_it() {
    let world = World::start().await;
    let dana = world.person("harbor", DANA).await;
    let user = world.gainsight.current_user(&dana.access()).await.unwrap().expect("harbor tells");
    assert_eq!((user.licence, user.is_active), (Some(Licence::Full), true));
    assert_eq!(user.email.map(|email| email.address().to_string()).as_deref(), Some(DANA));
    for way in ["missing", "unauthorized", "html"] {
        world.play("gainsight.users_me", way).await;
        let maya = world.person("lumen", MAYA).await;
        assert_eq!(world.gainsight.current_user(&maya.access()).await.unwrap(), None, "{way}");
        let nobody = world.caller("lumen", Credential::User("revoked".into()));
        let refused = world.gainsight.current_user(&nobody.access()).await;
        // A path that is missing for everybody says nothing about a token; every other answer does.
        assert!(matches!(refused, Err(Error::Unauthorized(_)) | Ok(None)), "{way}: {refused:?}");
        assert!(way == "missing" || refused.is_err(), "{way}: {refused:?}");
    }
}
