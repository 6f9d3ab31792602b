//! «Рабочее время»: when a company works.

mod ruling;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};
use serde::{Deserialize, Serialize};

pub use self::ruling::{Rule, Ruling};

/// From when to when on a day. An end at or before the start lies on the day
/// after: 20:00–02:00 is a night shift, 00:00–00:00 the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Start, in civil time.
    #[schema(value_type = String, example = "09:00:00")]
    pub from: Time,
    /// End, in civil time.
    #[schema(value_type = String, example = "18:00:00")]
    pub to: Time,
}

/// A day that differs from its weekday: a holiday (no intervals) or a moved working day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The date.
    #[schema(value_type = String, example = "2026-12-31")]
    pub date: Date,
    /// Hours of that day; none on a day off.
    pub intervals: Vec<Interval>,
    /// What the day is, for people.
    pub note: String,
}

/// Hours for each weekday, and the days that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// IANA name of the time zone.
    pub zone: String,
    /// Monday to Sunday, each with its intervals; none on a day off.
    pub week: [Vec<Interval>; 7],
    /// Days that differ.
    pub exceptions: Vec<Exception>,
}

/// Why hours can't be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// The zone is not in the time zone database.
    #[error("time zone {0:?} is not known")]
    UnknownZone(String),
}

impl Default for WorkingHours {
    /// Monday to Friday, 9 to 18, Moscow.
    fn default() -> Self {
        let day = vec![Interval {
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(18, 0, 0, 0),
        }];
        let off = Vec::new();
        Self {
            zone: "Europe/Moscow".into(),
            week: [
                day.clone(),
                day.clone(),
                day.clone(),
                day.clone(),
                day,
                off.clone(),
                off,
            ],
            exceptions: Vec::new(),
        }
    }
}

impl WorkingHours {
    /// The time zone.
    pub fn time_zone(&self) -> Result<TimeZone, HoursError> {
        TimeZone::get(&self.zone).map_err(|_| HoursError::UnknownZone(self.zone.clone()))
    }

    /// Whether it is working time at the moment.
    pub fn open_at(&self, now: Timestamp) -> Result<bool, HoursError> {
        Ok(self
            .closes_at(&now.to_zoned_datetime(self.time_zone()?))
            .is_some())
    }

    /// Until when the present state (open or closed) lasts; none where it
    /// does not change within the two weeks ahead.
    pub fn changes_at(&self, now: Timestamp) -> Result<Option<Timestamp>, HoursError> {
        let zone = self.time_zone()?;
        let start = now.to_zoned_datetime(zone.clone());
        let open = self.closes_at(&start).is_some();
        let mut at = start.clone();
        // Adjacent intervals close and open in the same moment: go on until the state differs.
        while at.timestamp() < now + (14 * 24).hours() {
            let next = if self.closes_at(&at).is_some() {
                self.closes_at(&at)
            } else {
                self.opens_after(&at)
            };
            let Some(next) = next else { return Ok(None) };
            if self.closes_at(&next).is_some() != open {
                return Ok(Some(next.timestamp()));
            }
            at = next;
        }
        Ok(None)
    }

    fn intervals(&self, date: Date) -> &[Interval] {
        match self.exceptions.iter().find(|e| e.date == date) {
            Some(exception) => &exception.intervals,
            None => &self.week[index(date.weekday())],
        }
    }

    fn spans(
        &self,
        date: Date,
        zone: &TimeZone,
    ) -> impl Iterator<Item = (ZonedDateTime, ZonedDateTime)> {
        self.intervals(date).iter().filter_map(move |i| {
            let end_date = if i.to <= i.from {
                date.tomorrow().ok()?
            } else {
                date
            };
            let from = date
                .to_datetime(i.from)
                .to_zoned_datetime(zone.clone())
                .ok()?;
            let to = end_date
                .to_datetime(i.to)
                .to_zoned_datetime(zone.clone())
                .ok()?;
            Some((from, to))
        })
    }

    /// The end of the interval that holds the moment.
    fn closes_at(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        let zone = now.time_zone();
        let today = now.date();
        let yesterday = today.yesterday().ok();
        yesterday
            .into_iter()
            .chain([today])
            .flat_map(|date| self.spans(date, zone))
            .filter(|(from, to)| from <= now && now < to)
            .map(|(_, to)| to)
            .max()
    }

    /// The next start after the moment, within two weeks.
    fn opens_after(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        let zone = now.time_zone();
        now.date()
            .series(1.day())
            .take(15)
            .flat_map(|date| self.spans(date, zone))
            .map(|(from, _)| from)
            .filter(|from| from > now)
            .min()
    }
}

fn index(weekday: Weekday) -> usize {
    usize::from(weekday.to_monday_zero_offset().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn interval(from: &str, to: &str) -> Interval {
        Interval {
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
        }
    }

    #[test]
    fn an_office_day_opens_and_closes() {
        let hours = WorkingHours::default();
        // Monday, 23 November 2026; Moscow is UTC+3.
        assert_eq!(hours.open_at(at("2026-11-23T05:59:59Z")), Ok(false));
        assert_eq!(hours.open_at(at("2026-11-23T06:00:00Z")), Ok(true));
        assert_eq!(hours.open_at(at("2026-11-23T15:00:00Z")), Ok(false));
        assert_eq!(
            hours.changes_at(at("2026-11-23T07:00:00Z")),
            Ok(Some(at("2026-11-23T15:00:00Z")))
        );
        // Friday evening until Monday morning.
        assert_eq!(
            hours.changes_at(at("2026-11-27T16:00:00Z")),
            Ok(Some(at("2026-11-30T06:00:00Z")))
        );
    }

    #[test]
    fn a_night_shift_passes_midnight() {
        let mut hours = WorkingHours::default();
        hours.week[0] = vec![interval("20:00", "02:00")];
        hours.week[1] = Vec::new();
        assert_eq!(hours.open_at(at("2026-11-23T22:30:00Z")), Ok(true)); // Tuesday 01:30 in Moscow
        assert_eq!(hours.open_at(at("2026-11-23T23:30:00Z")), Ok(false));
    }

    #[test]
    fn a_holiday_is_closed_and_round_the_clock_never_changes() {
        let mut hours = WorkingHours::default();
        hours.exceptions.push(Exception {
            date: "2026-11-23".parse().expect("date"),
            intervals: Vec::new(),
            note: "holiday".into(),
        });
        assert_eq!(hours.open_at(at("2026-11-23T08:00:00Z")), Ok(false));
        let always = WorkingHours {
            week: std::array::from_fn(|_| vec![interval("00:00", "00:00")]),
            ..WorkingHours::default()
        };
        assert_eq!(always.open_at(at("2026-11-23T08:00:00Z")), Ok(true));
        assert_eq!(always.changes_at(at("2026-11-23T08:00:00Z")), Ok(None));
    }

    #[test]
    fn hours_follow_the_clock_on_the_wall_when_it_is_put_forward() {
        let mut hours = WorkingHours {
            zone: "Europe/Berlin".into(),
            week: std::array::from_fn(|_| vec![interval("09:00", "18:00")]),
            ..WorkingHours::default()
        };
        // Saturday is UTC+1, Sunday 29 March 2026 from 02:00 on is UTC+2.
        assert_eq!(
            hours.changes_at(at("2026-03-28T17:30:00Z")),
            Ok(Some(at("2026-03-29T07:00:00Z")))
        );
        assert_eq!(hours.open_at(at("2026-03-29T06:59:59Z")), Ok(false));
        assert_eq!(
            hours.changes_at(at("2026-03-29T07:00:00Z")),
            Ok(Some(at("2026-03-29T16:00:00Z")))
        );
        // A night shift over the missing hour is an hour shorter.
        hours.week[5] = vec![interval("22:00", "06:00")];
        hours.week[6] = Vec::new();
        assert_eq!(
            hours.changes_at(at("2026-03-28T21:00:00Z")),
            Ok(Some(at("2026-03-29T04:00:00Z")))
        );
        // Hours that begin in the hour that is missing begin when it would have been over.
        hours.week[5] = Vec::new();
        hours.week[6] = vec![interval("02:30", "10:00")];
        assert_eq!(hours.open_at(at("2026-03-29T01:29:59Z")), Ok(false));
        assert_eq!(hours.open_at(at("2026-03-29T01:30:00Z")), Ok(true));
    }

    #[test]
    fn hours_follow_the_clock_on_the_wall_when_it_is_put_back() {
        let mut hours = WorkingHours {
            zone: "Europe/Berlin".into(),
            week: std::array::from_fn(|_| vec![interval("09:00", "18:00")]),
            ..WorkingHours::default()
        };
        // Sunday, 25 October 2026: from 03:00 summer time back to 02:00.
        assert_eq!(
            hours.changes_at(at("2026-10-24T16:30:00Z")),
            Ok(Some(at("2026-10-25T08:00:00Z")))
        );
        hours.week[5] = vec![interval("22:00", "06:00")];
        assert_eq!(
            hours.changes_at(at("2026-10-24T20:00:00Z")),
            Ok(Some(at("2026-10-25T05:00:00Z")))
        );
        // Round the clock stays so over the hour that comes twice.
        hours.week = std::array::from_fn(|_| vec![interval("00:00", "00:00")]);
        for moment in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            assert_eq!(hours.open_at(at(moment)), Ok(true), "{moment}");
        }
    }

    #[test]
    fn a_night_shift_goes_on_into_a_holiday() {
        let mut hours = WorkingHours::default();
        hours.week[3] = vec![interval("20:00", "02:00")];
        hours.exceptions.push(Exception {
            date: "2027-01-01".parse().expect("date"),
            intervals: Vec::new(),
            note: String::new(),
        });
        // Thursday, 31 December 2026, 23:00 in Moscow, until 02:00 of the holiday.
        assert_eq!(
            hours.changes_at(at("2026-12-31T20:00:00Z")),
            Ok(Some(at("2026-12-31T23:00:00Z")))
        );
    }

    #[test]
    fn an_unknown_zone_is_told() {
        let hours = WorkingHours {
            zone: "Mars/Base".into(),
            ..WorkingHours::default()
        };
        assert_eq!(
            hours.open_at(at("2026-11-23T08:00:00Z")),
            Err(HoursError::UnknownZone("Mars/Base".into()))
        );
    }
}
