//! What is sent.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use url::{Url, form_urlencoded};

/// One call to the outside.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) time_limit: Option<Duration>,
}

impl Request {
    /// A call without body.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None, time_limit: None }
    }

    /// A GET.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Adds a header that may be logged.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a header that never shows up in a log.
    ///
    /// A value that cannot be a header is dropped, and the other side refuses the call for lack of it.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds `Authorization: Bearer …` (RFC 6750, 2.1).
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.secret_header(AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Sends `body` as JSON.
    ///
    /// # Errors
    /// What the serialiser refuses, such as a map with keys that are not texts.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Result<Self, serde_json::Error> {
        self.body = Some(serde_json::to_vec(body)?.into());
        Ok(self.header(CONTENT_TYPE, HeaderValue::from_static("application/json")))
    }

    /// Sends `fields` as `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.body = Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into());
        self.header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
    }

    /// Waits at most this long for the complete answer, instead of the gate's default.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }
}
