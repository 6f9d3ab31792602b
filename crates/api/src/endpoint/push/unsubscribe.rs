//! Takes no more notifications on a browser.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::Viewer;

/// Which browser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushEndpoint {
    /// Address at the browser's push service.
    endpoint: String,
}

/// No more notifications go to this browser; one that is not known is no error.
#[utoipa::path(delete, path = "/api/push/subscriptions", tag = "push",
    request_body = PushEndpoint, responses((status = NO_CONTENT)))]
pub async fn unsubscribe_from_push(
    State(api): State<Api>,
    viewer: Viewer,
    Body(form): Body<PushEndpoint>,
) -> Result<StatusCode, Problem> {
    let subscriptions = api.store.push_subscriptions();
    subscriptions.remove(viewer.user.id, &form.endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}
