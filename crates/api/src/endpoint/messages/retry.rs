//! «Отправить ещё раз»: tries a delivery that has failed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::{DeliveryId, MessageId};

use crate::Api;
use crate::problem::{Code, Problem};
use crate::session::Viewer;

/// Tries a delivery that has failed once more, for three days again.
#[utoipa::path(post, path = "/api/messages/{id}/deliveries/{delivery}/retry", tag = "messages",
    params(("id" = MessageId, Path), ("delivery" = DeliveryId, Path)), responses((status = NO_CONTENT)))]
pub async fn retry_delivery(
    State(api): State<Api>,
    viewer: Viewer,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let id: MessageId = id.parse().map_err(|_| Code::NotFound)?;
    let delivery: DeliveryId = delivery.parse().map_err(|_| Code::NotFound)?;
    let actor = viewer.actor(&api).await?;
    let deliveries = api.store.deliveries();
    let retried = deliveries.retry(viewer.company, id, delivery, &actor, Timestamp::now());
    retried.await?;
    Ok(StatusCode::NO_CONTENT)
}
