//! Gainsight NXT as Sidelight meets it (`gainsight.md`).
//!
//! [`Gainsight`] speaks with any number of tenants; each call names its tenant and credential by an [`Access`]. Only the documented
//! interface is used, with one probe that is marked. Every documented error is told apart in [`Error`], which carries codes and
//! request numbers but no text of Gainsight's, since that text repeats what people wrote.

pub mod activity;
mod activity_fields;
mod addresses;
mod client;
pub mod companies;
pub mod directory;
mod envelope;
mod error;
pub mod metadata;
pub mod oauth;
pub mod people;
mod person_fields;
mod print;
pub mod query;
mod record;
#[cfg(test)]
mod stub;
pub mod timeline;
pub mod users;
mod wanted;

pub use activity::{ActivityKey, Change, Content, Context, FoundIn, Logged, NewActivity};
pub use activity_fields::is_custom;
pub use addresses::{AddressFilter, Addresses, MOST_ADDRESSES, Spelling};
pub use client::{Access, Credential, Gainsight};
pub use companies::{Company, Csm, Relationship, Standing};
pub use directory::{DirectoryLink, DirectoryPage, DirectoryPart, DirectoryPerson};
pub use error::{Error, FieldProblem, Refusal};
pub use metadata::{FieldName, Schema};
pub use oauth::{Application, Tokens};
pub use people::{CompanyPerson, CompanyRole, LinkKey, Person, PersonUpsert};
pub use person_fields::{AskedOf, Kind};
pub use query::{Filter, Operator, Query};
pub use record::Record;
pub use timeline::{ActivityId, ActivityPage, ActivityRow, Changes, OwnField, Scope, Search, TimelineFilter};
pub use users::User;
pub use wanted::{Kinds, Wanted};
