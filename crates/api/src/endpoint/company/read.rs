//! Tells what is known of the company.

use axum::Json;
use axum::extract::State;

use super::CompanyForm;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Tells what is known of the company.
#[utoipa::path(get, path = "/api/company", tag = "settings", responses((status = OK, body = CompanyForm)))]
pub async fn read_company(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<CompanyForm>, Problem> {
    Ok(Json(CompanyForm::of(
        api.store.companies().get(admin.company).await?,
    )))
}
