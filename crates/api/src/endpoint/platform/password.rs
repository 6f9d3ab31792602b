//! Gives somebody a new first password.

use axum::Json;
use axum::extract::State;
use model::id::UserId;
use serde::Serialize;
use utoipa::ToSchema;

use super::letters;
use crate::Api;
use crate::input::Id;
use crate::people::give_new_password;
use crate::problem::Problem;

/// A new first password.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenPassword {
    /// A letter with it went out.
    letter: bool,
    /// The password, where no letter could be sent.
    password: Option<String>,
}

/// Gives somebody a new password, to be changed at the next sign-in. Their sessions end.
#[utoipa::path(post, path = "/api/platform/users/{id}/password", tag = "platform", params(("id" = UserId, Path)),
    responses((status = OK, body = GivenPassword)))]
pub async fn give_password(
    State(api): State<Api>,
    Id(id): Id<UserId>,
) -> Result<Json<GivenPassword>, Problem> {
    let given = give_new_password(&api.store, letters(&api), id).await?;
    let letter = given.letter_went();
    let password = given.password.reveal().to_owned();
    Ok(Json(GivenPassword {
        letter,
        password: (!letter).then_some(password),
    }))
}
