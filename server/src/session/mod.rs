//! Panel sessions: from Zoom's app context to a bearer token, and what it opens (design 4.1).

mod cache;
mod exchange;
mod streams;
mod token;

pub use cache::SessionCache;
pub use exchange::{Opened, open};
pub use streams::{Streams, Turn};
pub use token::{InvalidToken, Tokens};
