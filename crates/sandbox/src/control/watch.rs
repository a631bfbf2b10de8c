//! Counts each call and lets the planned faults happen to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING};
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;

use super::Site;
use super::faults::{Fault, RetryAfter};
use crate::Shared;
use crate::server::HungUp;

#[derive(Clone)]
struct Watch {
    shared: Arc<Shared>,
    site: Site,
}

pub(super) fn watched(shared: &Arc<Shared>, site: Site, routes: Router) -> Router {
    let watch = Watch { shared: Arc::clone(shared), site };
    routes.layer(middleware::from_fn_with_state(watch, attend))
}

async fn attend(State(watch): State<Watch>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/_control/") {
        return next.run(request).await;
    }
    let control = &watch.shared.control;
    let realm = (watch.site.realm)(request.headers());
    let endpoint = endpoint(&request);
    let call = control.calls.begin(realm.clone(), endpoint);
    let met = control.faults.take(&realm, request.method(), request.uri().path());
    if !met.before.is_zero() {
        tokio::time::sleep(met.before).await;
    }
    let answer = meet(met.fault, watch.site, request, next).await;
    let status = answer.extensions().get::<HungUp>().is_none().then(|| answer.status());
    call.answered(status);
    if !met.after.is_zero() {
        tokio::time::sleep(met.after).await;
    }
    answer
}

/// Method and route. The name of an object stays readable, ids do not: a counter per record would be of no use.
fn endpoint(request: &Request) -> String {
    let path = request.uri().path();
    let route = request.extensions().get::<MatchedPath>().map_or("(no route)", MatchedPath::as_str);
    let segments = route.split('/').zip(path.split('/'));
    let named: Vec<_> =
        segments.map(|(pattern, actual)| if pattern == "{object}" { actual } else { pattern }).collect();
    format!("{} {}", request.method(), named.join("/"))
}

async fn meet(fault: Option<Fault>, site: Site, request: Request, next: Next) -> Response {
    match fault {
        None | Some(Fault::Latency { .. }) => next.run(request).await,
        Some(Fault::Status { status, retry_after, body }) => refuse(site, status, retry_after, body),
        Some(Fault::Html { status }) => page(status),
        Some(Fault::DropBeforeApply) => hang_up(),
        Some(Fault::DropAfterApply) => {
            // Read to the end, so that a handler that streams its answer has applied everything.
            let _ = next.run(request).await.into_body().collect().await;
            hang_up()
        }
        Some(Fault::HalfBody) => halve(next.run(request).await).await,
        Some(Fault::MalformedBody) => replace(next.run(request).await, r#"{"result": true, "data": {"records": [{"#),
        Some(Fault::EmptyBody) => replace(next.run(request).await, ""),
    }
}

fn refuse(site: Site, status: u16, retry_after: Option<RetryAfter>, body: Option<serde_json::Value>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => (site.failure)(status),
    };
    let retry_after = retry_after.map(|after| match after {
        RetryAfter::Seconds(seconds) => HeaderValue::from(seconds),
        RetryAfter::Text(text) => HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("")),
    });
    answer.headers_mut().extend(retry_after.map(|after| (RETRY_AFTER, after)));
    answer
}

fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let html = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1><hr>proxy</body></html>");
    (status, axum::response::Html(html)).into_response()
}

/// The connection will be closed without an answer.
fn hang_up() -> Response {
    let mut answer = Response::new(Body::empty());
    answer.extensions_mut().insert(HungUp);
    answer
}

/// Announces the whole body, sends half of it, and closes the connection.
async fn halve(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    let cut = stream::once(async { Ok::<Bytes, HungUp>(half) }).chain(stream::once(async {
        // One turn for the half to leave before the connection goes.
        tokio::task::yield_now().await;
        Err(HungUp)
    }));
    head.headers.remove(TRANSFER_ENCODING);
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    Response::from_parts(head, Body::from_stream(cut))
}

fn replace(answer: Response, body: &'static str) -> Response {
    let (mut head, _) = answer.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(head, Body::from(body))
}
