//! A running stand-in for Zoom, with a server of ours that its webhooks reach.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use sidelight_domain::ids::ZoomClientId;
use sidelight_domain::{Clock, CountingIds, ManualClock, Timestamp};
use sidelight_outbound::{Gate, Method, Origin, Pkce, Request, Rules, header};
use sidelight_sandbox::{AppRegistration, Options, Ports, Running, start};
use sidelight_zoom::{App, Oauth, Rest, Tokens};
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

/// Zoom's cloud, and the address where it finds us.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) oauth: Oauth,
    pub(crate) rest: Rest,
    pub(crate) app: App,
    pub(crate) redirect: Url,
    pub(crate) webhook_secret: SecretString,
    /// Takes every webhook and answers 200.
    pub(crate) ours: MockServer,
    gate: Gate,
    base: Url,
    _running: Running,
}

impl World {
    pub(crate) async fn start() -> Self {
        let ours = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&ours).await;
        let registration = AppRegistration::demo(&Url::parse(&ours.uri()).unwrap());
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
        let base = Url::parse(&format!("http://localhost:{}", running.addresses().zoom.port())).unwrap();
        let origins = BTreeSet::from([Origin::of(&base).unwrap()]);
        let gate = Gate::new(Rules { origins, time_limit: Duration::from_secs(30), ..Rules::default() }).unwrap();
        Self {
            clock,
            oauth: Oauth::new(gate.clone(), base.clone()),
            rest: Rest::new(gate.clone(), base.clone()),
            app: App {
                client_id: ZoomClientId::new(registration.client_id),
                client_secret: registration.client_secret.into(),
            },
            redirect: registration.redirect_url,
            webhook_secret: registration.webhook_secret.into(),
            ours,
            gate,
            base,
            _running: running,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets one switch of the stand-in.
    pub(crate) async fn play(&self, name: &str, value: impl Into<Value>) {
        self.control("switches", json!({ name: value.into() })).await;
    }

    /// Takes a control step and returns what it says.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let url = self.base.join(&format!("/_control/{path}")).unwrap();
        let answer = self.gate.send(Request::new(Method::POST, url).json(&body).unwrap()).await.unwrap();
        assert!(answer.status.is_success(), "{path}: {} {:?}", answer.status, answer.body);
        answer.json().unwrap_or_default()
    }

    /// The code that a person's consent brings.
    pub(crate) async fn code(&self, person: &str, challenge: Option<&str>) -> SecretString {
        let mut url = self.oauth.authorize_url(&self.app, &self.redirect, "state-1", challenge);
        url.query_pairs_mut().append_pair("as", person).append_pair("consent", "auto");
        let answer = self.gate.send(Request::get(url)).await.unwrap();
        let back = Url::parse(answer.header(&header::LOCATION).expect("the browser is sent back")).unwrap();
        let parameter =
            |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(parameter("state").as_deref(), Some("state-1"));
        parameter("code").expect("there is a code").into()
    }

    /// Installs the app for a person, the whole way.
    pub(crate) async fn install(&self, person: &str) -> Tokens {
        let pair = Pkce::s256([7; 32]);
        let code = self.code(person, Some(&pair.challenge)).await;
        self.oauth.exchange_code(&self.app, &code, self.redirect.as_str(), Some(&pair.verifier)).await.unwrap()
    }

    /// The webhooks that reached us, oldest first: signature, time, body.
    pub(crate) async fn webhooks(&self) -> Vec<(String, String, Vec<u8>)> {
        self.control("webhooks/settle", json!({})).await;
        let header = |request: &wiremock::Request, name: &str| request.headers[name].to_str().unwrap().to_owned();
        let received = self.ours.received_requests().await.unwrap();
        let signed = received.into_iter().filter(|request| request.url.path() == "/zoom/webhook");
        signed
            .map(|request| {
                (header(&request, "x-zm-signature"), header(&request, "x-zm-request-timestamp"), request.body)
            })
            .collect()
    }
}
