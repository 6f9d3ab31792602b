//! Renames an operator, or makes a supervisor of one.

use axum::extract::State;
use axum::http::StatusCode;
use model::id::UserId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::NAME_MAX;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::validate::Checks;

/// What can be changed of an operator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorChange {
    /// Name, as the operator says it to callers.
    name: String,
    /// Also watches over the queue and the other operators.
    supervisor: bool,
}

/// Renames an operator, or makes a supervisor of one.
#[utoipa::path(patch, path = "/api/platform/operators/{id}", tag = "platform", params(("id" = UserId, Path)),
    request_body = OperatorChange, responses((status = NO_CONTENT)))]
pub async fn change_operator(
    State(api): State<Api>,
    Id(id): Id<UserId>,
    Body(form): Body<OperatorChange>,
) -> Result<StatusCode, Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, NAME_MAX);
    checks.done()?;
    let users = api.store.users();
    users.change_operator(id, &name, form.supervisor).await?;
    Ok(StatusCode::NO_CONTENT)
}
