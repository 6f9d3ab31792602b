//! Figures for Prometheus.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::Api;

/// Figures in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = OK, content_type = "text/plain", body = String)))]
pub async fn metrics(State(api): State<Api>) -> impl IntoResponse {
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        api.metrics.render(),
    )
}
