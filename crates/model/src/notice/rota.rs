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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn who(number: u128) -> EmployeeId {
        EmployeeId(Uuid::from_u128(number))
    }

    fn shift(number: u128, days: &[u8], from: &str, to: &str) -> Shift {
        Shift {
            employee: who(number),
            days: days.to_vec(),
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
        }
    }

    fn on_duty(rota: &Rota, at: &str) -> Vec<EmployeeId> {
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        rota.on_duty(at.parse().expect("a timestamp"), &zone)
    }

    const EVERY_DAY: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];

    #[test]
    fn day_and_night_leave_no_hour_empty() {
        let rota = Rota {
            shifts: vec![
                shift(1, &EVERY_DAY, "08:00", "20:00"),
                shift(2, &EVERY_DAY, "20:00", "08:00"),
            ],
        };
        assert_eq!(rota.gaps(), []);
        // Moscow is UTC+3.
        assert_eq!(on_duty(&rota, "2026-11-23T05:00:00Z"), [who(1)]);
        assert_eq!(on_duty(&rota, "2026-11-23T17:00:00Z"), [who(2)]);
        assert_eq!(on_duty(&rota, "2026-11-23T04:59:59Z"), [who(2)]);
    }

    #[test]
    fn who_has_two_shifts_at_once_is_on_duty_once() {
        let rota = Rota {
            shifts: vec![
                shift(1, &[1], "08:00", "20:00"),
                shift(2, &[1], "09:00", "18:00"),
                shift(1, &[1], "10:00", "12:00"),
            ],
        };
        assert_eq!(on_duty(&rota, "2026-11-23T08:00:00Z"), [who(1), who(2)]);
    }

    #[test]
    fn an_empty_rota_has_a_gap_each_day() {
        let gaps = Rota::default().gaps();
        let days: Vec<u8> = gaps.iter().map(|gap| gap.day).collect();
        assert_eq!(days, EVERY_DAY);
        assert!(
            gaps.iter()
                .all(|gap| gap.from == Time::midnight() && gap.to == Time::midnight())
        );
    }

    #[test]
    fn gaps_are_told_by_day() {
        let rota = Rota {
            shifts: vec![
                shift(1, &[1, 2, 3, 4, 5], "09:00", "00:00"),
                shift(2, &[2, 3, 4, 5, 6], "00:00", "09:00"),
                // Sunday's night goes on into Monday.
                shift(3, &[7], "20:00", "08:30"),
            ],
        };
        let gap = |day, from: &str, to: &str| Gap {
            day,
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
        };
        let expected = [
            gap(1, "08:30", "09:00"),
            gap(6, "09:00", "00:00"),
            gap(7, "00:00", "20:00"),
        ];
        assert_eq!(rota.gaps(), expected);
    }

    #[test]
    fn where_there_is_no_gap_somebody_is_on_duty_at_every_minute() {
        let rota = Rota {
            shifts: vec![
                shift(1, &[1, 3, 5, 7], "10:00", "10:00"),
                shift(2, &[2, 4, 6], "10:00", "10:00"),
                shift(3, &[1], "00:00", "10:00"),
            ],
        };
        assert_eq!(rota.gaps(), []);
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        let monday: Timestamp = "2026-11-22T21:00:00Z".parse().expect("a timestamp");
        for minute in 0..i64::from(WEEK) {
            let at = monday + jiff::SignedDuration::from_mins(minute);
            assert!(!rota.on_duty(at, &zone).is_empty(), "{at}");
        }
    }
}
