//! «Смены»: what operators did in a day.

pub mod export;
pub mod list;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::hours::WorkingHours;
use serde::Serialize;
use store::Shift;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::hours::day_in;
use crate::problem::{Flaw, Problem};

/// An operator's work of a day. Durations in milliseconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftRow {
    /// Name of the operator.
    name: String,
    /// When the operator was first there.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// When last.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Time signed in.
    signed_in_ms: u64,
    /// «Готов», and while calls rang.
    ready_ms: u64,
    /// «На звонке».
    on_call_ms: u64,
    /// «Постобработка».
    wrap_up_ms: u64,
    /// «Перерыв» and «Обед».
    breaks_ms: u64,
    /// Calls that were offered.
    offered: u64,
    /// Of them answered.
    answered: u64,
    /// Of them missed.
    missed: u64,
    /// Of them declined.
    declined: u64,
    /// How long the operator talked in a call, on average.
    talk_ms_average: Option<u64>,
}

impl ShiftRow {
    fn of(shift: Shift) -> Self {
        Self {
            signed_in_ms: shift.signed_in_ms(),
            talk_ms_average: shift.talk_ms_average(),
            name: shift.name,
            from: shift.from,
            to: shift.to,
            ready_ms: shift.ready_ms,
            on_call_ms: shift.on_call_ms,
            wrap_up_ms: shift.wrap_up_ms,
            breaks_ms: shift.break_ms + shift.lunch_ms,
            offered: shift.offered,
            answered: shift.answered,
            missed: shift.missed,
            declined: shift.declined,
        }
    }
}

/// The zone of a query; Moscow where none is told.
fn zone_of(name: Option<String>) -> Result<TimeZone, Problem> {
    let name = name.unwrap_or_else(|| WorkingHours::default().zone);
    TimeZone::get(&name).map_err(|_| Problem::field("zone", Flaw::UnknownZone))
}

/// The shifts of a day by the zone's clock.
async fn of_day(api: &Api, day: Date, zone: &TimeZone) -> Result<Vec<ShiftRow>, Problem> {
    let noon = day.at(12, 0, 0, 0).to_zoned_datetime(zone.clone());
    let noon = noon.map_err(Problem::internal)?.timestamp();
    let day = day_in(zone.clone(), noon)?;
    let shifts = api.store.shifts();
    let rows = shifts.between(day.start, day.end, Timestamp::now()).await?;
    Ok(rows.into_iter().map(ShiftRow::of).collect())
}
