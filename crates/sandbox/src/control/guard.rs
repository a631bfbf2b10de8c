//! Who may turn the knobs: somebody at this machine, not a page that happens to be open in a browser here.

use std::net::IpAddr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use url::{Host, Url};

use super::Refusal;
use crate::server::Peer;

/// Refuses other machines, foreign web pages (`Origin`), and names that were pointed at this machine (`Host`).
pub(crate) async fn only_from_this_machine(request: Request, next: Next) -> Response {
    let near = request.extensions().get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    if near && is_addressed_here(request.headers()) {
        next.run(request).await
    } else {
        Refusal::NotFromHere.into_response()
    }
}

fn is_addressed_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host_is_here = text(HOST).is_some_and(|host| is_here(&format!("http://{host}")));
    host_is_here && text(ORIGIN).is_none_or(is_here)
}

fn is_here(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_here() {
        for here in ["http://localhost:8090", "http://lumen.us1.localhost:8091", "http://127.0.0.1", "http://[::1]:1"] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in ["http://evil.example", "http://localhost.evil.example", "http://10.0.0.1", "null", ""] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_foreign_page_or_a_rebound_name_is_refused() {
        let headers = |host: &'static str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            headers.extend(origin.map(|origin| (ORIGIN, origin.parse().unwrap())));
            headers
        };
        assert!(is_addressed_here(&headers("localhost:8090", None)));
        assert!(is_addressed_here(&headers("localhost:8090", Some("http://localhost:8090"))));
        assert!(!is_addressed_here(&headers("localhost:8090", Some("https://evil.example"))));
        assert!(!is_addressed_here(&headers("evil.example", None)));
        assert!(!is_addressed_here(&HeaderMap::new()));
    }
}
