//! How long things take in a call: `[calls]`.

use std::time::Duration;

use super::kind;
use super::reader::Reader;

/// `[calls]`
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// How long one operator is rung.
    pub offer: Duration,
    /// How long a caller hears ringing before prompts and music begin.
    pub ring_before_answer: Duration,
    /// How long a caller waits before a voice message is taken instead.
    pub wait_limit: Duration,
    /// The longest «Постобработка».
    pub wrap_up: Duration,
    /// The longest call.
    pub longest_call: Duration,
    /// How long a call is kept for an operator whose browser was lost.
    pub returning_grace: Duration,
}

impl Calls {
    pub(super) fn take(reader: &mut Reader) -> Self {
        let mut seconds = |key, range, default| {
            reader.get(
                "calls",
                key,
                kind::seconds(range),
                Duration::from_secs(default),
            )
        };
        let offer = seconds("offer_seconds", 3..=120, 20);
        let ring_before_answer = seconds("ring_before_answer_seconds", 0..=280, 30);
        let wait_limit = seconds("wait_limit_seconds", 5..=3600, 180);
        let wrap_up = seconds("wrap_up_seconds", 0..=1800, 120);
        let returning_grace = seconds("returning_grace_seconds", 1..=120, 8);
        let minutes = kind::whole(1..=1440).map(|minutes: u64| Duration::from_secs(minutes * 60));
        Self {
            offer,
            ring_before_answer,
            wait_limit,
            wrap_up,
            longest_call: reader.get("calls", "longest_call_minutes", minutes, {
                Duration::from_secs(120 * 60)
            }),
            returning_grace,
        }
    }
}
