//! Lists the receivers of the company's events.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::WebhookView;
use crate::Api;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// The receivers.
#[derive(Serialize, ToSchema)]
pub struct WebhookList {
    /// The oldest first; ten at most.
    items: Vec<WebhookView>,
}

/// The receivers of the company's events, the oldest first.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks",
    responses((status = OK, body = WebhookList)))]
pub async fn list_webhooks(
    State(api): State<Api>,
    admin: CompanyAdmin,
) -> Result<Json<WebhookList>, Problem> {
    let all = api.store.webhooks().list(admin.company).await?;
    let items = all.into_iter().map(WebhookView::of).collect();
    Ok(Json(WebhookList { items }))
}
