//! Adds a caller whom the company knows.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::caller::Mark;
use model::phone::Phone;
use serde::Deserialize;
use store::CallerDraft;
use utoipa::ToSchema;

use super::{CallerView, NAME_MAX, NOTE_MAX};
use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// Longest number as it is typed.
const NUMBER_MAX: usize = 60;

/// A caller to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallerForm {
    /// Number, in any spelling.
    number: String,
    /// Name; may be empty.
    name: String,
    /// What is to be known besides; may be empty.
    note: String,
    /// How the calls are met.
    mark: Mark,
}

/// Adds a caller, whose number must not be known yet.
#[utoipa::path(post, path = "/api/callers", tag = "callers", request_body = CallerForm,
    responses((status = CREATED, body = CallerView)))]
pub async fn create_caller(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(form): Body<CallerForm>,
) -> Result<(StatusCode, Json<CallerView>), Problem> {
    let mut checks = Checks::default();
    let draft = CallerDraft {
        number: checks.required("number", &form.number, NUMBER_MAX),
        name: checks.line("name", &form.name, NAME_MAX),
        note: checks.text("note", &form.note, NOTE_MAX),
        mark: form.mark,
    };
    if let Some(Phone::Other(_)) = Phone::parse(&draft.number) {
        checks.flaw("number", Flaw::NotPhone);
    }
    checks.done()?;
    let callers = api.store.callers();
    let made = callers
        .create(admin.company, &draft, Timestamp::now())
        .await?;
    Ok((StatusCode::CREATED, Json(CallerView::of(made))))
}
