//! How the sound between a call and its PBX fares: what came and went, how evenly, and from where.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::audio::Codec;

use crate::rtp::Packet;

/// What has become of a call's sound since it was connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundStats {
    /// What the PBX is sent; none before it was connected.
    pub codec: Option<Codec>,
    /// Both directions are encrypted.
    pub encrypted: bool,
    /// Where the PBX's sound came from last; none where none came.
    pub from: Option<SocketAddr>,
    /// Where the PBX is sent to; none before that is known.
    pub to: Option<SocketAddr>,
    /// Packets with sound or keys that came from the PBX, each counted once.
    pub received: u64,
    /// Packets that were sent to it.
    pub sent: u64,
    /// Packets of its numbering that never came.
    pub lost: u64,
    /// Packets that came after their moment, and so were not heard.
    pub late: u64,
    /// Packets that were not taken: from elsewhere, or without the agreed keys.
    pub strangers: u64,
    /// Interarrival jitter (RFC 3550, section 6.4.1). Sockets are read every
    /// 10 ms, so that much of it may be our own.
    pub jitter: Duration,
    /// How long after the connection the first packet came; none where none came.
    pub first_after: Option<Duration>,
}

/// Keeps a call's figures.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    /// What was counted so far.
    pub told: SoundStats,
    connected: Option<Instant>,
    /// The source of the latest packet, and its relative transit time (RFC 3550, appendix A.8).
    transit: Option<(u32, u32)>,
    /// Sixteen times the jitter, in the timestamps' unit.
    jitter: u32,
}

impl Gauge {
    /// Sound may be expected from now on.
    pub(crate) fn connect(&mut self, now: Instant) {
        self.connected.get_or_insert(now);
    }

    /// A packet came from the PBX.
    pub(crate) fn came(&mut self, now: Instant, from: SocketAddr) {
        let waited = self.connected.map(|at| now.saturating_duration_since(at));
        self.told.from = Some(from);
        self.told.received += 1;
        self.told.first_after = self.told.first_after.or(waited);
    }

    /// It holds sound, stamped by a clock of so many Hz.
    pub(crate) fn stamped(&mut self, now: Instant, packet: &Packet<'_>, clock_hz: u32) {
        let Some(connected) = self.connected else {
            return;
        };
        let since = now.saturating_duration_since(connected).as_micros();
        // Both count around; only differences matter.
        let arrival = (since * u128::from(clock_hz) / 1_000_000) as u32;
        let transit = arrival.wrapping_sub(packet.timestamp);
        let before = self.transit.replace((packet.ssrc, transit));
        match before {
            Some((ssrc, before)) if ssrc == packet.ssrc => {
                let change = (transit.wrapping_sub(before) as i32).unsigned_abs();
                // A sender that skips its stamps over a pause tells nothing of the network.
                if change < clock_hz {
                    self.jitter = self.jitter + change - ((self.jitter + 8) >> 4);
                }
            }
            _ => self.jitter = 0,
        }
        let micros = u64::from(self.jitter / 16) * 1_000_000 / u64::from(clock_hz);
        self.told.jitter = Duration::from_micros(micros);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(timestamp: u32) -> Packet<'static> {
        Packet {
            payload_type: 8,
            sequence: 0,
            timestamp,
            ssrc: 1,
            payload: &[0],
        }
    }

    /// Packets of 20 ms whose arrival is late by what `delay_ms` says.
    fn jitter(delay_ms: impl Fn(u32) -> u64) -> Duration {
        let start = Instant::now();
        let mut gauge = Gauge::default();
        gauge.connect(start);
        for n in 0..500_u32 {
            let at = start + Duration::from_millis(u64::from(n) * 20 + delay_ms(n));
            // The stamps begin just before they count around.
            gauge.stamped(at, &packet((n * 160).wrapping_sub(800)), 8000);
        }
        gauge.told.jitter
    }

    #[test]
    fn jitter_is_that_of_the_standard() {
        assert_eq!(jitter(|_| 5), Duration::ZERO);
        // Each packet is 10 ms nearer to or farther from the one before: the estimate approaches 10 ms.
        let ms = jitter(|n| if n % 2 == 0 { 0 } else { 10 }).as_micros();
        assert!((9_800..=10_100).contains(&ms), "{ms} µs");
        // A single jump fades.
        let ms = jitter(|n| if n < 250 { 0 } else { 100 }).as_micros();
        assert!(ms < 200, "{ms} µs");
    }

    #[test]
    fn the_first_packet_is_timed_once() {
        let start = Instant::now();
        let mut gauge = Gauge::default();
        gauge.connect(start);
        let from = SocketAddr::from(([127, 0, 0, 1], 9));
        for ms in [120, 140] {
            let now = start + Duration::from_millis(ms);
            gauge.connect(now);
            gauge.came(now, from);
        }
        assert_eq!(gauge.told.first_after, Some(Duration::from_millis(120)));
        assert_eq!((gauge.told.received, gauge.told.from), (2, Some(from)));
    }
}
