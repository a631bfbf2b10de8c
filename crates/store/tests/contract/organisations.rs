//! The outermost boundary: nothing of one organisation can be reached from another.

use sidelight_domain::ids::OrganisationKey;
use sidelight_store::{Digest, Listener, VISITORS};

use crate::story::{self, HOLD};
use crate::world::{World, on_both_engines};

on_both_engines! {
    an_organisation_is_made_once_and_keeps_its_id,
    ids_of_another_organisation_are_not_found,
    ids_of_another_organisation_cannot_be_changed,
}

async fn an_organisation_is_made_once_and_keeps_its_id(world: World) {
    let key = OrganisationKey::new("lumen");
    assert_eq!(world.store.ensure_organisation(&key, "Lumen Ltd").await.unwrap(), world.organisation);
    let all = world.store.organisations().await.unwrap();
    let all: Vec<_> = all.iter().map(|one| (one.id, one.key.as_str(), one.name.as_str())).collect();
    assert_eq!(all, [(world.organisation, "lumen", "Lumen Ltd")]);
    assert_ne!(world.organisation, VISITORS);
    assert!(world.second_server().await.read(VISITORS).await.is_ok());
}

async fn ids_of_another_organisation_are_not_found(world: World) {
    let told = story::tell(&world).await;
    let other = world.store.ensure_organisation(&OrganisationKey::new("other"), "Other").await.unwrap();
    let mut unit = world.store.read(other).await.unwrap();
    assert!(unit.sessions().find(told.session).await.unwrap().is_none());
    assert!(unit.installations().find(&told.person).await.unwrap().is_none());
    assert!(unit.installations().find_by_zoom_user(&story::user()).await.unwrap().is_none());
    assert!(unit.installations().find_by_email(&story::address()).await.unwrap().is_none());
    assert!(unit.meetings().find(&story::meeting()).await.unwrap().is_none());
    assert!(unit.meetings().roster(&story::meeting()).await.unwrap().participants.is_empty());
    assert!(unit.sign_ins().find(told.sign_in).await.unwrap().is_none());
    assert!(unit.sign_ins().find_by_state(&Digest::of("oauth-state")).await.unwrap().is_none());
    assert!(unit.sign_ins().find_latest(&told.person).await.unwrap().is_none());
    assert!(unit.grants().find_by_id(told.grant).await.unwrap().is_none());
    assert!(unit.grants().find(&told.person, &story::tenant()).await.unwrap().is_none());
    assert!(unit.grants().list(&told.person).await.unwrap().is_empty());
    assert!(unit.grants().list_by_email(&story::address()).await.unwrap().is_empty());
    assert!(unit.views().find(&told.person, Some(&story::meeting())).await.unwrap().is_none());
    assert!(unit.views().recent(&told.person, 10).await.unwrap().is_empty());
    assert!(unit.drafts().find(&told.person, told.draft).await.unwrap().is_none());
    assert!(unit.drafts().find_open(&told.person, Some(&story::meeting())).await.unwrap().is_none());
    assert!(unit.drafts().list_open(&told.person).await.unwrap().is_empty());
    assert!(unit.writes().find(told.write).await.unwrap().is_none());
    assert!(unit.writes().list_open(&told.person).await.unwrap().is_empty());
    let listener = Listener {
        session: told.session,
        person: Some(told.person),
        meeting: Some(story::meeting()),
        timelines: vec![story::company()],
    };
    assert!(unit.events().after(0, &listener, 10).await.unwrap().is_empty());
    assert_eq!(unit.audit().head().await.unwrap().seq, 0);
}

async fn ids_of_another_organisation_cannot_be_changed(world: World) {
    let told = story::tell(&world).await;
    let write = world.read().await.writes().find(told.write).await.unwrap().unwrap();
    let sign_in = world.read().await.sign_ins().find(told.sign_in).await.unwrap().unwrap();
    let other = world.store.ensure_organisation(&OrganisationKey::new("other"), "Other").await.unwrap();
    let mut unit = world.store.begin(other).await.unwrap();
    assert!(unit.sessions().end_all_of(&told.person, "x").await.unwrap().is_empty());
    assert!(unit.installations().lease_refresh(&told.person, 1, HOLD).await.unwrap().is_none());
    assert!(unit.sign_ins().open_link(&Digest::of("one-time-link"), &Digest::of("x")).await.unwrap().is_none());
    assert!(!unit.sign_ins().save(&sign_in).await.unwrap());
    assert!(unit.grants().lease_refresh(told.grant, 1, HOLD).await.unwrap().is_none());
    assert!(!unit.grants().end(told.grant, "x").await.unwrap());
    assert!(!unit.drafts().discard(&told.person, told.draft).await.unwrap());
    assert!(unit.writes().claim(told.write, HOLD).await.unwrap().is_none());
    assert!(!unit.writes().discard(&told.person, told.write).await.unwrap());
    assert_eq!(unit.writes().discard_all(&told.person).await.unwrap(), 0);
    assert_eq!(unit.writes().settle(&write, sidelight_store::WriteState::Done, None).await.unwrap(), None);
    assert!(unit.inbox().claim(10, HOLD).await.unwrap().is_empty());
    assert_eq!(unit.people().erase(&told.person).await.unwrap(), sidelight_store::Erased::default());
}
