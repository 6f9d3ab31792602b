//! «Открыть снова»: a message is not done after all.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::MessageId;

use super::MessageRow;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// «Открыть снова»: the message is not done after all.
#[utoipa::path(post, path = "/api/messages/{id}/reopen", tag = "messages", params(("id" = MessageId, Path)),
    responses((status = OK, body = MessageRow)))]
pub async fn reopen_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
) -> Result<Json<MessageRow>, Problem> {
    let actor = viewer.actor(&api).await?;
    let messages = api.store.messages();
    let stored = messages.reopen(viewer.company, &viewer.seen, id, &actor, Timestamp::now());
    Ok(Json(MessageRow::of(stored.await?)))
}
