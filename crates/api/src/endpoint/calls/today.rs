//! Figures of the day.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::hours::company_day;
use crate::problem::Problem;
use crate::session::CompanyAdmin;

/// Figures of the company's day; test calls and outgoing ones do not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct Today {
    /// Calls that arrived.
    calls: u64,
    /// Of them answered by an operator.
    answered: u64,
    /// Of them lost.
    lost: u64,
    /// How long the answered ones waited on average.
    answer_ms_average: Option<u64>,
    /// Share of the answered and lost ones that were answered within 20 s, from 0 to 1.
    service_level: Option<f64>,
    /// Lost calls of whenever that nobody has called back; counted to 1000.
    not_called_back: u64,
}

/// Figures of today, by the company's own clock.
#[utoipa::path(get, path = "/api/today", tag = "calls", responses((status = OK, body = Today)))]
pub async fn today(State(api): State<Api>, admin: CompanyAdmin) -> Result<Json<Today>, Problem> {
    let day = company_day(&api, admin.company, Timestamp::now()).await?;
    let calls = api.store.calls();
    let figures = calls.figures(admin.company, day.start, day.end).await?;
    Ok(Json(Today {
        calls: figures.calls,
        answered: figures.answered,
        lost: figures.lost,
        answer_ms_average: figures.answer_ms_average(),
        service_level: figures.service_level(),
        not_called_back: calls.count_to_call_back(admin.company).await?,
    }))
}
