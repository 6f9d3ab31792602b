//! «Вернуть»: a message is given back.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::MessageId;

use super::MessageRow;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// «Вернуть»: the message is open again, and the others are told of it.
#[utoipa::path(post, path = "/api/messages/{id}/release", tag = "messages", params(("id" = MessageId, Path)),
    responses((status = OK, body = MessageRow)))]
pub async fn release_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
) -> Result<Json<MessageRow>, Problem> {
    let actor = viewer.actor(&api).await?;
    let messages = api.store.messages();
    let stored = messages.release(viewer.company, &viewer.seen, id, &actor, Timestamp::now());
    Ok(Json(MessageRow::of(stored.await?)))
}
