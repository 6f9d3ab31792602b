//! Counts the calls of some time, by hour, weekday and day.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Figures;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::endpoint::hours::company_zone;
use crate::input::Asked;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;

/// Longest time that is counted at once: a quarter with its odd days.
const DAYS_MAX: u32 = 93;

/// Which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// Its beginning.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Its end, 93 days later at most.
    #[param(value_type = String, format = DateTime)]
    to: Timestamp,
}

/// Figures of calls; test calls and outgoing ones do not count.
#[derive(Debug, Serialize, ToSchema)]
pub struct Totals {
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
}

/// The figures of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayFigures {
    /// The day, such as `2026-11-23`.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Its figures.
    #[serde(flatten)]
    totals: Totals,
}

/// Figures by the company's own clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresView {
    /// Of the whole time.
    totals: Totals,
    /// By the hour of the day, from 0 to 23.
    by_hour: Vec<Totals>,
    /// By the day of the week, from Monday.
    by_weekday: Vec<Totals>,
    /// By the day, each that the time touches.
    by_day: Vec<DayFigures>,
}

impl Totals {
    /// As they travel.
    pub fn of(figures: Figures) -> Self {
        Self {
            calls: figures.calls,
            answered: figures.answered,
            lost: figures.lost,
            answer_ms_average: figures.answer_ms_average(),
            service_level: figures.service_level(),
        }
    }
}

/// Counts the calls of some time, by the company's own clock.
#[utoipa::path(get, path = "/api/figures", tag = "calls", params(FiguresQuery),
    responses((status = OK, body = FiguresView)))]
pub async fn figures(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(FiguresQuery { from, to }): Asked<FiguresQuery>,
) -> Result<Json<FiguresView>, Problem> {
    let longest = SignedDuration::from_hours(24 * i64::from(DAYS_MAX) + 1);
    let length = to.duration_since(from);
    if length <= SignedDuration::ZERO || length > longest {
        return Err(Problem::field("to", Flaw::BadPeriod { days: DAYS_MAX }));
    }
    let zone = company_zone(&api, admin.company).await?;
    let quarters = api
        .store
        .calls()
        .figures_by_quarter_hour(admin.company, from, to)
        .await?;

    let last = to
        .checked_sub(SignedDuration::from_millis(1))
        .map_err(Problem::internal)?;
    let last = last.to_zoned_datetime(zone.clone()).date();
    let first = from.to_zoned_datetime(zone.clone()).date();
    let days = first.series(jiff::Span::new().days(1));
    let mut by_day: BTreeMap<Date, Figures> = days
        .take_while(|day| *day <= last)
        .map(|day| (day, Figures::default()))
        .collect();
    let mut totals = Figures::default();
    let mut by_hour = vec![Figures::default(); 24];
    let mut by_weekday = vec![Figures::default(); 7];
    for quarter in quarters {
        // The first may have begun before the time: what is counted of it lies within.
        let at = quarter.at.max(from).to_zoned_datetime(zone.clone());
        let slots = [
            Some(&mut totals),
            usize::try_from(at.hour())
                .ok()
                .and_then(|hour| by_hour.get_mut(hour)),
            usize::try_from(at.weekday().to_monday_zero_offset())
                .ok()
                .and_then(|day| by_weekday.get_mut(day)),
            by_day.get_mut(&at.date()),
        ];
        for slot in slots.into_iter().flatten() {
            *slot += quarter.figures;
        }
    }
    let all = |figures: Vec<Figures>| figures.into_iter().map(Totals::of).collect();
    Ok(Json(FiguresView {
        totals: Totals::of(totals),
        by_hour: all(by_hour),
        by_weekday: all(by_weekday),
        by_day: by_day
            .into_iter()
            .map(|(date, figures)| DayFigures {
                date,
                totals: Totals::of(figures),
            })
            .collect(),
    }))
}
