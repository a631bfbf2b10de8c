//! A local HTTP server that stands in for Zoom in this crate's tests.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use sidelight_outbound::{Gate, Origin, Rules};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A server that answers everything in the same way.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A page, as a proxy between Zoom and us sends it.
pub(crate) fn html(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<html>Sorry</html>", "text/html")
}

/// Where the server is.
pub(crate) fn base(server: &MockServer) -> Url {
    Url::parse(&server.uri()).unwrap()
}

/// A gate that lets through to the server only.
pub(crate) fn gate(base: &Url) -> Gate {
    gate_with(base, Rules::default().time_limit)
}

/// The same, for answers that never come.
pub(crate) fn impatient_gate(base: &Url) -> Gate {
    gate_with(base, Duration::from_millis(100))
}

fn gate_with(base: &Url, time_limit: Duration) -> Gate {
    let origins = BTreeSet::from([Origin::of(base).unwrap()]);
    Gate::new(Rules { origins, time_limit, ..Rules::default() }).unwrap()
}

/// An answer that comes after everybody stopped waiting.
pub(crate) fn never() -> ResponseTemplate {
    ResponseTemplate::new(200).set_delay(Duration::from_mins(1))
}

/// What was sent to the server, in order.
pub(crate) async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}
