//! Calls that operators owe: they read a message to somebody whom nothing else reached.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Calls that may fail before a task is given up.
const ATTEMPTS: u32 = 3;
/// Pause between them.
const PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Somebody is to be called.
    Open,
    /// The message was read to them.
    Reached,
    /// They did not answer, three times.
    GivenUp,
    /// The message was accepted meanwhile, or the employee is gone.
    Needless,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskOutcome {
    /// The message was read to them.
    Reached,
    /// It was, and they have taken it on.
    Accepted,
    /// Nobody answered.
    NoAnswer,
}

/// After so many calls without an answer, when the next one is due; none where it is given up.
pub fn after_no_answer(attempts: u32, now: Timestamp) -> Option<Timestamp> {
    (attempts < ATTEMPTS).then(|| now + PAUSE)
}
