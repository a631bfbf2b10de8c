//! Is it alive, is it ready, how is it doing: `/healthz` for everybody, `/readyz` and `/metrics` on the operations listener.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;

/// `GET /healthz`: the process answers. Nothing else is asked, so that a slow database restarts nobody.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The listener that only operators reach.
pub fn router(app: App, metrics: PrometheusHandle) -> Router {
    Router::new().route("/healthz", get(health)).route("/readyz", get(ready)).with_state(app).route(
        "/metrics",
        get(move || {
            let metrics = metrics.clone();
            async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()) }
        }),
    )
}

/// `GET /readyz`: the database takes writes and we are not shutting down.
async fn ready(State(app): State<App>) -> Response {
    if app.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n").into_response();
    }
    match app.store.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "The database is not ready.");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}
