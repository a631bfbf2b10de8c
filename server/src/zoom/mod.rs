//! The Zoom side: opening the panel, installing the app, webhooks.

mod attach;
pub(crate) mod authorization;
pub(crate) mod callback;
mod deauthorize;
mod erase;
mod expectation;
pub(crate) mod home;
pub mod inbox;
pub(crate) mod install;
mod keeper;
mod profile;
pub mod recall;
pub(crate) mod webhook;

pub use expectation::expect;
pub use install::link as install_link;
pub use keeper::{KeeperError, Refreshes, access_token};
pub use profile::renew as renew_profile;
