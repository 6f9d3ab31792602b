//! Ends all sessions of the user but the one that asks.

use axum::extract::State;
use axum::http::StatusCode;

use crate::Api;
use crate::problem::Problem;
use crate::session::AnySession;

/// Ends all sessions of the user but the one that asks.
#[utoipa::path(delete, path = "/api/sessions", tag = "session", responses((status = NO_CONTENT)))]
pub async fn end_other_sessions(
    State(api): State<Api>,
    session: AnySession,
) -> Result<StatusCode, Problem> {
    let sessions = api.store.sessions();
    sessions.end_others(session.user.id, &session.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
