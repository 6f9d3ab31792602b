//! Tells a receiver events again.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::WebhookId;
use serde::Deserialize;
use store::ReplayFrom;
use utoipa::ToSchema;

use super::WebhookView;
use crate::Api;
use crate::input::{Body, Id};
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;

/// From where: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookReplay {
    /// From the event of this number.
    #[serde(default)]
    from_seq: Option<i64>,
    /// From the first event of this time or later.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from_time: Option<Timestamp>,
}

/// Tells events again in their order, from there on; those of 30 days are kept.
#[utoipa::path(post, path = "/api/webhooks/{id}/replay", tag = "webhooks",
    params(("id" = WebhookId, Path)), request_body = WebhookReplay,
    responses((status = OK, body = WebhookView)))]
pub async fn replay_webhook(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
    Body(replay): Body<WebhookReplay>,
) -> Result<Json<WebhookView>, Problem> {
    let from = match (replay.from_seq, replay.from_time) {
        (Some(seq), None) => ReplayFrom::Seq(seq),
        (None, Some(at)) => ReplayFrom::Time(at),
        (None, None) => return Err(Problem::field("from_seq", Flaw::Missing)),
        (Some(_), Some(_)) => return Err(Problem::field("from_time", Flaw::Unknown)),
    };
    let webhooks = api.store.webhooks();
    let webhook = webhooks
        .replay(admin.company, id, from, Timestamp::now())
        .await?;
    Ok(Json(WebhookView::of(webhook)))
}
