//! «Подключить к колл-центру».

use axum::Json;
use axum::extract::State;
use model::id::LineId;

use super::LineView;
use super::view::view;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Connects a line to the call centre: operators answer.
#[utoipa::path(post, path = "/api/lines/{id}/connect", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = LineView)))]
pub async fn connect_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<LineView>, Problem> {
    let line = api
        .store
        .lines()
        .set_connected(admin.company, id, true)
        .await?;
    Ok(Json(view(&api, &admin, line).await?))
}
