//! The one door through which Sidelight calls the outside (design 4.9).
//!
//! Only this crate knows an HTTP client. A [`Gate`] sends to registered origins only, follows no redirect (it would carry a
//! credential elsewhere), refuses private addresses, answers within its time limit and reads a bounded body. What comes
//! back is an [`Answer`] with the body in memory, or an [`Error`] that tells whether the request may have been applied.

mod answer;
mod error;
mod gate;
mod origin;
mod pkce;
mod request;
mod resolver;

pub use answer::Answer;
pub use error::Error;
pub use gate::{Gate, Rules};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use origin::{InvalidOrigin, Origin};
pub use pkce::Pkce;
pub use request::Request;
