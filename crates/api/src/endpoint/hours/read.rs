//! Tells the working hours.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;

use super::HoursView;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Tells the working hours, and whether it is working time.
#[utoipa::path(get, path = "/api/working-hours", tag = "settings", responses((status = OK, body = HoursView)))]
pub async fn read_hours(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<HoursView>, Problem> {
    let hours = api.store.companies().hours(admin.company).await?;
    Ok(Json(HoursView::of(hours, Timestamp::now())?))
}
