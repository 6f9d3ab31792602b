//! Tells one message whole.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::{EventId, MessageId};
use model::notice::Event;
use serde::Serialize;
use utoipa::ToSchema;

use super::MessageRow;
use crate::Api;
use crate::endpoint::calls::CallRow;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// All there is to tell of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageDetails {
    /// The message.
    #[serde(flatten)]
    row: MessageRow,
    /// The call that it came from.
    call: CallRow,
    /// What happened to it, in order; the newest thousand entries.
    timeline: Vec<MessageTimelineRow>,
}

/// Something that happened to a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageTimelineRow {
    /// Id.
    id: EventId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whose doing it was; none for the program's own.
    by: Option<String>,
    /// What.
    event: Event,
}

/// Tells one message with its call and its timeline. It is not read by that: see `/read`.
#[utoipa::path(get, path = "/api/messages/{id}", tag = "messages", params(("id" = MessageId, Path)),
    responses((status = OK, body = MessageDetails)))]
pub async fn read_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
) -> Result<Json<MessageDetails>, Problem> {
    let messages = api.store.messages();
    let details = messages.details(viewer.company, &viewer.seen, id, viewer.user.id);
    let details = details.await?;
    let calls = api.store.calls();
    let call = calls
        .get(viewer.company, details.stored.message.call)
        .await?;
    let timeline = details.timeline.into_iter();
    Ok(Json(MessageDetails {
        row: MessageRow::of(details.stored),
        call: CallRow::of(call.row, Timestamp::now()),
        timeline: timeline
            .map(|entry| MessageTimelineRow {
                id: entry.id,
                at: entry.at,
                by: entry.by,
                event: entry.event,
            })
            .collect(),
    }))
}
