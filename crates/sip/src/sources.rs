//! How much each source may send, and how often a stranger is answered.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Instant;

/// Datagrams that a source may send at once.
const BURST: u32 = 400;
/// Datagrams that it may send each second in the long run.
const A_SECOND: u32 = 100;
/// A PBX of ours may have many lines and calls.
const PBX_TIMES: u32 = 50;
/// Answers that a stranger gets at once: enough for a person who tries out why
/// a call does not arrive, nothing for one who tries out names.
const ANSWERS: u32 = 10;
/// Answers that it gets each second in the long run.
const ANSWERS_A_SECOND: u32 = 1;
/// A PBX asks for every extension that it was told of.
const PBX_ANSWERS_TIMES: u32 = 50;
/// Sources that are remembered: 50 000 of them take some 5 MB.
const SOURCES_MAX: usize = 50_000;

/// A budget that fills up again.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn take(&mut self, now: Instant, burst: f64, rate: f64) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + passed * rate).min(burst);
        self.at = now;
        let taken = self.left >= 1.0;
        if taken {
            self.left -= 1.0;
        }
        taken
    }

    fn idle(&self, now: Instant, burst: u32, rate: u32) -> bool {
        let full = f64::from(burst) / f64::from(rate);
        now.saturating_duration_since(self.at).as_secs_f64() >= full
    }
}

/// What each source sent lately.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    datagrams: HashMap<IpAddr, Bucket>,
    answers: HashMap<IpAddr, Bucket>,
}

impl Sources {
    /// Whether the source may send another message; `pbx` where a line is
    /// registered there.
    pub(crate) fn admit(&mut self, now: Instant, source: IpAddr, pbx: bool) -> bool {
        let times = if pbx { f64::from(PBX_TIMES) } else { 1.0 };
        let (burst, rate) = (f64::from(BURST) * times, f64::from(A_SECOND) * times);
        let source = network(source);
        make_room(&mut self.datagrams, source, |bucket| {
            bucket.idle(now, BURST, A_SECOND)
        });
        let full = Bucket {
            left: burst,
            at: now,
        };
        self.datagrams
            .entry(source)
            .or_insert(full)
            .take(now, burst, rate)
    }

    /// Whether a source is answered once more that asks for nobody here;
    /// `pbx` where a line is registered there.
    pub(crate) fn answer(&mut self, now: Instant, source: IpAddr, pbx: bool) -> bool {
        let times = if pbx {
            f64::from(PBX_ANSWERS_TIMES)
        } else {
            1.0
        };
        let (burst, rate) = (
            f64::from(ANSWERS) * times,
            f64::from(ANSWERS_A_SECOND) * times,
        );
        let source = network(source);
        make_room(&mut self.answers, source, |bucket| {
            bucket.idle(now, ANSWERS, ANSWERS_A_SECOND)
        });
        let full = Bucket {
            left: burst,
            at: now,
        };
        self.answers
            .entry(source)
            .or_insert(full)
            .take(now, burst, rate)
    }
}

/// Whoever has one IPv6 address has 2⁶⁴ of them: its network is the source.
pub(crate) fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn make_room(
    buckets: &mut HashMap<IpAddr, Bucket>,
    source: IpAddr,
    idle: impl Fn(&Bucket) -> bool,
) {
    if buckets.len() < SOURCES_MAX || buckets.contains_key(&source) {
        return;
    }
    buckets.retain(|_, bucket| !idle(bucket));
    // Where hardly any was idle, all begin anew: otherwise each new source
    // would have the whole table looked through.
    if buckets.len() > SOURCES_MAX / 2 {
        buckets.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use super::{SOURCES_MAX, Sources};

    fn source(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn a_flood_from_one_source_is_stopped_and_another_is_not() {
        let (mut sources, mut now) = (Sources::default(), Instant::now());
        let mut admitted = |now, n, pbx| {
            (0..1000)
                .filter(|_| sources.admit(now, source(n), pbx))
                .count()
        };
        assert_eq!(admitted(now, 1, false), 400);
        assert_eq!(admitted(now, 2, false), 400);
        now += Duration::from_secs(1);
        assert_eq!(admitted(now, 1, false), 100);
        assert_eq!(admitted(now, 3, true), 1000, "a PBX may send more");
    }

    #[test]
    fn a_stranger_is_answered_ten_times_and_then_once_a_second() {
        let (mut sources, mut now) = (Sources::default(), Instant::now());
        let mut answers = |now, n, pbx| {
            (0..1000)
                .filter(|_| sources.answer(now, source(n), pbx))
                .count()
        };
        assert_eq!(answers(now, 1, false), 10);
        assert_eq!(answers(now, 2, false), 10);
        assert_eq!(answers(now, 3, true), 500, "a PBX asks for more");
        now += Duration::from_secs(1);
        assert_eq!(answers(now, 1, false), 1);
        assert_eq!(answers(now, 3, true), 50);
    }

    #[test]
    fn a_whole_ipv6_network_is_one_source() {
        let (mut sources, now) = (Sources::default(), Instant::now());
        let address = |n: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, n, n, n, n]);
        let admitted = (0..1000).filter(|n| sources.admit(now, address(*n), false));
        assert_eq!(admitted.count(), 400);
        let mapped: IpAddr = "::ffff:192.0.2.7".parse().expect("an address");
        let admitted = (0..1000).filter(|_| sources.admit(now, mapped, false));
        assert_eq!(admitted.count(), 400);
        assert!(!sources.admit(now, source(7), false), "one and the same");
    }

    #[test]
    fn the_sources_remembered_are_bounded() {
        let (mut sources, now) = (Sources::default(), Instant::now());
        for n in 0..120_000_u32 {
            assert!(sources.admit(now, IpAddr::V4(n.into()), false));
            assert!(sources.answer(now, IpAddr::V4(n.into()), false));
        }
        assert!(sources.datagrams.len() <= SOURCES_MAX);
        assert!(sources.answers.len() <= SOURCES_MAX);
    }
}
