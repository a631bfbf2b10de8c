//! The only place that talks to our server: one function per endpoint, types from `crates/api`.
//!
//! What belongs here: paths, the bearer token and its renewal, decoding. What does not: what an answer means for the screen.

mod client;
mod endpoints;
mod events;
mod fetch;
mod sse;
mod transport;

pub(crate) use client::decode;
pub use client::{Client, ContextSource, RenewedHandler};
pub use events::{StreamEnd, stream};
pub use fetch::Fetch;
pub use transport::{Future, Method, Request, Response, Transport, Unreachable};
