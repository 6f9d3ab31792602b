//! Transferred calls that come back to their line: the PBX forwards to it
//! whatever a colleague does not answer.

use std::collections::VecDeque;
use std::time::Duration;

use call::{ColleagueStage, State};
use model::call::Caller;
use model::id::{LineId, UserId};
use std::time::Instant;

use crate::exchange::Exchange;

/// How long a caller whom the PBX took over is known to be one: longer than any telephone rings.
const KNOWN_FOR: Duration = Duration::from_secs(600);

/// Callers that are known at a time: those of ten minutes at a busy server. Beyond that the oldest are strangers again.
const KNOWN_MAX: usize = 2000;

/// Callers whom PBXs have taken over lately.
#[derive(Debug, Default)]
pub(crate) struct Returns(VecDeque<Taken>);

/// A caller whom a PBX has taken over.
#[derive(Debug)]
struct Taken {
    line: LineId,
    number: String,
    by: Option<UserId>,
    at: Instant,
}

impl Returns {
    /// A PBX has taken the caller over from the operator.
    pub(crate) fn note(&mut self, line: LineId, caller: &Caller, by: Option<UserId>, at: Instant) {
        if let Some(number) = &caller.number {
            if self.0.len() == KNOWN_MAX {
                self.0.pop_front();
            }
            let number = number.clone();
            self.0.push_back(Taken {
                line,
                number,
                by,
                at,
            });
        }
    }

    /// Whether this is such a caller, and whose, who is forgotten by that: the
    /// next call is a new one.
    pub(crate) fn take(
        &mut self,
        line: LineId,
        caller: &Caller,
        now: Instant,
    ) -> Option<Option<UserId>> {
        self.0
            .retain(|taken| now.duration_since(taken.at) < KNOWN_FOR);
        let known = self
            .0
            .iter()
            .position(|taken| taken.line == line && caller.number.as_ref() == Some(&taken.number));
        known.and_then(|at| self.0.remove(at)).map(|taken| taken.by)
    }
}

impl Exchange {
    /// Whether the call is one that this side has placed, and
    /// that the PBX forwards here: taken, it would go round in a circle.
    pub(crate) fn is_own(&self, line: LineId, caller: &Caller) -> bool {
        let rings = |state: &State| match state {
            State::Placing { .. } => true,
            State::Consulting(consultation) => consultation.stage != ColleagueStage::Answered,
            _ => false,
        };
        let calling = self
            .calls
            .values()
            .any(|live| live.entry.line.id == line && rings(live.control.state()));
        let account = self
            .directory
            .get(line)
            .and_then(|e| e.line.account.as_ref());
        calling && account.is_some_and(|account| caller.number.as_ref() == Some(&account.user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_returns_once_on_the_same_line_and_soon() {
        let caller = |number: &str| Caller {
            number: Some(number.into()),
            name: None,
        };
        let line = |n| LineId(uuid::Uuid::from_u128(n));
        let now = Instant::now();
        let anna = Some(UserId(uuid::Uuid::from_u128(9)));
        let mut returns = Returns::default();
        returns.note(line(1), &caller("+79261234567"), anna, now);
        returns.note(line(1), &Caller::default(), anna, now);
        let mut take = |n, who: &Caller, at| returns.take(line(n), who, at);
        assert_eq!(take(2, &caller("+79261234567"), now), None);
        assert_eq!(take(1, &caller("+79260000000"), now), None);
        assert_eq!(take(1, &Caller::default(), now), None, "hidden");
        assert_eq!(take(1, &caller("+79261234567"), now), Some(anna));
        assert_eq!(take(1, &caller("+79261234567"), now), None, "once");
        returns.note(line(1), &caller("+79261234567"), None, now);
        let late = now + KNOWN_FOR;
        assert_eq!(returns.take(line(1), &caller("+79261234567"), late), None);
    }
}
