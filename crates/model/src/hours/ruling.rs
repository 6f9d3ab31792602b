//! Why it is working time, or is not: which rule decided.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{HoursError, Interval, WorkingHours};

/// How a moment stands, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling<'a> {
    /// It is working time.
    pub open: bool,
    /// What decided.
    pub rule: Rule<'a>,
    /// The day that the rule is of: the day before, where a night shift lasts past midnight.
    pub date: Date,
}

/// Where the hours of a day come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule<'a> {
    /// The hours of its weekday; none on a day off.
    Weekday(&'a [Interval]),
    /// An exceptional day.
    Exception {
        /// Its hours; none on a day off.
        intervals: &'a [Interval],
        /// What the day is, for people.
        note: &'a str,
    },
}

impl WorkingHours {
    /// Whether it is working time at the moment, and which rule says so.
    pub fn ruling_at(&self, now: Timestamp) -> Result<Ruling<'_>, HoursError> {
        let zone = self.time_zone()?;
        let now = now.to_zoned_datetime(zone.clone());
        let today = now.date();
        let holds = |date: &Date| {
            self.spans(*date, &zone)
                .any(|(from, to)| from <= now && now < to)
        };
        let open_by = [Some(today), today.yesterday().ok()]
            .into_iter()
            .flatten()
            .find(holds);
        let date = open_by.unwrap_or(today);
        Ok(Ruling {
            open: open_by.is_some(),
            rule: self.rule_of(date),
            date,
        })
    }

    /// Whether there is any working time from that day on.
    pub fn ever_open(&self, today: Date) -> bool {
        let ahead = |date: Date| date >= today;
        self.week.iter().any(|day| !day.is_empty())
            || self
                .exceptions
                .iter()
                .any(|day| ahead(day.date) && !day.intervals.is_empty())
    }

    fn rule_of(&self, date: Date) -> Rule<'_> {
        match self.exceptions.iter().find(|e| e.date == date) {
            Some(exception) => Rule::Exception {
                intervals: &exception.intervals,
                note: &exception.note,
            },
            None => Rule::Weekday(self.intervals(date)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{Exception, Interval, WorkingHours};
    use super::Rule;

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
    fn the_rule_that_decides_is_named() {
        let mut hours = WorkingHours::default();
        hours.exceptions.push(Exception {
            date: "2026-12-31".parse().expect("a date"),
            intervals: vec![interval("09:00", "14:00")],
            note: "Канун Нового года".into(),
        });
        // Monday, 19:40 in Moscow.
        let monday = hours.ruling_at(at("2026-11-23T16:40:00Z")).expect("hours");
        assert_eq!(
            (monday.open, monday.rule),
            (false, Rule::Weekday(&[interval("09:00", "18:00")]))
        );
        // 15:00 would be working time on an ordinary Thursday.
        let eve = hours.ruling_at(at("2026-12-31T12:00:00Z")).expect("hours");
        assert!(
            !eve.open
                && matches!(
                    eve.rule,
                    Rule::Exception {
                        note: "Канун Нового года",
                        ..
                    }
                )
        );
    }

    #[test]
    fn a_night_shift_is_ruled_by_the_day_that_it_began_on() {
        let mut hours = WorkingHours::default();
        hours.week[0] = vec![interval("20:00", "02:00")];
        // Tuesday, 01:30 in Moscow.
        let night = hours.ruling_at(at("2026-11-23T22:30:00Z")).expect("hours");
        assert!(night.open);
        assert_eq!(night.date.to_string(), "2026-11-23");
    }

    #[test]
    fn a_ruling_never_contradicts_the_rule_that_runs_calls() {
        let mut hours = WorkingHours::default();
        hours.week[4] = vec![interval("09:00", "13:00"), interval("22:00", "03:00")];
        hours.week[5] = vec![interval("00:00", "00:00")];
        let start = at("2026-11-23T00:00:00Z");
        for quarter in 0..(7 * 24 * 4) {
            let now = start + jiff::SignedDuration::from_mins(15 * quarter);
            let ruling = hours.ruling_at(now).expect("hours");
            assert_eq!(Ok(ruling.open), hours.open_at(now), "{now}");
        }
    }

    #[test]
    fn hours_without_any_interval_never_open() {
        let mut hours = WorkingHours {
            week: Default::default(),
            ..WorkingHours::default()
        };
        let today = "2026-11-23".parse().expect("a date");
        assert!(!hours.ever_open(today));
        hours.exceptions.push(Exception {
            date: "2026-11-22".parse().expect("a date"),
            intervals: vec![interval("09:00", "14:00")],
            note: String::new(),
        });
        assert!(!hours.ever_open(today), "that day is over");
        hours.exceptions[0].date = today;
        assert!(hours.ever_open(today));
    }
}
