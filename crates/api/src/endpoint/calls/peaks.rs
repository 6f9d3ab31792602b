//! The waveform of a recording.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use model::id::CallId;
use serde::Serialize;
use utoipa::ToSchema;

use super::recording::{packed, unread};
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// The waveform: the loudest sample of each stretch, both sides apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct Peaks {
    /// Values a second.
    per_second: u32,
    /// The caller.
    left: Vec<u8>,
    /// What the caller heard: operator, prompts, music.
    right: Vec<u8>,
}

/// The waveform of a call's recording.
#[utoipa::path(get, path = "/api/calls/{id}/peaks", tag = "calls", params(("id" = CallId, Path)),
    responses((status = OK, body = Peaks)))]
pub async fn peaks(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<CallId>,
) -> Result<impl IntoResponse, Problem> {
    let call = packed(&api, &viewer, id).await?;
    let peaks = api
        .recordings
        .peaks(viewer.company, id, call.arrived_at)
        .await
        .map_err(unread)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "private, max-age=86400"),
    ];
    Ok((headers, peaks))
}
