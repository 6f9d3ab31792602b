//! «График дежурств»: who is on duty for a department.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::week::{DAY, Hours, WEEK};
use crate::id::EmployeeId;

/// Somebody's duty, each week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Who.
    pub employee: EmployeeId,
    /// Days on which it begins; 1 is Monday.
    pub days: Vec<u8>,
    /// Start, in civil time of the company.
    #[schema(value_type = String, example = "09:00:00")]
    pub from: Time,
    /// End; at or before the start, it lies on the day after.
    #[schema(value_type = String, example = "21:00:00")]
    pub to: Time,
}

/// A department's rota.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rota {
    /// All duties.
    pub shifts: Vec<Shift>,
}

/// Hours of a day in which nobody is on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Gap {
    /// The day; 1 is Monday.
    pub day: u8,
    /// From then.
    #[schema(value_type = String, example = "21:00:00")]
    pub from: Time,
    /// Until then; midnight is the day's end.
    #[schema(value_type = String, example = "00:00:00")]
    pub to: Time,
}

impl Rota {
    /// Who is on duty at the moment, in the rota's order, each once.
    pub fn on_duty(&self, at: Timestamp, zone: &TimeZone) -> Vec<EmployeeId> {
        let mut found = Vec::new();
        for shift in &self.shifts {
            if !found.contains(&shift.employee) && shift.hours().hold(at, zone) {
                found.push(shift.employee);
            }
        }
        found
    }

    /// Where an hour of the week is empty: one gap a day at least, in order.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut spans: Vec<(u32, u32)> = self
            .shifts
            .iter()
            .flat_map(|shift| shift.hours().spans().collect::<Vec<_>>())
            .collect();
        spans.sort_unstable();
        let mut gaps = Vec::new();
        let mut covered = 0;
        for (from, to) in spans.into_iter().chain([(WEEK, WEEK)]) {
            if from > covered {
                by_day(covered, from, &mut gaps);
            }
            covered = covered.max(to);
        }
        gaps
    }
}

impl Shift {
    fn hours(&self) -> Hours<'_> {
        Hours {
            days: &self.days,
            from: self.from,
            to: self.to,
        }
    }
}

/// Cuts minutes of the week into days.
fn by_day(mut from: u32, to: u32, gaps: &mut Vec<Gap>) {
    while from < to {
        let day = from / DAY;
        let end = to.min((day + 1) * DAY);
        gaps.push(Gap {
            day: u8::try_from(day + 1).unwrap_or(7),
            from: time(from - day * DAY),
            to: time((end - day * DAY) % DAY),
        });
        from = end;
    }
}

fn time(minute: u32) -> Time {
    let part = |value: u32| i8::try_from(value).unwrap_or(0);
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(Time::midnight())
}
