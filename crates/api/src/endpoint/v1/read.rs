//! Tells one call, as the old API did.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::short_id::ShortId;
use super::{call_of, moment};
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// A call.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldCall {
    /// Id: up to 19 digits.
    id: String,
    /// When an operator answered, in UTC: 2026-11-26T10:20:30.123000Z. None where nobody did.
    answer_datetime: Option<String>,
    /// When it ended; none while it runs.
    finish_datetime: Option<String>,
}

/// Tells one call.
#[utoipa::path(get, path = "/v1/calls/{id}", tag = "old api",
    params(("id" = String, Path), ("auth_api_key" = Option<String>, Query)),
    responses((status = OK, body = OldCall)))]
pub async fn read_old_call(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<ShortId>,
) -> Result<Json<OldCall>, Problem> {
    let call = call_of(&api, &viewer, id).await?.row.call;
    Ok(Json(OldCall {
        id: id.to_string(),
        answer_datetime: call.answered_at.map(moment::told),
        finish_datetime: call.ended_at.map(moment::told),
    }))
}
