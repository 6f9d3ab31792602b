//! Signs in with one click.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::demo;
use crate::Api;
use crate::demo::DemoRole;
use crate::input::Asked;
use crate::problem::{Code, Problem};
use crate::session::{agent, set_cookies, token};

/// As whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EnterQuery {
    /// Which of the demo's people.
    #[serde(rename = "as")]
    role: DemoRole,
}

/// Signs in with one click and goes on to the page. Only a demo has this address.
#[utoipa::path(get, path = "/api/demo/enter", tag = "demo", params(EnterQuery),
    responses((status = SEE_OTHER, description = "To the cabinet, the app, the desk, the board or the platform's page")))]
pub async fn enter_demo(
    State(api): State<Api>,
    Asked(query): Asked<EnterQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let sign_ins = demo(&api)?.sign_ins();
    let person = sign_ins
        .iter()
        .find(|person| person.role == query.role)
        .ok_or(Code::NotFound)?;
    let user = api.store.users().by_login(&person.login).await?;
    if let Some(old) = token(&headers) {
        api.store.sessions().delete(&old).await?;
    }
    let session = api
        .store
        .sessions()
        .create_from(user.id, &agent(&headers), Timestamp::now())
        .await?;
    let page = match query.role {
        DemoRole::Admin => "/cabinet",
        DemoRole::Employee => "/app",
        DemoRole::Operator => "/desk",
        DemoRole::Supervisor => "/desk/board",
        DemoRole::Platform => "/platform",
    };
    Ok((
        AppendHeaders(set_cookies(&session.token)),
        Redirect::to(page),
    ))
}
