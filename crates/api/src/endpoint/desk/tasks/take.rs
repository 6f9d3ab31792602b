//! An operator takes a call that is owed.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::TaskId;

use super::TaskRow;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Operator;

/// Takes a task, and keeps others off it for ten minutes. Again is no error.
#[utoipa::path(post, path = "/api/desk/tasks/{id}/take", tag = "desk", params(("id" = TaskId, Path)),
    responses((status = OK, body = TaskRow)))]
pub async fn take_task(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<TaskId>,
) -> Result<Json<TaskRow>, Problem> {
    let notice = api.store.notice();
    let task = notice
        .take_task(id, operator.user.id, Timestamp::now())
        .await?;
    Ok(Json(TaskRow::of(task, operator.user.id)))
}
