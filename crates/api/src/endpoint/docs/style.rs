//! How the page of the API looks.

use axum::http::header;
use axum::response::IntoResponse;

/// The style sheet of /api/docs.
#[utoipa::path(get, path = "/api/docs/style.css", tag = "operations",
    responses((status = OK, content_type = "text/css", body = String)))]
pub async fn api_docs_style() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("style.css"),
    )
}
