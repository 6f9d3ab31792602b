//! «Забыли пароль?»

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use store::{AccountLetterKind, StoreError};
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::session::sign_in::LOGIN_MAX;
use crate::input::Body;
use crate::problem::{Code, Flaw, Problem};

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// Login: an e-mail address.
    login: String,
}

/// Asks for a letter with a link to choose a new password, good for an hour.
/// The answer and its time are the same whether anybody has this login.
#[utoipa::path(post, path = "/api/password-resets", tag = "session", request_body = Forgotten,
    responses((status = ACCEPTED)))]
pub async fn ask_password_reset(
    State(api): State<Api>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(Forgotten { login }): Body<Forgotten>,
) -> Result<StatusCode, Problem> {
    let login = login.trim().to_lowercase();
    if login.is_empty() {
        return Err(Problem::field("login", Flaw::Empty));
    }
    if login.len() > LOGIN_MAX {
        let max = LOGIN_MAX;
        return Err(Problem::field("login", Flaw::TooLong { max }));
    }
    let address = api.client(peer.map(|Extension(ConnectInfo(peer))| peer), &headers);
    api.reset_limits
        .try_now(Instant::now(), &login, address)
        .map_err(|wait| Problem {
            retry_after: Some(wait),
            ..Code::TooManyResets.into()
        })?;
    // Not waited for, so that the time of the answer tells nothing.
    tokio::spawn(async move {
        if let Err(error) = queue(&api, &login).await {
            tracing::error!(%error, "a letter about a forgotten password could not be queued");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn queue(api: &Api, login: &str) -> Result<(), StoreError> {
    let user = match api.store.users().by_login(login).await {
        Ok(user) => user,
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let kind = match user.invited {
        true => AccountLetterKind::Invitation,
        false => AccountLetterKind::Reset,
    };
    let letters = api.store.account_letters();
    letters.add(user.id, kind, Timestamp::now()).await
}
