//! Everything that Sidelight keeps, on SQLite or PostgreSQL, behind one set of repositories (design 5).
//!
//! ```text
//! Store::open ─▶ store.begin(organisation) ─▶ Unit ─▶ unit.drafts().save(…)
//!                                               ├───▶ unit.audit().add(…)   what was done, by whom
//!                                               ├───▶ unit.events().add(…)  who should look again
//!                                               └───▶ unit.commit()         all of it, or nothing
//! ```
//!
//! What lives here: the schema, the queries, encryption at rest, the two append-only logs. What does not: deciding who may do what,
//! and what texts mean; contents of drafts, writes and events are texts to this crate. Nobody else names a driver.
//!
//! Adding a table: a migration for both engines, a repository beside the others, its sealed columns in `docs/data-inventory.md`, a rule in
//! [`Retention`], its place in [`People::erase`] if it belongs to a person, and a story in `tests/contract`.

mod bell;
mod debug;
mod digest;
mod engine;
mod error;
mod keys;
mod logs;
mod migrations;
mod organisations;
mod repositories;
mod rosters;
mod statement;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod unit;

pub use digest::{Digest, UnreadableDigest};
pub use error::{Error, Fault, KeyError, MigrationError, OpenError};
pub use keys::{InvalidMasterKey, MasterKey, MasterKeyId, MasterKeys, PersonKey, UnreadablePersonKey};
pub use migrations::AppliedMigration;
pub use organisations::{Organisation, VISITORS};
pub use repositories::*;
pub use store::{Options, Store};
pub use unit::Unit;
