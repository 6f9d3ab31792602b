//! Provisional responses that have to be confirmed (RFC 3262), as machines
//! without network or clock: ours by the PBX (section 3), of which one is under
//! way at a time, and the PBX's by us (section 4).

use std::time::{Duration, Instant};

/// The first repetition (T1 of RFC 3261, section 17).
const T1: Duration = Duration::from_millis(500);
/// How long one is repeated without being confirmed.
const CONFIRM_WITHIN: Duration = Duration::from_secs(32);

/// A response under way.
#[derive(Clone, Copy, Debug)]
struct Pending {
    number: u32,
    interval: Duration,
    again: Instant,
    given_up: Instant,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// The response is to be sent once more.
    Repeat,
    /// The PBX never confirmed it: the invitation is refused.
    GiveUp,
}

/// The reliable provisional responses of one invitation.
#[derive(Clone, Debug)]
pub(crate) struct Reliable {
    /// CSeq of the invitation.
    invitation: u32,
    next: u32,
    pending: Option<Pending>,
}

impl Reliable {
    /// `invitation` is its CSeq; `first` is the first RSeq, from 1 to 2^31 - 1.
    pub(crate) fn new(invitation: u32, first: u32) -> Self {
        Self {
            invitation,
            next: first.clamp(1, (1 << 31) - 1),
            pending: None,
        }
    }

    /// The RSeq of a response that is sent now; none while another one waits.
    pub(crate) fn send(&mut self, now: Instant) -> Option<u32> {
        if self.pending.is_some() {
            return None;
        }
        let number = self.next;
        self.next += 1;
        self.pending = Some(Pending {
            number,
            interval: T1,
            again: now + T1,
            given_up: now + CONFIRM_WITHIN,
        });
        Some(number)
    }

    /// Whether a PRACK's RAck confirms the response under way; if so, it is repeated no more.
    pub(crate) fn confirmed(&mut self, rack: &str) -> bool {
        let mut words = rack.split_whitespace();
        let mut number = || words.next().and_then(|word| word.parse::<u32>().ok());
        let (rseq, seq) = (number(), number());
        let of_invite = words.next() == Some("INVITE");
        let matches = of_invite
            && seq == Some(self.invitation)
            && rseq.is_some()
            && rseq == self.pending.map(|pending| pending.number);
        if matches {
            self.pending = None;
        }
        matches
    }

    /// When [`Reliable::time_out`] is to be asked next.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.pending
            .map(|pending| pending.again.min(pending.given_up))
    }

    /// What is due at this moment.
    pub(crate) fn time_out(&mut self, now: Instant) -> Option<Due> {
        let pending = self.pending.as_mut()?;
        if pending.given_up <= now {
            self.pending = None;
            return Some(Due::GiveUp);
        }
        if now < pending.again {
            return None;
        }
        pending.interval *= 2;
        pending.again = now + pending.interval;
        Some(Due::Repeat)
    }
}

/// The PBX's reliable provisional responses in one early dialog.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Confirming {
    /// The RSeq that was confirmed last.
    last: Option<u32>,
}

impl Confirming {
    /// Whether a response with this RSeq is to be confirmed now. One that comes
    /// again is not: its PRACK is repeated by itself until it has an answer. One
    /// before its turn comes again.
    pub(crate) fn is_next(&mut self, rseq: u32) -> bool {
        let next = match self.last {
            None => true,
            Some(last) => last.checked_add(1) == Some(rseq),
        };
        if next {
            self.last = Some(rseq);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Confirming, Due, Reliable};

    #[test]
    fn what_comes_again_or_before_its_turn_is_not_confirmed() {
        let mut confirming = Confirming::default();
        let confirmed: Vec<_> = [7, 7, 9, 8, 7, 9, 9, 10]
            .into_iter()
            .filter(|rseq| confirming.is_next(*rseq))
            .collect();
        assert_eq!(confirmed, [7, 8, 9, 10]);
    }

    #[test]
    fn a_response_is_repeated_ever_more_slowly_until_it_is_given_up() {
        let begin = Instant::now();
        let mut reliable = Reliable::new(7, 100);
        assert_eq!(reliable.poll_timeout(), None);
        assert_eq!(reliable.send(begin), Some(100));
        let mut seen = Vec::new();
        while let Some(at) = reliable.poll_timeout() {
            let due = reliable.time_out(at).expect("something due");
            seen.push((at.duration_since(begin).as_millis(), due));
        }
        let repeats = [500, 1500, 3500, 7500, 15_500, 31_500].map(|at| (at, Due::Repeat));
        assert_eq!(seen, [&repeats[..], &[(32_000, Due::GiveUp)]].concat());
    }

    #[test]
    fn only_the_right_prack_confirms_it() {
        let now = Instant::now();
        let mut reliable = Reliable::new(7, 100);
        assert!(!reliable.confirmed("100 7 INVITE"));
        assert_eq!(reliable.send(now), Some(100));
        for wrong in [
            "",
            "x",
            "100",
            "100 7",
            "101 7 INVITE",
            "100 8 INVITE",
            "100 7 UPDATE",
        ] {
            assert!(!reliable.confirmed(wrong), "{wrong}");
        }
        assert!(reliable.confirmed("100  7\tINVITE"));
        assert!(!reliable.confirmed("100 7 INVITE"));
        assert_eq!(reliable.poll_timeout(), None);
    }

    #[test]
    fn the_next_one_waits_for_the_first() {
        let now = Instant::now();
        let mut reliable = Reliable::new(1, 0);
        assert_eq!(reliable.send(now), Some(1));
        assert_eq!(reliable.send(now), None);
        assert!(reliable.confirmed("1 1 INVITE"));
        assert_eq!(reliable.send(now), Some(2));
    }
}
