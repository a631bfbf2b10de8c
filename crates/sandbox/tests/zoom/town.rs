//! A sandbox with an app beside it: the app takes webhooks and answers as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use sidelight_domain::{CountingIds, ManualClock, Timestamp};
use sidelight_outbound::{
    Answer, Gate, HeaderMap, HeaderName, HeaderValue, Method, Origin, Request, Rules, StatusCode, header,
};
use sidelight_sandbox::{AppRegistration, Options, Ports, Running, facts, start};
use tokio::net::TcpListener;
use url::Url;

/// When every test begins: 2026-05-28T20:26:40Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);
/// The demo meeting.
pub(crate) const NORTHWIND: &str = "81234567890";
/// The other tenant's meeting.
pub(crate) const SOLSTICE: &str = "82345678901";

/// Notes that a test proves a fact of `facts.toml`; fails if there is no such fact.
pub(crate) fn cites(id: &str) {
    let known = facts::all().unwrap();
    assert!(known.iter().any(|fact| fact.id == id), "facts.toml has no {id}");
}

/// A webhook as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// How the app answers a webhook.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mood {
    /// With 200, and rightly to probes.
    Good,
    /// With this status.
    Status(u16),
    /// Never.
    Silent,
    /// Probes get a digest of another secret.
    Forgetful,
}

/// What the app saw.
#[derive(Clone)]
pub(crate) struct App {
    received: Arc<Mutex<Vec<Received>>>,
    mood: Arc<Mutex<Mood>>,
    secret: String,
}

impl App {
    pub(crate) fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Everything that came, and forgets it.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// The names of the events that came, and forgets them.
    pub(crate) fn take_names(&self) -> Vec<String> {
        self.take().iter().map(|received| received.json()["event"].as_str().unwrap().to_owned()).collect()
    }
}

async fn hear(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received { headers, body };
    let json = received.json();
    app.received.lock().unwrap().push(received);
    let mood = *app.mood.lock().unwrap();
    match mood {
        Mood::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Silent => std::future::pending().await,
        Mood::Good | Mood::Forgetful => {
            let Some(plain) = json["payload"]["plainToken"].as_str() else { return StatusCode::OK.into_response() };
            let secret = if mood == Mood::Good { app.secret.as_str() } else { "forgotten" };
            let encrypted = hex_hmac(secret.as_bytes(), plain.as_bytes());
            axum::Json(json!({ "plainToken": plain, "encryptedToken": encrypted })).into_response()
        }
    }
}

/// The app's other pages say what they were asked.
async fn repeat(method: Method, uri: Uri, headers: HeaderMap, body: String) -> Json<Value> {
    let headers: BTreeMap<_, _> =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    Json(json!({ "method": method.as_str(), "uri": uri.to_string(), "headers": headers, "body": body }))
}

/// HMAC-SHA256 as hexadecimal digits.
pub(crate) fn hex_hmac(key: &[u8], message: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The sandbox, the app and a caller.
pub(crate) struct Town {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) registration: AppRegistration,
    pub(crate) app: App,
    /// `http://localhost:…` of the Zoom port.
    pub(crate) zoom: String,
    /// Port of the native client's way to the panel.
    pub(crate) native: u16,
    gate: Gate,
    _running: Running,
}

impl Town {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app_url = Url::parse(&format!("http://localhost:{}", listener.local_addr().unwrap().port())).unwrap();
        let registration = AppRegistration::demo(&app_url);
        let secret = registration.webhook_secret.clone();
        let app = App { received: Arc::default(), mood: Arc::new(Mutex::new(Mood::Good)), secret };
        let router = Router::new().route("/zoom/webhook", post(hear)).fallback(repeat).with_state(app.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let clock = Arc::new(ManualClock::at(NOW));
        let options = Options {
            ports: Ports::Free,
            app: registration.clone(),
            scale: 1,
            seed: Options::DEMO_SEED,
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(CountingIds::default()),
        };
        let running = start(options).await.unwrap();
        let zoom = format!("http://localhost:{}", running.addresses().zoom.port());
        let native = running.addresses().native.port();
        let clients = ["maya-lindqvist.81234567890", "maya-lindqvist", "nobody"]
            .map(|viewer| format!("http://{viewer}.client.localhost:{native}"));
        let origins = clients.iter().chain([&zoom]).map(|url| Origin::of(&Url::parse(url).unwrap()).unwrap()).collect();
        let gate = Gate::new(Rules { origins, time_limit: Duration::from_secs(30), ..Rules::default() }).unwrap();
        Self { clock, registration, app, zoom, native, gate, _running: running }
    }

    /// A town whose hosts have added the app, and whose app has forgotten what it heard meanwhile.
    pub(crate) async fn with_app() -> Self {
        let town = Self::start().await;
        for host in ["maya-lindqvist", "dana-whitfield"] {
            town.control(&format!("people/{host}/add-app"), json!({})).await;
        }
        town
    }

    pub(crate) async fn send(&self, request: Request) -> Reply {
        Reply(self.gate.send(request).await.unwrap())
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.zoom)).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(self.url(path))).await
    }

    /// Reads with a person's access token.
    pub(crate) async fn read(&self, token: &str, path: &str) -> Reply {
        self.send(Request::get(self.url(path)).bearer(token)).await
    }

    /// A control call, whatever comes of it.
    pub(crate) async fn try_control(&self, path: &str, body: Value) -> Reply {
        let url = self.url(&format!("/_control/{path}"));
        self.send(Request::new(Method::POST, url).json(&body).unwrap()).await
    }

    /// A control call that must succeed.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let reply = self.try_control(path, body).await;
        assert!(reply.0.status.is_success(), "{path}: {} {}", reply.0.status, reply.text());
        reply.0.json().unwrap_or(Value::Null)
    }

    /// Takes a step in the demo meeting.
    pub(crate) async fn step(&self, name: &str, body: Value) -> Value {
        self.control(&format!("meetings/{NORTHWIND}/{name}"), body).await
    }

    /// Sets one switch.
    pub(crate) async fn switch(&self, name: &str, value: impl Into<Value>) {
        self.control("switches", json!({ name: value.into() })).await;
    }

    /// Waits until no webhook is due.
    pub(crate) async fn settle(&self) {
        self.control("webhooks/settle", json!({})).await;
    }

    /// Moves the clock, and waits until no webhook is due.
    pub(crate) async fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.settle().await;
    }

    /// The meeting as the simulator's pages see it.
    pub(crate) async fn meeting(&self, id: &str) -> Value {
        self.get(&format!("/_control/meetings/{id}")).await.json()
    }

    /// The participant of that key who is in the demo meeting.
    pub(crate) async fn participant(&self, person: &str) -> Value {
        let meeting = self.meeting(NORTHWIND).await;
        let found = meeting["participants"].as_array().unwrap().iter().rfind(|one| one["person"] == person).cloned();
        found.unwrap_or_else(|| panic!("{person} is not in the meeting"))
    }

    /// The address of the authorisation page with everything that it needs.
    pub(crate) fn authorize_path(&self, more: &str) -> String {
        let redirect: String =
            url::form_urlencoded::byte_serialize(self.registration.redirect_url.as_str().as_bytes()).collect();
        let client = &self.registration.client_id;
        format!("/oauth/authorize?response_type=code&client_id={client}&redirect_uri={redirect}{more}")
    }

    /// A code for `person`, who agrees to everything.
    pub(crate) async fn code_for(&self, person: &str, more: &str) -> String {
        let path = self.authorize_path(&format!("&as={person}&consent=auto{more}"));
        self.get(&path).await.parameter("code").unwrap()
    }

    /// Calls the token endpoint as the app.
    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Reply {
        self.oauth("token", fields).await
    }

    /// Calls an endpoint that the app authenticates itself to.
    pub(crate) async fn oauth(&self, name: &str, fields: &[(&str, &str)]) -> Reply {
        let request = Request::new(Method::POST, self.url(&format!("/oauth/{name}"))).form(fields);
        self.send(request.header(header::AUTHORIZATION, self.basic())).await
    }

    /// The app's Basic credentials.
    pub(crate) fn basic(&self) -> HeaderValue {
        use base64::Engine as _;
        let pair = format!("{}:{}", self.registration.client_id, self.registration.client_secret);
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        HeaderValue::from_str(&format!("Basic {encoded}")).unwrap()
    }

    /// Exchanges a code.
    pub(crate) async fn exchange(&self, code: &str, more: &[(&str, &str)]) -> Reply {
        let redirect = self.registration.redirect_url.to_string();
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &redirect)];
        fields.extend_from_slice(more);
        self.token(&fields).await
    }

    /// Both tokens of `person`, who agreed to everything.
    pub(crate) async fn tokens_for(&self, person: &str) -> (String, String) {
        let code = self.code_for(person, "").await;
        let tokens = self.exchange(&code, &[]).await.json();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// An access token of `person`.
    pub(crate) async fn access_for(&self, person: &str) -> String {
        self.tokens_for(person).await.0
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply(pub(crate) Answer);

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.0.status.as_u16()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        self.0.json().unwrap_or_else(|_| panic!("{} is no JSON: {}", self.0.status, self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.header(&HeaderName::from_bytes(name.as_bytes()).unwrap())
    }

    /// Status and `code` of a REST refusal.
    pub(crate) fn refusal(&self) -> (u16, i64) {
        (self.status(), self.json()["code"].as_i64().unwrap_or_else(|| panic!("no code in {}", self.text())))
    }

    /// Status and `error` of a refusal of the token endpoint.
    pub(crate) fn oauth_refusal(&self) -> (u16, String) {
        let body = self.json();
        assert!(body["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{body}");
        (self.status(), body["error"].as_str().unwrap().to_owned())
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> Url {
        assert!(self.0.status.is_redirection(), "{}: {}", self.0.status, self.text());
        Url::parse(self.header("location").unwrap()).unwrap()
    }

    /// A parameter of the address that a redirect leads to.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.location().query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The value of a hidden field of a page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let page = self.text();
        let marker = format!("name=\"{name}\" value=\"");
        let (_, rest) = page.split_once(&marker).unwrap_or_else(|| panic!("no field {name} in {page}"));
        rest.split('"').next().unwrap().to_owned()
    }
}
