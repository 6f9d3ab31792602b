//! Keys that open the API to the company's programs.

pub mod create;
pub mod list;
pub mod revoke;

use jiff::Timestamp;
use model::api_key::{ApiKey, Scope};
use model::id::ApiKeyId;
use serde::Serialize;
use utoipa::ToSchema;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyRow {
    /// Id.
    id: ApiKeyId,
    /// What it is for.
    name: String,
    /// The beginning of the secret, to recognise it by.
    prefix: String,
    /// What it opens.
    scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
    /// Since when it opens nothing any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

impl KeyRow {
    fn of(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            used_at: key.used_at,
            revoked_at: key.revoked_at,
        }
    }
}
