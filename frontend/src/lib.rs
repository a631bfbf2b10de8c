//! Sidelight's side panel in the Zoom client, for the browser.

pub mod api;
pub mod browser;
pub mod state;
pub mod zoom;
