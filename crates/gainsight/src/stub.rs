//! A local HTTP server that stands in for a Gainsight tenant in this crate's tests.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json as value};
use sidelight_outbound::{Gate, Origin, Rules};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::{Access, Credential, Gainsight};

/// A server that answers everything in the same way.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A server that gives these answers one after the other, the last one for ever.
pub(crate) async fn answering_in_turn(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for answer in answers {
        Mock::given(any()).respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    server
}

/// A success with this `data`.
pub(crate) fn ok(data: &Value) -> ResponseTemplate {
    json(200, &value!({"result": true, "errorCode": null, "errorDesc": null, "requestId": "r-1", "data": data}))
}

/// A failure with this code and description.
pub(crate) fn failing(status: u16, code: &str, description: &str) -> ResponseTemplate {
    let body = value!({"result": false, "errorCode": code, "errorDesc": description, "requestId": "r-2", "data": null});
    json(status, &body)
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A page, as a proxy between Gainsight and us sends it.
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

/// Makes a call as a user of the server's tenant.
pub(crate) async fn with<T>(server: &MockServer, call: impl AsyncFnOnce(Gainsight, Access<'_>) -> T) -> T {
    let (base, credential) = (base(server), Credential::User("token".into()));
    call(Gainsight::new(gate(&base)), Access::new(&base, &credential)).await
}

/// The JSON of the `number`th request.
pub(crate) async fn body(server: &MockServer, number: usize) -> Value {
    requests(server).await[number].body_json().unwrap()
}

/// What was sent to the server, in order.
pub(crate) async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}
