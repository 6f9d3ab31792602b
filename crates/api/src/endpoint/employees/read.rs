//! Lists the employees.

use axum::Json;
use axum::extract::State;

use super::EmployeeList;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Lists the employees.
#[utoipa::path(get, path = "/api/employees", tag = "settings",
    responses((status = OK, body = EmployeeList)))]
pub async fn read_employees(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<EmployeeList>, Problem> {
    let list = api.store.employees().list(admin.company).await?;
    Ok(Json(EmployeeList::of(&api, admin.company, list).await?))
}
