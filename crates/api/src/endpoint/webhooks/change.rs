//! Changes a receiver of the company's events.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::event::EventKind;
use model::id::WebhookId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{WebhookForm, WebhookView};
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// A receiver, as it is changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where events are posted to: an `https:` address.
    url: String,
    /// Which kinds of events.
    kinds: Vec<EventKind>,
    /// Whether it gets any.
    enabled: bool,
    /// The version that was read.
    version: i64,
}

/// Changes a receiver. One that is switched off keeps its place, and goes on
/// from there when it is switched on again.
#[utoipa::path(put, path = "/api/webhooks/{id}", tag = "webhooks", params(("id" = WebhookId, Path)),
    request_body = WebhookChange, responses((status = OK, body = WebhookView)))]
pub async fn change_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
    Body(change): Body<WebhookChange>,
) -> Result<Json<WebhookView>, Problem> {
    let webhooks = api.store.webhooks();
    webhooks.get(admin.company, id).await?;
    let version = change.version;
    let form = WebhookForm {
        url: change.url,
        kinds: change.kinds,
        enabled: change.enabled,
    };
    let draft = form.checked(&api)?;
    let changed = webhooks
        .update(admin.company, id, &draft, version, Timestamp::now())
        .await?;
    Ok(Json(WebhookView::of(changed)))
}
