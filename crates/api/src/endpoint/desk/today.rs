//! The operator's own calls of the day.

use std::ops::Range;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::hours::WorkingHours;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::endpoint::calls::CallRow;
use crate::endpoint::hours::day_in;
use crate::input::Asked;
use crate::list::List;
use crate::problem::{Flaw, Problem};
use crate::session::Operator;

/// Whose day it is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DayQuery {
    /// IANA name of the operator's time zone; Moscow where none is told.
    zone: Option<String>,
}

impl DayQuery {
    /// The day that holds the moment.
    pub fn day(self, now: Timestamp) -> Result<Range<Timestamp>, Problem> {
        let name = self.zone.unwrap_or_else(|| WorkingHours::default().zone);
        let zone = TimeZone::get(&name).map_err(|_| Problem::field("zone", Flaw::UnknownZone))?;
        day_in(zone, now)
    }
}

/// The calls that the operator answered or placed today, the newest first, of all companies.
#[utoipa::path(get, path = "/api/desk/calls/today", tag = "desk", params(DayQuery),
    responses((status = OK, body = List<CallRow>)))]
pub async fn own_calls_today(
    State(api): State<Api>,
    operator: Operator,
    Asked(query): Asked<DayQuery>,
) -> Result<Json<List<CallRow>>, Problem> {
    let now = Timestamp::now();
    let day = query.day(now)?;
    let calls = api
        .store
        .calls()
        .list_for_operator(operator.user.id, day.start, day.end)
        .await?;
    let items = calls.into_iter().map(|row| CallRow::of(row, now)).collect();
    Ok(Json(List { items, next: None }))
}
