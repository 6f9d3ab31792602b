//! Signs in.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse};
use jiff::Timestamp;
use model::secret::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Session;
use crate::Api;
use crate::input::Body;
use crate::problem::{Code, Flaw, Problem, Tongue};
use crate::session::{agent, set_cookies, token};

/// Longer ones would only cost time to hash.
pub(in crate::endpoint) const LOGIN_MAX: usize = 254;
pub(super) const PASSWORD_MAX: usize = 200;

/// Login and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Login: an e-mail address.
    login: String,
    /// Password.
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// Signs in: answers with the session and sets its cookie.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = Credentials,
    responses((status = OK, body = Session)))]
pub async fn sign_in(
    State(api): State<Api>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    Extension(tongue): Extension<Tongue>,
    headers: HeaderMap,
    Body(Credentials { login, password }): Body<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let login = login.trim().to_lowercase();
    if login.is_empty() {
        return Err(Problem::field("login", Flaw::Empty));
    }
    if password.reveal().is_empty() {
        return Err(Problem::field("password", Flaw::Empty));
    }
    if login.len() > LOGIN_MAX || password.reveal().len() > PASSWORD_MAX {
        return Err(Code::WrongLogin.into());
    }
    let address = api.client(peer.map(|Extension(ConnectInfo(peer))| peer), &headers);
    api.sign_in_limits
        .try_now(Instant::now(), &login, address)
        .map_err(|wait| Problem {
            retry_after: Some(wait),
            ..Code::TooManyTries.into()
        })?;
    let user = api.store.users().verify_login(&login, &password).await?;
    let Some(user) = user else {
        return Err(Code::WrongLogin.into());
    };
    api.sign_in_limits.forgive(&login, address);
    tongue.settle(user.language);
    // A session of before ends: nobody meets it again in this browser.
    if let Some(old) = token(&headers) {
        api.store.sessions().delete(&old).await?;
    }
    let session = api
        .store
        .sessions()
        .create_from(user.id, &agent(&headers), Timestamp::now())
        .await?;
    let cookie = AppendHeaders(set_cookies(&session.token));
    Ok((cookie, Json(Session::of(&api, user, session.csrf).await?)))
}
