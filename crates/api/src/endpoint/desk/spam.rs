//! «Спам»: a call that should not have been, and none of its kind again.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::call::CallResult;
use model::id::CallId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Operator;

/// Says of an own call that it is spam, and puts its number on the company's black list.
#[utoipa::path(post, path = "/api/desk/calls/{id}/spam", tag = "desk", params(("id" = CallId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn call_is_spam(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<CallId>,
) -> Result<StatusCode, Problem> {
    let calls = api.store.calls();
    let call = calls.get_for_operator(operator.user.id, id).await?;
    calls.set_result(call.company, id, CallResult::Spam).await?;
    // A hidden number can't be told from others.
    if let Some(number) = call.caller.number.filter(|number| !number.is_empty()) {
        let callers = api.store.callers();
        callers
            .block(call.company, &number, Timestamp::now())
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
