//! Gives a receiver a new secret.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// A secret, which is told this once.
#[derive(Serialize, ToSchema)]
pub struct WebhookSecret {
    /// What events are signed with (Standard Webhooks).
    secret: String,
}

/// Gives a receiver a new secret. For a day the old one signs as well.
#[utoipa::path(post, path = "/api/webhooks/{id}/secret", tag = "webhooks",
    params(("id" = WebhookId, Path)), responses((status = OK, body = WebhookSecret)))]
pub async fn rotate_webhook_secret(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
) -> Result<Json<WebhookSecret>, Problem> {
    let webhooks = api.store.webhooks();
    let secret = webhooks.rotate(admin.company, id, Timestamp::now()).await?;
    Ok(Json(WebhookSecret {
        secret: secret.reveal().to_owned(),
    }))
}
