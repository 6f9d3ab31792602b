//! Saves a department's rota.

use axum::Json;
use axum::extract::State;
use model::id::DepartmentId;
use model::notice::{Rota, Shift};
use serde::Deserialize;
use utoipa::ToSchema;

use super::RotaView;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// Most duties of a rota.
const SHIFTS_MAX: usize = 200;

/// A rota to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotaForm {
    /// All duties.
    shifts: Vec<Shift>,
    /// The version that was read.
    version: u64,
}

/// Saves a department's rota. Empty hours are told, and no error: then the whole department is told of a message.
#[utoipa::path(put, path = "/api/rotas/{id}", tag = "settings", params(("id" = DepartmentId, Path)),
    request_body = RotaForm, responses((status = OK, body = RotaView)))]
pub async fn write_rota(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(department): Id<DepartmentId>,
    Body(RotaForm { shifts, version }): Body<RotaForm>,
) -> Result<Json<RotaView>, Problem> {
    let mut checks = Checks::default();
    checks.rows("shifts", shifts.len(), SHIFTS_MAX);
    for (row, shift) in shifts.iter().enumerate() {
        checks.weekdays(&format!("shifts.{row}.days"), &shift.days);
    }
    checks.done()?;
    let notice = api.store.notice();
    let rota = Rota { shifts };
    let saved = notice.write_rota(admin.company, department, &rota, version);
    Ok(Json(RotaView::of(saved.await?)))
}
