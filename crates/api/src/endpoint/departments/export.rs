//! The departments as a file.

use axum::extract::State;
use axum::response::Response;
use model::company::{Department, Employee, Notify};
use model::language::Language;

use super::{Column, rule};
use crate::Api;
use crate::input::Asked;
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::table::{FormatQuery, TableFile};

/// The departments as a file, which can be brought back.
#[utoipa::path(get, path = "/api/departments/export", tag = "settings", params(FormatQuery),
    responses((status = OK, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn export_departments(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<FormatQuery>,
) -> Result<Response, Problem> {
    let employees = api.store.employees().list(admin.company).await?.value;
    let departments = api.store.departments().list(admin.company).await?.value;
    let rows = departments.iter();
    let file = TableFile {
        name: "departments",
        head: Column::ALL
            .map(|column| column.title(admin.language).to_owned())
            .into(),
        rows: rows
            .map(|row| cells(row, &employees, admin.language))
            .collect(),
    };
    file.respond(query.format, admin.language).await
}

fn cells(department: &Department, employees: &[Employee], language: Language) -> Vec<String> {
    let notified = match department.notify {
        Notify::Everyone | Notify::OnDuty => None,
        // The login, for names repeat.
        Notify::Employee { employee: id } => employees.iter().find(|employee| employee.id == id),
    };
    let cell = |column| match column {
        Column::Name => department.name.clone(),
        Column::Extension => department.extension.clone(),
        Column::Notify => notified.map_or_else(
            || rule(department.notify, language).to_owned(),
            |employee| employee.email.clone(),
        ),
    };
    Column::ALL.map(cell).into()
}
