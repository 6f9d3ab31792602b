//! Tells one call whole.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::call::TimelineEntry;
use model::id::CallId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CallRow, viewed};
use crate::Api;
use crate::endpoint::messages::MessageRow;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// All there is to tell of a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallDetails {
    /// The call.
    #[serde(flatten)]
    row: CallRow,
    /// What happened, in order.
    timeline: Vec<TimelineRow>,
    /// Its messages, the oldest first.
    messages: Vec<MessageRow>,
}

/// Something that happened in a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineRow {
    /// When and what.
    #[serde(flatten)]
    entry: TimelineEntry,
    /// Name of the operator whose doing it was.
    operator_name: Option<String>,
    /// Name of the colleague to whom the caller is handed over, while the directory has it.
    colleague_name: Option<String>,
}

/// Tells one call with its timeline and messages.
#[utoipa::path(get, path = "/api/calls/{id}", tag = "calls", params(("id" = CallId, Path)),
    responses((status = OK, body = CallDetails)))]
pub async fn read_call(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<CallId>,
) -> Result<Json<CallDetails>, Problem> {
    let call = viewed(&api, &viewer, id).await?;
    let entries = call.timeline.into_iter();
    Ok(Json(CallDetails {
        row: CallRow::of(call.row, Timestamp::now()),
        timeline: entries
            .map(|item| TimelineRow {
                entry: item.entry,
                operator_name: item.operator_name,
                colleague_name: item.colleague_name,
            })
            .collect(),
        messages: call.messages.into_iter().map(MessageRow::of).collect(),
    }))
}
