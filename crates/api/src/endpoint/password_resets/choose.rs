//! Chooses the password that a link is for.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use model::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{expired, holder};
use crate::Api;
use crate::endpoint::session::password::flaw;
use crate::input::Body;
use crate::problem::Problem;

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPassword {
    /// At least 10 characters.
    #[schema(value_type = String, format = Password)]
    new: Secret,
}

/// Sets the password. The link is used up, and every session of the user ends.
#[utoipa::path(put, path = "/api/password-resets/{token}", tag = "session", params(("token" = String, Path)),
    request_body = ChosenPassword, responses((status = NO_CONTENT)))]
pub async fn choose_password(
    State(api): State<Api>,
    Path(token): Path<String>,
    Body(ChosenPassword { new }): Body<ChosenPassword>,
) -> Result<StatusCode, Problem> {
    holder(&api, &token).await?;
    if let Some(flaw) = flaw(&new) {
        return Err(Problem::field("new", flaw));
    }
    let tokens = api.store.password_tokens();
    tokens
        .choose(&token, &new, Timestamp::now())
        .await
        .map_err(expired)?;
    Ok(StatusCode::NO_CONTENT)
}
