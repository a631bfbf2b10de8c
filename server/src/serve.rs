//! Puts the routes together, listens, and stops in order: streams, requests, jobs, database.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use metrics_exporter_prometheus::PrometheusHandle;
use sidelight_api::ErrorCode;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::http::{
    HEADERS_WITHIN, LARGEST_BODY, Refusal, RequestIds, finish_refusals, limit_bodies, listen, log_requests, ops,
    security_headers,
};
use crate::{audit, jobs, routes};

/// Longer than any upstream call of ours.
const LONGEST_REQUEST: Duration = Duration::from_secs(40);

/// The listeners of a server; the public one may have port 0 in tests.
#[derive(Debug)]
pub struct Listeners {
    /// Panel, API, webhooks.
    pub public: TcpListener,
    /// Readiness and metrics.
    pub ops: TcpListener,
}

impl Listeners {
    /// Binds both.
    ///
    /// # Errors
    /// What the operating system says; the context names the address.
    pub async fn bind(public: SocketAddr, ops: SocketAddr) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let public =
            TcpListener::bind(public).await.with_context(|| format!("cannot listen on {public} (server.bind)"))?;
        let ops = TcpListener::bind(ops).await.with_context(|| format!("cannot listen on {ops} (server.ops_bind)"))?;
        Ok(Self { public, ops })
    }
}

/// Answers are made for one panel each, which is near: brotli's usual effort would take longer than finding a thousand people.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(2);

/// The public router. What it serves stands in the tables of [`routes`], and nowhere else.
pub fn router(app: &App) -> Router {
    let router = routes::router(app)
        .fallback(async || Refusal::new(ErrorCode::NotFound))
        .method_not_allowed_fallback(async || Refusal::new(ErrorCode::NotFound))
        .with_state(app.clone());
    let ids = RequestIds(app.ids.clone());
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(ids.clone(), log_requests))
        .layer(from_fn_with_state((), security_headers))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn_with_state(ids, finish_refusals))
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response_with_log()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(from_fn(limit_bodies))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    router.layer(layers)
}

/// A defect that panicked; the panic itself is in the log already.
trait PanicAnswer {
    fn into_response_with_log(self) -> axum::response::Response;
}

impl PanicAnswer for StatusCode {
    fn into_response_with_log(self) -> axum::response::Response {
        use axum::response::IntoResponse as _;
        metrics::counter!("panics_total").increment(1);
        Refusal::new(ErrorCode::Internal).into_response()
    }
}

/// Serves until `stop` is done, then lets open requests and what they began finish within the grace time. Readiness and metrics are answered
/// to the very end: a balancer shall hear that this one is going.
///
/// # Errors
/// What a listener says.
pub async fn serve(
    app: App,
    listeners: Listeners,
    metrics: PrometheusHandle,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let public = router(&app);
    let token = app.shutdown.clone();
    let stopped = token.clone();
    let requests = tokio::spawn(listen(listeners.public, public, HEADERS_WITHIN, token));
    let ops_router = ops::router(app.clone(), metrics);
    let ops = tokio::spawn(async move { axum::serve(listeners.ops, ops_router).await });
    let mut jobs = jobs::start(&app);
    tokio::spawn(async move {
        stop.await;
        tracing::info!("Stopping.");
        stopped.cancel();
    });
    app.shutdown.cancelled().await;
    let grace = app.config.server.shutdown_grace;
    let finished = tokio::time::timeout(grace, async {
        let _ = requests.await;
        app.tasks.close();
        app.tasks.wait().await;
        while jobs.join_next().await.is_some() {}
    });
    if finished.await.is_err() {
        tracing::warn!(grace_seconds = grace.as_secs(), "Some work was still open when the grace time ended.");
    }
    audit::write_heads(&app).await;
    ops.abort();
    app.store.close().await;
    Ok(())
}
