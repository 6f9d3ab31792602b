//! Tells one line.

use axum::Json;
use axum::extract::State;
use model::id::LineId;

use super::LineView;
use super::view::view;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Tells one line.
#[utoipa::path(get, path = "/api/lines/{id}", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = LineView)))]
pub async fn read_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<LineView>, Problem> {
    let line = api.store.lines().get(admin.company, id).await?;
    Ok(Json(view(&api, &admin, line).await?))
}
