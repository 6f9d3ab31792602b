//! When a delivery is tried again, and when it is given up.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Pauses between attempts, and how long there are any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Pause after the first failure; each further one doubles it.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// From the beginning on, so long is it tried.
    pub tried_for: SignedDuration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(10),
            longest: Duration::from_secs(60 * 60),
            tried_for: SignedDuration::from_hours(72),
        }
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another attempt, then.
    Again(Timestamp),
    /// «Не доставлено».
    GivenUp,
}

impl Schedule {
    /// After so many attempts, of which the latest has just failed. `jitter`
    /// from 0 to 1 spreads what failed together.
    pub(crate) fn after_failure(
        &self,
        created_at: Timestamp,
        now: Timestamp,
        attempts: u32,
        jitter: f64,
    ) -> Next {
        let at = now + self.pause(attempts, jitter);
        if at.duration_since(created_at) > self.tried_for {
            Next::GivenUp
        } else {
            Next::Again(at)
        }
    }

    /// The pause after so many failures.
    pub(crate) fn pause(&self, attempts: u32, jitter: f64) -> SignedDuration {
        let doubled = self
            .first
            .saturating_mul(1 << attempts.saturating_sub(1).min(20));
        let pause = doubled
            .min(self.longest)
            .mul_f64(0.75 + 0.5 * jitter.clamp(0.0, 1.0));
        SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_hours(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn pauses_double_up_to_an_hour() {
        let now = at("2026-11-23T10:00:00Z");
        let pause = |attempts| match Schedule::default().after_failure(now, now, attempts, 0.5) {
            Next::Again(next) => next.duration_since(now).as_secs(),
            Next::GivenUp => panic!("given up after {attempts}"),
        };
        assert_eq!((pause(1), pause(2), pause(3)), (10, 20, 40));
        assert_eq!((pause(10), pause(u32::MAX)), (3600, 3600));
    }

    #[test]
    fn jitter_spreads_by_a_quarter_each_way() {
        let now = at("2026-11-23T10:00:00Z");
        assert_eq!(
            Schedule::default().after_failure(now, now, 3, 0.0),
            Next::Again(at("2026-11-23T10:00:30Z"))
        );
        assert_eq!(
            Schedule::default().after_failure(now, now, 3, 1.0),
            Next::Again(at("2026-11-23T10:00:50Z"))
        );
    }

    #[test]
    fn a_server_that_is_away_is_tried_for_three_days_and_then_told_as_failed() {
        let created = at("2026-11-23T10:00:00Z");
        let (mut now, mut attempts) = (created, 0);
        loop {
            attempts += 1;
            match Schedule::default().after_failure(created, now, attempts, 0.5) {
                Next::Again(next) => now = next,
                Next::GivenUp => break,
            }
        }
        let tried = now.duration_since(created);
        assert!(
            tried > SignedDuration::from_hours(70) && tried <= Schedule::default().tried_for,
            "{tried}"
        );
        assert!((70..90).contains(&attempts), "{attempts}");
    }
}
