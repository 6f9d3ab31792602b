//! Revokes a key.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::ApiKeyId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Revokes a key: it opens nothing from now on.
#[utoipa::path(delete, path = "/api/keys/{id}", tag = "keys", params(("id" = ApiKeyId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn revoke_key(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    let keys = api.store.api_keys();
    keys.revoke(admin.company, id, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
