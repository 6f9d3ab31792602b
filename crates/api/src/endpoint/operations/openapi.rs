//! The OpenAPI document.

use axum::http::header;
use axum::response::IntoResponse;

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operations",
    responses((status = OK, content_type = "application/json", body = Object)))]
pub async fn openapi_document() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        crate::router::openapi(),
    )
}
