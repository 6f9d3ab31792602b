//! Saves «Сценарий обработки звонков».

use axum::Json;
use axum::extract::State;
use model::greeting::{farewells, greetings};
use model::id::LineId;
use model::line::Script;

use super::view::view;
use super::{LineView, questions};
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::validate::Checks;

/// Saves the script of a line.
#[utoipa::path(put, path = "/api/lines/{id}/script", tag = "lines", params(("id" = LineId, Path)),
    request_body = Script, responses((status = OK, body = LineView)))]
pub async fn write_script(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Body(script): Body<Script>,
) -> Result<Json<LineView>, Problem> {
    let language = api
        .store
        .companies()
        .get(admin.company)
        .await?
        .value
        .language;
    let mut checks = Checks::default();
    let script = Script {
        greeting: checks.wording("greeting", script.greeting, greetings(language).len()),
        farewell: checks.wording("farewell", script.farewell, farewells(language).len()),
        questions: questions::checked(&mut checks, script.questions),
        ..script
    };
    if !script.transfer.code_is_sound() {
        checks.flaw("transfer.code", Flaw::NotACode);
    }
    if !script.dialling.is_good() {
        checks.flaw("dialling.prefix", Flaw::NotAPrefix);
    }
    checks.done()?;
    let line = api
        .store
        .lines()
        .put_script(admin.company, id, &script)
        .await?;
    Ok(Json(view(&api, &admin, line).await?))
}
