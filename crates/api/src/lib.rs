//! What crosses Sidelight's own wire, as the server and the panel both see it.
//!
//! Paths are below `/api/v1` (design 6). Times are epoch milliseconds, ids are prefixed texts, absent values are left out.
//! An answer may gain fields; a client ignores what it does not know.

pub mod activity;
pub mod card;
pub mod entity;
mod error;
pub mod event;
pub mod home;
pub mod people;
pub mod person;
pub mod session;
pub mod sign_in;
pub mod timeline;

pub use error::{ErrorBody, ErrorCode, FieldError};
