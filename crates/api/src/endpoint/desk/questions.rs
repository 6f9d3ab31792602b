//! The questions of a call's line, as they stand now.

use axum::Json;
use axum::extract::State;
use model::id::CallId;
use model::question::Question;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Operator;

/// The questions of the line of a call that the operator answered. The desk
/// asks for them where an answer was refused: they have changed since it rang.
#[utoipa::path(get, path = "/api/desk/calls/{id}/questions", tag = "desk", params(("id" = CallId, Path)),
    responses((status = OK, body = Vec<Question>)))]
pub async fn call_questions(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<CallId>,
) -> Result<Json<Vec<Question>>, Problem> {
    let calls = api.store.calls();
    let call = calls.get_for_operator(operator.user.id, id).await?;
    Ok(Json(
        api.store.lines().questions(call.company, call.line).await?,
    ))
}
