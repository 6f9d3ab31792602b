//! Writes beside a message.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::{EventId, MessageId};
use serde::Deserialize;
use store::Comment;
use utoipa::ToSchema;

use super::MessageRow;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::session::Viewer;
use crate::validate::Checks;

const TEXT_MAX: usize = 5000;

/// A comment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// Id, chosen by the page: sending twice stores once.
    id: EventId,
    /// What it says.
    text: String,
}

/// Writes a comment; it stands in the timeline.
#[utoipa::path(post, path = "/api/messages/{id}/comments", tag = "messages", params(("id" = MessageId, Path)),
    request_body = NewComment, responses((status = OK, body = MessageRow)))]
pub async fn comment_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
    Body(new): Body<NewComment>,
) -> Result<Json<MessageRow>, Problem> {
    let mut checks = Checks::default();
    let text = checks.text("text", &new.text, TEXT_MAX);
    if text.is_empty() {
        checks.flaw("text", Flaw::Empty);
    }
    checks.done()?;
    let comment = Comment { id: new.id, text };
    let (actor, now) = (viewer.actor(&api).await?, Timestamp::now());
    let messages = api.store.messages();
    let stored = messages.comment(viewer.company, &viewer.seen, id, &comment, &actor, now);
    Ok(Json(MessageRow::of(stored.await?)))
}
