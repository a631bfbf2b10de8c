//! A sandbox on free ports with a clock that stands still, and a plain HTTP client for it.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::{Value, json};
use sidelight_domain::{CountingIds, ManualClock, Timestamp};
use sidelight_outbound::{Answer, Error, Gate, HeaderName, HeaderValue, Method, Origin, Request, Rules, StatusCode};
use sidelight_sandbox::{Addresses, AppRegistration, Options, Ports, Running, facts, start, tenants};
use url::Url;

/// When every test begins: 2026-05-28T20:26:40Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

/// The callback that the tenants' applications carry.
pub(crate) const CALLBACK: &str = "http://localhost:8080/gainsight/callback";

/// Notes that a test proves a fact of `facts.toml`; fails if there is no such fact.
pub(crate) fn cites(id: &str) {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| facts::all().unwrap().into_iter().map(|fact| fact.id).collect());
    assert!(KNOWN.contains(id), "facts.toml has no {id}");
}

/// A running sandbox.
pub(crate) struct Sandbox {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) addresses: Addresses,
    gate: Gate,
    _running: Running,
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
        Self::start_at_scale(1).await
    }

    pub(crate) async fn start_at_scale(scale: u32) -> Self {
        let clock = Arc::new(ManualClock::at(NOW));
        let options = Options {
            ports: Ports::Free,
            app: AppRegistration::demo(&Url::parse("http://localhost:8080").unwrap()),
            scale,
            seed: Options::DEMO_SEED,
            clock: Arc::clone(&clock) as _,
            ids: Arc::new(CountingIds::default()),
        };
        let running = start(options).await.unwrap();
        let addresses = *running.addresses();
        let mut origins = BTreeSet::from([origin(&format!("http://localhost:{}", addresses.zoom.port()))]);
        for centre in addresses.data_centres() {
            let at = |host: &str| origin(&format!("http://{host}:{}", centre.address.port()));
            origins.insert(at("localhost"));
            let others = ["nobody", "identity", "secured"].map(|name| at(&format!("{name}.{}", centre.host_suffix)));
            origins.extend(others);
            // At each data centre, so that a test can ask the wrong one.
            origins.extend(tenants().iter().map(|tenant| at(&tenant.host)));
        }
        let organisations = [
            "localhost",
            "login.salesforce.localhost",
            "kestrelpay.my.salesforce.localhost",
            "nobody.my.salesforce.localhost",
        ];
        let salesforce = addresses.salesforce.port();
        origins.extend(organisations.map(|host| origin(&format!("http://{host}:{salesforce}"))));
        let rules = Rules { origins, time_limit: Duration::from_secs(30), ..Rules::default() };
        Self { clock, addresses, gate: Gate::new(rules).unwrap(), _running: running }
    }

    /// Calls a tenant with its access key.
    pub(crate) fn lumen(&self) -> Tenant<'_> {
        self.tenant("lumen").with_key("lumen-access-key")
    }

    /// Calls the other tenant with its access key.
    pub(crate) fn harbor(&self) -> Tenant<'_> {
        self.tenant("harbor").with_key("harbor-access-key")
    }

    /// Calls a tenant without any credential.
    pub(crate) fn tenant(&self, key: &str) -> Tenant<'_> {
        let tenant = tenants().into_iter().find(|tenant| tenant.key == key);
        let (host, label) =
            tenant.map_or_else(|| (format!("{key}.us1.localhost"), "US1"), |tenant| (tenant.host, tenant.data_centre));
        let centre = self.addresses.data_centres().into_iter().find(|centre| centre.label == label).unwrap();
        self.at(&format!("http://{host}:{}", centre.address.port()))
    }

    /// Calls any address of the sandbox.
    pub(crate) fn at(&self, base: &str) -> Tenant<'_> {
        Tenant { sandbox: self, base: base.to_owned(), headers: Vec::new() }
    }

    /// Posts to the control API.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("http://localhost:{}/_control/{path}", self.addresses.us1.port());
        let reply = self.send(Method::POST, &url, &[], Some(body)).await.unwrap();
        assert!(reply.status.is_success(), "{path}: {} {:?}", reply.status, reply.body);
        reply.body.unwrap_or(Value::Null)
    }

    /// Reads from the control API.
    pub(crate) async fn look(&self, path: &str) -> Value {
        let url = format!("http://localhost:{}/_control/{path}", self.addresses.us1.port());
        self.send(Method::GET, &url, &[], None).await.unwrap().json()
    }

    /// Sets one switch.
    pub(crate) async fn switch(&self, name: &str, value: impl Into<Value>) {
        self.control("switches", json!({ name: value.into() })).await;
    }

    /// Plans a fault for the next call to a path of a tenant.
    pub(crate) async fn fault_once(&self, tenant: &str, path: &str, fault: Value) {
        let plan = json!({ "match": { "tenant": tenant, "path": path }, "fault": fault, "times": 1 });
        self.control("faults", plan).await;
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(HeaderName, String)],
        body: Option<Value>,
    ) -> Result<Reply, Error> {
        let mut request = Request::new(method, Url::parse(url).unwrap());
        if let Some(body) = body {
            request = request.json(&body).unwrap();
        }
        self.deliver(request, headers).await
    }

    pub(crate) async fn deliver(&self, mut request: Request, headers: &[(HeaderName, String)]) -> Result<Reply, Error> {
        for (name, value) in headers {
            request = request.header(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        self.gate.send(request).await.map(Reply::from)
    }
}

fn origin(url: &str) -> Origin {
    Origin::of(&Url::parse(url).unwrap()).unwrap()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// The body, if it is JSON.
    pub(crate) body: Option<Value>,
    pub(crate) answer: Answer,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self { status: answer.status, body: answer.json().ok(), answer }
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        self.body.clone().unwrap_or_else(|| panic!("{} is no JSON: {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.answer.header(&HeaderName::from_bytes(name.as_bytes()).unwrap())
    }

    /// `data` of a success.
    pub(crate) fn data(&self) -> Value {
        let body = self.json();
        assert_eq!((self.status.as_u16(), &body["result"]), (200, &Value::Bool(true)), "{body}");
        body["data"].clone()
    }

    /// Status and code of a failure.
    pub(crate) fn failure(&self) -> (u16, Option<String>) {
        let body = self.json();
        assert_eq!(body["result"], Value::Bool(false), "{body}");
        (self.status.as_u16(), body["errorCode"].as_str().map(str::to_owned))
    }

    /// The rows of a query, in whichever shape.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let data = self.data();
        data.as_array().or_else(|| data["records"].as_array()).cloned().unwrap_or_default()
    }
}

/// A tenant as one caller sees it.
#[derive(Clone)]
pub(crate) struct Tenant<'a> {
    sandbox: &'a Sandbox,
    pub(crate) base: String,
    headers: Vec<(HeaderName, String)>,
}

impl Tenant<'_> {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((HeaderName::from_static(name), value.into()));
        self
    }

    pub(crate) fn with_key(self, key: &str) -> Self {
        self.with("accesskey", key)
    }

    pub(crate) fn with_token(self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }

    pub(crate) async fn try_call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Reply, Error> {
        self.sandbox.send(method, &format!("{}{path}", self.base), &self.headers, body).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.try_call(Method::POST, path, Some(body)).await.unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.try_call(Method::PUT, path, Some(body)).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.try_call(Method::GET, path, None).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.try_call(Method::DELETE, path, None).await.unwrap()
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = Request::new(Method::POST, Url::parse(&format!("{}{path}", self.base)).unwrap()).form(fields);
        self.sandbox.deliver(request, &self.headers).await.unwrap()
    }

    pub(crate) async fn query(&self, object: &str, body: Value) -> Reply {
        self.post(&format!("/v1/data/objects/query/{object}"), body).await
    }

    /// The id of the only record of `object` whose `field` is `value`.
    pub(crate) async fn gsid(&self, object: &str, field: &str, value: &str) -> String {
        let rows = self.query(object, json!({ "select": ["Gsid"], "where": is(field, value) })).await.rows();
        assert_eq!(rows.len(), 1, "{object}.{field} = {value}");
        rows[0]["Gsid"].as_str().unwrap().to_owned()
    }
}

/// A filter with one condition.
pub(crate) fn is(field: &str, value: impl Into<Value>) -> Value {
    condition(field, "EQ", json!([value.into()]))
}

/// A filter with one condition and another operator.
pub(crate) fn condition(field: &str, operator: &str, values: impl Into<Value>) -> Value {
    let values: Value = values.into();
    json!({ "conditions": [{ "name": field, "alias": "A", "operator": operator, "value": values }], "expression": "A" })
}

/// Signs a person in and comes back with an authorization code.
pub(crate) async fn code_for(sandbox: &Sandbox, tenant: &str, email: &str, extra: &str) -> String {
    let visitor = sandbox.tenant(tenant);
    let redirect = url::form_urlencoded::byte_serialize(CALLBACK.as_bytes()).collect::<String>();
    let path = format!(
        "/v1/authorize?response_type=code&client_id={tenant}-sidelight&redirect_uri={redirect}&state=st{extra}"
    );
    let page = visitor.get(&path).await;
    let ask = hidden(&page.text(), "ask");
    let form = [("ask", ask.as_str()), ("username", email), ("password", "demo")];
    let reply = visitor.form("/v1/authorize/login", &form).await;
    let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let reply = if reply.status == 303 {
        reply
    } else {
        let agreed = [("ask", ask.as_str()), ("decision", "allow")];
        visitor.with("cookie", cookie).form("/v1/authorize/consent", &agreed).await
    };
    code_in(&reply)
}

/// The code in the address that a person is sent back to.
pub(crate) fn code_in(reply: &Reply) -> String {
    assert_eq!(reply.status, 303, "{}", reply.text());
    let target = Url::parse(reply.header("location").unwrap()).unwrap();
    let pair = target.query_pairs().find(|(name, _)| name == "code");
    pair.unwrap_or_else(|| panic!("no code in {target}")).1.into_owned()
}

/// The value of a hidden field of a page.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&marker).unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Exchanges a code.
pub(crate) async fn exchange(sandbox: &Sandbox, tenant: &str, code: &str) -> Reply {
    let secret = format!("{tenant}-demo-application-secret");
    let id = format!("{tenant}-sidelight");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    sandbox.tenant(tenant).form("/v1/users/oauth/token", &form).await
}

/// Signs a person in all the way to an access token.
pub(crate) async fn token_for(sandbox: &Sandbox, tenant: &str, email: &str) -> String {
    let code = code_for(sandbox, tenant, email, "").await;
    exchange(sandbox, tenant, &code).await.json()["access_token"].as_str().unwrap().to_owned()
}

/// A tenant as a signed-in person sees it.
pub(crate) async fn signed_in<'a>(sandbox: &'a Sandbox, tenant: &str, email: &str) -> Tenant<'a> {
    let token = token_for(sandbox, tenant, email).await;
    sandbox.tenant(tenant).with_token(&token)
}
