//! Departments out of a file, looked at before anything is saved.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use model::company::{Department, Employee, Notify};
use model::id::DepartmentId;
use model::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Column, EXTENSION_MAX, NAME_MAX, everyone, on_duty};
use crate::Api;
use crate::problem::{FieldError, Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::table::{self, Table, Upload};
use crate::validate::Checks;

/// What a file would bring; nothing of it is saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentImport {
    /// The rows of the file.
    rows: Vec<DepartmentImportRow>,
}

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentImportRow {
    /// Its number in the file.
    row: u32,
    /// The saved department whose row it updates; none for a new one.
    known: Option<DepartmentId>,
    /// «Отдел».
    name: String,
    /// «Добавочный».
    extension: String,
    /// «Посылать уведомления».
    notify: Notify,
    /// What is wrong with it; a row without errors can be taken.
    errors: Vec<FieldError>,
}

/// Reads a file of departments and tells what it would bring. Columns are found
/// by their names; what the file has no column for stays as it is saved.
#[utoipa::path(post, path = "/api/departments/import", tag = "settings",
    request_body(description = "CSV or XLSX, at most 2 MiB and 2000 rows", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = OK, body = DepartmentImport)))]
pub async fn import_departments(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Upload(file): Upload,
) -> Result<Json<DepartmentImport>, Problem> {
    let table = table::read(file).await?;
    let employees = api.store.employees().list(admin.company).await?.value;
    let departments = api.store.departments().list(admin.company).await?.value;
    let rows = rows(&table, &departments, &employees, admin.language)?;
    Ok(Json(DepartmentImport { rows }))
}

fn rows(
    table: &Table,
    departments: &[Department],
    employees: &[Employee],
    language: Language,
) -> Result<Vec<DepartmentImportRow>, Problem> {
    let place = |column: Column| table::column(table, column.names());
    let Some(names) = place(Column::Name) else {
        let name = Column::Name.title(language).to_owned();
        return Err(Problem::field("file", Flaw::NoColumn { name }));
    };
    let (extensions, notified) = (place(Column::Extension), place(Column::Notify));
    let by_name: HashMap<String, &Department> = departments
        .iter()
        .map(|department| (department.name.to_lowercase(), department))
        .collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let rows = table.rows.iter().map(|row| {
        let mut checks = Checks::default();
        let name = checks.required("name", row.cell(names), NAME_MAX);
        let key = name.to_lowercase();
        let known = by_name.get(&key).copied();
        if let Some(&first) = seen.get(&key) {
            checks.flaw("name", Flaw::SameAsRow { row: first });
        } else {
            seen.insert(key, row.number);
        }
        let extension = match extensions {
            None => known.map_or_else(String::new, |it| it.extension.clone()),
            Some(at) => extension(row.cell(at), &mut checks),
        };
        let notify = match notified {
            None => known.map_or(Notify::Everyone, |it| it.notify),
            Some(at) => notify(row.cell(at), employees, &mut checks),
        };
        DepartmentImportRow {
            row: row.number,
            known: known.map(|department| department.id),
            name,
            extension,
            notify,
            errors: checks.told(language),
        }
    });
    Ok(rows.collect())
}

fn extension(cell: &str, checks: &mut Checks) -> String {
    match table::dialled(cell) {
        Some(number) => checks.dialled("extension", &number, EXTENSION_MAX),
        None => {
            checks.flaw("extension", Flaw::Rounded);
            String::new()
        }
    }
}

/// The whole department, or the employee with the login or, where only one has it, the name.
fn notify(cell: &str, employees: &[Employee], checks: &mut Checks) -> Notify {
    let wanted = cell.to_lowercase();
    let all = [Language::Ru, Language::En].map(|language| everyone(language).to_lowercase());
    if wanted.is_empty() || all.contains(&wanted) {
        return Notify::Everyone;
    }
    let all = [Language::Ru, Language::En].map(|language| on_duty(language).to_lowercase());
    if all.contains(&wanted) {
        return Notify::OnDuty;
    }
    let named = |employee: &&Employee| employee.name.to_lowercase() == wanted;
    let by_login = employees.iter().find(|employee| employee.email == wanted);
    let mut by_name = employees.iter().filter(named);
    match (by_login, by_name.next(), by_name.next()) {
        (Some(employee), _, _) | (None, Some(employee), None) => Notify::Employee {
            employee: employee.id,
        },
        _ => {
            let name = cell.to_owned();
            checks.flaw("notify", Flaw::NoEmployee { name });
            Notify::Everyone
        }
    }
}
