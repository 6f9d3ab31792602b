//! Saves the employees.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use model::id::{DepartmentId, EmployeeId};
use serde::Deserialize;
use store::EmployeeDraft;
use utoipa::ToSchema;

use super::{EmployeeList, Typed};
use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::validate::Checks;

const ROWS_MAX: usize = 2000;

/// All employees, to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeesForm {
    /// All rows; stored ones that are missing are deleted.
    items: Vec<EmployeeForm>,
    /// The version that was read.
    version: u64,
}

/// A row of «Сотрудники».
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeeForm {
    /// Id of a stored row; none for a new one.
    id: Option<EmployeeId>,
    /// «Email логин»: of a stored row it can't be changed.
    email: String,
    /// «ФИО».
    name: String,
    /// «Отдел».
    department: Option<DepartmentId>,
    /// «Должность».
    position: String,
    /// «Добавочный».
    extension: String,
    /// «Мобильный номер», as the company's PBX dials it.
    mobile: String,
}

/// Saves the whole list of employees.
#[utoipa::path(put, path = "/api/employees", tag = "settings", request_body = EmployeesForm,
    responses((status = OK, body = EmployeeList)))]
pub async fn write_employees(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(EmployeesForm { items, version }): Body<EmployeesForm>,
) -> Result<Json<EmployeeList>, Problem> {
    let rows = checked(items)?;
    let saved = api
        .store
        .employees()
        .replace_all(admin.company, &rows, version)
        .await?;
    Ok(Json(EmployeeList::of(&api, admin.company, saved).await?))
}

fn checked(items: Vec<EmployeeForm>) -> Result<Vec<EmployeeDraft>, Problem> {
    let mut checks = Checks::default();
    checks.rows("items", items.len(), ROWS_MAX);
    let mut emails = HashSet::new();
    let mut ids = HashSet::new();
    let rows = items.into_iter().enumerate().map(|(row, item)| {
        let field = |name: &str| format!("items.{row}.{name}");
        let typed = Typed {
            email: item.email,
            name: item.name,
            position: item.position,
            extension: item.extension,
            mobile: item.mobile,
        };
        let typed = typed.checked(&mut checks, &field(""));
        if !emails.insert(typed.email.clone()) {
            checks.flaw(field("email"), Flaw::EmailTaken);
        }
        if item.id.is_some_and(|id| !ids.insert(id)) {
            checks.flaw(field("id"), Flaw::Twice);
        }
        EmployeeDraft {
            id: item.id,
            email: typed.email,
            name: typed.name,
            department: item.department,
            position: typed.position,
            extension: typed.extension,
            mobile: typed.mobile,
        }
    });
    let rows = rows.collect();
    checks.done()?;
    Ok(rows)
}
