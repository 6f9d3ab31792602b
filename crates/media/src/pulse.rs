//! Whether anything comes from a browser: a network that is cut says nothing of it.

/// Ticks without a datagram until a browser that sends sound counts as cut off: 2 s. It
/// sends 50 packets a second, muted or in the background too, so no gap of an ordinary network is as long.
const STALLED_TICKS: u64 = 100;

/// Ticks without a datagram until any browser counts as gone: 6 s, twice the interval of its STUN checks.
const GONE_TICKS: u64 = 300;

/// When a browser was heard of.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    heard_at: u64,
    /// Sound has come since it stalled last. One without a microphone sends its
    /// STUN checks alone, whose intervals are as long as a stall.
    sounds: bool,
    stalled: bool,
}

/// What is amiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// Nothing comes any more. Told once, until something has come.
    Stalled,
    /// Nothing has come for so long that nothing may be expected.
    Gone,
}

impl Pulse {
    /// A datagram came; true where the browser had stalled.
    pub(crate) fn heard(&mut self, tick: u64) -> bool {
        self.heard_at = self.heard_at.max(tick);
        std::mem::take(&mut self.stalled)
    }

    /// Sound was in it.
    pub(crate) fn sounded(&mut self) {
        self.sounds = true;
    }

    /// Looks at a tick whether something is amiss.
    pub(crate) fn lack(&mut self, tick: u64) -> Option<Lack> {
        let quiet = tick.saturating_sub(self.heard_at);
        if quiet > GONE_TICKS {
            return Some(Lack::Gone);
        }
        if quiet > STALLED_TICKS && std::mem::take(&mut self.sounds) {
            self.stalled = true;
            return Some(Lack::Stalled);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is amiss at which tick, of a browser that is heard at these; all of it is sound, or none.
    fn lacks(heard: impl Fn(u64) -> bool, sound: bool, ticks: u64) -> Vec<(u64, Lack)> {
        let mut pulse = Pulse::default();
        let mut found = Vec::new();
        for tick in 0..ticks {
            if heard(tick) {
                pulse.heard(tick);
                if sound {
                    pulse.sounded();
                }
            }
            let lack = pulse.lack(tick);
            found.extend(lack.map(|lack| (tick, lack)));
            if lack == Some(Lack::Gone) {
                break;
            }
        }
        found
    }

    #[test]
    fn a_cut_network_is_noticed_after_two_seconds_and_the_browser_is_gone_after_six() {
        let found = lacks(|tick| tick <= 50, true, 1000);
        assert_eq!(found, [(151, Lack::Stalled), (351, Lack::Gone)]);
    }

    #[test]
    fn gaps_of_an_ordinary_network_are_no_cut() {
        let found = lacks(|tick| tick % 200 > 98, true, 10_000);
        assert_eq!(found, []);
    }

    #[test]
    fn a_browser_without_a_microphone_is_never_cut_off_between_its_stun_checks() {
        let found = lacks(|tick| tick.is_multiple_of(290), false, 10_000);
        assert_eq!(found, []);
    }

    #[test]
    fn a_microphone_that_is_pulled_out_is_taken_for_a_cut_once_at_most() {
        let mut pulse = Pulse::default();
        pulse.heard(0);
        pulse.sounded();
        assert_eq!(pulse.lack(101), Some(Lack::Stalled));
        assert_eq!(pulse.lack(102), None);
        assert!(pulse.heard(125), "a STUN check");
        assert_eq!(pulse.lack(249), None);
        assert!(!pulse.heard(250));
        pulse.sounded();
        assert_eq!(pulse.lack(351), Some(Lack::Stalled), "plugged in again");
    }
}
