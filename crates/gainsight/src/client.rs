//! Sends calls to a tenant.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use sidelight_outbound::{Gate, HeaderName, Method, Request};
use url::Url;

use crate::envelope::{self, Failure};
use crate::{Error, Schema};

/// Speaks with Gainsight tenants. Cheap to clone. Counts nothing and caches nothing: whoever calls it holds the budget.
///
/// Unless a method says otherwise, it makes exactly one call.
#[derive(Clone, Debug)]
pub struct Gainsight {
    pub(crate) gate: Gate,
}

/// What a call is made with. One at a time: Gainsight refuses an access key beside a bearer token (`gainsight.md` 2.2).
#[derive(Clone, Debug)]
pub enum Credential {
    /// A person's own token; his permissions apply.
    User(SecretString),
    /// A token of the tenant's M2M client; no person's permissions apply.
    Machine(SecretString),
    /// The tenant's access key; no person's permissions apply.
    AccessKey(SecretString),
}

/// Where a call goes, as whom, and what is known of the objects there.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// The tenant's own host, such as `https://acme.gainsightcloud.com`.
    pub base: &'a Url,
    /// As whom.
    pub credential: &'a Credential,
    /// What describe said with this credential. Without it only fields are asked for that every tenant has.
    pub schema: Option<&'a Schema>,
    /// How long a call may take; `None` leaves it to the gate.
    pub time_limit: Option<Duration>,
}

impl<'a> Access<'a> {
    /// Access to the tenant at `base`.
    #[must_use]
    pub const fn new(base: &'a Url, credential: &'a Credential) -> Self {
        Self { base, credential, schema: None, time_limit: None }
    }

    /// The same, knowing the tenant's objects.
    #[must_use]
    pub const fn knowing(self, schema: &'a Schema) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// The same, for a tenant that is given more or less time.
    #[must_use]
    pub const fn within(self, limit: Duration) -> Self {
        Self { time_limit: Some(limit), ..self }
    }
}

/// Why there is no `data`.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// No answer came.
    Unanswered(Error),
    /// The answer is a failure.
    Failed(Box<Failure>),
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Unanswered(error) => error,
            Stopped::Failed(failure) => failure.into_error(),
        }
    }
}

impl Gainsight {
    /// A client that calls through `gate`, which must admit every tenant's host.
    #[must_use]
    pub const fn new(gate: Gate) -> Self {
        Self { gate }
    }

    /// Sends a JSON body and opens the envelope of the answer.
    pub(crate) async fn send_json<T: Serialize>(
        &self,
        access: &Access<'_>,
        method: Method,
        url: Url,
        body: &T,
    ) -> Result<Value, Stopped> {
        let request = Request::new(method, url).json(body);
        // Our bodies are maps with texts for keys, which always serialise.
        let unbuildable =
            |_| Stopped::Unanswered(Error::Invalid { fields: Vec::new(), refusal: crate::Refusal::default() });
        self.send(access, request.map_err(unbuildable)?).await
    }

    /// Sends a request and opens the envelope of the answer.
    pub(crate) async fn send(&self, access: &Access<'_>, request: Request) -> Result<Value, Stopped> {
        let request = match access.credential {
            Credential::User(token) | Credential::Machine(token) => request.bearer(token.expose_secret()),
            Credential::AccessKey(key) => {
                request.secret_header(HeaderName::from_static("accesskey"), key.expose_secret())
            }
        };
        let request = match access.time_limit {
            Some(limit) => request.within(limit),
            None => request,
        };
        let answer = self.gate.send(request).await.map_err(|error| Stopped::Unanswered(error.into()))?;
        envelope::open(&answer).map_err(Stopped::Failed)
    }
}

/// The address of `path` at a tenant. Segments are encoded one by one, so that no id can lead elsewhere.
pub(crate) fn address(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
