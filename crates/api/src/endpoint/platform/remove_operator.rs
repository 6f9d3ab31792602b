//! Removes an operator.

use axum::extract::State;
use axum::http::StatusCode;
use model::id::UserId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;

/// Removes an operator, who can't sign in any more; calls keep the name.
#[utoipa::path(delete, path = "/api/platform/operators/{id}", tag = "platform", params(("id" = UserId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn remove_operator(
    State(api): State<Api>,
    Id(id): Id<UserId>,
) -> Result<StatusCode, Problem> {
    api.store.users().remove_operator(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
