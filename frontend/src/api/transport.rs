//! How a request leaves the page, as a trait, so that everything above it is tested without a browser.

use std::pin::Pin;

use sidelight_domain::ids::MeetingUuid;

use crate::json::{self, ToJson};

/// A future of this page; the browser has one thread.
pub type Future<T> = Pin<Box<dyn core::future::Future<Output = T>>>;

/// The verbs that our API uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes or does something.
    Post,
    /// Replaces something.
    Put,
    /// Removes something.
    Delete,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// How long a body may be that outlives its page: browsers refuse more than 64 KiB for all of them together (Fetch, "keepalive").
const LONGEST_OUTLIVING: usize = 50_000;

/// A request below `/api/v1`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Its verb.
    pub method: Method,
    /// Its path, with query.
    pub path: String,
    /// Its JSON.
    pub body: Option<String>,
    /// The bearer token.
    pub token: Option<String>,
    /// The meeting it is about, where the panel looks at one from the main client.
    pub meeting: Option<MeetingUuid>,
    /// Whether it goes out even if the page is closed before its answer comes.
    pub outlives_page: bool,
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, token: None, meeting: None, outlives_page: false }
    }

    /// The same with a body.
    #[must_use]
    pub fn json(self, body: &dyn ToJson) -> Self {
        Self { body: Some(json::write(body)), ..self }
    }

    /// The same, going out even if the page is closed meanwhile, unless it is too long for that.
    #[must_use]
    pub fn outliving_the_page(self) -> Self {
        Self { outlives_page: self.body.as_ref().map_or(0, String::len) <= LONGEST_OUTLIVING, ..self }
    }
}

/// An answer, as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// No answer came: no connection, or the server is down.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the server could not be reached")]
pub struct Unreachable;

/// Sends requests.
pub trait Transport {
    /// Sends one.
    fn send(&self, request: Request) -> Future<Result<Response, Unreachable>>;
}
