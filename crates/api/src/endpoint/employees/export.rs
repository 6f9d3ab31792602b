//! The employees as a file.

use axum::extract::State;
use axum::response::Response;
use model::company::{Department, Employee};

use super::Column;
use crate::Api;
use crate::input::Asked;
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::table::{FormatQuery, TableFile};

/// The employees as a file, which can be brought back.
#[utoipa::path(get, path = "/api/employees/export", tag = "settings", params(FormatQuery),
    responses((status = OK, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn export_employees(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    let departments = api.store.departments().list(admin.company).await?.value;
    let employees = api.store.employees().list(admin.company).await?.value;
    let file = TableFile {
        name: "employees",
        head: Column::ALL
            .map(|column| column.title(admin.language).to_owned())
            .into(),
        rows: employees
            .iter()
            .map(|row| cells(row, &departments))
            .collect(),
    };
    file.respond(query.format, admin.language).await
}

fn cells(employee: &Employee, departments: &[Department]) -> Vec<String> {
    let department = departments
        .iter()
        .find(|department| Some(department.id) == employee.department);
    let cell = |column| match column {
        Column::Email => employee.email.clone(),
        Column::Name => employee.name.clone(),
        Column::Department => department.map_or_else(String::new, |it| it.name.clone()),
        Column::Position => employee.position.clone(),
        Column::Extension => employee.extension.clone(),
        Column::Mobile => employee.mobile.clone(),
    };
    Column::ALL.map(cell).into()
}
