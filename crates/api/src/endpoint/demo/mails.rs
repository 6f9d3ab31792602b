//! The mails that the demo caught.

use axum::Json;
use axum::extract::State;

use super::demo;
use crate::Api;
use crate::demo::DemoMail;
use crate::problem::Problem;

/// The mails that the demo caught, the newest first. Only a demo has this address.
#[utoipa::path(get, path = "/api/demo/mails", tag = "demo", responses((status = OK, body = Vec<DemoMail>)))]
pub async fn demo_mails(State(api): State<Api>) -> Result<Json<Vec<DemoMail>>, Problem> {
    Ok(Json(demo(&api)?.mails()))
}
