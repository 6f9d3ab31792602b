//! Ends a session of the user.

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::AnySession;

/// Ends a session of the user.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "session", params(("id" = Uuid, Path)),
    responses((status = NO_CONTENT)))]
pub async fn end_session(
    State(api): State<Api>,
    session: AnySession,
    Id(id): Id<Uuid>,
) -> Result<StatusCode, Problem> {
    api.store.sessions().end(session.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
