//! Tells what became of a call that was owed.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::TaskId;
use model::notice::TaskOutcome;
use serde::Deserialize;
use store::Actor;
use utoipa::ToSchema;

use super::TaskRow;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::Operator;

/// What became of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskResult {
    /// What.
    outcome: TaskOutcome,
}

/// Tells what became of the call: the message was read to the employee, who may have taken it on, or nobody answered.
#[utoipa::path(put, path = "/api/desk/tasks/{id}", tag = "desk", params(("id" = TaskId, Path)),
    request_body = TaskResult, responses((status = OK, body = TaskRow)))]
pub async fn finish_task(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<TaskId>,
    Body(TaskResult { outcome }): Body<TaskResult>,
) -> Result<Json<TaskRow>, Problem> {
    let actor = Actor {
        user: operator.user.id,
        name: operator.user.name,
        employee: None,
    };
    let notice = api.store.notice();
    let task = notice
        .finish_task(id, &actor, outcome, Timestamp::now())
        .await?;
    Ok(Json(TaskRow::of(task, actor.user)))
}
