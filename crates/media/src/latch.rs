//! Whom a call's sound is taken from: the address that the PBX described, or
//! behind NAT the one its first packets came from. Strangers change nothing.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use model::network::may_reach;

use crate::rtp::Packet;

/// Packets in a row, of one source and without a gap, until an address that was not described is believed.
const PROOF: u8 = 3;

/// How long nothing comes from where the PBX is known to be, until another
/// host is listened to: its media server may be anywhere, a stranger may be quicker.
const QUIET: Duration = Duration::from_secs(3);

/// The peer's address, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    /// Where the call is signalled from, where that is known.
    signalling: Option<IpAddr>,
    described: Option<SocketAddr>,
    learned: Option<SocketAddr>,
    /// Sound came from the described address: nothing is learned any more.
    settled: bool,
    /// When the first packet came since the description.
    since: Option<Instant>,
    /// One from a host where the PBX is known to be, and one from another:
    /// neither delays the other.
    near: Option<Candidate>,
    far: Option<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    from: SocketAddr,
    ssrc: u32,
    next: u16,
    packets: u8,
}

/// What a packet's origin is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The peer.
    Peer,
    /// Perhaps the peer behind NAT; not believed yet.
    Unproven,
    /// Somebody else.
    Stranger,
}

impl Latch {
    /// Of a call that is signalled from this address.
    pub(crate) fn signalled_from(address: Option<IpAddr>) -> Self {
        Self {
            signalling: address.map(|address| address.to_canonical()),
            ..Self::default()
        }
    }

    /// Takes the address of a session description; none where it names none (hold).
    pub(crate) fn describe(&mut self, address: Option<SocketAddr>) {
        if address.is_some() && address != self.described {
            *self = Self {
                signalling: self.signalling,
                described: address,
                ..Self::default()
            };
        }
    }

    /// Judges where a packet came from, and learns from it.
    pub(crate) fn judge(&mut self, now: Instant, from: SocketAddr, packet: &Packet<'_>) -> Origin {
        if self.described == Some(from) {
            self.settled = true;
            self.learned = None;
            return Origin::Peer;
        }
        if self.learned == Some(from) {
            return Origin::Peer;
        }
        if self.described.is_none() || self.settled {
            return Origin::Stranger;
        }
        let since = *self.since.get_or_insert(now);
        let near = self.is_near(from);
        let eligible = match self.learned {
            // Whoever was quicker than the PBX gives way to it.
            Some(learned) => near && !self.is_near(learned),
            None => near || self.is_hidden() || now.saturating_duration_since(since) >= QUIET,
        };
        if !eligible {
            return Origin::Stranger;
        }
        let candidate = if near { &mut self.near } else { &mut self.far };
        let packets = match candidate {
            Some(c) if c.from == from && c.ssrc == packet.ssrc && c.next == packet.sequence => {
                c.packets + 1
            }
            _ => 1,
        };
        if packets >= PROOF {
            self.learned = Some(from);
            *candidate = None;
            return Origin::Peer;
        }
        let next = packet.sequence.wrapping_add(1);
        *candidate = Some(Candidate {
            from,
            ssrc: packet.ssrc,
            next,
            packets,
        });
        Origin::Unproven
    }

    /// Where to send.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        let described = || self.described.filter(|_| self.settled || self.is_open());
        self.learned.or_else(described)
    }

    /// Whether the address is of a host where the PBX is known to be.
    fn is_near(&self, address: SocketAddr) -> bool {
        let ip = Some(address.ip());
        ip == self.signalling || ip == self.described.map(|described| described.ip())
    }

    /// Whether the described address is one of a network of its own, that
    /// nobody sends from: the PBX's sound then comes from elsewhere.
    fn is_hidden(&self) -> bool {
        self.described
            .is_some_and(|described| !is_public(described.ip()))
            && self.signalling.is_none_or(is_public)
    }

    /// Whether the described address may be sent to before anything came from
    /// there. A PBX of the internet must not turn sound upon this machine's
    /// neighbours; one that is itself among them may.
    fn is_open(&self) -> bool {
        let described = self.described.map(|described| described.ip());
        described.is_some_and(is_public) || !self.signalling.is_some_and(is_public)
    }
}

fn is_public(address: IpAddr) -> bool {
    may_reach(address, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u16) -> Packet<'static> {
        Packet {
            payload_type: 8,
            sequence,
            timestamp: 0,
            ssrc: 1,
            payload: &[0],
        }
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    fn at(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    /// What comes of so many packets in a row from there.
    fn sent(latch: &mut Latch, now: Instant, from: &str, packets: u16) -> Origin {
        let judged = (0..packets).map(|n| latch.judge(now, at(from), &packet(n)));
        judged.last().expect("a packet")
    }

    /// A call from a PBX of the internet that describes its sound there.
    fn signalled(described: &str) -> Latch {
        let mut latch = Latch::signalled_from("81.88.86.11".parse().ok());
        latch.describe(Some(at(described)));
        latch
    }

    const PBX: &str = "81.88.86.11:4000";
    const STRANGER: &str = "8.8.8.8:4000";

    fn described() -> Latch {
        let mut latch = Latch::default();
        latch.describe(Some(address(1)));
        latch
    }

    #[test]
    fn before_any_description_everybody_is_a_stranger() {
        assert_eq!(
            Latch::default().judge(Instant::now(), address(1), &packet(1)),
            Origin::Stranger
        );
    }

    #[test]
    fn the_described_address_is_the_peer_and_then_nobody_else() {
        let (mut latch, now) = (described(), Instant::now());
        assert_eq!(latch.judge(now, address(1), &packet(1)), Origin::Peer);
        for n in 0..100 {
            assert_eq!(latch.judge(now, address(2), &packet(n)), Origin::Stranger);
        }
        assert_eq!(latch.peer(), Some(address(1)));
    }

    #[test]
    fn behind_nat_the_first_steady_source_is_learned_and_then_nobody_else() {
        let (mut latch, now) = (described(), Instant::now());
        assert_eq!(
            latch.judge(now, address(2), &packet(65_535)),
            Origin::Unproven
        );
        assert_eq!(
            latch.peer(),
            Some(address(1)),
            "sent where it was described, to open the NAT"
        );
        assert_eq!(
            latch.judge(now, address(3), &packet(7)),
            Origin::Unproven,
            "another one between"
        );
        for n in [65_535, 0] {
            assert_eq!(latch.judge(now, address(2), &packet(n)), Origin::Unproven);
        }
        assert_eq!(latch.judge(now, address(2), &packet(1)), Origin::Peer);
        assert_eq!(latch.peer(), Some(address(2)));
        for n in 0..100 {
            assert_eq!(latch.judge(now, address(3), &packet(n)), Origin::Stranger);
        }
        assert_eq!(
            latch.judge(now, address(1), &packet(9)),
            Origin::Peer,
            "the described one has the last word"
        );
        assert_eq!(latch.peer(), Some(address(1)));
        assert_eq!(latch.judge(now, address(2), &packet(2)), Origin::Stranger);
    }

    #[test]
    fn a_new_description_starts_anew_and_hold_does_not() {
        let (mut latch, now) = (described(), Instant::now());
        latch.judge(now, address(1), &packet(1));
        latch.describe(None);
        assert_eq!(latch.peer(), Some(address(1)));
        latch.describe(Some(address(1)));
        assert_eq!(latch.judge(now, address(2), &packet(1)), Origin::Stranger);
        latch.describe(Some(address(5)));
        assert_eq!(latch.judge(now, address(1), &packet(2)), Origin::Unproven);
        assert_eq!(latch.judge(now, address(5), &packet(1)), Origin::Peer);
    }

    #[test]
    fn a_stranger_who_comes_first_is_not_heard_and_the_pbx_is_then() {
        let (mut latch, now) = (signalled("77.88.8.8:4000"), Instant::now());
        assert_eq!(sent(&mut latch, now, STRANGER, 50), Origin::Stranger);
        assert_eq!(latch.peer(), Some(at("77.88.8.8:4000")));
        // From where the call is signalled, whatever the port.
        assert_eq!(sent(&mut latch, now, PBX, 3), Origin::Peer);
        assert_eq!(latch.peer(), Some(at(PBX)));
        let later = now + QUIET * 10;
        assert_eq!(sent(&mut latch, later, STRANGER, 50), Origin::Stranger);
    }

    #[test]
    fn sound_from_elsewhere_is_heard_where_the_pbx_has_been_silent() {
        let (mut latch, now) = (signalled(PBX), Instant::now());
        assert_eq!(sent(&mut latch, now, STRANGER, 50), Origin::Stranger);
        let later = now + QUIET;
        assert_eq!(sent(&mut latch, later, STRANGER, 3), Origin::Peer);
        assert_eq!(latch.peer(), Some(at(STRANGER)));
        // The described host has a later word, and the described address the last.
        assert_eq!(sent(&mut latch, later, "81.88.86.11:9", 3), Origin::Peer);
        assert_eq!(sent(&mut latch, later, STRANGER, 50), Origin::Stranger);
        assert_eq!(sent(&mut latch, later, PBX, 1), Origin::Peer);
        assert_eq!(
            sent(&mut latch, later, "81.88.86.11:9", 50),
            Origin::Stranger
        );
    }

    #[test]
    fn a_media_server_behind_nat_is_heard_at_once_and_gives_way_to_the_pbx() {
        let (mut latch, now) = (signalled("192.168.0.10:4000"), Instant::now());
        assert_eq!(sent(&mut latch, now, STRANGER, 3), Origin::Peer);
        // One that goes on between the PBX's packets does not hold them up.
        for n in 0..2 {
            assert_eq!(latch.judge(now, at(PBX), &packet(n)), Origin::Unproven);
            assert_eq!(sent(&mut latch, now, "9.9.9.9:1", 1), Origin::Stranger);
        }
        assert_eq!(latch.judge(now, at(PBX), &packet(2)), Origin::Peer);
        assert_eq!(latch.peer(), Some(at(PBX)));
    }

    #[test]
    fn nothing_is_sent_to_a_neighbour_that_a_pbx_of_the_internet_described() {
        for ip in ["127.0.0.1:53", "10.0.0.1:53", "169.254.169.254:80"] {
            let (mut latch, now) = (signalled(ip), Instant::now());
            assert_eq!(latch.peer(), None, "{ip}");
            // Sound proves that it is meant.
            assert_eq!(sent(&mut latch, now, ip, 1), Origin::Peer);
            assert_eq!(latch.peer(), Some(at(ip)));
        }
        // A PBX among the neighbours is one that the configuration allowed.
        let mut latch = Latch::signalled_from("10.0.0.9".parse().ok());
        latch.describe(Some(at("10.0.0.1:4000")));
        assert_eq!(latch.peer(), Some(at("10.0.0.1:4000")));
        assert_eq!(
            sent(&mut latch, Instant::now(), STRANGER, 50),
            Origin::Stranger
        );
    }
}
