//! Lists the user's sessions.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::problem::Problem;
use crate::session::AnySession;

/// A place where the user is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionRow {
    /// Id.
    id: Uuid,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
    /// Browser and system, such as «Chrome, Linux»; empty where not known.
    agent: String,
    /// It is the session that asks.
    current: bool,
}

/// Lists where the user is signed in, the latest used first.
#[utoipa::path(get, path = "/api/sessions", tag = "session", responses((status = OK, body = Vec<SessionRow>)))]
pub async fn list_sessions(
    State(api): State<Api>,
    session: AnySession,
) -> Result<Json<Vec<SessionRow>>, Problem> {
    let own = store::session_id(&session.token);
    let sessions = api.store.sessions();
    let listed = sessions.list(session.user.id, Timestamp::now()).await?;
    let rows = listed.into_iter().map(|listed| SessionRow {
        id: listed.id,
        created_at: listed.created_at,
        seen_at: listed.seen_at,
        agent: listed.agent,
        current: listed.id == own,
    });
    Ok(Json(rows.collect()))
}
