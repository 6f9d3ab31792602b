//! Lists the operators.

use axum::Json;
use axum::extract::State;
use model::id::UserId;
use model::operator::OperatorState;
use model::skills::Skills;
use model::user::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;

/// An operator, as the platform sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorRow {
    /// Id.
    id: UserId,
    /// Name, as the operator says it to callers.
    name: String,
    /// Login.
    login: String,
    /// Also watches over the queue and the other operators.
    supervisor: bool,
    /// What the operator is good at.
    skills: Skills,
    /// What the operator is doing.
    state: OperatorState,
}

/// Lists the operators by name.
#[utoipa::path(get, path = "/api/platform/operators", tag = "platform",
    responses((status = OK, body = Vec<OperatorRow>)))]
pub async fn list_operators(State(api): State<Api>) -> Result<Json<Vec<OperatorRow>>, Problem> {
    let users = api.store.users().operators().await?;
    let mut skills = api.store.users().all_skills().await?;
    let rows = users.into_iter().map(|user| OperatorRow {
        supervisor: user.is(Role::Supervisor),
        skills: skills.remove(&user.id).unwrap_or_default(),
        state: api.switchboard.operator_state(user.id),
        id: user.id,
        name: user.name,
        login: user.login,
    });
    Ok(Json(rows.collect()))
}
