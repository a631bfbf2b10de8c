//! The gate itself.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Once};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::origin::is_public;
use crate::resolver::PublicOnly;
use crate::{Answer, Error, Origin, Request};

/// What a gate lets through.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Where calls may go.
    pub origins: BTreeSet<Origin>,
    /// How long a call may take altogether, unless it says otherwise.
    pub time_limit: Duration,
    /// How many bytes of an answer are read, after decompression.
    pub body_limit: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { origins: BTreeSet::new(), time_limit: Duration::from_secs(15), body_limit: 16 * 1024 * 1024 }
    }
}

/// Sends requests to registered origins. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Gate {
    client: reqwest::Client,
    rules: Arc<Rules>,
}

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
static PROVIDER: Once = Once::new();

impl Gate {
    /// Opens a gate with these rules.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the TLS set-up of this machine is unusable.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that builds the HTTP client")]
    pub fn new(rules: Rules) -> Result<Self, Error> {
        PROVIDER.call_once(|| {
            // Fails only if somebody installed one before, which is just as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let client = reqwest::Client::builder()
            .user_agent(concat!("sidelight/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(Duration::from_mins(1))
            .dns_resolver(PublicOnly)
            .build()
            .map_err(Error::Unbuildable)?;
        Ok(Self { client, rules: Arc::new(rules) })
    }

    /// Whether calls to `url` would be let through.
    #[must_use]
    pub fn admits(&self, url: &Url) -> bool {
        self.check(url).is_ok()
    }

    /// Sends a request and reads the whole answer. Redirects come back as they are.
    ///
    /// # Errors
    /// [`Error`]; an answer with an error status is not one of them.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.check(&request.url)?;
        let limit = request.time_limit.unwrap_or(self.rules.time_limit);
        tokio::time::timeout(limit, self.exchange(request)).await.unwrap_or(Err(Error::TimedOut { limit }))
    }

    fn check(&self, url: &Url) -> Result<(), Error> {
        let origin = Origin::of(url).map_err(Error::Address)?;
        let address = match url.host() {
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
            Some(Host::Domain(_)) | None => None,
        };
        // Loopback is for the registered stand-ins of a development machine; a private address is for nobody.
        let inside = address.is_some_and(|address| !address.is_loopback() && !is_public(address));
        if inside || !self.rules.origins.contains(&origin) {
            return Err(Error::NotRegistered { origin: origin.to_string() });
        }
        Ok(())
    }

    async fn exchange(&self, request: Request) -> Result<Answer, Error> {
        let mut builder = self.client.request(request.method, request.url).headers(request.headers);
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let built = builder.build().map_err(Error::Unbuildable)?;
        let mut response = self.client.execute(built).await.map_err(told_apart)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(&mut response).await?;
        Ok(Answer { status, headers, body })
    }

    async fn read(&self, response: &mut reqwest::Response) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Error::Broken(error.without_url()))? {
            if body.len() + chunk.len() > self.rules.body_limit {
                return Err(Error::TooLarge { limit: self.rules.body_limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

/// An address may carry a personal id in its path, so it never travels inside an error.
fn told_apart(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_connect() { Error::Connect(error) } else { Error::Broken(error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    fn gate(origin: &str, change: impl FnOnce(&mut Rules)) -> Gate {
        let origins = BTreeSet::from([Origin::of(&Url::parse(origin).unwrap()).unwrap()]);
        let mut rules = Rules { origins, ..Rules::default() };
        change(&mut rules);
        Gate::new(rules).unwrap()
    }

    async fn server(answer: ResponseTemplate) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        server
    }

    #[tokio::test]
    async fn an_unregistered_address_is_never_called() {
        let server = server(ResponseTemplate::new(200)).await;
        let gate = gate("https://registered.example", |_| {});
        for url in [server.uri(), "https://169.254.169.254/latest".to_owned(), "http://registered.example".to_owned()] {
            let refused = gate.send(Request::get(Url::parse(&url).unwrap())).await.unwrap_err();
            assert!(matches!(refused, Error::NotRegistered { .. } | Error::Address(_)), "{url}: {refused}");
            assert!(!refused.may_have_been_applied());
        }
        assert!(server.received_requests().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_registered_private_address_is_refused_all_the_same() {
        let gate = gate("https://10.1.2.3", |_| {});
        assert!(!gate.admits(&Url::parse("https://10.1.2.3/").unwrap()));
    }

    #[tokio::test]
    async fn redirects_are_answers_and_are_not_followed() {
        let server = server(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
        let answer = gate(&server.uri(), |_| {}).send(Request::get(Url::parse(&server.uri()).unwrap())).await.unwrap();
        assert_eq!(answer.status, 302);
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn names_below_localhost_are_this_machine() {
        let server = server(ResponseTemplate::new(204)).await;
        let url = format!("http://lumen.us1.localhost:{}", server.address().port());
        let answer = gate(&url, |_| {}).send(Request::get(Url::parse(&url).unwrap())).await.unwrap();
        assert_eq!(answer.status, 204);
    }

    #[tokio::test]
    async fn a_slow_answer_times_out_and_may_have_been_applied() {
        let server = server(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
        let request = Request::get(Url::parse(&server.uri()).unwrap()).within(Duration::from_millis(50));
        let error = gate(&server.uri(), |_| {}).send(request).await.unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }) && error.may_have_been_applied() && error.is_transient());
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_not_read() {
        let server = server(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; 4_096])).await;
        let error = gate(&server.uri(), |rules| rules.body_limit = 1_024)
            .send(Request::get(Url::parse(&server.uri()).unwrap()))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 1_024 }));
    }

    #[tokio::test]
    async fn a_connection_dropped_after_the_request_may_have_been_applied() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 1_024];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await;
        });
        let error = gate(&url, |_| {}).send(Request::get(Url::parse(&url).unwrap())).await.unwrap_err();
        assert!(matches!(error, Error::Broken(_)) && error.may_have_been_applied());
    }

    #[tokio::test]
    async fn nobody_listening_means_nothing_was_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = gate(&url, |_| {}).send(Request::get(Url::parse(&url).unwrap())).await.unwrap_err();
        assert!(matches!(error, Error::Connect(_)) && !error.may_have_been_applied() && error.is_transient());
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let request = Request::get(Url::parse("https://x.example").unwrap()).bearer("hunter2");
        assert!(!format!("{request:?}").contains("hunter2"));
    }
}
