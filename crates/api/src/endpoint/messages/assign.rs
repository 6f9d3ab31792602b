//! Gives a message to a colleague.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::{EmployeeId, MessageId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::MessageRow;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::Viewer;

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The employee.
    employee: EmployeeId,
}

/// «Назначить»: the message is the colleague's from now on, who is told of it.
#[utoipa::path(post, path = "/api/messages/{id}/assign", tag = "messages", params(("id" = MessageId, Path)),
    request_body = Assignment, responses((status = OK, body = MessageRow)))]
pub async fn assign_message(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<MessageId>,
    Body(Assignment { employee }): Body<Assignment>,
) -> Result<Json<MessageRow>, Problem> {
    let (actor, now) = (viewer.actor(&api).await?, Timestamp::now());
    let messages = api.store.messages();
    let stored = messages.assign(viewer.company, &viewer.seen, id, employee, &actor, now);
    Ok(Json(MessageRow::of(stored.await?)))
}
