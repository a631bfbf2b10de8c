//! The Zoom side: opening the panel, installing the app, webhooks.

pub(crate) mod callback;
mod deauthorize;
pub(crate) mod home;
pub mod inbox;
pub(crate) mod install;
mod keeper;
mod profile;
pub(crate) mod webhook;

pub use profile::renew as renew_profile;
