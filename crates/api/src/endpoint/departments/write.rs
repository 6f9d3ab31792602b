//! Saves the departments.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use model::company::Notify;
use model::id::DepartmentId;
use serde::Deserialize;
use store::DepartmentDraft;
use utoipa::ToSchema;

use super::{DepartmentList, EXTENSION_MAX, NAME_MAX};
use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::validate::Checks;

const ROWS_MAX: usize = 300;

/// All departments, to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentsForm {
    /// All rows; stored ones that are missing are deleted.
    items: Vec<DepartmentForm>,
    /// The version that was read.
    version: u64,
}

/// A row of «Отделы».
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentForm {
    /// Id of a stored row; none for a new one.
    id: Option<DepartmentId>,
    /// «Отдел».
    name: String,
    /// «Добавочный».
    extension: String,
    /// «Посылать уведомления».
    notify: Notify,
}

/// Saves the whole list of departments.
#[utoipa::path(put, path = "/api/departments", tag = "settings", request_body = DepartmentsForm,
    responses((status = OK, body = DepartmentList)))]
pub async fn write_departments(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(DepartmentsForm { items, version }): Body<DepartmentsForm>,
) -> Result<Json<DepartmentList>, Problem> {
    let rows = checked(items)?;
    let saved = api
        .store
        .departments()
        .replace_all(admin.company, &rows, version)
        .await?;
    Ok(Json(DepartmentList::of(saved)))
}

fn checked(items: Vec<DepartmentForm>) -> Result<Vec<DepartmentDraft>, Problem> {
    let mut checks = Checks::default();
    checks.rows("items", items.len(), ROWS_MAX);
    let mut names = HashSet::new();
    let mut ids = HashSet::new();
    let rows = items.into_iter().enumerate().map(|(row, item)| {
        let field = |name: &str| format!("items.{row}.{name}");
        let name = checks.required(&field("name"), &item.name, NAME_MAX);
        if !name.is_empty() && !names.insert(name.to_lowercase()) {
            checks.flaw(field("name"), Flaw::Twice);
        }
        if item.id.is_some_and(|id| !ids.insert(id)) {
            checks.flaw(field("id"), Flaw::Twice);
        }
        let extension = checks.dialled(&field("extension"), &item.extension, EXTENSION_MAX);
        DepartmentDraft {
            id: item.id,
            name,
            extension,
            notify: item.notify,
        }
    });
    let rows = rows.collect();
    checks.done()?;
    Ok(rows)
}
