//! What is around a server: the sandbox, a folder, a clock, and the way to all of them over real HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sidelight::chance::{SystemClock, SystemIds};
use sidelight::config::DEVELOPMENT_MASTER_KEY;
use sidelight_domain::{Clock, Timestamp};
use sidelight_outbound::{Gate, HeaderName, HeaderValue, Method, Origin, Request, Rules};
use sidelight_sandbox::{Addresses, AppRegistration, Options, Ports, Running, TenantRegistration};
use tempfile::TempDir;
use url::Url;

use crate::panel::Panel;

/// The number of the demo meeting with Northwind Traders.
pub(crate) const NORTHWIND: &str = "81234567890";

/// In a configuration: the tenants of the other data centres and domains, too.
pub(crate) const EVERYWHERE: &str = "{everywhere}";

/// The system's clock, which a test may push ahead.
#[derive(Debug, Default)]
pub(crate) struct TestClock(std::sync::atomic::AtomicI64);

impl TestClock {
    /// Pushes the clock ahead: for the server alone, unless the sandbox was started in one time with it.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let ahead = self.0.load(std::sync::atomic::Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.now().as_millis() + ahead)
    }
}

/// Everything but the server.
pub(crate) struct Outside {
    pub(crate) base: Url,
    pub(crate) zoom: Url,
    pub(crate) us1: Url,
    pub(crate) gate: Gate,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) folder: TempDir,
    addresses: Addresses,
    sandbox: Option<Running>,
}

impl Outside {
    /// A sandbox for a server at this address, which keeps its own time.
    pub(crate) async fn around(server: SocketAddr) -> Self {
        Self::with(server, Arc::default(), Arc::new(SystemClock)).await
    }

    /// A sandbox whose time is pushed ahead together with the server's: for stories that last.
    pub(crate) async fn in_one_time(server: SocketAddr) -> Self {
        let clock = Arc::<TestClock>::default();
        Self::with(server, Arc::clone(&clock), clock).await
    }

    async fn with(server: SocketAddr, clock: Arc<TestClock>, sandbox_clock: Arc<dyn Clock>) -> Self {
        let base = url("localhost", server);
        let sandbox = sidelight_sandbox::start(options(&base, sandbox_clock)).await.unwrap();
        let addresses = *sandbox.addresses();
        let (zoom, us1) = (url("localhost", addresses.zoom), url("lumen.us1.localhost", addresses.us1));
        let harbor = url("harbor.us1.localhost", addresses.us1);
        let salesforce = url("login.salesforce.localhost", addresses.salesforce);
        let abroad = [
            ("corvane-us.us2.localhost", addresses.us2),
            ("corvane-eu.eu.localhost", addresses.eu),
            ("alpenrad.eu.localhost", addresses.eu),
            ("identity.eu.localhost", addresses.eu),
            ("secured.eu.localhost", addresses.eu),
        ]
        .map(|(host, address)| url(host, address));
        let near = [&base, &zoom, &us1, &harbor, &salesforce];
        let origins = near.into_iter().chain(&abroad).map(|url| Origin::of(url).unwrap()).collect();
        let gate = Gate::new(Rules { origins, time_limit: Duration::from_mins(5), ..Rules::default() }).unwrap();
        let folder = TempDir::new().unwrap();
        Self { base, zoom, us1, gate, clock, folder, addresses, sandbox: Some(sandbox) }
    }

    /// A database in the folder.
    pub(crate) fn sqlite(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.folder.path().join("world.db").display())
    }

    /// What an operator would write down for the server.
    pub(crate) fn configuration(&self, database: &str, extra: &str) -> String {
        let Self { base, zoom, .. } = self;
        let AppRegistration { client_id, client_secret, webhook_secret, .. } = AppRegistration::demo(base);
        let mut tenants = sidelight::demo::data_centres(&self.addresses);
        let is_standard = |tenant: &TenantRegistration| ["lumen", "harbor"].contains(&tenant.key);
        tenants.extend(
            sidelight_sandbox::tenants().iter().filter(|tenant| is_standard(tenant)).map(sidelight::demo::tenant),
        );
        // With several organisations each tenant names its own; the demo's have the same keys.
        if extra.contains("[[organisations]]") {
            for key in ["lumen", "harbor"] {
                tenants = tenants
                    .replace(&format!("key = \"{key}\"\n"), &format!("key = \"{key}\"\norganisation = \"{key}\"\n"));
            }
        }
        // A setting of one tenant stands in its table, the others behind everything.
        let (own, extra) = if extra.starts_with("shared_") { (extra, "") } else { ("", extra) };
        tenants = tenants.replace("key = \"lumen\"\n", &format!("key = \"lumen\"\n{own}\n"));
        let extra = extra.replace(EVERYWHERE, &others());
        let extra = extra.replace("{salesforce}", &sidelight::demo::salesforce(base, &self.addresses));
        // A table may be written once only: what is said of Zoom goes into the one that is there.
        let (zoom_settings, extra) = match extra.strip_prefix("[zoom]\n") {
            Some(settings) => (settings, ""),
            None => ("", extra.as_str()),
        };
        format!(
            "[server]\npublic_url = \"{base}\"\n[database]\nurl = \"{database}\"\n[security]\nmaster_key = \"{DEVELOPMENT_MASTER_KEY}\"\n\
             [zoom]\noauth_url = \"{zoom}\"\napi_url = \"{zoom}\"\nclient_id = \"{client_id}\"\nclient_secret = \"{client_secret}\"\n\
             webhook_secret = \"{webhook_secret}\"\n{zoom_settings}\n{tenants}\n{extra}"
        )
    }

    /// Opens the panel for somebody in the Northwind meeting.
    pub(crate) async fn panel(&self, person: &str) -> Panel<'_> {
        Panel::open(self, json!({ "user": person, "meeting": NORTHWIND })).await
    }

    /// Opens the panel after the server's clock was pushed ahead: Zoom's context has to be as new as that.
    pub(crate) async fn panel_later(&self, person: &str) -> Panel<'_> {
        let now = self.clock.now().as_millis();
        Panel::open(self, json!({ "user": person, "meeting": NORTHWIND, "issued_at": now, "expires_in_ms": 120_000 }))
            .await
    }

    /// Opens the panel for somebody and signs him in to his tenant.
    pub(crate) async fn signed_in(&self, person: &str) -> Panel<'_> {
        let panel = self.panel(person).await;
        panel.sign_in().await;
        panel
    }

    /// A fresh app context, as the client would hand it to the page.
    pub(crate) async fn context(&self, wish: Value) -> String {
        let answer = self.zoom_control("context", wish).await;
        answer["context"].as_str().unwrap_or_else(|| panic!("no context in {answer}")).to_owned()
    }

    /// Tells the Zoom half of the sandbox something.
    pub(crate) async fn zoom_control(&self, path: &str, body: Value) -> Value {
        self.control(&self.zoom, path, body).await
    }

    /// Tells the Gainsight half of the sandbox something.
    pub(crate) async fn gainsight_control(&self, path: &str, body: Value) -> Value {
        self.control(&self.us1, path, body).await
    }

    /// Asks the Gainsight half of the sandbox something.
    pub(crate) async fn ask_gainsight(&self, path: &str) -> Value {
        let url = self.us1.join(&format!("/_control/{path}")).unwrap();
        self.gate.send(Request::get(url)).await.unwrap().json().unwrap()
    }

    /// Asks the Zoom half of the sandbox something.
    pub(crate) async fn ask_zoom(&self, path: &str) -> Value {
        let url = self.zoom.join(&format!("/_control/{path}")).unwrap();
        self.gate.send(Request::get(url)).await.unwrap().json().unwrap()
    }

    /// A fault for calls that lumen's clients make.
    pub(crate) async fn fault(&self, method: &str, path: &str, fault: Value, times: Option<u32>) {
        let rule =
            json!({ "match": { "tenant": "lumen", "method": method, "path": path }, "fault": fault, "times": times });
        self.gainsight_control("faults", rule).await;
    }

    /// Ends all faults.
    pub(crate) async fn mend(&self) {
        let url = self.us1.join("/_control/faults").unwrap();
        self.gate.send(Request::new(Method::DELETE, url)).await.unwrap();
    }

    /// How many calls of this kind lumen has seen since the last reset.
    pub(crate) async fn calls(&self, endpoint: &str) -> u64 {
        self.ask_gainsight("calls").await["lumen"][endpoint]["count"].as_u64().unwrap_or(0)
    }

    /// How many data calls lumen has seen since the last reset.
    pub(crate) async fn data_calls(&self) -> u64 {
        let calls = self.ask_gainsight("calls").await;
        let endpoints = calls["lumen"].as_object().cloned().unwrap_or_default();
        endpoints
            .iter()
            .filter(|(name, _)| name.contains("/v1/") && !name.contains("authorize") && !name.contains("oauth"))
            .filter_map(|(_, call)| call["count"].as_u64())
            .sum()
    }

    pub(crate) async fn reset_calls(&self) {
        self.gainsight_control("calls/reset", json!({})).await;
    }

    /// The activities in lumen that carry our mark.
    pub(crate) async fn our_activities(&self) -> Vec<Value> {
        let answer = self.ask_gainsight("activities?tenant=lumen&external_id_prefix=sidelight-").await;
        answer.as_array().or_else(|| answer["activities"].as_array()).cloned().unwrap_or_default()
    }

    /// A colleague logs something for a company of lumen, in Gainsight itself.
    pub(crate) async fn log_in_gainsight(&self, company: &str, subject: &str) {
        self.gainsight_control("switches", json!({ "gainsight.write_dates": "millis" })).await;
        let record = json!({
            "ExternalId": format!("elsewhere-{subject}"), "ContextName": "Company", "TypeName": "Update",
            "Subject": subject, "Notes": "<p>Logged elsewhere.</p>", "ActivityDate": self.clock.now().as_millis(),
            "GsCompanyId": company, "Author": "tom.okafor@lumenworks.example",
        });
        let url = self.us1.join("/v1/ant/es/activity").unwrap();
        let request = Request::new(Method::POST, url)
            .header(HeaderName::from_static("accesskey"), HeaderValue::from_static("lumen-access-key"));
        let answer = self.gate.send(request.json(&json!({ "records": [record] })).unwrap()).await.unwrap();
        assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
    }

    async fn control(&self, base: &Url, path: &str, body: Value) -> Value {
        let url = base.join(&format!("/_control/{path}")).unwrap();
        let answer = self.gate.send(Request::new(Method::POST, url).json(&body).unwrap()).await.unwrap();
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        answer.json().unwrap_or(Value::Null)
    }

    /// Waits for a condition; a test that waits in vain says for what.
    pub(crate) async fn until(&self, what: &str, condition: impl AsyncFnMut() -> bool) {
        self.until_within(Duration::from_secs(30), what, condition).await;
    }

    /// Waits longer. It looks ever less often: a condition asks the server under a person's limit of requests.
    pub(crate) async fn until_within(&self, limit: Duration, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let waited = tokio::time::timeout(limit, async {
            let mut pause = Duration::from_millis(20);
            while !condition().await {
                tokio::time::sleep(pause).await;
                pause = pause.mul_f64(1.3).min(Duration::from_millis(300));
            }
        });
        waited.await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            tokio::spawn(sandbox.stop());
        }
    }
}

/// The tenants beyond the standard ones that are entered without Salesforce.
fn others() -> String {
    let is_other = |tenant: &TenantRegistration| {
        !["lumen", "harbor"].contains(&tenant.key) && tenant.salesforce_organisation.is_none()
    };
    sidelight_sandbox::tenants().iter().filter(|tenant| is_other(tenant)).map(sidelight::demo::tenant).collect()
}

fn url(host: &str, address: SocketAddr) -> Url {
    Url::parse(&format!("http://{host}:{}/", address.port())).unwrap()
}

fn options(app_url: &Url, clock: Arc<dyn Clock>) -> Options {
    Options {
        ports: Ports::Free,
        app: AppRegistration::demo(app_url),
        scale: 1,
        seed: Options::DEMO_SEED,
        clock,
        ids: Arc::new(SystemIds),
    }
}
