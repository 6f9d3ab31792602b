//! Saves what is known of the company.

use axum::Json;
use axum::extract::State;
use model::company::Company;
use model::id::CompanyId;

use super::CompanyForm;
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

const NAME_MAX: usize = 100;
const LINE_MAX: usize = 200;
const PHONE_MAX: usize = 60;
const TEXT_MAX: usize = 2000;
const TEXTS_MAX: usize = 30;
const READY_TEXT_MAX: usize = 500;
const RETENTION_MAX_DAYS: u32 = 3650;

/// Saves what is known of the company.
#[utoipa::path(put, path = "/api/company", tag = "settings", request_body = CompanyForm,
    responses((status = OK, body = CompanyForm)))]
pub async fn write_company(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(form): Body<CompanyForm>,
) -> Result<Json<CompanyForm>, Problem> {
    let version = form.version;
    let company = checked(form, admin.company)?;
    Ok(Json(CompanyForm::of(
        api.store.companies().update(&company, version).await?,
    )))
}

/// Texts without empty ones.
fn texts(checks: &mut Checks, texts: &[String]) -> Vec<String> {
    checks.rows("texts", texts.len(), TEXTS_MAX);
    let rows = texts.iter().enumerate();
    let kept = rows.map(|(row, text)| checks.text(&format!("texts.{row}"), text, READY_TEXT_MAX));
    kept.filter(|text| !text.is_empty()).collect()
}

fn checked(form: CompanyForm, id: CompanyId) -> Result<Company, Problem> {
    let mut checks = Checks::default();
    checks.range("retention_days", form.retention_days, 1, RETENTION_MAX_DAYS);
    let company = Company {
        id,
        name: checks.required("name", &form.name, NAME_MAX),
        legal_name: checks.line("legal_name", &form.legal_name, LINE_MAX),
        about: checks.text("about", &form.about, TEXT_MAX),
        address: checks.text("address", &form.address, TEXT_MAX),
        site: checks.line("site", &form.site, LINE_MAX),
        phone: checks.line("phone", &form.phone, PHONE_MAX),
        email: if form.email.trim().is_empty() {
            String::new()
        } else {
            checks.email("email", &form.email)
        },
        not_to_say: checks.text("not_to_say", &form.not_to_say, TEXT_MAX),
        texts: texts(&mut checks, &form.texts),
        language: form.language,
        retention_days: form.retention_days,
    };
    checks.done()?;
    Ok(company)
}
