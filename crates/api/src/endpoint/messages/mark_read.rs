//! Notes that somebody has read a message.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::MessageId;

use super::MessageRow;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// Notes that whoever asks has read the message. Again is no error.
#[utoipa::path(post, path = "/api/messages/{id}/read", tag = "messages", params(("id" = MessageId, Path)),
    responses((status = OK, body = MessageRow)))]
pub async fn mark_message_read(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
) -> Result<Json<MessageRow>, Problem> {
    let actor = viewer.actor(&api).await?;
    let messages = api.store.messages();
    let stored = messages.read(viewer.company, &viewer.seen, id, &actor, Timestamp::now());
    Ok(Json(MessageRow::of(stored.await?)))
}
