//! Sends a receiver a test.

use axum::Json;
use axum::extract::State;
use model::id::WebhookId;

use super::AttemptView;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Sends an event `webhook.test` at once, and tells how it went.
#[utoipa::path(post, path = "/api/webhooks/{id}/test", tag = "webhooks",
    params(("id" = WebhookId, Path)), responses((status = OK, body = AttemptView)))]
pub async fn test_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
) -> Result<Json<AttemptView>, Problem> {
    let _turn = api.hook_turn(admin.company)?;
    let attempt = api.config.hooks.test(admin.company, id).await?;
    Ok(Json(AttemptView::of(attempt)))
}
