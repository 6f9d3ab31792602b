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
