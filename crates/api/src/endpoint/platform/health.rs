//! How the platform does.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;

/// A database that takes longer counts as away.
const PING_MAX: Duration = Duration::from_secs(2);
/// What failed longer ago is history.
const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// How the platform does.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformHealth {
    /// Version of the program.
    version: &'static str,
    /// The database answers.
    database: bool,
    /// Recordings are written whole.
    recordings: bool,
    /// Letters leave; none where no mail server is set up.
    mail: Option<bool>,
    /// Calls that run now.
    running_calls: u32,
    /// Operators who are signed in, whatever they are doing.
    operators_signed_in: u32,
    /// Lines that are registered at their PBX.
    lines_registered: u32,
    /// Lines that can't register.
    lines_failing: u32,
    /// Deliveries of messages that wait for their attempt.
    deliveries_waiting: u64,
    /// Deliveries that were given up within the last 24 hours.
    deliveries_failed: u64,
}

/// How the platform does.
#[utoipa::path(get, path = "/api/platform/health", tag = "platform",
    responses((status = OK, body = PlatformHealth)))]
pub async fn platform_health(State(api): State<Api>) -> Result<Json<PlatformHealth>, Problem> {
    let now = Timestamp::now();
    let database = matches!(timeout(PING_MAX, api.store.ping()).await, Ok(Ok(())));
    let deliveries = api.store.deliveries().figures(now - LATELY).await?;
    let figures = api.switchboard.figures();
    let checks = api.switchboard.checks();
    let recordings = checks.iter().find(|check| check.name == "recordings");
    Ok(Json(PlatformHealth {
        version: env!("CARGO_PKG_VERSION"),
        database,
        recordings: recordings.is_none_or(|check| check.failure.is_none()),
        // A letter that failed and has to be tried again is a mail server in trouble.
        mail: api.config.email_enabled.then_some(deliveries.retried == 0),
        running_calls: figures.running_calls,
        operators_signed_in: figures.operators_signed_in,
        lines_registered: figures.lines_registered,
        lines_failing: figures.lines_failing,
        deliveries_waiting: deliveries.waiting,
        deliveries_failed: deliveries.failed,
    }))
}
