//! A running stand-in, and how a person gets a token there.

use std::collections::BTreeSet;
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Value, json};
use sidelight_domain::{CountingIds, ManualClock, Timestamp};
use sidelight_gainsight::oauth::authorize_url;
use sidelight_gainsight::{Access, Application, Credential, Gainsight, Schema, Tokens};
use sidelight_outbound::{Gate, Method, Origin, Pkce, Request, Rules, header};
use sidelight_sandbox::{AppRegistration, Options, Ports, Running, start};
use url::Url;

const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

/// The stand-in's data centre with its tenants.
pub(crate) struct World {
    pub(crate) gainsight: Gainsight,
    pub(crate) clock: Arc<ManualClock>,
    gate: Gate,
    port: u16,
    _running: Running,
}

impl World {
    pub(crate) async fn start() -> Self {
        let clock = Arc::new(ManualClock::at(NOW));
        let options = Options {
            ports: Ports::Free,
            app: AppRegistration::demo(&Url::parse("http://localhost:8080").unwrap()),
            scale: 1,
            seed: Options::DEMO_SEED,
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(CountingIds::default()),
        };
        let running = start(options).await.unwrap();
        let port = running.addresses().us1.port();
        let hosts = ["lumen.us1.localhost", "harbor.us1.localhost", "nobody.us1.localhost", "localhost"];
        let origin = |host: &&str| Origin::of(&Url::parse(&format!("http://{host}:{port}")).unwrap()).unwrap();
        let origins: BTreeSet<_> = hosts.iter().map(origin).collect();
        let gate = Gate::new(Rules { origins, ..Rules::default() }).unwrap();
        Self { gainsight: Gainsight::new(gate.clone()), clock, gate, port, _running: running }
    }

    pub(crate) fn base(&self, tenant: &str) -> Url {
        Url::parse(&format!("http://{tenant}.us1.localhost:{}", self.port)).unwrap()
    }

    /// Sets one switch of the stand-in, and forgets everything else that was done to it.
    pub(crate) async fn play(&self, name: &str, value: impl Into<Value>) {
        self.control("reset", json!({})).await;
        self.control("switches", json!({ name: value.into() })).await;
    }

    pub(crate) async fn control(&self, path: &str, body: Value) {
        let url = Url::parse(&format!("http://localhost:{}/_control/{path}", self.port)).unwrap();
        let answer = self.gate.send(Request::new(Method::POST, url).json(&body).unwrap()).await.unwrap();
        assert!(answer.status.is_success(), "{path}: {} {:?}", answer.status, answer.body);
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        let url = Url::parse(&format!("http://localhost:{}/_control/{path}", self.port)).unwrap();
        self.gate.send(Request::get(url)).await.unwrap().json().unwrap()
    }

    /// The address that a browser is sent back to after somebody signed in and agreed.
    pub(crate) async fn sign_in(&self, tenant: &str, email: &str, authorize: Url) -> Url {
        let page = self.gate.send(Request::get(authorize)).await.unwrap();
        let page = String::from_utf8_lossy(&page.body).into_owned();
        let (_, rest) = page.split_once("name=\"ask\" value=\"").expect("the sign-in page has a form");
        let ask = rest.split('"').next().unwrap();
        let post = |path: &str, form: &[(&str, &str)], cookie: &str| {
            let request = Request::new(Method::POST, self.base(tenant).join(path).unwrap()).form(form);
            self.gate.send(request.secret_header(header::COOKIE, cookie))
        };
        let form = [("ask", ask), ("username", email), ("password", "demo")];
        let mut answer = post("/v1/authorize/login", &form, "").await.unwrap();
        if answer.status != 303 {
            let cookie = answer.header(&header::SET_COOKIE).unwrap().split(';').next().unwrap().to_owned();
            let agreed = [("ask", ask), ("decision", "allow")];
            answer = post("/v1/authorize/consent", &agreed, &cookie).await.unwrap();
        }
        Url::parse(answer.header(&header::LOCATION).expect("the browser is sent back")).unwrap()
    }

    /// All the way from the authorisation page to tokens.
    pub(crate) async fn tokens(&self, tenant: &str, email: &str, pkce: bool) -> Tokens {
        let (base, application, pair) = (self.base(tenant), application(tenant, pkce), Pkce::s256([7; 32]));
        let authorize = authorize_url(&base, &application, "state-1", Some(&pair.challenge));
        let back = self.sign_in(tenant, email, authorize).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some("state-1"));
        let code: SecretString = parameter(&back, "code").expect("there is a code").into();
        self.gainsight.exchange_code(&base, &application, &code, Some(&pair.verifier)).await.unwrap()
    }

    /// A person of a tenant, signed in.
    pub(crate) async fn person(&self, tenant: &str, email: &str) -> Caller<'_> {
        let tokens = self.tokens(tenant, email, false).await;
        self.caller(tenant, Credential::User(tokens.access))
    }

    /// The tenant itself, by its access key.
    pub(crate) fn tenant(&self, tenant: &str) -> Caller<'_> {
        self.caller(tenant, Credential::AccessKey(format!("{tenant}-access-key").into()))
    }

    pub(crate) fn caller(&self, tenant: &str, credential: Credential) -> Caller<'_> {
        Caller { gainsight: &self.gainsight, base: self.base(tenant), credential, schema: Schema::default() }
    }
}

/// Somebody with a credential.
pub(crate) struct Caller<'a> {
    pub(crate) gainsight: &'a Gainsight,
    base: Url,
    credential: Credential,
    schema: Schema,
}

impl Caller<'_> {
    /// The same, after asking what the tenant's objects look like.
    pub(crate) async fn informed(mut self) -> Self {
        let described = self.gainsight.describe(&self.access(), &Schema::OBJECTS).await.unwrap();
        self.schema = Schema::of(described);
        self
    }

    pub(crate) fn access(&self) -> Access<'_> {
        Access::new(&self.base, &self.credential).knowing(&self.schema)
    }
}

/// The tenant's OAuth application.
pub(crate) fn application(tenant: &str, pkce: bool) -> Application {
    Application {
        client_id: format!("{tenant}-sidelight"),
        client_secret: format!("{tenant}-demo-application-secret").into(),
        pkce,
        redirect: Url::parse("http://localhost:8080/gainsight/callback").unwrap(),
    }
}

/// A parameter of the address that a browser is sent back to.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
