//! Lets a caller call.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::demo;
use crate::Api;
use crate::demo::PlaceCallError;
use crate::input::Body;
use crate::problem::{Code, Flaw, Problem};

/// Who is to call.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoCall {
    /// One of the demo's callers.
    caller: String,
}

/// Lets a caller call the demo's company. Only a demo has this address.
#[utoipa::path(post, path = "/api/demo/call", tag = "demo", request_body = DemoCall,
    responses((status = ACCEPTED)))]
pub async fn place_demo_call(
    State(api): State<Api>,
    Body(DemoCall { caller }): Body<DemoCall>,
) -> Result<StatusCode, Problem> {
    match demo(&api)?.place_call(&caller).await {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(PlaceCallError::UnknownCaller) => Err(Problem::field("caller", Flaw::UnknownCaller)),
        Err(error @ PlaceCallError::Failed(_)) => {
            tracing::warn!(%error, "the demo's call was not placed");
            Err(Code::Unavailable.into())
        }
    }
}
