//! When an employee is away, as the administrator sets it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::EmployeeId;
use model::notice::{Absence, Reach};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::me::check_absence;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// When an employee is away.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceForm {
    /// From when to when, and who stands in; none where the employee is there.
    absence: Option<Absence>,
}

/// Tells when an employee is away.
#[utoipa::path(get, path = "/api/employees/{id}/absence", tag = "settings", params(("id" = EmployeeId, Path)),
    responses((status = OK, body = AbsenceForm)))]
pub async fn read_absence(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(employee): Id<EmployeeId>,
) -> Result<Json<AbsenceForm>, Problem> {
    let reach = api.store.notice().reach(admin.company, employee).await?;
    Ok(Json(AbsenceForm {
        absence: reach.absence,
    }))
}

/// Sets when an employee is away, and who stands in.
#[utoipa::path(put, path = "/api/employees/{id}/absence", tag = "settings", params(("id" = EmployeeId, Path)),
    request_body = AbsenceForm, responses((status = OK, body = AbsenceForm)))]
pub async fn write_absence(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(employee): Id<EmployeeId>,
    Body(AbsenceForm { absence }): Body<AbsenceForm>,
) -> Result<Json<AbsenceForm>, Problem> {
    let now = Timestamp::now();
    let mut checks = Checks::default();
    check_absence(&mut checks, absence.as_ref(), now);
    checks.done()?;
    let notice = api.store.notice();
    let reach = Reach {
        absence,
        ..notice.reach(admin.company, employee).await?
    };
    notice
        .write_reach(admin.company, employee, &reach, now)
        .await?;
    Ok(Json(AbsenceForm {
        absence: reach.absence,
    }))
}
