//! Gives a line another name.

use axum::Json;
use axum::extract::State;
use model::id::LineId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::view;
use super::{LineView, NAME_MAX};
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// The new name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineName {
    /// The name.
    name: String,
}

/// Gives a line another name.
#[utoipa::path(patch, path = "/api/lines/{id}", tag = "lines", params(("id" = LineId, Path)),
    request_body = LineName, responses((status = OK, body = LineView)))]
pub async fn rename_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Body(new): Body<LineName>,
) -> Result<Json<LineView>, Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", &new.name, NAME_MAX);
    checks.done()?;
    let line = api.store.lines().rename(admin.company, id, &name).await?;
    Ok(Json(view(&api, &admin, line).await?))
}
