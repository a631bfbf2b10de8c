//! The Zoom side: opening the panel, installing the app, webhooks.

pub mod callback;
mod deauthorize;
pub mod home;
pub mod inbox;
pub mod install;
mod keeper;
mod profile;
pub mod webhook;

pub use profile::renew as renew_profile;
