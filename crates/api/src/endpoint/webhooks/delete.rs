//! Deletes a receiver of the company's events.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::WebhookId;

use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Deletes a receiver, with what was tried.
#[utoipa::path(delete, path = "/api/webhooks/{id}", tag = "webhooks",
    params(("id" = WebhookId, Path)), responses((status = NO_CONTENT)))]
pub async fn delete_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
) -> Result<StatusCode, Problem> {
    let webhooks = api.store.webhooks();
    webhooks.delete(admin.company, id, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
