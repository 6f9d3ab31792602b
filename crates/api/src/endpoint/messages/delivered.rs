//! A notification came to its device.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::DeliveryId;

use crate::Api;
use crate::input::Id;
use crate::problem::{Code, Problem};
use crate::session::Viewer;

/// The employee's own device has got the notification.
#[utoipa::path(post, path = "/api/deliveries/{id}/delivered", tag = "messages", params(("id" = DeliveryId, Path)),
    responses((status = NO_CONTENT)))]
pub async fn mark_delivered(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<DeliveryId>,
) -> Result<StatusCode, Problem> {
    let actor = viewer.actor(&api).await?;
    let employee = actor.employee.ok_or(Code::NotFound)?;
    let deliveries = api.store.deliveries();
    let marked = deliveries.mark_delivered(viewer.company, employee, id, Timestamp::now());
    marked.await?;
    Ok(StatusCode::NO_CONTENT)
}
