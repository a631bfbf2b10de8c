//! The Zoom side: opening the panel, installing the app, webhooks.

mod attach;
pub(crate) mod authorization;
pub(crate) mod callback;
mod deauthorize;
mod erase;
pub(crate) mod home;
pub mod inbox;
pub(crate) mod install;
mod keeper;
mod profile;
pub(crate) mod webhook;

pub use install::link as install_link;
pub use keeper::{KeeperError, Refreshes, access_token};
pub use profile::renew as renew_profile;
