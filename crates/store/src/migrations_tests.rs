//! What a migration that fails leaves behind.

use sidelight_domain::Timestamp;
use sqlx::AnyConnection;

use super::*;
use crate::testing::{Postgres, sqlite_url};

const NOW: Timestamp = Timestamp::from_millis(0);

const fn step(version: i64, name: &'static str, text: &'static str) -> Migration {
    Migration { version, name, sqlite: text, postgres: text }
}

async fn apply_to(url: &str, migrations: &[Migration]) -> Result<Vec<AppliedMigration>, MigrationError> {
    sqlx::any::install_default_drivers();
    let url = SecretString::from(url.to_owned());
    apply(Engine::of(&url).unwrap(), &url, migrations, NOW).await
}

async fn a_failed_migration_leaves_nothing(url: &str) {
    let first = step(1, "first", "CREATE TABLE first (id TEXT)");
    let broken = step(2, "broken", "CREATE TABLE second (id TEXT); CREATE TABLE second (id TEXT)");
    let failed = apply_to(url, &[first, broken]).await.unwrap_err();
    assert!(matches!(failed, MigrationError::Failed { version: 2, name: "broken", .. }), "{failed:?}");
    let mut connection = AnyConnection::connect(url).await.unwrap();
    assert!(sqlx::query("SELECT * FROM first").fetch_all(&mut connection).await.is_err());
    assert_eq!(apply_to(url, &[first]).await.unwrap(), [AppliedMigration { version: 1, name: "first" }]);
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_failed_migration_leaves_nothing(&sqlite_url(folder.path())).await;
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_on_postgres() {
    let url = Postgres::shared().unwrap().database().await.unwrap();
    a_failed_migration_leaves_nothing(&url).await;
}

#[test]
fn every_file_is_listed_for_both_engines_and_numbered_in_order() {
    for folder in ["sqlite", "postgres"] {
        let path = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> =
            std::fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let listed: Vec<_> = MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name)).collect();
        assert_eq!(files, listed, "{folder}");
    }
    let mut before = 0;
    for Migration { version, name, .. } in MIGRATIONS {
        // Those that are made at the same time may be released in any order: what is missing is applied.
        assert!(*version > before, "{name}");
        assert!(name.starts_with(&format!("{version:04}_")), "{name}");
        before = *version;
    }
}
