//! Hours of a week that come again each week, in civil time.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Minutes of a day and of a week.
pub(super) const DAY: u32 = 24 * 60;
pub(super) const WEEK: u32 = 7 * DAY;

/// Hours that begin on some days of the week. An end at or before the start
/// lies on the day after; the same time twice is the whole day.
#[derive(Clone, Copy)]
pub(super) struct Hours<'a> {
    /// 1 is Monday.
    pub(super) days: &'a [u8],
    pub(super) from: Time,
    pub(super) to: Time,
}

impl Hours<'_> {
    /// The end of the hours that hold the moment.
    pub(super) fn ends_at(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = at.to_zoned_datetime(zone.clone()).datetime();
        let today = local.date();
        [today.yesterday().ok(), Some(today)]
            .into_iter()
            .flatten()
            .filter(|date| self.on(date.weekday().to_monday_one_offset()))
            .filter_map(|date| {
                let end_date = if self.to <= self.from {
                    date.tomorrow().ok()?
                } else {
                    date
                };
                let (from, to) = (date.to_datetime(self.from), end_date.to_datetime(self.to));
                (from <= local && local < to).then_some(to)
            })
            .filter_map(|end| instant(end, zone))
            // An hour that comes twice may have its end before the moment.
            .filter(|end| *end > at)
            .max()
    }

    /// Whether the hours hold the moment.
    pub(super) fn hold(&self, at: Timestamp, zone: &TimeZone) -> bool {
        self.ends_at(at, zone).is_some()
    }

    /// Minutes of the week from its Monday on, each span from and to; one past
    /// Sunday's midnight goes on at the beginning.
    pub(super) fn spans(&self) -> impl Iterator<Item = (u32, u32)> {
        let (from, to) = (minute(self.from), minute(self.to));
        let length = if to <= from {
            to + DAY - from
        } else {
            to - from
        };
        (1..=7).filter(|day| self.on(*day)).flat_map(move |day| {
            let begin = (u32::from(day.unsigned_abs()) - 1) * DAY + from;
            let end = begin + length;
            let over = end.checked_sub(WEEK).map(|over| (0, over));
            [Some((begin, end.min(WEEK))), over].into_iter().flatten()
        })
    }

    fn on(&self, day: i8) -> bool {
        self.days.iter().any(|known| *known == day.unsigned_abs())
    }
}

fn minute(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

/// When the wall's clock shows this for the last time.
fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_zoned_datetime(at)
        .later()
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// A duration of whole minutes.
pub(super) fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(count))
}
