//! «Добавить линию и сценарий».

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::line::Scenario;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::view;
use super::{LineView, NAME_MAX};
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// A line to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// Name.
    name: String,
    /// «Сценарий линии».
    scenario: Scenario,
}

/// Creates a line with the default script.
#[utoipa::path(post, path = "/api/lines", tag = "lines", request_body = NewLine,
    responses((status = CREATED, body = LineView)))]
pub async fn create_line(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(new): Body<NewLine>,
) -> Result<(StatusCode, Json<LineView>), Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", &new.name, NAME_MAX);
    checks.done()?;
    let line = api
        .store
        .lines()
        .create(admin.company, &name, new.scenario)
        .await?;
    Ok((StatusCode::CREATED, Json(view(&api, &admin, line).await?)))
}
