//! Zoom as Sidelight meets it (`zoom.md`).
//!
//! What Zoom proves to us: the encrypted app context ([`context`]) and signed webhooks ([`webhook`]). What we ask of Zoom:
//! tokens ([`oauth`]) and facts about people and meetings ([`rest`]). All calls go through the outbound gate, secrets are in
//! types that print nothing, and no error of this crate carries a body, an address or a name.

pub mod context;
mod error;
pub mod oauth;
pub mod rest;
#[cfg(test)]
mod stub;
pub mod webhook;
mod wire;

pub use context::{AppContext, ContextError, ContextKind, ContextReader, Leeway};
pub use error::{Error, Refusal};
pub use oauth::{App, Oauth, Tokens};
pub use rest::Rest;
