//! Sets the language of the interface.

use axum::extract::State;
use axum::http::StatusCode;
use model::language::Language;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::AnySession;

/// The language to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenLanguage {
    /// Which one.
    language: Language,
}

/// Sets the language of the interface, also while a new password is asked for.
#[utoipa::path(put, path = "/api/session/language", tag = "session", request_body = ChosenLanguage,
    responses((status = NO_CONTENT)))]
pub async fn set_language(
    State(api): State<Api>,
    session: AnySession,
    Body(chosen): Body<ChosenLanguage>,
) -> Result<StatusCode, Problem> {
    api.store
        .users()
        .set_language(session.user.id, chosen.language)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
