//! RTP packets (RFC 3550, section 5.1), and the count of what became of them.

/// Length of the fixed header, which is all that we send.
pub(crate) const HEADER: usize = 12;

/// A packet that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'a> {
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a datagram; none where it is no RTP packet with a payload.
    pub(crate) fn read(datagram: &'a [u8]) -> Option<Self> {
        let (header, mut rest) = datagram.split_at_checked(HEADER)?;
        if header[0] >> 6 != 2 {
            return None;
        }
        // RTCP that strays onto this port (RFC 5761, section 4).
        if (72..=76).contains(&(header[1] & 0x7f)) {
            return None;
        }
        rest = rest.get(usize::from(header[0] & 15) * 4..)?;
        if header[0] & 0x10 != 0 {
            let words = u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]);
            rest = rest.get(4 + usize::from(words) * 4..)?;
        }
        if header[0] & 0x20 != 0 {
            let padding = usize::from(*rest.last()?);
            if padding == 0 {
                return None;
            }
            rest = rest.get(..rest.len().checked_sub(padding)?)?;
        }
        if rest.is_empty() {
            return None;
        }
        Some(Self {
            payload_type: header[1] & 0x7f,
            sequence: u16::from_be_bytes([header[2], header[3]]),
            timestamp: word(header, 4),
            ssrc: word(header, 8),
            payload: rest,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Numbers the packets of a stream that is sent.
#[derive(Debug)]
pub(crate) struct Sender {
    ssrc: u32,
    sequence: u16,
    /// Media time of the frame that is due.
    pub timestamp: u32,
}

impl Sender {
    /// A stream with random beginnings, as section 5.1 asks for.
    pub(crate) fn new() -> Self {
        Self {
            ssrc: rand::random(),
            // Encrypted, the upper half could begin anew before anything arrived (RFC 3711, section 3.3.1).
            sequence: rand::random::<u16>() >> 1,
            timestamp: rand::random(),
        }
    }

    /// Writes a packet's header and takes its number.
    pub(crate) fn head(&mut self, to: &mut [u8; HEADER], kind: u8, marker: bool, timestamp: u32) {
        to[0] = 0x80;
        to[1] = kind | (u8::from(marker) << 7);
        to[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        to[4..8].copy_from_slice(&timestamp.to_be_bytes());
        to[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        self.sequence = self.sequence.wrapping_add(1);
    }
}

/// Packets between the newest one and the one that is given up for lost.
const WINDOW: u32 = 64;

/// A jump of the sequence by more is a new beginning (RFC 3550, appendix A.1: MAX_DROPOUT).
const MAX_JUMP: u16 = 3000;

/// Whether a packet is there for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// The first of its number.
    Fresh,
    /// A copy of one that was there, or too old to tell.
    Repeated,
}

/// Follows a received stream's sequence numbers.
#[derive(Debug)]
pub(crate) struct Sequence {
    source: Option<(u32, u16)>,
    /// A bit for each number up to the newest one, which is bit 0; before the beginning all are set.
    seen: u64,
}

impl Sequence {
    pub(crate) fn new() -> Self {
        Self {
            source: None,
            seen: u64::MAX,
        }
    }

    /// Takes a packet's number; adds to `lost` what can't come any more.
    pub(crate) fn take(&mut self, ssrc: u32, sequence: u16, lost: &mut u64) -> Arrival {
        let ahead = match self.source {
            Some((source, newest)) if source == ssrc => sequence.wrapping_sub(newest),
            _ => {
                *lost += self.settle();
                self.source = Some((ssrc, sequence));
                return Arrival::Fresh;
            }
        };
        let behind = ahead.wrapping_neg();
        if ahead == 0 {
            return Arrival::Repeated;
        }
        if ahead <= MAX_JUMP {
            *lost += self.shift(u32::from(ahead));
            self.seen |= 1;
            self.source = Some((ssrc, sequence));
            return Arrival::Fresh;
        }
        if u32::from(behind) < WINDOW {
            let bit = 1 << behind;
            let fresh = self.seen & bit == 0;
            self.seen |= bit;
            return if fresh {
                Arrival::Fresh
            } else {
                Arrival::Repeated
            };
        }
        if behind <= MAX_JUMP {
            return Arrival::Repeated;
        }
        *lost += self.settle();
        self.source = Some((ssrc, sequence));
        Arrival::Fresh
    }

    /// Gives up what is still missing, and says how many.
    pub(crate) fn settle(&mut self) -> u64 {
        let missing = u64::from(self.seen.count_zeros());
        self.seen = u64::MAX;
        missing
    }

    fn shift(&mut self, by: u32) -> u64 {
        if by >= WINDOW {
            let lost = u64::from(self.seen.count_zeros()) + u64::from(by - WINDOW);
            self.seen = 0;
            return lost;
        }
        let gone = self.seen >> (WINDOW - by);
        let lost = u64::from(by) - u64::from(gone.count_ones());
        self.seen <<= by;
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(first: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first, 8, 0, 7, 0, 0, 0, 160, 1, 2, 3, 4];
        bytes.extend_from_slice(rest);
        bytes
    }

    #[test]
    fn header_extension_and_padding_are_taken_off() {
        let plain = packet(0x80, &[9, 9]);
        let read = Packet::read(&plain).expect("plain");
        assert_eq!(
            (read.sequence, read.timestamp, read.ssrc),
            (7, 160, 0x0102_0304)
        );
        assert_eq!(read.payload, [9, 9]);
        let csrc = packet(0x81, &[0, 0, 0, 1, 5]);
        assert_eq!(Packet::read(&csrc).map(|p| p.payload), Some(&[5][..]));
        let extension = packet(0x90, &[0xbe, 0xde, 0, 1, 1, 2, 3, 4, 6]);
        assert_eq!(Packet::read(&extension).map(|p| p.payload), Some(&[6][..]));
        let padding = packet(0xa0, &[7, 0, 0, 3]);
        assert_eq!(Packet::read(&padding).map(|p| p.payload), Some(&[7][..]));
    }

    #[test]
    fn hostile_bytes_never_panic() {
        let mut seed = 1_u32;
        for _ in 0..200_000 {
            let mut bytes = [0_u8; 48];
            for byte in &mut bytes {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (seed >> 24) as u8;
            }
            // Half of them with the right version, so that the inner checks are met too.
            bytes[0] = (bytes[0] & 0x3f)
                | if seed & 0x100 == 0 {
                    0x80
                } else {
                    bytes[0] & 0xc0
                };
            let length = (seed >> 9) as usize % (bytes.len() + 1);
            if let Some(packet) = Packet::read(&bytes[..length]) {
                assert!(!packet.payload.is_empty());
            }
        }
        assert_eq!(
            Packet::read(&packet(0xa0, &[1, 2, 0])),
            None,
            "no padding is 0 long"
        );
        assert_eq!(
            Packet::read(&packet(0xa0, &[1, 9])),
            None,
            "padding beyond the start"
        );
        assert_eq!(
            Packet::read(&packet(0x90, &[0, 0, 255, 255])),
            None,
            "extension beyond the end"
        );
        assert_eq!(Packet::read(&packet(0x40, &[1])), None, "version 1");
    }

    #[test]
    fn what_is_written_is_read() {
        let mut sender = Sender::new();
        let mut bytes = [0; HEADER];
        sender.head(&mut bytes, 101, true, 0xdead_beef);
        let mut whole = bytes.to_vec();
        whole.push(1);
        let read = Packet::read(&whole).expect("ours");
        assert_eq!((read.payload_type, read.timestamp), (101, 0xdead_beef));
        assert_eq!(bytes[1], 101 | 0x80);
        let first = read.sequence;
        sender.head(&mut bytes, 0, false, 0);
        assert_eq!(
            u16::from_be_bytes([bytes[2], bytes[3]]),
            first.wrapping_add(1)
        );
    }

    #[test]
    fn lost_reordered_and_repeated_ones_are_told_apart() {
        let (mut sequence, mut lost) = (Sequence::new(), 0);
        let mut take = |n: u16| sequence.take(1, n, &mut lost);
        assert_eq!(take(65_534), Arrival::Fresh);
        assert_eq!(take(65_535), Arrival::Fresh);
        assert_eq!(take(65_535), Arrival::Repeated);
        assert_eq!(take(1), Arrival::Fresh, "over the wrap, 0 is missing");
        assert_eq!(take(0), Arrival::Fresh, "reordered");
        assert_eq!(take(0), Arrival::Repeated);
        assert_eq!(take(3), Arrival::Fresh, "2 is missing");
        for n in 4..66 {
            assert_eq!(take(n), Arrival::Fresh);
        }
        assert_eq!(take(66), Arrival::Fresh, "2 can't be told any more");
        assert_eq!(take(2), Arrival::Repeated);
        assert_eq!(lost, 1);
    }

    #[test]
    fn gaps_jumps_and_new_sources_are_counted_right() {
        let (mut sequence, mut lost) = (Sequence::new(), 0);
        sequence.take(1, 100, &mut lost);
        sequence.take(1, 300, &mut lost);
        assert_eq!(lost + sequence.settle(), 199);
        lost = 0;
        assert_eq!(
            sequence.take(2, 9, &mut lost),
            Arrival::Fresh,
            "another source"
        );
        assert_eq!(
            sequence.take(2, 20_000, &mut lost),
            Arrival::Fresh,
            "a new beginning"
        );
        assert_eq!(lost + sequence.settle(), 0);
    }
}
