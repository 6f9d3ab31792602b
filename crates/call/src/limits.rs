//! How long things may take.

use std::time::Duration;

/// Limits of a call and of the queue. Every wait has one, so nothing waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the caller hears plain ringing before prompts answer the call.
    pub ring_before_answer: Duration,
    /// How long the caller waits for an operator before a voice message is taken.
    pub wait: Duration,
    /// How often the waiting caller is told that the place in the queue is kept.
    pub reassure_every: Duration,
    /// How long a lost operator's place at the call, or at the desk, is kept.
    pub operator_grace: Duration,
    /// How long opening the sound, and the PBX's confirmation of our answer, may take.
    /// Longer than the 32 s after which an unconfirmed answer is given up below.
    pub confirm: Duration,
    /// How long a voice message may be.
    pub voice_message: Duration,
    /// How much voice makes a voice message.
    pub voice_enough: Duration,
    /// How much longer than its recorded length a program may run before it
    /// is taken for ended: the prompts' own length and some slack.
    pub program_slack: Duration,
    /// How long closing the sound may take.
    pub close: Duration,
    /// How long the telephone of somebody rings who is called back.
    pub callee: Duration,
    /// How long a colleague's telephone rings.
    pub colleague: Duration,
    /// How long a PBX may keep silent about a transfer that it was asked for.
    pub referral: Duration,
    /// The longest call, from its arrival.
    pub longest_call: Duration,
    /// How long a call rings at one operator's desk.
    pub offer: Duration,
    /// «Постобработка» at the longest.
    pub wrap_up: Duration,
    /// How soon a call that an operator declined is offered to the same one
    /// again, where nobody else is free.
    pub ask_again: Duration,
    /// How long a call is kept for those who know its company and speak its
    /// language, and as long again for those who speak it; then it is anybody's.
    pub widen: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ring_before_answer: Duration::from_secs(20),
            wait: Duration::from_secs(180),
            reassure_every: Duration::from_secs(30),
            operator_grace: Duration::from_secs(8),
            confirm: Duration::from_secs(40),
            voice_message: Duration::from_secs(120),
            voice_enough: Duration::from_secs(1),
            program_slack: Duration::from_secs(60),
            close: Duration::from_secs(5),
            callee: Duration::from_secs(60),
            colleague: Duration::from_secs(40),
            referral: Duration::from_secs(10),
            longest_call: Duration::from_secs(2 * 60 * 60),
            offer: Duration::from_secs(15),
            wrap_up: Duration::from_secs(120),
            ask_again: Duration::from_secs(5),
            widen: Duration::from_secs(20),
        }
    }
}
