//! What the demo offers.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::demo::DemoSignIn;

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

/// What the demo offers; `null` where this server runs none, which a page may
/// ask without being told of an error.
#[utoipa::path(get, path = "/api/demo", tag = "demo", responses((status = OK, body = Option<DemoView>)))]
pub async fn read_demo(State(api): State<Api>) -> Json<Option<DemoView>> {
    Json(api.config.demo.as_ref().map(|demo| DemoView {
        sign_ins: demo.sign_ins(),
        pbx: DemoPbx {
            running: demo.pbx_running(),
        },
        callers: demo.callers(),
    }))
}
