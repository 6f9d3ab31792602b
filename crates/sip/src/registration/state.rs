//! Where a registration stands.

use std::time::Instant;

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Idle,
    Resolving,
    /// A REGISTER waits for its turn at the server.
    Queued,
    /// A REGISTER is under way.
    Asking {
        number: u64,
    },
    /// Registered until refreshed.
    Held {
        refresh_at: Instant,
        /// When the PBX is asked next; where it was, until when it may answer.
        ask_at: Option<Instant>,
        asked: Option<u64>,
    },
    /// The next attempt waits.
    Pausing(Pause),
    /// The last REGISTER, with expiry 0, is under way.
    Leaving {
        number: u64,
    },
    Over,
}

/// Why the next attempt waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pause {
    /// The PBX said nothing.
    Silent,
    /// It refused a line that it had taken before.
    Stumbled,
    /// It refused.
    Refused,
}

/// What was tried since a registration or refresh began.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) digests: [u32; 2],
    pub(super) relocated: bool,
    pub(super) lengthened: bool,
}

/// Whether the PBX tells what is registered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lists {
    /// Not asked yet.
    Maybe,
    /// It has listed our contact.
    Yes,
    /// It does not: then only whether it answers can be asked.
    No,
}
