//! Each request's number: in the answer's header, in every log line of it, in every error.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use sidelight_domain::IdSource;
use sidelight_domain::ids::RequestId;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Hands out numbers.
#[derive(Clone)]
pub struct RequestIds(pub Arc<dyn IdSource>);

impl RequestIds {
    /// The number of a request that went through [`log_requests`].
    #[must_use]
    pub fn of(&self, request: &Request) -> RequestId {
        request.extensions().get::<RequestId>().cloned().unwrap_or_else(|| self.fresh())
    }

    fn fresh(&self) -> RequestId {
        // Ours, never the caller's: a number from outside could forge log lines.
        RequestId::new(self.0.uuid().simple().to_string())
    }
}

/// Opens a span for the request, and afterwards counts it and logs it: route, status, duration; no query, no person.
pub async fn log_requests(State(ids): State<RequestIds>, mut request: Request, next: Next) -> Response {
    let id = ids.fresh();
    request.extensions_mut().insert(id.clone());
    // The route's pattern rather than the path, which may carry a one-time secret or a record id.
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let span = tracing::info_span!("request", request.id = %id, http.method = method, http.route = route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::info!(
            http.status = status,
            duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            "Answered."
        );
    });
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// The method, if it is one of the standard's (RFC 9110, 9.3; RFC 5789). Anybody may make up others, and each would count on its own for
/// ever.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "CONNECT" => "CONNECT",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::any;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt as _;

    use super::*;
    use crate::chance::SystemIds;

    #[tokio::test]
    async fn nobody_outside_can_make_a_new_counter() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _counting = metrics::set_default_local_recorder(&recorder);
        let ids = RequestIds(Arc::new(SystemIds));
        let router =
            Router::new().route("/things/{id}", any(async || "a thing")).layer(from_fn_with_state(ids, log_requests));
        for n in 0..50 {
            for path in [format!("/things/{n}"), format!("/nowhere/{n}")] {
                for method in ["GET".to_owned(), format!("MADE-UP-{n}")] {
                    let request = Request::builder().method(method.as_str()).uri(&path).body(Body::empty()).unwrap();
                    router.clone().oneshot(request).await.unwrap();
                }
            }
        }
        let metrics = recorder.handle().render();
        let mut counters: Vec<_> = metrics.lines().filter(|line| line.starts_with("http_requests_total{")).collect();
        counters.sort_unstable();
        assert_eq!(
            counters,
            [
                r#"http_requests_total{method="GET",route="/things/{id}",status="200"} 50"#,
                r#"http_requests_total{method="GET",route="unmatched",status="404"} 50"#,
                r#"http_requests_total{method="other",route="/things/{id}",status="200"} 50"#,
                r#"http_requests_total{method="other",route="unmatched",status="404"} 50"#,
            ]
        );
    }
}
