//! «Отключить от колл-центра».

use axum::Json;
use axum::extract::State;
use model::id::LineId;

use super::LineView;
use super::view::view;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Disconnects a line from the call centre: the sound check answers.
#[utoipa::path(post, path = "/api/lines/{id}/disconnect", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = LineView)))]
pub async fn disconnect_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<LineView>, Problem> {
    let line = api
        .store
        .lines()
        .set_connected(admin.company, id, false)
        .await?;
    Ok(Json(view(&api, &admin, line).await?))
}
