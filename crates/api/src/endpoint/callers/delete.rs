//! Forgets a caller whom the company knows.

use axum::extract::State;
use axum::http::StatusCode;
use model::id::CallerId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Forgets a caller: the calls are met as all are.
#[utoipa::path(delete, path = "/api/callers/{id}", tag = "callers", params(("id" = CallerId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn delete_caller(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<CallerId>,
) -> Result<StatusCode, Problem> {
    api.store.callers().delete(admin.company, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
