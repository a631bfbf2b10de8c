//! What a browser sees of a tenant: login window, question of consent, problems.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::tenant::Tenant;

/// The style sheet of all pages.
pub(crate) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/tenant.css")).into_response()
}

/// A page of a tenant. `form_targets` is where its forms may lead in the end, besides the tenant itself.
pub(crate) fn page(title: &str, content: &Markup, form_targets: &[&Url]) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/_assets/tenant.css";
            }
            body { (content) }
        }
    };
    // A redirect after a form is checked against `form-action`, too.
    let targets: Vec<_> = form_targets.iter().map(|url| url.origin().ascii_serialization()).collect();
    let targets = targets.join(" ");
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {targets}; frame-ancestors 'none'; base-uri 'none'"
    );
    let headers = [
        (CONTENT_SECURITY_POLICY, policy.as_str()),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(document.into_string())).into_response()
}

/// The tenant's name with its mark.
pub(crate) fn brand(tenant: &Tenant) -> Markup {
    let initial = tenant.vendor.name.chars().next().unwrap_or('?');
    html! { p.brand { span.mark aria-hidden="true" { (initial) } (tenant.vendor.name) } }
}

/// A page with a card in the middle.
pub(crate) fn window(tenant: &Tenant, title: &str, content: &Markup, form_targets: &[&Url]) -> Response {
    let card = html! {
        div.window {
            main.card {
                (brand(tenant))
                (content)
                p.foot { "A stand-in for Gainsight, on this machine only. Everybody's password is \u{201c}demo\u{201d}." }
            }
        }
    };
    page(&format!("{title} – {}", tenant.vendor.name), &card, form_targets)
}

/// The login window (`gainsight.md` 3.2).
pub(crate) fn login(tenant: &Tenant, ask: &str, target: &Url, problem: Option<&str>) -> Response {
    let content = html! {
        h1 { "Log in" }
        p.lead { "Use your " (tenant.vendor.name) " account." }
        @if let Some(problem) = problem {
            p.problem role="alert" { (problem) }
        }
        form method="post" action="/v1/authorize/login" {
            input type="hidden" name="ask" value=(ask);
            label for="username" { "Username" }
            input #username name="username" type="email" autocomplete="username" required autofocus;
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required;
            button type="submit" { "LOG IN" }
        }
    };
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let mut answer = window(tenant, "Log in", &content, &[target]);
    *answer.status_mut() = status;
    answer
}

/// The question whether the application may act for somebody, asked once.
pub(crate) fn consent(tenant: &Tenant, ask: &str, name: &str, redirect_uri: &Url) -> Response {
    let content = html! {
        h1 { "Sidelight asks for access" }
        p.lead { "You are logged in as " b { (name) } "." }
        ul.scopes {
            li { "Read companies, people and the Timeline with your permissions" }
            li { "Write to the Timeline and to people in your name" }
        }
        p.quiet { "You will be sent back to " (redirect_uri.origin().ascii_serialization()) "." }
        form method="post" action="/v1/authorize/consent" {
            input type="hidden" name="ask" value=(ask);
            button type="submit" name="decision" value="allow" { "Allow" }
            button.second type="submit" name="decision" value="deny" { "Do not allow" }
        }
    };
    window(tenant, "Allow access", &content, &[redirect_uri])
}

/// Something that cannot go on.
pub(crate) fn problem(tenant: &Tenant, text: &str) -> Response {
    let content = html! {
        h1 { "This did not work" }
        p.problem role="alert" { (text) }
        a href="/" { "To the start page" }
    };
    let mut answer = window(tenant, "Problem", &content, &[]);
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    answer
}

/// What answers under a host name that belongs to no tenant.
pub(crate) fn no_such_host() -> Response {
    let page = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>";
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}
