//! Who is in the company, and whether they can be reached.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::EmployeeId;
use model::notice::Presence;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

/// The company's employees.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueList {
    /// In the company's order.
    items: Vec<ColleagueRow>,
}

/// An employee as colleagues see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueRow {
    /// Id.
    id: EmployeeId,
    /// Name.
    name: String,
    /// Position.
    position: String,
    /// Name of the department.
    department_name: Option<String>,
    /// Extension.
    extension: String,
    /// Mobile number.
    mobile: String,
    /// What the employee says of oneself now.
    presence: Presence,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    presence_until: Option<Timestamp>,
    /// Until when the employee is away, where that is so now.
    #[schema(value_type = Option<String>, format = DateTime)]
    absent_until: Option<Timestamp>,
    /// Who stands in.
    deputy_name: Option<String>,
}

/// Lists the company's employees with whether they can be reached.
#[utoipa::path(get, path = "/api/colleagues", tag = "messages", responses((status = OK, body = ColleagueList)))]
pub async fn list_colleagues(
    State(api): State<Api>,
    viewer: Viewer,
) -> Result<Json<ColleagueList>, Problem> {
    let notice = api.store.notice();
    let colleagues = notice.colleagues(viewer.company, Timestamp::now()).await?;
    let items = colleagues.into_iter().map(|colleague| ColleagueRow {
        id: colleague.employee.id,
        name: colleague.employee.name,
        position: colleague.employee.position,
        department_name: colleague.department_name,
        extension: colleague.employee.extension,
        mobile: colleague.employee.mobile,
        presence: colleague.presence,
        presence_until: colleague.presence_until,
        absent_until: colleague.absent_until,
        deputy_name: colleague.deputy_name,
    });
    Ok(Json(ColleagueList {
        items: items.collect(),
    }))
}
