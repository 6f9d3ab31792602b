//! «Добавить компанию».

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::language::Language;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CreatedAccount, NAME_MAX, letters, taken};
use crate::Api;
use crate::input::Body;
use crate::people::{NewCompany, create_company};
use crate::problem::Problem;
use crate::validate::Checks;

/// A company with its administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyOpening {
    /// Name, as operators say it.
    name: String,
    /// E-mail address of its administrator: the login.
    admin_email: String,
    /// Name of its administrator.
    admin_name: String,
    /// Language of the company and of the letter.
    language: Language,
}

/// Creates a company; its administrator gets address, login and password by e-mail.
#[utoipa::path(post, path = "/api/platform/companies", tag = "platform", request_body = CompanyOpening,
    responses((status = CREATED, body = CreatedAccount)))]
pub async fn create_platform_company(
    State(api): State<Api>,
    Body(form): Body<CompanyOpening>,
) -> Result<(StatusCode, Json<CreatedAccount>), Problem> {
    let mut checks = Checks::default();
    let new = NewCompany {
        name: checks.required("name", &form.name, NAME_MAX),
        admin_email: checks.email("admin_email", &form.admin_email),
        admin_name: checks.required("admin_name", &form.admin_name, NAME_MAX),
        language: form.language,
    };
    checks.done()?;
    let (id, given) = create_company(&api.store, letters(&api), new)
        .await
        .map_err(|error| taken(error, "admin_email"))?;
    Ok((StatusCode::CREATED, Json(CreatedAccount::of(id.0, given))))
}
