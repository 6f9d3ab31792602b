//! Whether calls can be served.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::Api;

/// A database that takes longer counts as away.
const PING_MAX: Duration = Duration::from_secs(2);

/// Whether calls can be served.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Every condition holds.
    ready: bool,
    /// The conditions.
    checks: Vec<ReadyCheck>,
}

/// A condition of serving calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyCheck {
    /// What is checked.
    name: &'static str,
    /// It holds.
    ok: bool,
    /// Why it does not.
    failure: Option<String>,
}

/// 200 while calls can be served, else 503, with the reasons.
#[utoipa::path(get, path = "/readyz", tag = "operations",
    responses((status = OK, body = Readiness), (status = SERVICE_UNAVAILABLE, body = Readiness)))]
pub async fn ready(State(api): State<Api>) -> (StatusCode, Json<Readiness>) {
    let database = match timeout(PING_MAX, api.store.ping()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("the database does not answer".to_owned()),
    };
    let mut checks = vec![ReadyCheck {
        name: "database",
        ok: database.is_none(),
        failure: database,
    }];
    checks.extend(
        api.switchboard
            .checks()
            .into_iter()
            .map(|check| ReadyCheck {
                name: check.name,
                ok: check.failure.is_none(),
                failure: check.failure,
            }),
    );
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Readiness { ready, checks }))
}
