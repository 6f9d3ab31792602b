//! Saves a policy.

use axum::Json;
use axum::extract::State;
use model::id::DepartmentId;
use model::notice::Policy;
use serde::Deserialize;
use utoipa::ToSchema;

use super::EscalationRow;
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// A policy to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationForm {
    /// Whose; none for the company's own.
    department: Option<DepartmentId>,
    /// The policy; none takes it away.
    policy: Option<Policy>,
    /// The version that was read.
    version: u64,
}

/// Saves the policy of the company or of a department; messages on their way go by it, too.
#[utoipa::path(put, path = "/api/escalations", tag = "settings", request_body = EscalationForm,
    responses((status = OK, body = EscalationRow)))]
pub async fn write_escalation(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(form): Body<EscalationForm>,
) -> Result<Json<EscalationRow>, Problem> {
    let mut checks = Checks::default();
    if let Some(policy) = &form.policy {
        checks.rows("steps", policy.steps.len(), Policy::STEPS_MAX);
        for (row, step) in policy.steps.iter().enumerate() {
            let field = format!("steps.{row}.after_minutes");
            checks.range(&field, step.after_minutes, 1, Policy::AFTER_MAX);
        }
    }
    checks.done()?;
    let notice = api.store.notice();
    let policy = form.policy.as_ref();
    let saved = notice.write_policy(admin.company, form.department, policy, form.version);
    let saved = saved.await?;
    Ok(Json(EscalationRow {
        department: form.department,
        policy: saved.value,
        version: saved.version,
    }))
}
