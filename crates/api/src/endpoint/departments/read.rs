//! Lists the departments.

use axum::Json;
use axum::extract::State;

use super::DepartmentList;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Lists the departments.
#[utoipa::path(get, path = "/api/departments", tag = "settings",
    responses((status = OK, body = DepartmentList)))]
pub async fn read_departments(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<DepartmentList>, Problem> {
    Ok(Json(DepartmentList::of(
        api.store.departments().list(admin.company).await?,
    )))
}
