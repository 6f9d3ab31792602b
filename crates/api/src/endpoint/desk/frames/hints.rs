//! Frames that only say that something is to be read anew. However often it
//! changes, whoever reads it at each of them is not to do so all the time.

use std::time::Duration;

use tokio::time::Instant;

/// Hints come so far apart at least.
const APART: Duration = Duration::from_secs(2);

/// The hints of one socket: of those in between the last one is kept, and comes late.
pub struct Hints<E> {
    held: Option<E>,
    open_at: Option<Instant>,
}

impl<E> Default for Hints<E> {
    fn default() -> Self {
        Self {
            held: None,
            open_at: None,
        }
    }
}

impl<E> Hints<E> {
    /// Takes a hint, and gives it back where it is to be sent now.
    pub fn pass(&mut self, hint: E, now: Instant) -> Option<E> {
        if self.open_at.is_some_and(|at| now < at) {
            self.held = Some(hint);
            return None;
        }
        self.open_at = Some(now + APART);
        Some(hint)
    }

    /// When there is one to be sent that was kept.
    pub fn due_at(&self) -> Option<Instant> {
        self.held.as_ref().and(self.open_at)
    }

    /// The one that was kept, to be sent now.
    pub fn due(&mut self, now: Instant) -> Option<E> {
        self.open_at = Some(now + APART);
        self.held.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_hints_the_first_and_the_last_are_sent() {
        let begun = Instant::now();
        let after = |ms| begun + Duration::from_millis(ms);
        let mut hints = Hints::default();
        assert_eq!(hints.pass(1, begun), Some(1));
        assert_eq!(hints.due_at(), None);
        assert_eq!(hints.pass(2, after(100)), None);
        assert_eq!(hints.pass(3, after(1900)), None);
        assert_eq!(hints.due_at(), Some(begun + APART));
        assert_eq!(hints.due(after(2000)), Some(3));
        assert_eq!(hints.due_at(), None);
        assert_eq!(hints.pass(4, after(3000)), None, "as far apart again");
        assert_eq!(hints.due(after(4000)), Some(4));
        assert_eq!(hints.pass(5, after(9000)), Some(5));
    }
}
