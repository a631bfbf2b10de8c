//! Signing in to a tenant, and what stays of it.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use sidelight_domain::ids::{Gsid, SignInId, TenantKey};
use sidelight_domain::{EmailAddress, Licence};
use sidelight_store::{Digest, Grant, NewGrant, NewSignIn, SignIn};

use crate::world::{Finish as _, NOW, World, on_both_engines};
use crate::zoom::tokens;

on_both_engines! {
    a_link_opens_once_and_in_time,
    a_new_try_replaces_an_open_one,
    a_try_comes_back_as_it_was_saved,
    an_ended_try_forgets_its_secrets_and_stays_ended,
    a_logout_ends_every_open_try,
    tries_are_located_without_their_organisation,
    a_new_grant_replaces_the_one_before,
    a_person_has_a_grant_in_each_tenant,
    tokens_of_a_grant_are_refreshed_by_one,
    ending_forgets_the_tokens_and_keeps_the_name,
    a_changed_standing_is_news_once,
    grants_are_found_by_address,
}

const MINUTES: Duration = Duration::from_mins(5);
const HOLD: Duration = Duration::from_secs(30);

fn tenant() -> TenantKey {
    TenantKey::new("lumen-us")
}

async fn begin(world: &World, link: &str) -> (SignIn, Option<SignIn>) {
    let tenant = tenant();
    let new = NewSignIn {
        person: world.person("ana").await,
        session: world.session_id(),
        tenant: &tenant,
        account: "gainsight",
        username: "ana@lumen.example",
        link: Digest::of(link),
        tries_left: 5,
        step: "link_made",
        expires_at: NOW.after(MINUTES),
    };
    let mut unit = world.begin().await;
    let added = unit.sign_ins().add(&new).await.unwrap();
    unit.finish().await;
    added
}

async fn open_link(world: &World, link: &str) -> Option<SignIn> {
    let mut unit = world.begin().await;
    let opened = unit.sign_ins().open_link(&Digest::of(link), &Digest::of("cookie")).await.unwrap();
    unit.finish().await;
    opened
}

async fn find(world: &World, id: SignInId) -> SignIn {
    world.read().await.sign_ins().find(id).await.unwrap().unwrap()
}

async fn a_link_opens_once_and_in_time(world: World) {
    begin(&world, "first").await;
    assert!(open_link(&world, "unknown").await.is_none());
    let opened = open_link(&world, "first").await.unwrap();
    assert_eq!((opened.cookie, opened.opened_at), (Some(Digest::of("cookie")), Some(NOW)));
    assert!(open_link(&world, "first").await.is_none(), "a second time");
    begin(&world, "second").await;
    world.clock.advance(MINUTES);
    assert!(open_link(&world, "second").await.is_none(), "late");
}

async fn a_new_try_replaces_an_open_one(world: World) {
    let (first, before) = begin(&world, "first").await;
    assert!(before.is_none());
    let (second, replaced) = begin(&world, "second").await;
    assert_eq!(replaced.unwrap().id, first.id);
    assert!(!find(&world, first.id).await.is_open(NOW));
    assert!(open_link(&world, "first").await.is_none());
    let ana = world.person("ana").await;
    let latest = world.read().await.sign_ins().find_latest(&ana).await.unwrap().unwrap();
    assert_eq!((latest.id, latest.is_open(NOW)), (second.id, true));
}

async fn advanced(world: &World) -> SignIn {
    let (mut sign_in, _) = begin(world, "link").await;
    sign_in.state = Some(Digest::of("state"));
    sign_in.verifier = Some("verifier".into());
    sign_in.code = Some(Digest::of("code"));
    sign_in.identity = Some("{\"name\":\"Ana\"}".to_owned());
    sign_in.tokens = Some("{\"access\":\"secret\"}".into());
    "code_needed".clone_into(&mut sign_in.step);
    sign_in.tries_left = 3;
    let mut unit = world.begin().await;
    assert!(unit.sign_ins().save(&sign_in).await.unwrap());
    unit.finish().await;
    sign_in
}

async fn a_try_comes_back_as_it_was_saved(world: World) {
    let saved = advanced(&world).await;
    let mut unit = world.read().await;
    let found = unit.sign_ins().find_by_state(&Digest::of("state")).await.unwrap().unwrap();
    assert_eq!((found.id, found.step.as_str(), found.tries_left), (saved.id, "code_needed", 3));
    assert_eq!(found.verifier.unwrap().expose_secret(), "verifier");
    assert_eq!(found.tokens.unwrap().expose_secret(), "{\"access\":\"secret\"}");
    assert_eq!((found.code, found.identity.as_deref()), (Some(Digest::of("code")), Some("{\"name\":\"Ana\"}")));
    assert_eq!((found.username.as_str(), found.person), ("ana@lumen.example", saved.person));
    let bob = world.person("bob").await;
    assert!(unit.sign_ins().find_of(&bob, saved.id).await.unwrap().is_none());
    assert!(unit.sign_ins().find_of(&saved.person, saved.id).await.unwrap().is_some());
}

async fn an_ended_try_forgets_its_secrets_and_stays_ended(world: World) {
    let mut sign_in = advanced(&world).await;
    sign_in.ended_at = Some(NOW);
    let mut unit = world.begin().await;
    assert!(unit.sign_ins().save(&sign_in).await.unwrap());
    sign_in.ended_at = None;
    assert!(!unit.sign_ins().save(&sign_in).await.unwrap(), "nobody revives it");
    unit.finish().await;
    let ended = find(&world, sign_in.id).await;
    assert!(ended.verifier.is_none() && ended.tokens.is_none() && ended.identity.is_none());
    assert!(world.read().await.sign_ins().find_by_state(&Digest::of("state")).await.unwrap().is_none());
}

async fn tries_are_located_without_their_organisation(world: World) {
    advanced(&world).await;
    let here = Some(world.organisation);
    assert_eq!(world.store.locate_link(&Digest::of("link")).await.unwrap(), here);
    assert_eq!(world.store.locate_state(&Digest::of("state")).await.unwrap(), here);
    assert_eq!(world.store.locate_link(&Digest::of("state")).await.unwrap(), None);
    assert_eq!(world.store.locate_state(&Digest::of("link")).await.unwrap(), None);
}

pub(crate) async fn attach(world: &World, who: &str, tenant: &str) -> Grant {
    let new = NewGrant {
        person: world.person(who).await,
        tenant: TenantKey::new(tenant),
        user: Gsid::new("1P0USER"),
        email: EmailAddress::parse(&format!("{who}@lumen.example")).unwrap(),
        email_spelling: format!("{}@Lumen.Example", who.to_uppercase()),
        name: format!("Name of {who}"),
        licence: Some(Licence::ViewerAnalytics),
        is_active: true,
        tokens: Some(tokens("access", Some("refresh"))),
    };
    let mut unit = world.begin().await;
    let grant = unit.grants().attach(new).await.unwrap();
    unit.finish().await;
    grant
}

async fn a_new_grant_replaces_the_one_before(world: World) {
    let first = attach(&world, "ana", "us").await;
    let second = attach(&world, "ana", "us").await;
    let mut unit = world.read().await;
    let live = unit.grants().find(&first.person, &first.tenant).await.unwrap().unwrap();
    assert_eq!(live.id, second.id);
    let ended = unit.grants().find_by_id(first.id).await.unwrap().unwrap();
    assert_eq!((ended.ended_because.as_deref(), ended.ended_at), (Some("replaced"), Some(NOW)));
    assert_eq!(unit.grants().list(&first.person).await.unwrap().len(), 1);
}

async fn a_person_has_a_grant_in_each_tenant(world: World) {
    let (us, eu) = (attach(&world, "ana", "us").await, attach(&world, "ana", "eu").await);
    attach(&world, "bob", "us").await;
    let mut unit = world.begin().await;
    let mut listed: Vec<_> = unit.grants().list(&us.person).await.unwrap().iter().map(|grant| grant.id).collect();
    listed.sort_unstable();
    assert_eq!(listed, [us.id, eu.id]);
    let mut ended = unit.grants().end_all_of(&us.person, "logout").await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [us.id, eu.id]);
    assert!(unit.grants().find(&us.person, &us.tenant).await.unwrap().is_none());
    let bob = world.person("bob").await;
    assert!(unit.grants().find(&bob, &us.tenant).await.unwrap().is_some());
}

async fn tokens_of_a_grant_are_refreshed_by_one(world: World) {
    let grant = attach(&world, "ana", "us").await;
    let mut unit = world.begin().await;
    let lease = unit.grants().lease_refresh(grant.id, grant.version, HOLD).await.unwrap().unwrap();
    assert!(unit.grants().lease_refresh(grant.id, grant.version, HOLD).await.unwrap().is_none());
    unit.grants().release(&lease).await.unwrap();
    let lease = unit.grants().lease_refresh(grant.id, grant.version, HOLD).await.unwrap().unwrap();
    assert!(unit.grants().store_refreshed(&lease, &tokens("new", Some("r2"))).await.unwrap());
    assert!(!unit.grants().give_up(&lease, "refused").await.unwrap(), "somebody was faster");
    unit.commit().await.unwrap();
    let found = world.read().await.grants().find_by_id(grant.id).await.unwrap().unwrap();
    assert_eq!((found.version, found.tokens.unwrap().access.expose_secret()), (grant.version + 1, "new"));
    assert_eq!(found.lease_until, None);
}

async fn ending_forgets_the_tokens_and_keeps_the_name(world: World) {
    let grant = attach(&world, "ana", "us").await;
    let mut unit = world.begin().await;
    let lease = unit.grants().lease_refresh(grant.id, grant.version, HOLD).await.unwrap().unwrap();
    assert!(unit.grants().give_up(&lease, "revoked").await.unwrap());
    assert!(!unit.grants().end(grant.id, "again").await.unwrap());
    assert!(!unit.grants().store_refreshed(&lease, &tokens("late", None)).await.unwrap());
    unit.finish().await;
    let ended = world.read().await.grants().list(&grant.person).await.unwrap().remove(0);
    assert!(ended.tokens.is_none());
    assert_eq!((ended.name.as_str(), ended.email.as_str()), ("Name of ana", "ana@lumen.example"));
    assert_eq!(ended.email_spelling, "ANA@Lumen.Example");
    assert_eq!(ended.ended_because.as_deref(), Some("revoked"));
}

async fn a_changed_standing_is_news_once(world: World) {
    let grant = attach(&world, "ana", "us").await;
    world.clock.advance(MINUTES);
    let mut unit = world.begin().await;
    let known = Some(Licence::ViewerAnalytics);
    assert!(!unit.grants().note_standing(grant.id, known, true).await.unwrap());
    assert!(unit.grants().note_standing(grant.id, known, false).await.unwrap());
    assert!(!unit.grants().note_standing(grant.id, known, false).await.unwrap());
    assert!(unit.grants().note_standing(grant.id, None, false).await.unwrap());
    unit.commit().await.unwrap();
    let found = world.read().await.grants().find_by_id(grant.id).await.unwrap().unwrap();
    assert_eq!((found.licence, found.is_active, found.checked_at), (None, false, NOW.after(MINUTES)));
}

async fn grants_are_found_by_address(world: World) {
    let (ana, bob) = (attach(&world, "ana", "us").await, attach(&world, "bob", "us").await);
    let address = EmailAddress::parse("Ana@Lumen.Example").unwrap();
    let mut unit = world.begin().await;
    let found = unit.grants().list_by_email(&address).await.unwrap();
    assert_eq!(found.iter().map(|grant| grant.id).collect::<Vec<_>>(), [ana.id]);
    assert_ne!(ana.id, bob.id);
    unit.grants().end(ana.id, "logout").await.unwrap();
    assert!(unit.grants().list_by_email(&address).await.unwrap().is_empty());
}

async fn a_logout_ends_every_open_try(world: World) {
    let (mut sign_in, _) = begin(&world, "link").await;
    sign_in.identity = Some("somebody".to_owned());
    let mut unit = world.begin().await;
    unit.sign_ins().save(&sign_in).await.unwrap();
    assert_eq!(unit.sign_ins().end_all_of(&sign_in.person).await.unwrap(), [sign_in.id]);
    assert_eq!(unit.sign_ins().end_all_of(&sign_in.person).await.unwrap(), []);
    assert!(!unit.sign_ins().save(&sign_in).await.unwrap(), "it cannot go on");
    unit.finish().await;
    let ended = find(&world, sign_in.id).await;
    assert_eq!((ended.ended_at, ended.identity), (Some(NOW), None));
}
