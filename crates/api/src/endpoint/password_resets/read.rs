//! Tells whose link it is.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::holder;
use crate::Api;
use crate::problem::Problem;

/// A link to choose a password.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordReset {
    /// Whose password it is.
    login: String,
    /// It is the first one: the person was invited.
    invited: bool,
}

/// Tells whose password the link is to choose.
#[utoipa::path(get, path = "/api/password-resets/{token}", tag = "session", params(("token" = String, Path)),
    responses((status = OK, body = PasswordReset)))]
pub async fn read_password_reset(
    State(api): State<Api>,
    Path(token): Path<String>,
) -> Result<Json<PasswordReset>, Problem> {
    let user = holder(&api, &token).await?;
    Ok(Json(PasswordReset {
        login: user.login,
        invited: user.invited,
    }))
}
