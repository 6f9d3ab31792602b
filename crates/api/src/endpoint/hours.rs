//! «Рабочее время».

pub mod calendar;
pub mod read;
pub mod write;

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::hours::WorkingHours;
use model::id::CompanyId;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;

/// The working hours, and how they stand at the moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursView {
    /// The hours.
    hours: WorkingHours,
    /// Version to name when saving.
    version: u64,
    /// It is working time.
    open_now: bool,
    /// Until when that lasts; none where it does not change within two weeks.
    #[schema(value_type = Option<String>, format = DateTime)]
    changes_at: Option<Timestamp>,
}

impl HoursView {
    fn of(hours: Versioned<WorkingHours>, now: Timestamp) -> Result<Self, Problem> {
        let Versioned { version, value } = hours;
        Ok(Self {
            open_now: value.open_at(now).map_err(Problem::internal)?,
            changes_at: value.changes_at(now).map_err(Problem::internal)?,
            hours: value,
            version,
        })
    }
}

/// The company's time zone.
pub async fn company_zone(api: &Api, company: CompanyId) -> Result<TimeZone, Problem> {
    let hours = api.store.companies().hours(company).await?;
    hours.value.time_zone().map_err(Problem::internal)
}

/// The company's day that holds the moment, by its own clock.
pub async fn company_day(
    api: &Api,
    company: CompanyId,
    now: Timestamp,
) -> Result<Range<Timestamp>, Problem> {
    day_in(company_zone(api, company).await?, now)
}

/// The day that holds the moment in the zone.
pub fn day_in(zone: TimeZone, now: Timestamp) -> Result<Range<Timestamp>, Problem> {
    let now = now.to_zoned_datetime(zone);
    let start = now.start_of_day().map_err(Problem::internal)?;
    let end = now
        .tomorrow()
        .and_then(|tomorrow| tomorrow.start_of_day())
        .map_err(Problem::internal)?;
    Ok(start.timestamp()..end.timestamp())
}
