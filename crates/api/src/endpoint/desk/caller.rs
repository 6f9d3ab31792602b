//! Notes who a caller is.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::caller::Mark;
use model::id::CallId;
use serde::Deserialize;
use store::CallerDraft;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::callers::{CallerView, NAME_MAX, NOTE_MAX};
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::session::Operator;
use crate::validate::Checks;

/// What the operator knows of a caller.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallerNote {
    /// Name; may be empty.
    name: String,
    /// What is to be known besides; may be empty.
    note: String,
    /// The calls go before all others.
    vip: bool,
}

/// Notes for the company who the caller of an own call is.
#[utoipa::path(put, path = "/api/desk/calls/{id}/caller", tag = "desk", params(("id" = CallId, Path)),
    request_body = CallerNote, responses((status = OK, body = CallerView)))]
pub async fn note_caller(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<CallId>,
    Body(form): Body<CallerNote>,
) -> Result<Json<CallerView>, Problem> {
    let mut checks = Checks::default();
    let name = checks.line("name", &form.name, NAME_MAX);
    let note = checks.text("note", &form.note, NOTE_MAX);
    checks.done()?;
    let calls = api.store.calls();
    let call = calls.get_for_operator(operator.user.id, id).await?;
    // Of a hidden number nothing can be remembered.
    let number = call.caller.number.filter(|number| !number.is_empty());
    let draft = CallerDraft {
        number: number.ok_or_else(|| Problem::field("number", Flaw::Empty))?,
        name,
        note,
        mark: if form.vip { Mark::Vip } else { Mark::Usual },
    };
    let callers = api.store.callers();
    let noted = callers.put(call.company, &draft, Timestamp::now()).await?;
    Ok(Json(CallerView::of(noted)))
}
