//! One receiver of the company's events.

use axum::Json;
use axum::extract::State;
use model::id::WebhookId;

use super::WebhookView;
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// One receiver, and how far it has come.
#[utoipa::path(get, path = "/api/webhooks/{id}", tag = "webhooks", params(("id" = WebhookId, Path)),
    responses((status = OK, body = WebhookView)))]
pub async fn read_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
) -> Result<Json<WebhookView>, Problem> {
    let webhook = api.store.webhooks().get(admin.company, id).await?;
    Ok(Json(WebhookView::of(webhook)))
}
