//! Makes a receiver of the company's events.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;

use super::{NewWebhookView, WebhookForm, WebhookView};
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// A new receiver, which gets what happens from now on. The secret is told this once.
#[utoipa::path(post, path = "/api/webhooks", tag = "webhooks", request_body = WebhookForm,
    responses((status = CREATED, body = NewWebhookView)))]
pub async fn create_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(form): Body<WebhookForm>,
) -> Result<(StatusCode, Json<NewWebhookView>), Problem> {
    let draft = form.checked(&api)?;
    let webhooks = api.store.webhooks();
    let (webhook, secret) = webhooks
        .create(admin.company, &draft, Timestamp::now())
        .await?;
    let view = NewWebhookView {
        webhook: WebhookView::of(webhook),
        secret: secret.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}
