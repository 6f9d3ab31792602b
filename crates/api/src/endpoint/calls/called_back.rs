//! Notes that a lost caller was called back.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::CallId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::viewed;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::Viewer;

/// Whether the caller was called back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalledBack {
    /// It was done.
    called_back: bool,
}

/// Notes that a lost caller was called back, or that it was not.
#[utoipa::path(post, path = "/api/calls/{id}/called-back", tag = "calls", params(("id" = CallId, Path)),
    request_body = CalledBack, responses((status = NO_CONTENT)))]
pub async fn set_called_back(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<CallId>,
    Body(CalledBack { called_back }): Body<CalledBack>,
) -> Result<StatusCode, Problem> {
    viewed(&api, &viewer, id).await?;
    api.store
        .calls()
        .set_called_back(
            viewer.company,
            id,
            called_back,
            viewer.user.id,
            Timestamp::now(),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
