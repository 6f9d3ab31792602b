//! How and when an employee may be told of messages.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::week::Hours;
use crate::id::EmployeeId;

/// The longest that anything is held: who is quiet all week is told after it.
const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// «Не беспокоить» without an end is taken for so long at a time.
const OPEN_END: SignedDuration = SignedDuration::from_hours(12);

/// What an employee says of oneself: «Доступен», «Занят», «Не беспокоить».
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// «Доступен».
    #[default]
    Available,
    /// «Занят»: operators see it; messages come as ever.
    Busy,
    /// «Не беспокоить»: messages wait as in quiet hours.
    DoNotDisturb,
}

/// Hours of the week in which an employee is not to be disturbed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// Days on which it begins; 1 is Monday.
    pub days: Vec<u8>,
    /// Start, in civil time of the company.
    #[schema(value_type = String, example = "22:00:00")]
    pub from: Time,
    /// End; at or before the start, it lies on the day after.
    #[schema(value_type = String, example = "08:00:00")]
    pub to: Time,
}

/// When an employee is away, and who stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// From then.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// Who gets the messages meanwhile.
    pub deputy: Option<EmployeeId>,
}

/// How an employee may be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reach {
    /// What the employee says of oneself.
    pub presence: Presence,
    /// Until when that holds; open-ended where none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub presence_until: Option<Timestamp>,
    /// Whether letters are wanted. They are sent nevertheless where nothing else reaches.
    pub email: bool,
    /// Whether notifications on devices are wanted.
    pub push: bool,
    /// Quiet hours.
    pub quiet: Vec<Quiet>,
    /// Whether an urgent message passes quiet hours and «Не беспокоить».
    pub urgent_anyway: bool,
    /// When the employee is away.
    pub absence: Option<Absence>,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            presence: Presence::Available,
            presence_until: None,
            email: true,
            push: true,
            quiet: Vec::new(),
            urgent_anyway: true,
            absence: None,
        }
    }
}

impl Reach {
    /// The presence that holds at the moment; «Доступен» once it has run out.
    pub fn presence_at(&self, now: Timestamp) -> Presence {
        match self.presence_until {
            Some(until) if until <= now => Presence::Available,
            _ => self.presence,
        }
    }

    /// The absence that holds at the moment.
    pub fn absent_at(&self, now: Timestamp) -> Option<&Absence> {
        self.absence
            .as_ref()
            .filter(|absence| absence.from <= now && now < absence.to)
    }

    /// Until when nothing ordinary is told; none where it may be told now.
    /// Quiet hours that follow each other, or «Не беспокоить» after them, are
    /// one, a week at most.
    pub fn quiet_until(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let longest = now + LONGEST_HOLD;
        let mut at = now;
        while at < longest {
            let Some(end) = self.quiet_ends(now, at, zone) else {
                break;
            };
            at = end;
        }
        (at > now).then_some(at.min(longest))
    }

    /// Until when a message is held; none where it may be told now.
    pub fn held_until(&self, now: Timestamp, zone: &TimeZone, urgent: bool) -> Option<Timestamp> {
        if urgent && self.urgent_anyway {
            return None;
        }
        self.quiet_until(now, zone)
    }

    /// The end of what is quiet at a later moment, as it is known now.
    fn quiet_ends(&self, now: Timestamp, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let undisturbed = (self.presence == Presence::DoNotDisturb)
            .then(|| self.presence_until.unwrap_or(now + OPEN_END))
            .filter(|until| *until > at);
        let quiet = self.quiet.iter().filter_map(|quiet| {
            let hours = Hours {
                days: &quiet.days,
                from: quiet.from,
                to: quiet.to,
            };
            hours.ends_at(at, zone)
        });
        quiet.chain(undisturbed).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn moscow() -> TimeZone {
        TimeZone::get("Europe/Moscow").expect("a zone")
    }

    fn quiet(days: &[u8], from: &str, to: &str) -> Quiet {
        Quiet {
            days: days.to_vec(),
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
        }
    }

    const EVERY_DAY: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];

    #[test]
    fn quiet_hours_pass_midnight() {
        let reach = Reach {
            quiet: vec![quiet(&[1], "22:00", "08:00")],
            ..Reach::default()
        };
        // Monday, 23 November 2026; Moscow is UTC+3.
        let until = |text| reach.quiet_until(at(text), &moscow());
        let end = Some(at("2026-11-24T05:00:00Z"));
        assert_eq!(until("2026-11-23T18:59:59Z"), None);
        assert_eq!(until("2026-11-23T19:00:00Z"), end);
        assert_eq!(until("2026-11-24T04:59:59Z"), end);
        assert_eq!(until("2026-11-24T05:00:00Z"), None);
        // Tuesday's evening is not quiet.
        assert_eq!(until("2026-11-24T19:00:00Z"), None);
    }

    #[test]
    fn hours_that_follow_each_other_are_one() {
        let reach = Reach {
            quiet: vec![
                quiet(&[5], "18:00", "00:00"),
                quiet(&[6, 7], "00:00", "00:00"),
                quiet(&[1], "00:00", "09:00"),
            ],
            ..Reach::default()
        };
        // Friday evening until Monday morning.
        assert_eq!(
            reach.quiet_until(at("2026-11-27T16:00:00Z"), &moscow()),
            Some(at("2026-11-30T06:00:00Z"))
        );
    }

    #[test]
    fn do_not_disturb_ends_when_it_was_said_to_or_later() {
        let now = at("2026-11-23T10:00:00Z");
        let mut reach = Reach {
            presence: Presence::DoNotDisturb,
            presence_until: Some(at("2026-11-23T19:30:00Z")),
            quiet: vec![quiet(&EVERY_DAY, "22:00", "08:00")],
            ..Reach::default()
        };
        // It runs into the night's quiet hours.
        let end = Some(at("2026-11-24T05:00:00Z"));
        assert_eq!(reach.quiet_until(now, &moscow()), end);
        reach.quiet.clear();
        let said = reach.presence_until;
        assert_eq!(reach.quiet_until(now, &moscow()), said);
        assert_eq!(reach.presence_at(now), Presence::DoNotDisturb);
        let after = at("2026-11-23T19:30:00Z");
        assert_eq!(reach.quiet_until(after, &moscow()), None);
        assert_eq!(reach.presence_at(after), Presence::Available);
        // Without an end, it is looked at again after half a day.
        reach.presence_until = None;
        let until = reach.quiet_until(now, &moscow());
        assert_eq!(until, Some(at("2026-11-23T22:00:00Z")));
    }

    #[test]
    fn who_is_always_quiet_is_told_after_a_week() {
        let reach = Reach {
            quiet: vec![quiet(&EVERY_DAY, "00:00", "00:00")],
            ..Reach::default()
        };
        let now = at("2026-11-23T10:00:00Z");
        assert_eq!(reach.quiet_until(now, &moscow()), Some(now + LONGEST_HOLD));
    }

    #[test]
    fn an_urgent_message_passes_where_it_may() {
        let mut reach = Reach {
            quiet: vec![quiet(&EVERY_DAY, "22:00", "08:00")],
            ..Reach::default()
        };
        let night = at("2026-11-23T20:00:00Z");
        assert_eq!(reach.held_until(night, &moscow(), true), None);
        assert!(reach.held_until(night, &moscow(), false).is_some());
        reach.urgent_anyway = false;
        assert!(reach.held_until(night, &moscow(), true).is_some());
    }

    #[test]
    fn busy_is_no_reason_to_wait() {
        let reach = Reach {
            presence: Presence::Busy,
            ..Reach::default()
        };
        assert_eq!(
            reach.quiet_until(at("2026-11-23T10:00:00Z"), &moscow()),
            None
        );
    }

    #[test]
    fn quiet_hours_follow_the_clock_on_the_wall() {
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        let reach = Reach {
            quiet: vec![quiet(&EVERY_DAY, "01:30", "02:30")],
            ..Reach::default()
        };
        // 25 October 2026: 02:30 comes twice, and the later one ends it.
        let until = |text| reach.quiet_until(at(text), &berlin);
        let end = Some(at("2026-10-25T01:30:00Z"));
        assert_eq!(until("2026-10-24T23:30:00Z"), end);
        // 29 March 2026: the hour with its end is missing.
        let until = until("2026-03-29T00:30:00Z").expect("quiet");
        assert!(until <= at("2026-03-29T01:30:00Z"), "{until}");
    }

    #[test]
    fn an_absence_has_a_beginning_and_an_end() {
        let reach = Reach {
            absence: Some(Absence {
                from: at("2026-11-23T00:00:00Z"),
                to: at("2026-11-30T00:00:00Z"),
                deputy: None,
            }),
            ..Reach::default()
        };
        assert!(reach.absent_at(at("2026-11-22T23:59:59Z")).is_none());
        assert!(reach.absent_at(at("2026-11-23T00:00:00Z")).is_some());
        assert!(reach.absent_at(at("2026-11-30T00:00:00Z")).is_none());
    }

    #[test]
    fn what_is_stored_of_nobody_is_the_default() {
        let read: Reach = serde_json::from_str("{}").expect("read");
        assert_eq!(read, Reach::default());
    }
}
