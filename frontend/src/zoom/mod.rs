//! The Zoom client that embeds us: the only place with JavaScript externs, behind a trait with a fake (`zoom.md` 8, 9).
//!
//! What belongs here: which capabilities to ask for, calls, events. What does not: what they mean for the screen. Nothing an
//! event says is trusted: it leads to asking again, and only the app context, which the server checks, proves anything.

mod bridge;
mod client;
mod host;

pub use bridge::Bridge;
pub use client::{PopOut, Sharing, UserContext, Zoom, authorized, told};
pub use host::{Handler, Host, HostError};

#[cfg(test)]
pub(crate) mod fake;
