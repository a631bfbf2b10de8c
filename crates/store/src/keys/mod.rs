//! Encryption at rest: master keys, the key of each organisation, and what is derived from it.
//!
//! A master key (configuration) wraps one random data key per organisation (database). From the data key come three
//! subkeys: one seals columns, one makes blind indexes, one chains the audit log. So a copy of the database alone opens
//! nothing, and no value of one organisation opens with the key of another.

mod blind;
mod keyring;
mod master;
mod organisation;
mod sealed;

pub(crate) use blind::{BlindIndex, Kind};
pub use blind::{PersonKey, UnreadablePersonKey};
pub(crate) use keyring::Keyring;
pub use master::{InvalidMasterKey, MasterKey, MasterKeyId, MasterKeys};
pub(crate) use organisation::{OrganisationKeys, WrappedKey};
pub(crate) use sealed::Column;
