//! Which summary is due. Pure: the time is passed in.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use model::user::Summary;

/// The hour of the company's clock at which summaries leave.
const HOUR: i8 = 8;
/// A summary that could not leave in time does so for as long as the day goes
/// on; after that nobody wants it any more.
const LATE_MAX: SignedDuration = SignedDuration::from_hours(12);

/// The days that a summary is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// A day or a week.
    pub(super) summary: Summary,
    /// The first day.
    pub(super) first: Date,
}

impl Period {
    /// The day after the last one.
    pub(super) fn end(&self) -> Option<Date> {
        let days = match self.summary {
            Summary::None => 0,
            Summary::Day => 1,
            Summary::Week => 7,
        };
        self.first.checked_add(days.days()).ok()
    }

    /// From when until when it goes by the company's clock.
    pub(super) fn bounds(&self, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let begins = |day: Date| Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp());
        Some((begins(self.first)?, begins(self.end()?)?))
    }
}

/// As it is stored: `day 2026-11-25`, `week 2026-11-16`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.summary {
            Summary::None => "none",
            Summary::Day => "day",
            Summary::Week => "week",
        };
        write!(f, "{kind} {}", self.first)
    }
}

/// What is stored is no period.
#[derive(Debug, thiserror::Error)]
#[error("no period")]
pub(super) struct NoPeriod;

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let (kind, first) = text.split_once(' ').ok_or(NoPeriod)?;
        let summary = match kind {
            "day" => Summary::Day,
            "week" => Summary::Week,
            _ => return Err(NoPeriod),
        };
        let first = first.parse().map_err(|_| NoPeriod)?;
        Ok(Self { summary, first })
    }
}

/// The summary that is due now: of the latest day or week that is over, once
/// it is eight o'clock on the day after. `sent_for` is the one that was last
/// put into the queue.
pub(super) fn due(
    now: Timestamp,
    zone: &TimeZone,
    summary: Summary,
    sent_for: Option<&str>,
) -> Option<Period> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let first = match summary {
        Summary::None => return None,
        Summary::Day => today.checked_sub(1.day()).ok()?,
        // Only on a Monday: by the next day it is too late.
        Summary::Week if today.weekday() != Weekday::Monday => return None,
        Summary::Week => today.checked_sub(7.days()).ok()?,
    };
    let period = Period { summary, first };
    let leaves = today
        .at(HOUR, 0, 0, 0)
        .to_zoned_datetime(zone.clone())
        .ok()?;
    let late = now.duration_since(leaves.timestamp());
    let in_time = !late.is_negative() && late < LATE_MAX;
    (in_time && sent_for != Some(period.to_string().as_str())).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn due_in(name: &str, now: &str, summary: Summary, sent_for: Option<&str>) -> Option<String> {
        let now = now.parse().expect("a timestamp");
        due(now, &zone(name), summary, sent_for).map(|period| period.to_string())
    }

    #[test]
    fn a_days_summary_leaves_at_eight_on_the_day_after_and_once() {
        let due = |now, sent_for| due_in("Europe/Moscow", now, Summary::Day, sent_for);
        assert_eq!(due("2026-11-26T04:59:59Z", None), None);
        let yesterday = Some("day 2026-11-25".to_owned());
        assert_eq!(due("2026-11-26T05:00:00Z", None), yesterday);
        assert_eq!(due("2026-11-26T16:59:00Z", None), yesterday);
        assert_eq!(due("2026-11-26T17:00:00Z", None), None, "too late");
        assert_eq!(due("2026-11-26T05:01:00Z", Some("day 2026-11-25")), None);
        assert_eq!(
            due("2026-11-27T05:00:00Z", Some("day 2026-11-25")).as_deref(),
            Some("day 2026-11-26")
        );
    }

    #[test]
    fn a_weeks_summary_leaves_on_monday() {
        let due = |now, sent_for| due_in("Asia/Vladivostok", now, Summary::Week, sent_for);
        // 23 November 2026 is a Monday; Vladivostok is ten hours ahead.
        assert_eq!(due("2026-11-22T21:59:00Z", None), None);
        assert_eq!(
            due("2026-11-22T22:00:00Z", None).as_deref(),
            Some("week 2026-11-16")
        );
        assert_eq!(due("2026-11-22T22:00:00Z", Some("week 2026-11-16")), None);
        assert_eq!(due("2026-11-23T22:00:00Z", None), None, "Tuesday");
        assert_eq!(
            due("2026-11-22T22:00:00Z", Some("day 2026-11-21")).as_deref(),
            Some("week 2026-11-16")
        );
    }

    #[test]
    fn who_wants_none_gets_none() {
        assert_eq!(
            due_in("UTC", "2026-11-23T08:00:00Z", Summary::None, None),
            None
        );
    }

    #[test]
    fn eight_oclock_follows_the_clocks_change() {
        let due = |now| due_in("Europe/Berlin", now, Summary::Day, None);
        // Summer time begins on 29 March 2026, and ends on 25 October.
        assert_eq!(due("2026-03-28T06:59:00Z"), None);
        assert!(due("2026-03-28T07:00:00Z").is_some());
        assert_eq!(due("2026-03-29T05:59:00Z"), None);
        assert!(due("2026-03-29T06:00:00Z").is_some());
        assert_eq!(due("2026-10-25T06:59:00Z"), None);
        assert!(due("2026-10-25T07:00:00Z").is_some());
    }

    #[test]
    fn days_of_23_and_25_hours_are_told_whole_and_none_twice() {
        let hours = |day: &str, name: &str| {
            let period: Period = format!("day {day}").parse().expect("a period");
            let (from, to) = period.bounds(&zone(name)).expect("bounds");
            to.duration_since(from).as_hours()
        };
        assert_eq!(hours("2026-03-29", "Europe/Berlin"), 23);
        assert_eq!(hours("2026-10-25", "Europe/Berlin"), 25);
        // Midnight itself is left out where the clock goes from 0 to 1.
        assert_eq!(hours("2026-04-24", "Africa/Cairo"), 23);
        assert_eq!(hours("2026-11-25", "Europe/Moscow"), 24);
    }

    #[test]
    fn every_day_of_a_year_is_told_once() {
        for name in [
            "Europe/Berlin",
            "Africa/Cairo",
            "Asia/Kathmandu",
            "America/St_Johns",
        ] {
            let zone = zone(name);
            let mut now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a timestamp");
            let (mut sent_for, mut sent): (Option<String>, Vec<Period>) = (None, Vec::new());
            for _ in 0..365 * 48 {
                if let Some(period) = due(now, &zone, Summary::Day, sent_for.as_deref()) {
                    sent_for = Some(period.to_string());
                    sent.push(period);
                }
                now += SignedDuration::from_mins(30);
            }
            assert!((364..=366).contains(&sent.len()), "{name}: {}", sent.len());
            for pair in sent.windows(2) {
                assert_eq!(pair[0].end(), Some(pair[1].first), "{name}");
                let (_, end) = pair[0].bounds(&zone).expect("bounds");
                let (begin, _) = pair[1].bounds(&zone).expect("bounds");
                assert_eq!(end, begin, "{name}");
            }
        }
    }

    #[test]
    fn what_is_stored_is_read() {
        for text in ["day 2026-11-25", "week 2026-11-16"] {
            let period: Period = text.parse().expect("a period");
            assert_eq!(period.to_string(), text);
        }
        for text in [
            "",
            "day",
            "none 2026-11-25",
            "day 2026-13-01",
            "month 2026-11-01",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
