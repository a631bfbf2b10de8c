//! The login page of the web server flow (`salesforce.md`, flow).

use std::sync::Arc;

use axum::extract::{Form, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use crate::gainsight::page;
use crate::world::cast::PASSWORD;

use super::grants::Request;
use super::{Door, Salesforce, switches};

/// What an application may ask for that only wants to know who somebody is (`salesforce.md`, scopes).
const SCOPES: &[&str] = &["openid", "id", "profile", "email"];

/// `GET /services/oauth2/authorize`.
pub(super) async fn authorize(
    State(salesforce): State<Arc<Salesforce>>,
    door: Door,
    RawQuery(query): RawQuery,
) -> Response {
    let request = match request(&salesforce, &door, query.as_deref().unwrap_or_default()) {
        Ok(request) => request,
        Err(refused) => return *refused,
    };
    let ask = salesforce.secret();
    let answer = form(&salesforce, &door, &ask, &request, None);
    salesforce.state().ask(ask, request);
    answer
}

/// Checks a request. Whoever cannot be sent back safely gets a page; everybody else is sent back with the error.
fn request(salesforce: &Salesforce, door: &Door, query: &str) -> Result<Request, Box<Response>> {
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let app = &salesforce.shared.app;
    if field("client_id").as_deref() != Some(app.salesforce_client_id.as_str()) {
        return Err(Box::new(problem("error=invalid_client_id: client identifier invalid")));
    }
    if field("redirect_uri").as_deref() != Some(app.salesforce_callback.as_str()) {
        return Err(Box::new(problem("error=redirect_uri_mismatch: redirect_uri must match configuration")));
    }
    let scopes = field("scope").unwrap_or_else(|| "id".to_owned());
    let request = Request {
        issuer: door.origin.clone(),
        redirect_uri: app.salesforce_callback.clone(),
        state: field("state"),
        nonce: field("nonce"),
        scopes: scopes.split_ascii_whitespace().map(str::to_owned).collect(),
        challenge: field("code_challenge"),
    };
    let refuse =
        |error: &str, text: &str| Err(Box::new(send_back(&request, &[("error", error), ("error_description", text)])));
    if field("response_type").as_deref() != Some("code") {
        return refuse("unsupported_response_type", "response type not supported");
    }
    if !request.scopes.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
        return refuse("invalid_scope", "the requested scope is not allowed");
    }
    if request.challenge.is_some() && field("code_challenge_method").as_deref().is_some_and(|method| method != "S256") {
        return refuse("invalid_request", "invalid code challenge method");
    }
    if request.challenge.is_none() && salesforce.is(&switches::PKCE, "required") {
        return refuse("invalid_request", "missing required code challenge");
    }
    Ok(request)
}

fn form(salesforce: &Salesforce, door: &Door, ask: &str, request: &Request, wrong: Option<&str>) -> Response {
    let organisations = salesforce.shared.world.organisations.iter().filter(|one| door.admits(one));
    let content = html! {
        h1 { "Log in" }
        p.lead { "Sidelight asks who you are. It will not see any data." }
        @if let Some(wrong) = wrong { p.problem role="alert" { (wrong) } }
        form method="post" action="/services/oauth2/authorize/login" {
            input type="hidden" name="ask" value=(ask);
            label for="username" { "Username" }
            input #username name="username" list="users" autocomplete="off" required autofocus;
            datalist #users {
                @for organisation in organisations {
                    @for user in &organisation.users {
                        option value=(user.username) { (user.name) ", " (organisation.name) }
                    }
                }
            }
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required;
            button type="submit" name="decision" value="allow" { "Log in and allow" }
            button.second type="submit" name="decision" value="deny" formnovalidate { "Deny" }
        }
    };
    let mut answer = card(&content, &[&request.redirect_uri]);
    if wrong.is_some() {
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
    }
    answer
}

fn card(content: &Markup, form_targets: &[&Url]) -> Response {
    let window = html! {
        div.window {
            main.card {
                p.brand { span.mark aria-hidden="true" { "S" } "Salesforce" }
                (content)
                p.foot {
                    "A stand-in for Salesforce, on this machine only. Everybody's password is \u{201c}demo\u{201d}."
                }
            }
        }
    };
    page("Log in – Salesforce", &window, form_targets)
}

fn problem(text: &str) -> Response {
    let mut answer = card(&html! { h1 { "We can\u{2019}t log you in" } p.problem role="alert" { (text) } }, &[]);
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    answer
}

#[derive(Deserialize)]
pub(super) struct Login {
    ask: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    decision: String,
}

/// The answer to the login page: back with a code.
pub(super) async fn log_in(
    State(salesforce): State<Arc<Salesforce>>,
    door: Door,
    Form(login): Form<Login>,
) -> Response {
    if login.decision != "allow" {
        return match salesforce.state().decline(&login.ask) {
            Some(request) => {
                let text = "end-user denied authorization";
                send_back(&request, &[("error", "access_denied"), ("error_description", text)])
            }
            None => problem("This login page is over. Please start again."),
        };
    }
    let Some(request) = salesforce.state().asked(&login.ask).cloned().filter(|one| one.issuer == door.origin) else {
        return problem("This login page is over. Please start again.");
    };
    let Some(user) = check(&salesforce, &door, &login) else {
        let wrong = "Please check your username and password.";
        return form(&salesforce, &door, &login.ask, &request, Some(wrong));
    };
    let code = salesforce.secret();
    let lifetime = salesforce.number(&switches::CODE_SECONDS).saturating_mul(1_000);
    let expires_at = salesforce.now().saturating_add(lifetime);
    match salesforce.state().issue_code(&login.ask, code.clone(), user, expires_at) {
        Some(request) => send_back(&request, &[("code", &code)]),
        None => problem("This login page is over. Please start again."),
    }
}

/// The id of whoever has this username and password and may come in here.
fn check(salesforce: &Salesforce, door: &Door, login: &Login) -> Option<String> {
    let organisations = salesforce.shared.world.organisations.iter().filter(|one| door.admits(one));
    let wanted = login.username.trim();
    let user = organisations
        .into_iter()
        .flat_map(|organisation| &organisation.users)
        .find(|user| user.username.eq_ignore_ascii_case(wanted))?;
    (user.is_active && login.password == PASSWORD).then(|| user.id.clone())
}

fn send_back(request: &Request, fields: &[(&str, &str)]) -> Response {
    let mut target = request.redirect_uri.clone();
    target.query_pairs_mut().extend_pairs(fields);
    if let Some(state) = &request.state {
        target.query_pairs_mut().append_pair("state", state);
    }
    // 303: the browser comes from a form and must not post it on (RFC 9110, 15.4.4).
    Redirect::to(target.as_str()).into_response()
}
