//! Each request's number: in the answer's header, in every log line of it, in every error.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
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
    let method = request.method().clone();
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = route);
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
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels).record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
