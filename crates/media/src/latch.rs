//! Whom a call's sound is taken from: the address that the PBX described, or
//! behind NAT the one its first packets came from. Strangers change nothing.

use std::net::SocketAddr;

use crate::rtp::Packet;

/// Packets in a row, of one source and without a gap, until an address that was not described is believed.
const PROOF: u8 = 3;

/// The peer's address, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    described: Option<SocketAddr>,
    learned: Option<SocketAddr>,
    /// Sound came from the described address: nothing is learned any more.
    settled: bool,
    candidate: Option<Candidate>,
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
    /// Takes the address of a session description; none where it names none (hold).
    pub(crate) fn describe(&mut self, address: Option<SocketAddr>) {
        if address.is_some() && address != self.described {
            *self = Self {
                described: address,
                ..Self::default()
            };
        }
    }

    /// Judges where a packet came from, and learns from it.
    pub(crate) fn judge(&mut self, from: SocketAddr, packet: &Packet<'_>) -> Origin {
        if self.described == Some(from) {
            self.settled = true;
            self.learned = None;
            return Origin::Peer;
        }
        if self.learned == Some(from) {
            return Origin::Peer;
        }
        if self.described.is_none() || self.settled || self.learned.is_some() {
            return Origin::Stranger;
        }
        let packets = match &self.candidate {
            Some(c) if c.from == from && c.ssrc == packet.ssrc && c.next == packet.sequence => {
                c.packets + 1
            }
            _ => 1,
        };
        if packets >= PROOF {
            self.learned = Some(from);
            self.candidate = None;
            return Origin::Peer;
        }
        let next = packet.sequence.wrapping_add(1);
        self.candidate = Some(Candidate {
            from,
            ssrc: packet.ssrc,
            next,
            packets,
        });
        Origin::Unproven
    }

    /// Where to send.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.learned.or(self.described)
    }
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

    fn described() -> Latch {
        let mut latch = Latch::default();
        latch.describe(Some(address(1)));
        latch
    }

    #[test]
    fn before_any_description_everybody_is_a_stranger() {
        assert_eq!(
            Latch::default().judge(address(1), &packet(1)),
            Origin::Stranger
        );
    }

    #[test]
    fn the_described_address_is_the_peer_and_then_nobody_else() {
        let mut latch = described();
        assert_eq!(latch.judge(address(1), &packet(1)), Origin::Peer);
        for n in 0..100 {
            assert_eq!(latch.judge(address(2), &packet(n)), Origin::Stranger);
        }
        assert_eq!(latch.peer(), Some(address(1)));
    }

    #[test]
    fn behind_nat_the_first_steady_source_is_learned_and_then_nobody_else() {
        let mut latch = described();
        assert_eq!(latch.judge(address(2), &packet(65_535)), Origin::Unproven);
        assert_eq!(
            latch.peer(),
            Some(address(1)),
            "sent where it was described, to open the NAT"
        );
        assert_eq!(
            latch.judge(address(3), &packet(7)),
            Origin::Unproven,
            "another one between"
        );
        for n in [65_535, 0] {
            assert_eq!(latch.judge(address(2), &packet(n)), Origin::Unproven);
        }
        assert_eq!(latch.judge(address(2), &packet(1)), Origin::Peer);
        assert_eq!(latch.peer(), Some(address(2)));
        for n in 0..100 {
            assert_eq!(latch.judge(address(3), &packet(n)), Origin::Stranger);
        }
        assert_eq!(
            latch.judge(address(1), &packet(9)),
            Origin::Peer,
            "the described one has the last word"
        );
        assert_eq!(latch.peer(), Some(address(1)));
        assert_eq!(latch.judge(address(2), &packet(2)), Origin::Stranger);
    }

    #[test]
    fn a_new_description_starts_anew_and_hold_does_not() {
        let mut latch = described();
        latch.judge(address(1), &packet(1));
        latch.describe(None);
        assert_eq!(latch.peer(), Some(address(1)));
        latch.describe(Some(address(1)));
        assert_eq!(latch.judge(address(2), &packet(1)), Origin::Stranger);
        latch.describe(Some(address(5)));
        assert_eq!(latch.judge(address(1), &packet(2)), Origin::Unproven);
        assert_eq!(latch.judge(address(5), &packet(1)), Origin::Peer);
    }
}
