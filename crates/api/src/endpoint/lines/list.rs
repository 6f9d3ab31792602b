//! Lists the lines.

use axum::Json;
use axum::extract::State;

use super::LineView;
use super::view::Around;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Lists the company's lines, the oldest first.
#[utoipa::path(get, path = "/api/lines", tag = "lines", responses((status = OK, body = Vec<LineView>)))]
pub async fn list_lines(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<Vec<LineView>>, Problem> {
    let around = Around::of(&api, admin.company, admin.language).await?;
    Ok(Json(around.views(&api)))
}
