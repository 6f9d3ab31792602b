//! Saves the working hours.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Time;
use model::hours::{Interval, WorkingHours};
use serde::Deserialize;
use utoipa::ToSchema;

use super::HoursView;
use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::CompanyAdmin;
use crate::validate::Checks;

const ZONE_MAX: usize = 64;
const INTERVALS_MAX: usize = 10;
const EXCEPTIONS_MAX: usize = 400;
const NOTE_MAX: usize = 200;

/// Working hours to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursForm {
    /// The hours.
    hours: WorkingHours,
    /// The version that was read.
    version: u64,
}

/// Saves the working hours.
#[utoipa::path(put, path = "/api/working-hours", tag = "settings", request_body = HoursForm,
    responses((status = OK, body = HoursView)))]
pub async fn write_hours(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Body(HoursForm { hours, version }): Body<HoursForm>,
) -> Result<Json<HoursView>, Problem> {
    let hours = checked(hours)?;
    let saved = api
        .store
        .companies()
        .put_hours(admin.company, &hours, version)
        .await?;
    Ok(Json(HoursView::of(saved, Timestamp::now())?))
}

fn checked(mut hours: WorkingHours) -> Result<WorkingHours, Problem> {
    let mut checks = Checks::default();
    hours.zone = checks.required("hours.zone", &hours.zone, ZONE_MAX);
    if !hours.zone.is_empty() && hours.time_zone().is_err() {
        checks.flaw("hours.zone", Flaw::UnknownZone);
    }
    for (day, intervals) in hours.week.iter_mut().enumerate() {
        check_day(&mut checks, &format!("hours.week.{day}"), intervals);
    }
    checks.rows("hours.exceptions", hours.exceptions.len(), EXCEPTIONS_MAX);
    let mut dates = HashSet::new();
    for (row, exception) in hours.exceptions.iter_mut().enumerate() {
        let path = format!("hours.exceptions.{row}");
        if !dates.insert(exception.date) {
            checks.flaw(format!("{path}.date"), Flaw::DateTwice);
        }
        exception.note = checks.line(&format!("{path}.note"), &exception.note, NOTE_MAX);
        check_day(
            &mut checks,
            &format!("{path}.intervals"),
            &mut exception.intervals,
        );
    }
    checks.done()?;
    hours.exceptions.sort_by_key(|exception| exception.date);
    Ok(hours)
}

fn check_day(checks: &mut Checks, path: &str, intervals: &mut [Interval]) {
    checks.rows(path, intervals.len(), INTERVALS_MAX);
    let mut order: Vec<usize> = (0..intervals.len()).collect();
    order.sort_by_key(|&at| intervals[at].from);
    for pair in order.windows(2) {
        if u32::from(minute(intervals[pair[1]].from)) < end(&intervals[pair[0]]) {
            checks.flaw(format!("{path}.{}", pair[1]), Flaw::Overlap);
        }
    }
    intervals.sort_by_key(|interval| interval.from);
}

fn minute(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

/// In minutes from the day's start; past midnight beyond 1440.
fn end(interval: &Interval) -> u32 {
    let next_day = if interval.to <= interval.from {
        24 * 60
    } else {
        0
    };
    u32::from(minute(interval.to)) + next_day
}

#[cfg(test)]
mod tests {
    use model::hours::{Exception, Interval, WorkingHours};

    use super::checked;
    use crate::problem::{Flaw, Problem};

    fn interval(from: &str, to: &str) -> Interval {
        Interval {
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
        }
    }

    #[test]
    fn intervals_may_touch_and_not_overlap() {
        let mut hours = WorkingHours::default();
        hours.week[0] = vec![interval("14:00", "18:00"), interval("09:00", "14:00")];
        let saved = checked(hours.clone()).expect("they touch");
        assert_eq!(saved.week[0][0], interval("09:00", "14:00"));
        hours.week[0][1] = interval("09:00", "14:01");
        assert_eq!(
            checked(hours.clone()),
            Err(Problem::field("hours.week.0.0", Flaw::Overlap))
        );
        hours.week[0] = vec![interval("00:00", "00:00"), interval("23:00", "23:30")];
        assert_eq!(
            checked(hours),
            Err(Problem::field("hours.week.0.1", Flaw::Overlap))
        );
    }

    #[test]
    fn a_date_stands_once() {
        let mut hours = WorkingHours::default();
        let day = Exception {
            date: "2027-01-01".parse().expect("date"),
            intervals: Vec::new(),
            note: String::new(),
        };
        hours.exceptions = vec![day.clone(), day];
        let twice = Problem::field("hours.exceptions.1.date", Flaw::DateTwice);
        assert_eq!(checked(hours), Err(twice));
    }
}
