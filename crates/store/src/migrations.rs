//! The schema of both engines, in step, and how it is brought up to date.
//!
//! sqlx's own migrator does not lock on SQLite and reports an edited file by number alone; several servers may start at once here,
//! and an operator has to know what to do. All pending migrations are applied in one transaction: all of them or none.

use secrecy::{ExposeSecret, SecretString};
use sidelight_domain::Timestamp;
use sqlx::{AnyConnection, Connection as _, Row as _};

use crate::Digest;
use crate::engine::Engine;
use crate::error::{Fault, MigrationError};

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal: $name:literal),* $(,)?) => { &[$(Migration {
        version: $version,
        name: $name,
        sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
        postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
    }),*] };
}

/// Every migration, oldest first. One that was released is never edited: a change is a new one.
pub(crate) const MIGRATIONS: &[Migration] = migrations! {
    1: "0001_organisations",
    2: "0002_sessions",
    3: "0003_zoom",
    4: "0004_gainsight",
    5: "0005_panel",
    6: "0006_logs",
    7: "0007_session_events",
    8: "0008_zoom_authorization",
    9: "0009_decided_writes",
    10: "0010_salesforce_sign_in",
    11: "0011_recognition",
    12: "0012_series",
    13: "0013_few_calls",
    14: "0014_brought_invitations",
    15: "0015_inquiries",
    17: "0017_corrections",
    18: "0018_roster_stamps",
};

/// A migration that has just been applied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppliedMigration {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: &'static str,
}

impl Migration {
    const fn text(&self, engine: Engine) -> &'static str {
        engine.pick(self.sqlite, self.postgres)
    }

    fn checksum(&self, engine: Engine) -> String {
        Digest::of(self.text(engine)).to_string()
    }
}

/// Starting servers wait for the one that migrates; no limit of a pool applies here.
const fn set_up(engine: Engine) -> &'static str {
    engine.pick("PRAGMA busy_timeout = 60000", "SET lock_timeout = '60s'")
}

/// One server migrates at a time: on SQLite the write lock sees to it. The number is that of no other program on this database.
const fn begin(engine: Engine) -> &'static str {
    engine.pick("BEGIN IMMEDIATE", "BEGIN; SELECT pg_advisory_xact_lock(7162415940123001)")
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migrations (\
    version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// Applies what is missing and says what that was.
pub(crate) async fn apply(
    engine: Engine,
    url: &SecretString,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<Vec<AppliedMigration>, MigrationError> {
    let mut connection = AnyConnection::connect(url.expose_secret()).await.map_err(|error| database(&error))?;
    run(&mut connection, set_up(engine)).await.map_err(|error| database(&error))?;
    run(&mut connection, begin(engine)).await.map_err(|error| database(&error))?;
    let applied = apply_locked(&mut connection, engine, migrations, now).await;
    let end = if applied.is_ok() { "COMMIT" } else { "ROLLBACK" };
    run(&mut connection, end).await.map_err(|error| database(&error))?;
    connection.close().await.map_err(|error| database(&error))?;
    applied
}

async fn apply_locked(
    connection: &mut AnyConnection,
    engine: Engine,
    migrations: &[Migration],
    now: Timestamp,
) -> Result<Vec<AppliedMigration>, MigrationError> {
    run(connection, LEDGER).await.map_err(|error| database(&error))?;
    let known = ledger(connection).await.map_err(|error| database(&error))?;
    check(engine, migrations, &known)?;
    let mut applied = Vec::new();
    for migration in migrations.iter().filter(|ours| known.iter().all(|row| row.version != ours.version)) {
        let Migration { version, name, .. } = *migration;
        let failed = |error| MigrationError::Failed { version, name, fault: Fault::of(&error) };
        run(connection, migration.text(engine)).await.map_err(failed)?;
        sqlx::query("INSERT INTO migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)")
            .bind(version)
            .bind(name)
            .bind(migration.checksum(engine))
            .bind(now.as_millis())
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        applied.push(AppliedMigration { version, name });
    }
    Ok(applied)
}

struct LedgerRow {
    version: i64,
    name: String,
    checksum: String,
}

async fn ledger(connection: &mut AnyConnection) -> Result<Vec<LedgerRow>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT version, name, checksum FROM migrations ORDER BY version").fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok(LedgerRow { version: row.try_get(0)?, name: row.try_get(1)?, checksum: row.try_get(2)? }))
        .collect()
}

fn check(engine: Engine, migrations: &[Migration], known: &[LedgerRow]) -> Result<(), MigrationError> {
    for row in known {
        let Some(ours) = migrations.iter().find(|ours| ours.version == row.version) else {
            return Err(MigrationError::Missing { version: row.version, name: row.name.clone() });
        };
        let checksum = ours.checksum(engine);
        if checksum != row.checksum {
            return Err(MigrationError::Edited {
                version: row.version,
                name: row.name.clone(),
                stored: row.checksum.clone(),
                ours: checksum,
            });
        }
    }
    Ok(())
}

async fn run(connection: &mut AnyConnection, text: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(text).execute(connection).await.map(drop)
}

fn database(error: &sqlx::Error) -> MigrationError {
    MigrationError::Database(Fault::of(error))
}

#[cfg(test)]
#[path = "migrations_tests.rs"]
mod tests;
