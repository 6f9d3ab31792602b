//! The key that a browser subscribes under.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

/// The key.
#[derive(Serialize, ToSchema)]
pub struct PushKey {
    /// `applicationServerKey`: a point on P-256 in base64url.
    key: String,
}

/// The key that a browser subscribes under (RFC 8292); always the same.
#[utoipa::path(get, path = "/api/push/key", tag = "push", responses((status = OK, body = PushKey)))]
pub async fn push_key(State(api): State<Api>, _: Viewer) -> Result<Json<PushKey>, Problem> {
    let key = api.config.push_key.clone();
    Ok(Json(PushKey { key }))
}
