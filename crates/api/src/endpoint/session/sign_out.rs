//! Signs out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse};

use crate::Api;
use crate::problem::Problem;
use crate::session::{AnySession, clear_cookies};

/// Signs out: the session ends here and in the browser.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = NO_CONTENT)))]
pub async fn sign_out(
    State(api): State<Api>,
    session: AnySession,
) -> Result<impl IntoResponse, Problem> {
    api.store.sessions().delete(&session.token).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders(clear_cookies())))
}
