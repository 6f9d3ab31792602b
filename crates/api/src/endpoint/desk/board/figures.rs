//! The day's figures, by company and in all.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::CompanyId;
use serde::Serialize;
use store::Figures;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::desk::today::DayQuery;
use crate::endpoint::figures::read::Totals;
use crate::input::Asked;
use crate::problem::Problem;

/// A company's figures of the day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyTotals {
    /// Id.
    id: CompanyId,
    /// Name as operators say it.
    name: String,
    /// Its figures.
    #[serde(flatten)]
    totals: Totals,
}

/// The day's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardFigures {
    /// Of all companies.
    totals: Totals,
    /// Of those that were called today, by name.
    companies: Vec<CompanyTotals>,
}

/// Counts the day's calls of all companies.
#[utoipa::path(get, path = "/api/desk/board/figures", tag = "desk", params(DayQuery),
    responses((status = OK, body = BoardFigures)))]
pub async fn board_figures(
    State(api): State<Api>,
    Asked(query): Asked<DayQuery>,
) -> Result<Json<BoardFigures>, Problem> {
    let day = query.day(Timestamp::now())?;
    let rows = api.store.boards().figures(day.start, day.end).await?;
    let mut all = Figures::default();
    for row in &rows {
        all += row.figures;
    }
    let companies = rows.into_iter().map(|row| CompanyTotals {
        id: row.company,
        name: row.name,
        totals: Totals::of(row.figures),
    });
    Ok(Json(BoardFigures {
        totals: Totals::of(all),
        companies: companies.collect(),
    }))
}
