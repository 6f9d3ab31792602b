//! What follows an attempt: pure.

use jiff::Timestamp;
use store::Passing;

use crate::http::{Answer, RequestError};
use crate::schedule::{Next, Schedule};

/// The event at its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// From when on the time for giving up is counted.
    pub(crate) since: Timestamp,
    /// Attempts, with the one that has just ended.
    pub(crate) attempts: u32,
}

/// Status of «it is gone, send no more» (RFC 9110, section 15.5.11).
const GONE: u16 = 410;

/// What follows, and why it failed if it did. Any 2xx is a receiver's yes; a
/// redirection is none, for it would lead where nobody has looked.
pub(crate) fn decide(
    outcome: &Result<Answer, RequestError>,
    head: Head,
    now: Timestamp,
    jitter: f64,
    schedule: &Schedule,
) -> (Passing, Option<String>) {
    let (error, asked) = match outcome {
        Ok(Answer {
            status: 200..=299, ..
        }) => return (Passing::Taken, None),
        Ok(Answer { status, .. }) if *status == GONE => {
            return (Passing::Gone, Some(answered(*status)));
        }
        Ok(Answer {
            status,
            retry_after,
        }) => (answered(*status), *retry_after),
        Err(error) => (error.to_string(), None),
    };
    let passing = match schedule.after_failure(head.since, now, head.attempts, jitter) {
        Next::Again(at) => Passing::Again(asked.map_or(at, |pause| at.max(now + pause))),
        // The next event waits as after a first failure: what is behind does not rush in.
        Next::GivenUp => Passing::GivenUp(now + schedule.pause(1, jitter)),
    };
    (passing, Some(error))
}

fn answered(status: u16) -> String {
    match status {
        300..=399 => format!("the receiver answered {status}; redirections are not followed"),
        _ => format!("the receiver answered {status}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::SignedDuration;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn after(status: u16, retry_after: Option<u64>, attempts: u32) -> Passing {
        let answer = Ok(Answer {
            status,
            retry_after: retry_after.map(Duration::from_secs),
        });
        let head = Head {
            since: at("2026-11-26T10:00:00Z"),
            attempts,
        };
        let now = at("2026-11-26T10:00:00Z");
        decide(&answer, head, now, 0.5, &Schedule::default()).0
    }

    #[test]
    fn two_hundreds_are_a_yes_and_410_a_no_for_good() {
        for status in [200, 202, 204, 299] {
            assert_eq!(after(status, None, 1), Passing::Taken);
        }
        assert_eq!(after(410, None, 1), Passing::Gone);
    }

    #[test]
    fn all_else_is_tried_again_and_not_sooner_than_asked_for() {
        for status in [301, 400, 404, 500, 503] {
            let again = Passing::Again(at("2026-11-26T10:00:10Z"));
            assert_eq!(after(status, None, 1), again, "{status}");
        }
        let asked = Passing::Again(at("2026-11-26T10:05:00Z"));
        assert_eq!(after(429, Some(300), 1), asked);
        let later = Passing::Again(at("2026-11-26T11:00:00Z"));
        assert_eq!(after(503, Some(1), 20), later);
    }

    #[test]
    fn after_three_days_the_next_one_is_at_its_turn() {
        let now = at("2026-11-29T10:00:00Z");
        let head = Head {
            since: now - SignedDuration::from_hours(72),
            attempts: 80,
        };
        let silent = Err(RequestError::TooSlow(Duration::from_secs(15)));
        let (passing, error) = decide(&silent, head, now, 0.5, &Schedule::default());
        assert_eq!(passing, Passing::GivenUp(at("2026-11-29T10:00:10Z")));
        assert_eq!(error.as_deref(), Some("no answer within 15 s"));
    }

    /// Whatever a receiver does, each event is tried at least once and is
    /// passed in the end, and no pause is longer than an hour and its jitter.
    #[test]
    fn a_walk_along_a_receiver_that_is_away() {
        let schedule = Schedule::default();
        let start = at("2026-11-26T10:00:00Z");
        let mut now = start;
        let mut passed = Vec::new();
        for event in 0..5u8 {
            let mut attempts = 0;
            loop {
                attempts += 1;
                let head = Head {
                    since: start,
                    attempts,
                };
                let jitter = f64::from(event) / 4.0;
                let down = Err(RequestError::Connect("refused".into()));
                match decide(&down, head, now, jitter, &schedule).0 {
                    Passing::Again(next) => {
                        let pause = next.duration_since(now);
                        assert!(pause > SignedDuration::ZERO && pause.as_secs() <= 75 * 60);
                        now = next;
                    }
                    Passing::GivenUp(next) => {
                        passed.push(attempts);
                        now = next;
                        break;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        assert!(passed[0] > 70, "{passed:?}");
        // What waited behind it is as old: it has what is left of the last pause.
        assert!(
            passed[1..].iter().all(|attempts| (1..10).contains(attempts)),
            "{passed:?}"
        );
    }
}
