//! Encryption at rest, seen from outside: what is in the database, and what happens when somebody touches it.

use std::fs;

use sidelight_domain::ids::{OrganisationId, OrganisationKey};
use sidelight_store::{Error, KeyError, OpenError};
use sqlx::{AssertSqlSafe, Row as _};

use crate::schema;
use crate::story::{self, HANDED_OUT, SECRETS};
use crate::world::{World, keys, on_both_engines};

on_both_engines! {
    nothing_personal_can_be_read_from_a_copy,
    a_new_master_key_takes_over,
    a_wrong_master_key_is_told_at_the_start,
    an_altered_key_is_told_at_the_start,
    a_value_moved_to_another_row_does_not_open,
    rows_do_not_show_what_they_say,
    the_same_user_has_another_key_in_another_organisation,
}

async fn nothing_personal_can_be_read_from_a_copy(world: World) {
    story::tell(&world).await;
    let copy = if world.is_postgres() { dump(&world).await } else { files(&world) };
    assert!(contains(&copy, "lumen-us"), "the copy shows what is not personal, or this test shows nothing");
    for secret in SECRETS.into_iter().chain(HANDED_OUT) {
        assert!(!contains(&copy, secret), "{secret} can be read");
    }
}

fn contains(copy: &[u8], text: &str) -> bool {
    copy.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

/// All bytes of the database file and its log.
fn files(world: &World) -> Vec<u8> {
    let folder = world.folder.as_ref().unwrap().path();
    fs::read_dir(folder).unwrap().flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

/// All columns of all tables, texts and bytes alike.
async fn dump(world: &World) -> Vec<u8> {
    let mut connection = world.raw().await;
    let mut copy = Vec::new();
    for table in schema::tables(world).await {
        for column in schema::columns(world, &table).await {
            let name = &column.name;
            let bytes =
                if column.kind == "bytes" { name.clone() } else { format!("convert_to(CAST({name} AS TEXT), 'UTF8')") };
            let select = AssertSqlSafe(format!("SELECT {bytes} FROM {table} WHERE {name} IS NOT NULL"));
            for row in sqlx::query(select).fetch_all(&mut connection).await.unwrap() {
                copy.extend(row.get::<Vec<u8>, _>(0));
            }
        }
    }
    copy
}

async fn a_new_master_key_takes_over(world: World) {
    let told = story::tell(&world).await;
    let rotated = world.reopened(&keys(2, &[1])).await.unwrap();
    assert!(rotated.read(world.organisation).await.unwrap().sessions().find(told.session).await.unwrap().is_some());
    rotated.close().await;
    let without_the_old = world.reopened(&keys(2, &[])).await.unwrap();
    let mut unit = without_the_old.read(world.organisation).await.unwrap();
    assert_eq!(unit.sessions().find(told.session).await.unwrap().unwrap().screen_name, "Ana Ruiz");
    assert_eq!(unit.person_key(&story::user()), told.person);
    assert!(
        matches!(world.reopened(&keys(1, &[])).await, Err(OpenError::Keys(_))),
        "the old one is of no use any more"
    );
}

async fn a_wrong_master_key_is_told_at_the_start(world: World) {
    let refused = world.reopened(&keys(9, &[8])).await.unwrap_err();
    let OpenError::Keys(Error::Key(error @ KeyError::UnknownMasterKey { .. })) = &refused else {
        panic!("another error: {refused:?}");
    };
    assert!(error.to_string().contains("SIDELIGHT_SECURITY__PREVIOUS_MASTER_KEYS"), "{error}");
    assert!(!refused.is_transient());
}

async fn an_altered_key_is_told_at_the_start(world: World) {
    // Somebody swaps the keys of two organisations.
    world.store.ensure_organisation(&OrganisationKey::new("other"), "Other").await.unwrap();
    world
        .execute(
            "UPDATE organisations SET data_key = (SELECT o.data_key FROM organisations o WHERE o.key = 'other') \
             WHERE key = 'lumen'",
        )
        .await;
    let refused = world.reopened(&keys(1, &[])).await.unwrap_err();
    assert!(matches!(refused, OpenError::Keys(Error::Key(KeyError::Altered))), "{refused:?}");
}

async fn a_value_moved_to_another_row_does_not_open(world: World) {
    let told = story::tell(&world).await;
    let columns = [
        "UPDATE sessions SET screen_name_sealed = zoom_user_sealed",
        "UPDATE installations SET refresh_token_sealed = access_token_sealed",
        "UPDATE grants SET name_sealed = (SELECT i.name_sealed FROM installations i)",
        "UPDATE views SET content_sealed = (SELECT d.content_sealed FROM drafts d)",
        "UPDATE participants SET detail_sealed = (SELECT p.detail_sealed FROM participants p WHERE p.place = 0)",
        "UPDATE meetings SET topic_sealed = host_sealed",
    ];
    for column in columns {
        world.execute(column).await;
    }
    let mut unit = world.read().await;
    let refused = [
        unit.sessions().find(told.session).await.unwrap_err(),
        unit.installations().find(&told.person).await.unwrap_err(),
        unit.grants().find_by_id(told.grant).await.unwrap_err(),
        unit.views().find(&told.person, Some(&story::meeting())).await.unwrap_err(),
        unit.meetings().roster(&story::meeting()).await.unwrap_err(),
        unit.meetings().find(&story::meeting()).await.unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, Error::Unsealable { .. }), "{error:?}");
    }
}

async fn rows_do_not_show_what_they_say(world: World) {
    let told = story::tell(&world).await;
    let mut unit = world.begin().await;
    let shown = [
        format!("{:?}", unit.sessions().find(told.session).await.unwrap().unwrap()),
        format!("{:?}", unit.installations().find(&told.person).await.unwrap().unwrap()),
        format!("{:?}", unit.meetings().find(&story::meeting()).await.unwrap().unwrap()),
        format!("{:?}", unit.inbox().claim(1, story::HOLD).await.unwrap().remove(0)),
        format!("{:?}", unit.sign_ins().find(told.sign_in).await.unwrap().unwrap()),
        format!("{:?}", unit.grants().find_by_id(told.grant).await.unwrap().unwrap()),
        format!("{:?}", unit.views().recent(&told.person, 1).await.unwrap().remove(0)),
        format!("{:?}", unit.drafts().find(&told.person, told.draft).await.unwrap().unwrap()),
        format!("{:?}", unit.writes().find(told.write).await.unwrap().unwrap()),
    ];
    for (row, secret) in shown.iter().flat_map(|row| SECRETS.map(|secret| (row, secret))) {
        assert!(!row.contains(secret), "{row}");
    }
}

async fn the_same_user_has_another_key_in_another_organisation(world: World) {
    let other = world.store.ensure_organisation(&OrganisationKey::new("other"), "Other").await.unwrap();
    let here = world.person("ana").await;
    assert_eq!(here, world.person("ana").await);
    assert_ne!(here, world.store.person_key(other, &"ana".into()).await.unwrap());
    let nowhere = OrganisationId::new(uuid::Uuid::from_u128(404));
    let refused = world.store.person_key(nowhere, &"ana".into()).await.unwrap_err();
    assert!(matches!(refused, Error::UnknownOrganisation(id) if id == nowhere));
}
