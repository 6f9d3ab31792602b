//! Sends a receiver one event again.

use axum::Json;
use axum::extract::{Path, State};
use model::id::WebhookId;

use super::AttemptView;
use crate::Api;
use crate::problem::{Code, Problem};
use crate::session::CompanyAdmin;

/// Sends one event again at once, and tells how it went. The others go on as they were.
#[utoipa::path(post, path = "/api/webhooks/{id}/events/{seq}/resend", tag = "webhooks",
    params(("id" = WebhookId, Path), ("seq" = i64, Path)),
    responses((status = OK, body = AttemptView)))]
pub async fn resend_event(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Path((id, seq)): Path<(String, String)>,
) -> Result<Json<AttemptView>, Problem> {
    let id: WebhookId = id.parse().map_err(|_| Code::NotFound)?;
    let seq: i64 = seq.parse().map_err(|_| Code::NotFound)?;
    let _turn = api.hook_turn(admin.company)?;
    let attempt = api.config.hooks.resend(admin.company, id, seq).await?;
    Ok(Json(AttemptView::of(attempt)))
}
