//! Now, on both clocks: the steady one that limits are measured by, and the
//! wall's that people read.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// One moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) steady: Instant,
    pub(crate) wall: Timestamp,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self {
            steady: Instant::now(),
            wall: Timestamp::now(),
        }
    }

    /// A steady moment, near to this one, as the wall's clock shows it.
    pub(crate) fn on_wall(self, steady: Instant) -> Timestamp {
        let ahead = steady.saturating_duration_since(self.steady);
        let behind = self.steady.saturating_duration_since(steady);
        let shift = |d| SignedDuration::try_from(d).unwrap_or_default();
        self.wall + (shift(ahead) - shift(behind))
    }
}
