//! What the demo offers.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::demo;
use crate::Api;
use crate::demo::DemoSignIn;
use crate::problem::Problem;

/// What the demo offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemoView {
    /// Who can sign in.
    sign_ins: Vec<DemoSignIn>,
    /// The customer's PBX.
    pbx: DemoPbx,
    /// Callers that can be heard.
    callers: Vec<String>,
}

/// The customer's PBX inside the demo.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemoPbx {
    /// It runs.
    running: bool,
}

/// What the demo offers. Only a demo has this address.
#[utoipa::path(get, path = "/api/demo", tag = "demo", responses((status = OK, body = DemoView)))]
pub async fn read_demo(State(api): State<Api>) -> Result<Json<DemoView>, Problem> {
    let demo = demo(&api)?;
    Ok(Json(DemoView {
        sign_ins: demo.sign_ins(),
        pbx: DemoPbx {
            running: demo.pbx_running(),
        },
        callers: demo.callers(),
    }))
}
