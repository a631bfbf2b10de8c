//! Signing in to a Gainsight tenant with a protected link (design 4.3).
//!
//! The panel asks (`begin`), the system browser opens the one-time link (`link`), comes back from the tenant (`callback`),
//! and the panel types the code that the browser shows (`confirm`), unless the tenant and Zoom both name the same person.
//! Who comes from Salesforce goes the same way with another login at its end (`salesforce`).

mod attach;
pub(crate) mod begin;
pub(crate) mod callback;
mod code;
pub(crate) mod confirm;
mod directory;
mod identity;
pub(crate) mod link;
pub(crate) mod salesforce;
mod step;
mod way;

pub use directory::branch;
pub use step::{fail, shown};
