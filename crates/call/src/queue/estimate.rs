//! How long one who calls now will wait, by how long calls take lately.

use std::collections::VecDeque;
use std::time::Duration;

/// Calls that are looked back at: enough to be steady, few enough to follow the day.
const LATELY: usize = 50;

/// Nobody reads more of it, and figures are told anew with every change.
const STEP: Duration = Duration::from_secs(5);

/// How long calls kept their operators lately, from the ringing at the desk to
/// the end of the work after the call.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    lately: VecDeque<Duration>,
    sum: Duration,
}

impl Pace {
    pub(super) fn note(&mut self, took: Duration) {
        self.lately.push_back(took);
        self.sum += took;
        if self.lately.len() > LATELY
            && let Some(oldest) = self.lately.pop_front()
        {
            self.sum -= oldest;
        }
    }

    pub(super) fn mean(&self) -> Option<Duration> {
        let calls = u32::try_from(self.lately.len()).ok()?;
        self.sum.checked_div(calls)
    }
}

/// How long a call waits that comes behind so many others, `free` of the
/// `working` operators having none, where one call takes `mean`: among c
/// operators who are busy one becomes free every mean / c. To five seconds;
/// none where nobody works.
pub fn estimated_wait(
    waiting: usize,
    working: usize,
    free: usize,
    mean: Duration,
) -> Option<Duration> {
    if free > waiting {
        return Some(Duration::ZERO);
    }
    let turns = u32::try_from(waiting + 1 - free).ok()?;
    let working = u32::try_from(working).ok()?;
    let exact = mean.checked_mul(turns)?.checked_div(working)?;
    let steps = exact.as_secs().div_ceil(STEP.as_secs());
    Some(STEP * u32::try_from(steps).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn whoever_finds_a_free_operator_does_not_wait() {
        assert_eq!(estimated_wait(0, 3, 1, MINUTE), Some(Duration::ZERO));
        assert_eq!(estimated_wait(2, 3, 3, MINUTE), Some(Duration::ZERO));
    }

    #[test]
    fn one_of_busy_operators_is_free_every_mean_by_their_number() {
        assert_eq!(estimated_wait(0, 1, 0, MINUTE), Some(MINUTE));
        assert_eq!(estimated_wait(3, 4, 0, MINUTE), Some(MINUTE));
        assert_eq!(
            estimated_wait(0, 7, 0, MINUTE),
            Some(Duration::from_secs(10))
        );
        assert_eq!(estimated_wait(5, 0, 0, MINUTE), None, "nobody works");
    }

    #[test]
    fn the_pace_follows_the_day() {
        let mut pace = Pace::default();
        assert_eq!(pace.mean(), None);
        for _ in 0..10 {
            pace.note(MINUTE);
        }
        assert_eq!(pace.mean(), Some(MINUTE));
        for _ in 0..LATELY {
            pace.note(MINUTE * 3);
        }
        assert_eq!(pace.mean(), Some(MINUTE * 3));
    }
}
