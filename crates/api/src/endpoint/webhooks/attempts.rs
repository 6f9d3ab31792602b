//! What was tried with a receiver.

use axum::Json;
use axum::extract::State;
use model::event::EventKind;
use model::id::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::AttemptView;
use crate::Api;
use crate::input::{Asked, Id};
use crate::list::{List, PageQuery};
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// An attempt.
#[derive(Serialize, ToSchema)]
pub struct AttemptRow {
    /// Id.
    id: Uuid,
    /// The event's number; none for a test.
    seq: Option<i64>,
    /// The event's kind, while the event is kept.
    kind: Option<EventKind>,
    /// How it went.
    #[serde(flatten)]
    attempt: AttemptView,
}

/// What was tried, the newest first.
#[utoipa::path(get, path = "/api/webhooks/{id}/attempts", tag = "webhooks",
    params(("id" = WebhookId, Path), PageQuery), responses((status = OK, body = List<AttemptRow>)))]
pub async fn webhook_attempts(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<WebhookId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<List<AttemptRow>>, Problem> {
    let webhooks = api.store.webhooks();
    let page = webhooks
        .attempts(admin.company, id, query.request()?)
        .await?;
    Ok(Json(List::of(page, |row| AttemptRow {
        id: row.id,
        seq: row.seq,
        kind: row.kind,
        attempt: AttemptView::of(row.attempt),
    })))
}
