//! «Принять»: somebody takes a message on.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::MessageId;

use super::MessageRow;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// «Принять»: whoever asks takes the message on, and nobody else is told of it any more. Again is no error.
#[utoipa::path(post, path = "/api/messages/{id}/accept", tag = "messages", params(("id" = MessageId, Path)),
    responses((status = OK, body = MessageRow)))]
pub async fn accept_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
) -> Result<Json<MessageRow>, Problem> {
    let actor = viewer.actor(&api).await?;
    let messages = api.store.messages();
    let stored = messages.accept(viewer.company, &viewer.seen, id, &actor, Timestamp::now());
    Ok(Json(MessageRow::of(stored.await?)))
}
