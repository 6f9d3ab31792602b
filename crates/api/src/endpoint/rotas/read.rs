//! Tells a department's rota.

use axum::Json;
use axum::extract::State;
use model::id::DepartmentId;

use super::RotaView;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Tells a department's rota with its empty hours.
#[utoipa::path(get, path = "/api/rotas/{id}", tag = "settings", params(("id" = DepartmentId, Path)),
    responses((status = OK, body = RotaView)))]
pub async fn read_rota(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(department): Id<DepartmentId>,
) -> Result<Json<RotaView>, Problem> {
    let rota = api.store.notice().rota(admin.company, department).await?;
    Ok(Json(RotaView::of(rota)))
}
