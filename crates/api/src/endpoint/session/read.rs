//! Tells who is signed in.

use axum::Json;
use axum::extract::State;

use super::Session;
use crate::Api;
use crate::problem::Problem;
use crate::session::AnySession;

/// Tells who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session", responses((status = OK, body = Session)))]
pub async fn read_session(
    State(api): State<Api>,
    session: AnySession,
) -> Result<Json<Session>, Problem> {
    Ok(Json(Session::of(&api, session.user, session.csrf).await?))
}
