//! The login window: who is it, may the application act for him, and back with a code.

use std::sync::Arc;

use axum::extract::{Form, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use crate::world::Entry;
use crate::world::cast::PASSWORD;

use super::super::caller::Visit;
use super::super::pages;
use super::super::store::Store;
use super::super::switches;
use super::super::tenant::Tenant;
use super::grants::{Ask, Challenge, Request};
use super::token::lifetimes;
use super::{secret, single_sign_on};

const COOKIE_NAME: &str = "gs_session";

/// `GET /v1/authorize` (`gainsight.md` 2.3): the login window, the question of consent, or at once back with a code.
pub(crate) async fn authorize(visit: Visit, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    let request = match request(&visit, tenant, query.as_deref().unwrap_or_default()) {
        Ok(request) => request,
        Err(refused) => return *refused,
    };
    let ask = secret(&*visit.cloud.shared.ids);
    tenant.state().grants.ask(ask.clone(), Ask::Application(request));
    match signed_in(tenant, &headers) {
        Some(user) => go_on(&visit, tenant, &user, &ask),
        None => window(&visit, tenant, &ask),
    }
}

/// The login window, whatever stands behind it.
fn window(visit: &Visit, tenant: &Tenant, ask: &str) -> Response {
    match tenant.vendor.entry {
        // Takes precedence over the database (`gainsight.md` 3.6).
        Entry::SingleSignOn(connection) => single_sign_on::leave(visit, tenant, connection, ask),
        Entry::Salesforce(_) if visit.ways().is(&switches::SALESFORCE_ENTERED, "refused") => {
            pages::problem(tenant, FROM_SALESFORCE)
        }
        Entry::Database | Entry::Salesforce(_) => pages::login(tenant, ask, callback(visit), None),
    }
}

/// Those tenants configure their sign-on in Salesforce; the tab that would hold an OAuth application is hidden (3.6).
const FROM_SALESFORCE: &str = "People here open Gainsight from Salesforce. Please choose the Salesforce account.";

/// Where the forms of the login window may lead in the end.
fn callback(visit: &Visit) -> &Url {
    &visit.cloud.shared.app.gainsight_callback
}

/// Checks an authorization request. Whoever cannot be sent back safely gets a page; everybody else is sent back with the error
/// (RFC 6749, 4.1.2.1).
fn request(visit: &Visit, tenant: &Tenant, query: &str) -> Result<Request, Box<Response>> {
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let stop = |text| Err(Box::new(pages::problem(tenant, text)));
    if field("client_id").as_deref() != Some(tenant.application().0.as_str()) {
        return stop("This application is not registered here.");
    }
    let registered = &visit.cloud.shared.app.gainsight_callback;
    if field("redirect_uri").as_deref() != Some(registered.as_str()) {
        return stop("The callback URL is not registered for this application.");
    }
    let challenge = field("code_challenge")
        .map(|text| Challenge { text, is_hashed: field("code_challenge_method").as_deref() == Some("S256") });
    let request = Request { redirect_uri: registered.clone(), state: field("state"), challenge };
    if field("response_type").as_deref() != Some("code") {
        return Err(Box::new(send_back(&request, &[("error", "unsupported_response_type")])));
    }
    match visit.ways().choice(&switches::OAUTH_PKCE) {
        "refused" if request.challenge.is_some() => Err(Box::new(send_back(&request, &[("error", "invalid_request")]))),
        "honoured" => Ok(request),
        _ => Ok(Request { challenge: None, ..request }),
    }
}

/// Opens the login window for somebody who wants to see a page.
pub(crate) fn log_in_first(visit: &Visit, tenant: &Tenant, path: &str) -> Response {
    let ask = secret(&*visit.cloud.shared.ids);
    tenant.state().grants.ask(ask.clone(), Ask::Page(path.to_owned()));
    window(visit, tenant, &ask)
}

/// The user behind the browser's session.
pub(crate) fn signed_in(tenant: &Tenant, headers: &HeaderMap) -> Option<Arc<str>> {
    tenant.state().grants.session(&cookie(headers)?).cloned()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value.to_owned())
}

#[derive(Deserialize)]
pub(crate) struct Login {
    ask: String,
    username: String,
    password: String,
}

/// `POST /v1/authorize/login`: username and password against the user list (`gainsight.md` 3.2, 3.6).
pub(crate) async fn log_in(visit: Visit, Form(login): Form<Login>) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    if tenant.state().grants.asked(&login.ask).is_none() {
        return pages::problem(tenant, "This login window is over. Please start again.");
    }
    let by_password = match tenant.vendor.entry {
        Entry::Database => true,
        Entry::SingleSignOn(_) => false,
        Entry::Salesforce(_) => visit.ways().is(&switches::SALESFORCE_ENTERED, "database"),
    };
    if !by_password {
        return window(&visit, tenant, &login.ask);
    }
    let allow_inactive = visit.ways().is(&switches::INACTIVE_LOGIN, "allowed");
    let user = check(&tenant.state().store, &login, allow_inactive);
    let user = match user {
        Ok(user) => user,
        Err(problem) => return pages::login(tenant, &login.ask, callback(&visit), Some(problem)),
    };
    enter(&visit, tenant, &user, &login.ask)
}

/// Begins a browser session and goes on.
pub(super) fn enter(visit: &Visit, tenant: &Tenant, user: &Arc<str>, ask: &str) -> Response {
    let session = secret(&*visit.cloud.shared.ids);
    tenant.state().grants.sign_in(session.clone(), Arc::clone(user));
    let mut answer = go_on(visit, tenant, user, ask);
    let cookie = format!("{COOKIE_NAME}={session}; Path=/; HttpOnly; SameSite=Lax");
    answer.headers_mut().extend(HeaderValue::from_str(&cookie).ok().map(|cookie| (SET_COOKIE, cookie)));
    answer
}

fn check(store: &Store, login: &Login, allow_inactive: bool) -> Result<Arc<str>, &'static str> {
    const WRONG: &str = "The username or password is wrong.";
    let users = store.table("GsUser").ok_or(WRONG)?;
    let user = users.find("Email", login.username.trim()).next().ok_or(WRONG)?;
    if login.password != PASSWORD {
        return Err(WRONG);
    }
    if !allow_inactive && users.value(user, "IsActiveUser").as_flag() != Some(true) {
        return Err("Your account is inactive. Please ask your administrator.");
    }
    Ok(Arc::from(users.gsid(user)))
}

#[derive(Deserialize)]
pub(crate) struct Consent {
    ask: String,
    decision: String,
}

/// `POST /v1/authorize/consent`: the answer to the question whether the application may act for the user.
pub(crate) async fn consent(visit: Visit, headers: HeaderMap, Form(consent): Form<Consent>) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    let Some(user) = signed_in(tenant, &headers) else {
        return window(&visit, tenant, &consent.ask);
    };
    if consent.decision == "allow" {
        tenant.state().grants.consent(Arc::clone(&user));
        return go_on(&visit, tenant, &user, &consent.ask);
    }
    let asked = tenant.state().grants.asked(&consent.ask).cloned();
    tenant.state().grants.forget_ask(&consent.ask);
    match asked {
        Some(Ask::Application(request)) => send_back(&request, &[("error", "access_denied")]),
        Some(Ask::Page(_)) | None => Redirect::to("/").into_response(),
    }
}

/// Where somebody who is signed in goes next.
fn go_on(visit: &Visit, tenant: &Tenant, user: &Arc<str>, ask: &str) -> Response {
    let mut state = tenant.state();
    let request = match state.grants.asked(ask).cloned() {
        Some(Ask::Application(request)) => request,
        Some(Ask::Page(path)) => {
            state.grants.forget_ask(ask);
            return Redirect::to(&path).into_response();
        }
        None => {
            drop(state);
            return pages::problem(tenant, "This login window is over. Please start again.");
        }
    };
    if !state.grants.has_consented(user) {
        let name = state.store.value("GsUser", user, "Name");
        drop(state);
        return pages::consent(tenant, ask, name.as_text().unwrap_or_default(), &request.redirect_uri);
    }
    state.grants.forget_ask(ask);
    let code = secret(&*visit.cloud.shared.ids);
    let expires_at = visit.now().saturating_add(lifetimes(&visit.ways()).code);
    state.grants.issue_code(code.clone(), Arc::clone(user), &request, expires_at);
    drop(state);
    send_back(&request, &[("code", &code)])
}

fn send_back(request: &Request, fields: &[(&str, &str)]) -> Response {
    let mut target: Url = request.redirect_uri.clone();
    target.query_pairs_mut().extend_pairs(fields);
    if let Some(state) = &request.state {
        target.query_pairs_mut().append_pair("state", state);
    }
    // 303: the browser comes from a form and must not post it on (RFC 9110, 15.4.4).
    Redirect::to(target.as_str()).into_response()
}

/// `GET /v1/logout`: ends the browser session; tokens live on.
pub(crate) async fn log_out(visit: Visit, headers: HeaderMap) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    if let Some(cookie) = cookie(&headers) {
        tenant.state().grants.sign_out(&cookie);
    }
    let gone = format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    (StatusCode::SEE_OTHER, [("location", "/".to_owned()), ("set-cookie", gone)]).into_response()
}
