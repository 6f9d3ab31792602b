//! Employees out of a file, looked at before anything is saved.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use model::company::{Department, Employee};
use model::id::{DepartmentId, EmployeeId};
use model::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Column, Typed};
use crate::Api;
use crate::problem::{FieldError, Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::table::{self, Table, TableRow, Upload};
use crate::validate::Checks;

/// What a file would bring; nothing of it is saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeImport {
    /// The rows of the file.
    rows: Vec<EmployeeImportRow>,
}

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeImportRow {
    /// Its number in the file.
    row: u32,
    /// The saved employee whose row it updates; none for a new one.
    known: Option<EmployeeId>,
    /// «Email логин».
    email: String,
    /// «ФИО».
    name: String,
    /// «Отдел».
    department: Option<DepartmentId>,
    /// «Должность».
    position: String,
    /// «Добавочный».
    extension: String,
    /// «Мобильный номер».
    mobile: String,
    /// What is wrong with it; a row without errors can be taken.
    errors: Vec<FieldError>,
}

/// Reads a file of employees and tells what it would bring. Columns are found
/// by their names; what the file has no column for stays as it is saved.
#[utoipa::path(post, path = "/api/employees/import", tag = "settings",
    request_body(description = "CSV or XLSX, at most 2 MiB and 2000 rows", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = OK, body = EmployeeImport)))]
pub async fn import_employees(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Upload(file): Upload,
) -> Result<Json<EmployeeImport>, Problem> {
    let table = table::read(file).await?;
    let departments = api.store.departments().list(admin.company).await?.value;
    let employees = api.store.employees().list(admin.company).await?.value;
    let rows = rows(&table, &employees, &departments, admin.language)?;
    Ok(Json(EmployeeImport { rows }))
}

fn rows(
    table: &Table,
    employees: &[Employee],
    departments: &[Department],
    language: Language,
) -> Result<Vec<EmployeeImportRow>, Problem> {
    let places = Column::ALL.map(|column| (column, table::column(table, column.names())));
    let place = |wanted| places.iter().find(|(column, _)| *column == wanted)?.1;
    if place(Column::Email).is_none() {
        let name = Column::Email.title(language).to_owned();
        return Err(Problem::field("file", Flaw::NoColumn { name }));
    }
    let by_email: HashMap<&str, &Employee> = employees
        .iter()
        .map(|employee| (employee.email.as_str(), employee))
        .collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let rows = table.rows.iter().map(|row| {
        let mut checks = Checks::default();
        let cell = |column| place(column).map(|at| row.cell(at));
        let email = cell(Column::Email).unwrap_or_default().to_lowercase();
        let known = by_email.get(email.as_str()).copied();
        if let Some(&first) = seen.get(&email) {
            checks.flaw("email", Flaw::SameAsRow { row: first });
        } else {
            seen.insert(email.clone(), row.number);
        }
        let typed = typed(&cell, email, known, &mut checks).checked(&mut checks, "");
        let department = match cell(Column::Department) {
            None => known.and_then(|employee| employee.department),
            Some("") => None,
            Some(name) => named(departments, name, &mut checks),
        };
        view(row, known, typed, department, checks.told(language))
    });
    Ok(rows.collect())
}

fn typed<'a>(
    cell: &impl Fn(Column) -> Option<&'a str>,
    email: String,
    known: Option<&Employee>,
    checks: &mut Checks,
) -> Typed {
    let saved =
        |value: fn(&Employee) -> &String| known.map_or_else(String::new, |it| value(it).clone());
    let text = |column, value| cell(column).map_or_else(|| saved(value), str::to_owned);
    let mut dialled = |column, field, value| match cell(column) {
        None => saved(value),
        Some(text) => table::dialled(text).unwrap_or_else(|| {
            checks.flaw(field, Flaw::Rounded);
            String::new()
        }),
    };
    Typed {
        extension: dialled(Column::Extension, "extension", |it| &it.extension),
        mobile: dialled(Column::Mobile, "mobile", |it| &it.mobile),
        name: text(Column::Name, |it| &it.name),
        position: text(Column::Position, |it| &it.position),
        email,
    }
}

fn named(departments: &[Department], name: &str, checks: &mut Checks) -> Option<DepartmentId> {
    let wanted = name.to_lowercase();
    let found = departments
        .iter()
        .find(|department| department.name.to_lowercase() == wanted);
    if found.is_none() {
        let name = name.to_owned();
        checks.flaw("department", Flaw::NoDepartment { name });
    }
    found.map(|department| department.id)
}

fn view(
    row: &TableRow,
    known: Option<&Employee>,
    typed: Typed,
    department: Option<DepartmentId>,
    errors: Vec<FieldError>,
) -> EmployeeImportRow {
    EmployeeImportRow {
        row: row.number,
        known: known.map(|employee| employee.id),
        email: typed.email,
        name: typed.name,
        department,
        position: typed.position,
        extension: typed.extension,
        mobile: typed.mobile,
        errors,
    }
}
