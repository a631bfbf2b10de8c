//! Salesforce as Sidelight meets it (`salesforce.md`): it proves who somebody is, and nothing else is asked of it.
//!
//! [`Oauth::identify`] turns an authorisation code into a [`Person`] whose every part was checked, and forgets the tokens. Addresses and
//! user names are never read: anybody can create an organisation and write any address into it.

mod error;
mod id;
mod oauth;
mod proof;

pub use error::Error;
pub use id::{InvalidRecordId, RecordId};
pub use oauth::{Application, Oauth, Person, Returned, authorize_url};
