//! `sidelight demo` and `sidelight sandbox`: the same server, and a stand-in world for it to speak to over real HTTP.
//!
//! This is the only place of the server that knows a sandbox. The server itself is configured by a text, as in production.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use sidelight_outbound::{Gate, Method, Origin, Request, Rules, header};
use sidelight_sandbox::{
    Addresses, AppRegistration, DataCentreRegistration, Options, Ports, TenantRegistration, tenants,
};
use url::Url;

use crate::chance::{SystemClock, SystemIds};
use crate::commands::{open, print, stop_signal};
use crate::config::{Config, DEVELOPMENT_MASTER_KEY, LogFormat};
use crate::logging;
use crate::serve::{Listeners, serve};

/// Options of `sidelight demo`.
#[derive(Args, Debug)]
pub struct DemoOptions {
    /// Do not open a browser.
    #[arg(long)]
    no_browser: bool,
    /// Port of the server.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// First port of the stand-ins.
    #[arg(long, default_value_t = Options::DEMO_PORT)]
    sandbox_port: u16,
    /// Folder of the database. What a demo kept is gone with the next one, as its world begins anew.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// How many times the standard book of business.
    #[arg(long, default_value_t = 1)]
    scale: u32,
    /// Which log lines appear.
    #[arg(long, default_value = "warn")]
    log: String,
}

/// Options of `sidelight sandbox`.
#[derive(Args, Debug)]
pub struct SandboxOptions {
    /// First port: meeting simulator and Zoom cloud; Gainsight's data centres follow.
    #[arg(long, default_value_t = Options::DEMO_PORT)]
    port: u16,
    /// Where Sidelight runs.
    #[arg(long, default_value = "http://localhost:8080")]
    app_url: Url,
    /// How many times the standard book of business.
    #[arg(long, default_value_t = 1)]
    scale: u32,
}

/// Runs the stand-ins alone.
///
/// # Errors
/// A message for the operator.
pub async fn sandbox(options: SandboxOptions) -> anyhow::Result<()> {
    logging::start(LogFormat::Text, "warn")?;
    let stop = stop_signal()?;
    let world = sidelight_sandbox::start(world(options.port, &options.app_url, options.scale)).await?;
    let SandboxOptions { port, app_url, .. } = options;
    print(&format!(
        "The sandbox is up.\n\n  Meeting simulator and Zoom            http://localhost:{port}/\n{}\n\
         It knows Sidelight at {app_url}. A server that uses it:\n\n{}\nStop with Ctrl-C.\n",
        places(world.addresses()),
        environment_lines(&app_url, port)
    ))?;
    stop.await;
    world.stop().await;
    Ok(())
}

fn world(port: u16, app_url: &Url, scale: u32) -> Options {
    Options {
        ports: Ports::Base(port),
        app: AppRegistration::demo(app_url),
        scale,
        seed: Options::DEMO_SEED,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    }
}

/// Runs server and stand-ins together, with the app installed for the host of the demo meeting.
///
/// # Errors
/// A message for the operator.
pub async fn demo(options: DemoOptions) -> anyhow::Result<()> {
    logging::start(LogFormat::Text, &options.log)?;
    let metrics = logging::count()?;
    let stop = stop_signal()?;
    let app_url = Url::parse(&format!("http://localhost:{}/", options.port))?;
    let world = sidelight_sandbox::start(world(options.sandbox_port, &app_url, options.scale)).await?;
    let database = fresh_database(&options.data)?;
    let config = Config::read(&configuration(&options, &app_url, &database, world.addresses()), &BTreeMap::new())?;
    let app = open(config).await?;
    let public = SocketAddr::from(([127, 0, 0, 1], options.port));
    let listeners = Listeners::bind(public, ([127, 0, 0, 1], 0).into()).await?;
    let ops = listeners.ops.local_addr()?;
    let server = tokio::spawn(serve(app, listeners, metrics, stop));
    install_for_host(&app_url, options.sandbox_port)
        .await
        .context("the demo could not install the app for the host")?;
    let meeting = format!("http://localhost:{}/", options.sandbox_port);
    print(&welcome(&app_url, &meeting, world.addresses(), ops))?;
    if !options.no_browser {
        open_browser(&meeting);
    }
    server.await??;
    world.stop().await;
    Ok(())
}

/// The demo's world begins anew with each start, and so does what was kept of the last one.
fn fresh_database(folder: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = folder.join("demo.db");
    for suffix in ["", "-wal", "-shm"] {
        let old = folder.join(format!("demo.db{suffix}"));
        if old.exists() {
            std::fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
        }
    }
    Ok(file.canonicalize().unwrap_or(file))
}

fn configuration(options: &DemoOptions, app_url: &Url, database: &Path, addresses: &Addresses) -> String {
    let AppRegistration { client_id, client_secret, webhook_secret, .. } = AppRegistration::demo(app_url);
    let zoom = options.sandbox_port;
    format!(
        r#"
[server]
bind = "127.0.0.1:{port}"
public_url = "{app_url}"
[database]
url = "sqlite://{database}?mode=rwc"
[security]
master_key = "{DEVELOPMENT_MASTER_KEY}"
[zoom]
oauth_url = "http://localhost:{zoom}/"
api_url = "http://localhost:{zoom}/"
client_id = "{client_id}"
client_secret = "{client_secret}"
webhook_secret = "{webhook_secret}"
{salesforce}{centres}{tenants}"#,
        port = options.port,
        database = database.display(),
        salesforce = salesforce(app_url, addresses),
        centres = data_centres(addresses),
        tenants = tenants().iter().map(tenant).collect::<String>(),
    )
}

/// The sandbox's data centres, in place of the built-in ones with the same labels.
#[must_use]
pub fn data_centres(addresses: &Addresses) -> String {
    let centre = |centre: &DataCentreRegistration| {
        format!(
            "[[data_centres]]\nlabel = \"{}\"\nscheme = \"http\"\nhost_suffix = \"{}\"\nport = {}\n",
            centre.label,
            centre.host_suffix,
            centre.address.port(),
        )
    };
    addresses.data_centres().iter().map(centre).collect()
}

/// The sandbox's Salesforce, as an operator would write it down.
#[must_use]
pub fn salesforce(app_url: &Url, addresses: &Addresses) -> String {
    let AppRegistration { salesforce_client_id, salesforce_client_secret, .. } = AppRegistration::demo(app_url);
    format!(
        "[salesforce]\nclient_id = \"{salesforce_client_id}\"\nclient_secret = \"{salesforce_client_secret}\"\n\
         hosts = [\"http://login.salesforce.localhost:{}\"]\n",
        addresses.salesforce.port()
    )
}

/// What the shared credential may read: everything that the panel shows.
const SHARED_FIELDS: &str =
    r#"["Company.*", "relationship.*", "Person.*", "company_person.*", "GsUser.*", "activity_timeline.*"]"#;

/// A tenant of the sandbox, as an operator would write it down.
#[must_use]
pub fn tenant(tenant: &TenantRegistration) -> String {
    let TenantRegistration { key, name, host, data_centre, environment, is_sandbox, .. } = tenant;
    let TenantRegistration { email_domain, client_id, client_secret, .. } = tenant;
    // Who comes from Salesforce brings no token of Gainsight's: somebody else's credential has to read (`salesforce.md`, 3).
    let shared = match tenant.salesforce_organisation {
        Some(organisation) => format!(
            "shared_secret = \"{}\"\nshared_fields = {SHARED_FIELDS}\n\
             salesforce_organisation = \"{organisation}\"\nsalesforce_viewers = \"approved\"\n",
            tenant.access_key
        ),
        None => String::new(),
    };
    let (types, forms) = if *key == "lumen" { FORMS } else { ("", "") };
    format!(
        "[[tenants]]\nkey = \"{key}\"\nname = \"{name}\"\nhost = \"{host}\"\ndata_centre = \"{data_centre}\"\n\
         environment = \"{environment}\"\nis_sandbox = {is_sandbox}\nclient_id = \"{client_id}\"\n\
         client_secret = \"{client_secret}\"\nemail_domains = [\"{email_domain}\"]\n{types}{shared}{forms}"
    )
}

/// What the demo's first tenant asks for: its types, and their forms. The one that demands most is ready to be logged as it stands.
const FORMS: (&str, &str) = (
    "activity_types = [\"Update\", \"Call\", \"Meeting\", \"Email\", \"Milestone\", \"Executive Business Review\"]\n",
    r#"
[[tenants.activity_forms]]
type = "Executive Business Review"
[[tenants.activity_forms.fields]]
name = "Duration"
required = true
[[tenants.activity_forms.fields]]
name = "Ant__Sentiment__c"
required = true
preset = "Neutral"
[[tenants.activity_forms.fields]]
name = "Ant__Outcome__c"
required = true
preset = "Goals agreed"
[[tenants.activity_forms.fields]]
name = "Ant__Next_Step_Due__c"
[[tenants.activity_forms]]
type = "Milestone"
[[tenants.activity_forms.fields]]
name = "Ant__Milestone_Type__c"
"#,
);

/// All tenants with their addresses, for a person to read.
fn places(addresses: &Addresses) -> String {
    let centres = addresses.data_centres();
    let place = |tenant: TenantRegistration| {
        let port = centres.iter().find(|centre| centre.label == tenant.data_centre).map(|centre| centre.address.port());
        let label = format!("{}, {}", tenant.data_centre, tenant.environment);
        let port = port.unwrap_or_default();
        format!("  {label:<17}  {:<17}  http://{}:{port}/\n", tenant.name, tenant.host)
    };
    tenants().into_iter().map(place).collect()
}

fn environment_lines(app_url: &Url, port: u16) -> String {
    let AppRegistration { client_id, client_secret, webhook_secret, .. } = AppRegistration::demo(app_url);
    [
        ("SERVER__PUBLIC_URL", app_url.to_string()),
        ("ZOOM__OAUTH_URL", format!("http://localhost:{port}")),
        ("ZOOM__API_URL", format!("http://localhost:{port}")),
        ("ZOOM__CLIENT_ID", client_id),
        ("ZOOM__CLIENT_SECRET", client_secret),
        ("ZOOM__WEBHOOK_SECRET", webhook_secret),
    ]
    .map(|(name, value)| format!("  SIDELIGHT_{name}={value}\n"))
    .concat()
}

/// Adds the app for the demo's host the way he would: by the consent page, in a browser that follows redirects and keeps cookies.
async fn install_for_host(app_url: &Url, sandbox_port: u16) -> anyhow::Result<()> {
    let zoom = Url::parse(&format!("http://localhost:{sandbox_port}/"))?;
    let origins = [app_url, &zoom].into_iter().map(Origin::of).collect::<Result<_, _>>()?;
    let gate = Gate::new(Rules { origins, ..Rules::default() })?;
    let mut cookies = String::new();
    let mut next = app_url.join("/zoom/install")?;
    for _ in 0..6 {
        if next.path() == "/oauth/authorize" {
            // The host says yes before he is asked.
            next.query_pairs_mut().append_pair("as", "maya-lindqvist").append_pair("consent", "auto");
        }
        let mut request = Request::new(Method::GET, next.clone());
        if !cookies.is_empty() && next.origin() == app_url.origin() {
            request = request.secret_header(header::COOKIE, &cookies);
        }
        let answer = gate.send(request).await?;
        if let Some(cookie) = answer.header(&header::SET_COOKIE).and_then(|cookie| cookie.split(';').next()) {
            cookie.clone_into(&mut cookies);
        }
        match answer.header(&header::LOCATION) {
            Some(location) => next = next.join(location)?,
            None => break,
        }
    }
    let replay = zoom.join("/_control/meetings/replay")?;
    gate.send(Request::new(Method::POST, replay)).await?;
    Ok(())
}

fn welcome(app_url: &Url, meeting: &str, addresses: &Addresses, ops: SocketAddr) -> String {
    format!(
        "\nSidelight is up, with a stand-in Zoom and Gainsight beside it.\n\n  \
         Open a meeting      {meeting}\n  \
         Sidelight itself    {app_url}\n  \
         Its API, described  {app_url}openapi.json\n  \
         Readiness, metrics  http://{ops}/readyz, /metrics\n\n\
         Gainsight's tenants:\n\n{}\n\
         Join as Maya Lindqvist, open Apps > Sidelight, and sign in as maya.lindqvist@lumenworks.example with the password: demo\n\
         Stop with Ctrl-C.\n\n",
        places(addresses)
    )
}

/// The addresses are printed anyway, so a machine without a browser is no failure.
fn open_browser(address: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opened = std::process::Command::new(program)
        .arg(address)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if opened.is_err() {
        tracing::info!("There is no browser to open.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Addresses { zoom: at(8090), us1: at(8091), us2: at(8092), eu: at(8093), salesforce: at(8096), native: at(8097) }
    }

    #[test]
    fn the_demo_s_configuration_is_one_and_has_an_example_of_each_way_in() {
        let options = DemoOptions {
            no_browser: true,
            port: 8080,
            sandbox_port: 8090,
            data: PathBuf::new(),
            scale: 1,
            log: String::new(),
        };
        let app_url = Url::parse("http://localhost:8080/").unwrap();
        let text = configuration(&options, &app_url, Path::new("demo.db"), &addresses());
        let config = Config::read(&text, &BTreeMap::new()).unwrap();
        let serving = |domain: &str| -> Vec<_> {
            let tenants = config.tenants.iter().filter(|tenant| tenant.email_domains.iter().any(|one| one == domain));
            tenants.map(|tenant| (tenant.data_centre.as_str(), tenant.environment.as_str())).collect()
        };
        assert_eq!(serving("lumenworks.example"), [("US1", "Production")], "one domain");
        assert_eq!(serving("ostara.example"), [("US2", "Production"), ("US2", "Sandbox")], "several environments");
        assert_eq!(serving("corvane.example"), [("US2", "Production"), ("EU", "Production")], "several domains");
        let bases: Vec<_> = config.tenants.iter().map(|tenant| tenant.base.as_str()).collect();
        assert!(bases.contains(&"http://corvane-eu.eu.localhost:8093/"), "{bases:?}");
        assert!(config.data_centres.iter().all(|centre| centre.scheme == "http" && !centre.description.is_empty()));
    }
}
