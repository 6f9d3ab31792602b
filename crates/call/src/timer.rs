//! All timers: what runs out when, and what follows.

use std::time::Instant;

use model::id::{CallId, UserId};

/// Timers of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Plain ringing has lasted long enough: prompts answer the call.
    RingBeforeAnswer,
    /// The caller has waited long enough: a voice message is taken.
    Wait,
    /// The waiting caller is told again that the place is kept.
    Reassure,
    /// The lost operator did not come back: the call waits anew, in front.
    OperatorGrace,
    /// The sound was not opened, or the answer not confirmed: the call fails.
    Confirm,
    /// The end of a program was never reported: it is taken for ended.
    Program,
    /// What was said into a message cut short was never told: it counts as nothing.
    Closing,
    /// The one who is called does not answer: the telephone stops ringing.
    Callee,
    /// The colleague does not answer: the telephone stops ringing.
    Colleague,
    /// The PBX does not say what became of the transfer that it was asked for: it counts as failed.
    Referral,
    /// The longest time allowed for a call: it is ended.
    LongestCall,
}

/// Timers of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueueTimer {
    /// The operator did not take the offer: the next one is asked.
    Offer {
        /// Who.
        operator: UserId,
    },
    /// «Постобработка» has lasted long enough: the operator is free.
    WrapUp {
        /// Who.
        operator: UserId,
    },
    /// The operator's desk was lost and did not come back: signed out.
    Absent {
        /// Who.
        operator: UserId,
    },
    /// A declined call may be offered to the same operator again.
    AskAgain {
        /// Who declined.
        operator: UserId,
        /// Which call.
        call: CallId,
    },
    /// More operators come into question for the call.
    Widen {
        /// Which call.
        call: CallId,
    },
}

/// Timers that run, few enough to look through one by one.
#[derive(Clone, Debug)]
pub(crate) struct Timers<K> {
    running: Vec<(K, Instant)>,
}

impl<K: Copy + PartialEq> Timers<K> {
    pub(crate) fn new() -> Self {
        Self {
            running: Vec::new(),
        }
    }

    /// Starts the timer, anew where it runs already.
    pub(crate) fn start(&mut self, key: K, at: Instant) {
        self.stop(key);
        self.running.push((key, at));
    }

    pub(crate) fn stop(&mut self, key: K) {
        self.running.retain(|(other, _)| *other != key);
    }

    pub(crate) fn stop_where(&mut self, which: impl Fn(K) -> bool) {
        self.running.retain(|(key, _)| !which(*key));
    }

    pub(crate) fn at(&self, key: K) -> Option<Instant> {
        self.running
            .iter()
            .find_map(|(other, at)| (*other == key).then_some(*at))
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        self.running.iter().map(|(_, at)| *at).min()
    }

    /// Takes the timer that ran out first.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<K> {
        let (position, _) = self
            .running
            .iter()
            .enumerate()
            .filter(|(_, (_, at))| *at <= now)
            .min_by_key(|(_, (_, at))| *at)?;
        Some(self.running.remove(position).0)
    }
}
