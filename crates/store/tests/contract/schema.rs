//! The schema: the same on both engines, described in the data inventory, and brought up to date safely.

use std::collections::BTreeSet;

use sidelight_domain::ManualClock;
use sidelight_store::testing::{Postgres, sqlite_url};
use sidelight_store::{MigrationError, OpenError, Store};
use sqlx::{AssertSqlSafe, Row as _};

use crate::world::{NOW, World, keys, on_both_engines};

on_both_engines! {
    an_edited_migration_is_named,
    a_migration_of_a_newer_version_is_named,
    several_servers_may_start_at_once,
    every_sealed_column_is_in_the_data_inventory,
}

const INVENTORY: &str = include_str!("../../../../docs/data-inventory.md");

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    is_optional: bool,
}

pub(crate) async fn tables(world: &World) -> Vec<String> {
    let select = if world.is_postgres() {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    };
    texts(world, select).await
}

pub(crate) async fn columns(world: &World, table: &str) -> Vec<Column> {
    let select = if world.is_postgres() {
        format!(
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT), CAST(is_nullable = 'YES' AS INTEGER) \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        )
    } else {
        format!("SELECT name, type, CASE \"notnull\" WHEN 0 THEN 1 ELSE 0 END FROM pragma_table_info('{table}')")
    };
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut world.raw().await).await.unwrap();
    let column = |row: &sqlx::any::AnyRow| {
        let kind = match row.get::<String, _>(1).to_lowercase().as_str() {
            "text" => "text",
            "integer" | "bigint" => "number",
            "blob" | "bytea" => "bytes",
            other => panic!("{other} is not portable"),
        };
        let is_optional = row.try_get::<i32, _>(2).map_or_else(|_| row.get::<i64, _>(2) != 0, |flag| flag != 0);
        Column { name: row.get(0), kind, is_optional }
    };
    let mut columns: Vec<_> = rows.iter().map(column).collect();
    columns.sort();
    columns
}

async fn texts(world: &World, select: &str) -> Vec<String> {
    let select = AssertSqlSafe(select.to_owned());
    let rows = sqlx::query(select).fetch_all(&mut world.raw().await).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn both_engines_end_up_with_the_same_schema() {
    let (sqlite, postgres) = (World::sqlite().await, World::postgres().await);
    let versions = "SELECT name FROM migrations ORDER BY version";
    assert_eq!(texts(&sqlite, versions).await, texts(&postgres, versions).await);
    let names = tables(&sqlite).await;
    assert_eq!(names, tables(&postgres).await);
    for table in names {
        assert_eq!(columns(&sqlite, &table).await, columns(&postgres, &table).await, "{table}");
    }
    let ours = "SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY 1";
    let theirs = "SELECT CAST(c.relname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE c.relnamespace = CAST('public' AS regnamespace) \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1";
    assert_eq!(texts(&sqlite, ours).await, texts(&postgres, theirs).await);
}

#[tokio::test]
async fn every_key_and_index_begins_with_the_organisation() {
    let world = World::sqlite().await;
    // Found before the organisation is known, or unique over all of them.
    let exceptions = ["sessions_by_id"];
    let indexes = "SELECT i.name || ' ' || c.name FROM sqlite_schema AS i, pragma_index_info(i.name) AS c \
         WHERE i.type = 'index' AND i.sql IS NOT NULL AND c.seqno = 0";
    for index in texts(&world, indexes).await {
        let (name, first) = index.split_once(' ').unwrap();
        assert!(first == "organisation" || exceptions.contains(&name), "{index}");
    }
    let keys = "SELECT t.name || ' ' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
         WHERE t.type = 'table' AND t.name NOT IN ('migrations', 'organisations') AND c.pk = 1";
    let keys = texts(&world, keys).await;
    assert!(keys.len() > 15 && keys.iter().all(|key| key.ends_with(" organisation")), "{keys:?}");
}

#[tokio::test]
async fn migrating_says_what_was_applied() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = [sqlite_url(folder.path()), Postgres::shared().unwrap().database().await.unwrap()];
    for url in addresses {
        let (url, clock) = (url.into(), ManualClock::at(NOW));
        let applied = Store::migrate(&url, &clock).await.unwrap();
        assert_eq!(applied.first().map(|first| (first.version, first.name)), Some((1, "0001_organisations")));
        assert_eq!(Store::migrate(&url, &clock).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_address_of_no_engine_is_refused_without_showing_it() {
    for (url, expected) in [
        ("mysql://root:secret@localhost/x", "must begin with sqlite: or postgres:"),
        ("postgres://secret@[::1/x", "cannot be read"),
        ("sqlite::memory:", "cannot be shared"),
        ("sqlite:///no/such/folder/x.db?mode=rwc", "no connection"),
    ] {
        let error = Store::migrate(&url.to_owned().into(), &ManualClock::at(NOW)).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{url}: {error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

async fn an_edited_migration_is_named(world: World) {
    world.execute("UPDATE migrations SET checksum = 'edited' WHERE version = 2").await;
    let refused = world.reopened(&keys(1, &[])).await.unwrap_err();
    let OpenError::Migration(MigrationError::Edited { version: 2, name, stored, .. }) = refused else {
        panic!("another error: {refused:?}");
    };
    assert_eq!((name.as_str(), stored.as_str()), ("0002_sessions", "edited"));
}

async fn a_migration_of_a_newer_version_is_named(world: World) {
    world.execute("INSERT INTO migrations (version, name, checksum, applied_at) VALUES (999, 'later', 'x', 0)").await;
    let refused = world.reopened(&keys(1, &[])).await.unwrap_err();
    assert!(refused.source_text().contains("999") && !refused.is_transient(), "{refused:?}");
}

trait SourceText {
    fn source_text(&self) -> String;
}

impl SourceText for OpenError {
    fn source_text(&self) -> String {
        std::error::Error::source(self).map(ToString::to_string).unwrap_or_default()
    }
}

async fn several_servers_may_start_at_once(world: World) {
    let url = if world.is_postgres() {
        Postgres::shared().unwrap().database().await.unwrap()
    } else {
        sqlite_url(tempfile::tempdir_in(world.folder.as_ref().unwrap().path()).unwrap().keep().as_path())
    };
    let starting: Vec<_> = (0..4).map(|_| tokio::spawn(World::at(url.clone(), None))).collect();
    let mut organisations = BTreeSet::new();
    for server in starting {
        organisations.insert(server.await.unwrap().organisation);
    }
    assert_eq!(organisations.len(), 1, "they agree on the organisation");
}

async fn every_sealed_column_is_in_the_data_inventory(world: World) {
    let mut sealed = 0;
    for table in tables(&world).await {
        for column in columns(&world, &table).await.into_iter().filter(|column| column.kind == "bytes") {
            sealed += 1;
            let is_named = column.name.ends_with("_sealed") || column.name == "data_key";
            assert!(is_named, "{table}.{} holds bytes and is not sealed", column.name);
            let entry = format!("`{table}.{}`", column.name.trim_end_matches("_sealed"));
            assert!(INVENTORY.contains(&entry), "{entry} is missing in docs/data-inventory.md");
        }
    }
    assert!(sealed > 20, "{sealed} sealed columns");
}
