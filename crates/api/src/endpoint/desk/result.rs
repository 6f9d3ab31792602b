//! Chooses a call's result.

use axum::extract::State;
use axum::http::StatusCode;
use model::call::CallResult;
use model::id::CallId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::session::Operator;

/// What became of a call.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenResult {
    /// One of those that operators choose.
    result: CallResult,
}

/// Chooses the result of a call that the operator answered or placed.
#[utoipa::path(put, path = "/api/desk/calls/{id}/result", tag = "desk", params(("id" = CallId, Path)),
    request_body = ChosenResult, responses((status = NO_CONTENT)))]
pub async fn choose_result(
    State(api): State<Api>,
    operator: Operator,
    Id(id): Id<CallId>,
    Body(ChosenResult { result }): Body<ChosenResult>,
) -> Result<StatusCode, Problem> {
    match result {
        CallResult::MessageTaken
        | CallResult::WrongNumber
        | CallResult::Dropped
        | CallResult::Spam
        | CallResult::Transferred => {}
        CallResult::VoiceMessage
        | CallResult::Lost
        | CallResult::OutsideHours
        | CallResult::TestCall
        | CallResult::Reached
        | CallResult::NotReached => return Err(Problem::field("result", Flaw::NotAResult)),
    }
    let call = api
        .store
        .calls()
        .get_for_operator(operator.user.id, id)
        .await?;
    api.store
        .calls()
        .set_result(call.company, id, result)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
