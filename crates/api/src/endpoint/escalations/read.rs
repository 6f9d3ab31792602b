//! Tells all policies of a company.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::EscalationRow;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// All policies.
#[derive(Debug, Serialize, ToSchema)]
pub struct EscalationList {
    /// The company's own, then one for each department.
    items: Vec<EscalationRow>,
}

/// Tells the company's own policy and those of its departments.
#[utoipa::path(get, path = "/api/escalations", tag = "settings", responses((status = OK, body = EscalationList)))]
pub async fn read_escalations(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<EscalationList>, Problem> {
    let departments = api.store.departments().list(admin.company).await?.value;
    let mut stored = api.store.notice().policies(admin.company).await?;
    let all = std::iter::once(None).chain(departments.iter().map(|known| Some(known.id)));
    let items = all.map(|department| {
        let found = stored.iter().position(|row| row.department == department);
        match found.map(|place| stored.swap_remove(place)) {
            Some(row) => EscalationRow {
                department,
                policy: row.policy,
                version: row.version,
            },
            None => EscalationRow {
                department,
                policy: None,
                version: 0,
            },
        }
    });
    Ok(Json(EscalationList {
        items: items.collect(),
    }))
}
