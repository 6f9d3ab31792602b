//! Lists the calls that are due.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::TaskRow;
use crate::Api;
use crate::problem::Problem;
use crate::session::Operator;

/// The calls that are due.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskList {
    /// The longest due first; 100 at most.
    items: Vec<TaskRow>,
}

/// Lists the calls that operators owe now.
#[utoipa::path(get, path = "/api/desk/tasks", tag = "desk", responses((status = OK, body = TaskList)))]
pub async fn list_tasks(
    State(api): State<Api>,
    operator: Operator,
) -> Result<Json<TaskList>, Problem> {
    let tasks = api.store.notice().tasks(Timestamp::now()).await?;
    let tasks = tasks.into_iter();
    Ok(Json(TaskList {
        items: tasks
            .map(|task| TaskRow::of(task, operator.user.id))
            .collect(),
    }))
}
