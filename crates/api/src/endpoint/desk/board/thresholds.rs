//! When boards alarm.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::shift::Thresholds;

use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};

/// Longest wait that may be set: nobody waits longer for a voice message.
const WAIT_MAX_S: u32 = 3600;
/// Most waiting calls that may be set.
const WAITING_MAX: u32 = 1000;

/// Tells when boards alarm.
#[utoipa::path(get, path = "/api/desk/board/thresholds", tag = "desk",
    responses((status = OK, body = Thresholds)))]
pub async fn read_thresholds(State(api): State<Api>) -> Result<Json<Thresholds>, Problem> {
    Ok(Json(api.store.boards().thresholds().await?))
}

/// Changes when boards alarm, for every board.
#[utoipa::path(put, path = "/api/desk/board/thresholds", tag = "desk", request_body = Thresholds,
    responses((status = NO_CONTENT)))]
pub async fn write_thresholds(
    State(api): State<Api>,
    Body(new): Body<Thresholds>,
) -> Result<StatusCode, Problem> {
    for (field, value, max) in [
        ("longest_wait_s", new.longest_wait_s, WAIT_MAX_S),
        ("waiting", new.waiting, WAITING_MAX),
        ("service_level", new.service_level, 100),
    ] {
        if value.is_some_and(|value| !(1..=max).contains(&value)) {
            return Err(Problem::field(field, Flaw::OutOfRange { min: 1, max }));
        }
    }
    api.store.boards().set_thresholds(&new).await?;
    Ok(StatusCode::NO_CONTENT)
}
