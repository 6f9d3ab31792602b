//! Changes a caller whom the company knows.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::caller::Mark;
use model::id::CallerId;
use serde::Deserialize;
use store::CallerDraft;
use utoipa::ToSchema;

use super::{CallerView, NAME_MAX, NOTE_MAX};
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// What can be changed of a caller.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallerChange {
    /// Name; may be empty.
    name: String,
    /// What is to be known besides; may be empty.
    note: String,
    /// How the calls are met.
    mark: Mark,
}

/// Changes a caller; the number stays.
#[utoipa::path(put, path = "/api/callers/{id}", tag = "callers", params(("id" = CallerId, Path)),
    request_body = CallerChange, responses((status = OK, body = CallerView)))]
pub async fn change_caller(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<CallerId>,
    Body(form): Body<CallerChange>,
) -> Result<Json<CallerView>, Problem> {
    let mut checks = Checks::default();
    let draft = CallerDraft {
        number: String::new(),
        name: checks.line("name", &form.name, NAME_MAX),
        note: checks.text("note", &form.note, NOTE_MAX),
        mark: form.mark,
    };
    checks.done()?;
    let callers = api.store.callers();
    let changed = callers
        .update(admin.company, id, &draft, Timestamp::now())
        .await?;
    Ok(Json(CallerView::of(changed)))
}
