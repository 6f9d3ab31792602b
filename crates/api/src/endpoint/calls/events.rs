//! What changes in the company, live.

use axum::extract::State;
use axum::response::IntoResponse;

use crate::Api;
use crate::live;
use crate::session::Viewer;

/// What changes in the company: events `call`, `message`, `line` with the id,
/// and `hours`. An employee is told of the own calls and messages alone.
#[utoipa::path(get, path = "/api/events", tag = "calls",
    responses((status = OK, content_type = "text/event-stream", body = String)))]
pub async fn events(State(api): State<Api>, viewer: Viewer) -> impl IntoResponse {
    live::events(api, viewer)
}
