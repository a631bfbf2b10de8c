//! The headers that Zoom demands on every page and the policies that we put on top (`zoom.md` 3).

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// What a page may do.
#[derive(Clone, Debug)]
pub enum Policy {
    /// The panel: its own scripts and WebAssembly, calls to its own origin; framed by whom the operator says.
    Panel {
        /// `frame-ancestors`, where the operator sets it.
        frame_ancestors: Option<String>,
    },
    /// A page in the system browser: no script at all, never framed.
    Page,
    /// Anything that is not a page.
    Nothing,
}

impl Policy {
    fn text(&self) -> String {
        match self {
            // The policy that was verified with the SDK and WebAssembly (`zoom.md` 3.2), plus what forms and fonts would need.
            Self::Panel { frame_ancestors } => {
                let ancestors = frame_ancestors.as_ref().map_or_else(String::new, |list| format!("; frame-ancestors {list}"));
                format!(
                    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                     base-uri 'none'; form-action 'none'; object-src 'none'{ancestors}"
                )
            }
            Self::Page => {
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'".to_owned()
            }
            Self::Nothing => "default-src 'none'; frame-ancestors 'none'".to_owned(),
        }
    }
}

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Puts the four mandatory headers on every answer; the policy is the strictest unless the handler chose one.
pub async fn security_headers(State(()): State<()>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = response.extensions_mut().remove::<Policy>().unwrap_or(Policy::Nothing);
    let headers = response.headers_mut();
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy.text()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // Answers hold customer data unless they are hashed assets, which say so themselves.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A page for the system browser.
#[must_use]
pub fn html(page: Markup) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let mut response = (headers, page.into_string()).into_response();
    response.extensions_mut().insert(Policy::Page);
    response
}
