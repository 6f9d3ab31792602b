//! Renames an operator, makes a supervisor of one, or says what one is good at.

use axum::extract::State;
use axum::http::StatusCode;
use model::id::UserId;
use model::skills::Skills;
use serde::Deserialize;
use utoipa::ToSchema;

use super::NAME_MAX;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::validate::Checks;

/// What can be changed of an operator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorChange {
    /// Name, as the operator says it to callers.
    name: String,
    /// Also watches over the queue and the other operators.
    supervisor: bool,
    /// What the operator is good at; left out, it stays.
    #[serde(default)]
    skills: Option<Skills>,
}

/// Renames an operator, makes a supervisor of one, or says what one is good at.
#[utoipa::path(patch, path = "/api/platform/operators/{id}", tag = "platform", params(("id" = UserId, Path)),
    request_body = OperatorChange, responses((status = NO_CONTENT)))]
pub async fn change_operator(
    State(api): State<Api>,
    Id(id): Id<UserId>,
    Body(form): Body<OperatorChange>,
) -> Result<StatusCode, Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, NAME_MAX);
    if form.skills.as_ref().is_some_and(|s| s.languages.is_empty()) {
        checks.flaw("skills.languages", Flaw::Empty);
    }
    checks.done()?;
    let users = api.store.users();
    users.change_operator(id, &name, form.supervisor).await?;
    if let Some(skills) = &form.skills {
        users.set_skills(id, skills).await?;
        api.switchboard.skills_changed(id);
    }
    Ok(StatusCode::NO_CONTENT)
}
