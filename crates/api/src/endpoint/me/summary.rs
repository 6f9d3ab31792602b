//! How often the summary comes.

use axum::extract::State;
use axum::http::StatusCode;
use model::user::Summary;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// How often.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SummaryForm {
    /// Each day, each week, or never.
    summary: Summary,
}

/// Chooses how often the summary of calls and messages comes by e-mail.
#[utoipa::path(put, path = "/api/me/summary", tag = "me", request_body = SummaryForm,
    responses((status = NO_CONTENT)))]
pub async fn write_summary(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(SummaryForm { summary }): Body<SummaryForm>,
) -> Result<StatusCode, Problem> {
    api.store.users().set_summary(admin.user, summary).await?;
    Ok(StatusCode::NO_CONTENT)
}
