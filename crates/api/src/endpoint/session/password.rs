//! Sets a new password.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode};
use model::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::sign_in::PASSWORD_MAX;
use crate::Api;
use crate::input::Body;
use crate::problem::{Code, Flaw, Problem};
use crate::session::AnySession;

/// Shortest password, in characters.
const PASSWORD_MIN: usize = 10;

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present one.
    #[schema(value_type = String, format = Password)]
    current: Secret,
    /// The new one, at least 10 characters.
    #[schema(value_type = String, format = Password)]
    new: Secret,
}

/// Sets a new password. All other sessions of the user end.
#[utoipa::path(put, path = "/api/session/password", tag = "session", request_body = NewPassword,
    responses((status = NO_CONTENT)))]
pub async fn set_password(
    State(api): State<Api>,
    session: AnySession,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(NewPassword { current, new }): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let same = (new == current).then_some(Flaw::SamePassword);
    if let Some(flaw) = flaw(&new).or(same) {
        return Err(Problem::field("new", flaw));
    }
    if current.reveal().len() > PASSWORD_MAX {
        return Err(Code::WrongPassword.into());
    }
    let login = &session.user.login;
    let address = api.client(peer.map(|Extension(ConnectInfo(peer))| peer), &headers);
    api.sign_in_limits
        .try_now(Instant::now(), login, address)
        .map_err(|wait| Problem {
            retry_after: Some(wait),
            ..Code::TooManyTries.into()
        })?;
    if api
        .store
        .users()
        .verify_login(login, &current)
        .await?
        .is_none()
    {
        return Err(Problem::at(
            Code::WrongPassword,
            "current",
            Flaw::NotThePassword,
        ));
    }
    api.sign_in_limits.forgive(login, address);
    api.store
        .users()
        .set_password(session.user.id, &new, false, Some(&session.token))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong with a password that somebody chooses.
pub(in crate::endpoint) fn flaw(new: &Secret) -> Option<Flaw> {
    match new.reveal().chars().count() {
        0 => Some(Flaw::Empty),
        length if length < PASSWORD_MIN => Some(Flaw::TooShort { min: PASSWORD_MIN }),
        _ if new.reveal().len() > PASSWORD_MAX => Some(Flaw::TooLong { max: PASSWORD_MAX }),
        _ => None,
    }
}
