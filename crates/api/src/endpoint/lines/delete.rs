//! Deletes a line.

use axum::extract::State;
use axum::http::StatusCode;
use model::id::LineId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Deletes a line; its calls stay.
#[utoipa::path(delete, path = "/api/lines/{id}", tag = "lines", params(("id" = LineId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn delete_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<StatusCode, Problem> {
    api.store.lines().delete(admin.company, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
