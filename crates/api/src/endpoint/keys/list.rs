//! Lists the company's keys.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::KeyRow;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// The company's keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct Keys {
    /// The newest first; those revoked stand among them for a while.
    items: Vec<KeyRow>,
    /// How many may be valid at once.
    max: u64,
}

/// Lists the company's keys of the API.
#[utoipa::path(get, path = "/api/keys", tag = "keys", responses((status = OK, body = Keys)))]
pub async fn list_keys(State(api): State<Api>, admin: CompanyAdmin) -> Result<Json<Keys>, Problem> {
    let keys = api.store.api_keys().list(admin.company).await?;
    Ok(Json(Keys {
        items: keys.into_iter().map(KeyRow::of).collect(),
        max: store::KEYS_MAX,
    }))
}
