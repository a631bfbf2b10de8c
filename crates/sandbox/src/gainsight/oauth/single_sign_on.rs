//! Single sign-on: a customer's identity provider, and the way there and back (`gainsight.md` 1, 3.6).
//!
//! Like SAML with the artifact binding: the browser carries names of things that both ends keep, so nothing has to be signed.
//! The answer arrives at the data centre's own host (`secured.…`), which hands the person over to the tenant's.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::HOST;
use maud::html;
use serde::Deserialize;
use url::Url;

use crate::control::locked;
use crate::world::cast::PASSWORD;
use crate::world::{Centre, Entry};

use super::super::caller::Visit;
use super::super::pages;
use super::super::tenant::{Cloud, Tenant};
use super::authorize::enter;
use super::secret;

/// What is on its way between a tenant and an identity provider.
#[derive(Debug, Default)]
pub(crate) struct SignOns {
    /// Id of the request → key of the tenant.
    requests: HashMap<String, &'static str>,
    /// Artifact → who came back to which tenant.
    artifacts: HashMap<String, (&'static str, String)>,
    /// Ticket → who is handed over to which tenant.
    tickets: HashMap<String, (&'static str, String)>,
}

const PROVIDER: &str = "identity";
const SECURED: &str = "secured";

/// The host of the identity provider, or the one that its answers go to.
fn host_of(cloud: &Cloud, centre: Centre, name: &str) -> String {
    format!("http://{name}.{}:{}", centre.suffix(), cloud.shared.addresses.of(centre).port())
}

fn is_host(headers: &HeaderMap, centre: Centre, name: &str) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.eq_ignore_ascii_case(&format!("{name}.{}", centre.suffix()))
}

/// Whether a host belongs to a data centre's sign-on rather than to a tenant.
pub(crate) fn is_sign_on_host(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.split_once('.').is_some_and(|(first, suffix)| {
        [PROVIDER, SECURED].contains(&first) && Centre::ALL.iter().any(|centre| centre.suffix() == suffix)
    })
}

fn callback(cloud: &Cloud, tenant: &Tenant, connection: &str) -> String {
    format!("{}/login/callback?connection={connection}", host_of(cloud, tenant.vendor.centre, SECURED))
}

/// Sends the browser to the identity provider; `ask` says what it was about.
pub(super) fn leave(visit: &Visit, tenant: &Tenant, connection: &str, ask: &str) -> Response {
    let cloud = &visit.cloud;
    let id = format!("_{}", secret(&*cloud.shared.ids));
    locked(&cloud.sign_ons).requests.insert(id.clone(), tenant.vendor.key);
    let request = html! {
        samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID=(id) Version="2.0"
            ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
            AssertionConsumerServiceURL=(callback(cloud, tenant, connection)) {}
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("SAMLRequest", &STANDARD.encode(request.into_string())).append_pair("RelayState", ask);
    let provider = host_of(cloud, tenant.vendor.centre, PROVIDER);
    Redirect::to(&format!("{provider}/saml/sso?{}", query.finish())).into_response()
}

#[derive(Deserialize)]
pub(crate) struct Arrival {
    #[serde(rename = "SAMLRequest")]
    request: String,
    #[serde(rename = "RelayState")]
    relay: String,
}

/// `GET /saml/sso` at the identity provider: its own login page.
pub(crate) async fn provider(
    State(cloud): State<Arc<Cloud>>,
    Extension(centre): Extension<Centre>,
    headers: HeaderMap,
    Query(arrival): Query<Arrival>,
) -> Response {
    if !is_host(&headers, centre, PROVIDER) {
        return pages::no_such_host();
    }
    let id = id_of(&arrival.request).unwrap_or_default();
    match asked(&cloud, &id) {
        Some(tenant) => form(&cloud, tenant, &id, &arrival.relay, None),
        None => pages::no_such_host(),
    }
}

fn id_of(request: &str) -> Option<String> {
    let xml = String::from_utf8(STANDARD.decode(request).ok()?).ok()?;
    let (_, rest) = xml.split_once(" ID=\"")?;
    rest.split('"').next().map(str::to_owned)
}

fn asked<'a>(cloud: &'a Cloud, id: &str) -> Option<&'a Tenant> {
    let key = locked(&cloud.sign_ons).requests.get(id).copied()?;
    cloud.tenant(key)
}

fn form(cloud: &Cloud, tenant: &Tenant, id: &str, relay: &str, problem: Option<&str>) -> Response {
    let content = html! {
        h1 { (tenant.vendor.company) " identity" }
        p.lead { "One sign-in for everything at " (tenant.vendor.company) "." }
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        form method="post" action="/saml/login" {
            input type="hidden" name="request" value=(id);
            input type="hidden" name="relay" value=(relay);
            label for="username" { "Work e-mail" }
            input #username name="username" type="email" autocomplete="username" required autofocus;
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required;
            button type="submit" { "Sign in" }
        }
    };
    // The answer leads over two more hosts and maybe back to the application: the policy has to name them all.
    let secured = host_of(cloud, tenant.vendor.centre, SECURED);
    let targets = [&secured, &tenant.url(), cloud.shared.app.gainsight_callback.as_str()].map(Url::parse);
    let targets: Vec<_> = targets.iter().flatten().collect();
    pages::window(tenant, "Sign in", &content, &targets)
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    request: String,
    relay: String,
    username: String,
    password: String,
}

/// `POST /saml/login` at the identity provider: back to the data centre with an artifact.
pub(crate) async fn sign_in(
    State(cloud): State<Arc<Cloud>>,
    Extension(centre): Extension<Centre>,
    headers: HeaderMap,
    Form(shown): Form<Credentials>,
) -> Response {
    let Some(tenant) = asked(&cloud, &shown.request).filter(|_| is_host(&headers, centre, PROVIDER)) else {
        return pages::no_such_host();
    };
    let email = shown.username.trim().to_lowercase();
    let is_known = cloud
        .shared
        .world
        .members
        .iter()
        .any(|member| member.works_in(tenant.vendor.key) && member.is_active && member.email == email);
    let Entry::SingleSignOn(connection) = tenant.vendor.entry else { return pages::no_such_host() };
    if !is_known || shown.password != PASSWORD {
        return form(
            &cloud,
            tenant,
            &shown.request,
            &shown.relay,
            Some("That did not work. Please check both fields."),
        );
    }
    let artifact = secret(&*cloud.shared.ids);
    let mut sign_ons = locked(&cloud.sign_ons);
    sign_ons.requests.remove(&shown.request);
    sign_ons.artifacts.insert(artifact.clone(), (tenant.vendor.key, email));
    drop(sign_ons);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("SAMLart", &artifact).append_pair("RelayState", &shown.relay);
    Redirect::to(&format!("{}&{}", callback(&cloud, tenant, connection), query.finish())).into_response()
}

#[derive(Deserialize)]
pub(crate) struct Return {
    connection: String,
    #[serde(rename = "SAMLart")]
    artifact: String,
    #[serde(rename = "RelayState")]
    relay: String,
}

/// `GET /login/callback` at the data centre: resolves the artifact, once, and hands the person over to the tenant.
pub(crate) async fn consume(
    State(cloud): State<Arc<Cloud>>,
    Extension(centre): Extension<Centre>,
    headers: HeaderMap,
    Query(back): Query<Return>,
) -> Response {
    let resolved = locked(&cloud.sign_ons).artifacts.remove(&back.artifact);
    let tenant = resolved.as_ref().and_then(|(key, _)| cloud.tenant(key));
    let (Some((key, email)), Some(tenant)) = (resolved, tenant.filter(|_| is_host(&headers, centre, SECURED))) else {
        return pages::no_such_host();
    };
    if !matches!(tenant.vendor.entry, Entry::SingleSignOn(connection) if connection == back.connection) {
        return pages::problem(tenant, "This connection does not belong here.");
    }
    let ticket = secret(&*cloud.shared.ids);
    locked(&cloud.sign_ons).tickets.insert(ticket.clone(), (key, email));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("ticket", &ticket).append_pair("ask", &back.relay);
    Redirect::to(&format!("{}/v1/authorize/sso?{}", tenant.url(), query.finish())).into_response()
}

#[derive(Deserialize)]
pub(crate) struct HandedOver {
    ticket: String,
    ask: String,
}

/// `GET /v1/authorize/sso` at the tenant: the person is signed in, and goes on where he was going.
pub(crate) async fn arrive(visit: Visit, Query(handed): Query<HandedOver>) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    let held = locked(&visit.cloud.sign_ons).tickets.remove(&handed.ticket);
    let email = held.filter(|(key, _)| *key == tenant.vendor.key).map(|(_, email)| email);
    let user = email.and_then(|email| tenant.user_by_email(&email));
    match user {
        Some(user) => enter(&visit, tenant, &user, &handed.ask),
        None => pages::problem(tenant, "This sign-in is over. Please start again."),
    }
}
