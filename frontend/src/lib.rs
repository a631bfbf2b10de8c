//! Sidelight's side panel in the Zoom client, for the browser.
//!
//! From the outside in: `ui` draws, `app` acts, `state` decides, `api` and `zoom` speak to the outside, `browser` adapts the page.

pub mod api;
pub mod app;
pub mod browser;
pub mod json;
pub mod state;
pub mod ui;
pub mod zoom;
