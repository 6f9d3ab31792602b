//! RTP packets, and the count of those that came (RFC 3550, sections 5.1 and A.1).

/// Header without sources and extensions.
pub const HEADER: usize = 12;

/// What the simulated side needs of a packet's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// First packet after a silence, or of a digit.
    pub marker: bool,
    /// Payload type.
    pub payload_type: u8,
    /// Sequence number.
    pub sequence: u16,
    /// Time stamp, in samples.
    pub timestamp: u32,
    /// Source.
    pub ssrc: u32,
}

impl Header {
    /// Writes the header before the payload that `packet` gets afterwards.
    pub fn write(&self, packet: &mut Vec<u8>) {
        packet.clear();
        packet.push(0x80);
        packet.push(u8::from(self.marker) << 7 | self.payload_type);
        packet.extend_from_slice(&self.sequence.to_be_bytes());
        packet.extend_from_slice(&self.timestamp.to_be_bytes());
        packet.extend_from_slice(&self.ssrc.to_be_bytes());
    }

    /// Header and payload of a datagram. None where it is no RTP packet.
    pub fn read(packet: &[u8]) -> Option<(Self, &[u8])> {
        let fixed: &[u8; HEADER] = packet.first_chunk()?;
        if fixed[0] >> 6 != 2 {
            return None;
        }
        let mut start = HEADER + 4 * usize::from(fixed[0] & 0x0F);
        if fixed[0] & 0x10 != 0 {
            let words = packet.get(start + 2..start + 4)?;
            start += 4 + 4 * usize::from(u16::from_be_bytes([words[0], words[1]]));
        }
        let mut end = packet.len();
        if fixed[0] & 0x20 != 0 {
            end = end.checked_sub(usize::from(*packet.last()?))?;
        }
        let header = Self {
            marker: fixed[1] & 0x80 != 0,
            payload_type: fixed[1] & 0x7F,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        };
        Some((header, packet.get(start..end)?))
    }
}

/// Packets of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packets {
    /// Sent by this side.
    pub sent: u64,
    /// Came, without repeats.
    pub received: u64,
    /// Gaps in the numbering that nothing came to fill.
    pub lost: u64,
    /// Came after one that was sent later.
    pub late: u64,
    /// Came twice.
    pub repeated: u64,
}

/// How far back a packet may come and still fill its gap.
const WINDOW: u64 = 64;

/// Counts what comes by its sequence numbers.
#[derive(Debug, Default)]
pub struct Reception {
    highest: Option<u64>,
    /// Bit n: the packet n before the highest has come.
    seen: u64,
}

impl Reception {
    /// Notes a packet. False where it came twice, and its sound is to be thrown away.
    pub fn note(&mut self, sequence: u16, counts: &mut Packets) -> bool {
        let Some(highest) = self.highest else {
            self.start(sequence);
            counts.received += 1;
            return true;
        };
        let step = sequence.wrapping_sub(highest as u16) as i16;
        match step {
            1.. => {
                let step = step as u64;
                counts.lost += step - 1;
                self.seen = self.seen.checked_shl(step as u32).unwrap_or(0) | 1;
                self.highest = Some(highest + step);
            }
            _ => {
                let back = u64::from(step.unsigned_abs());
                let bit = 1u64.checked_shl(back as u32).unwrap_or(0);
                if back >= WINDOW || self.seen & bit != 0 {
                    counts.repeated += 1;
                    return false;
                }
                self.seen |= bit;
                counts.late += 1;
                counts.lost = counts.lost.saturating_sub(1);
            }
        }
        counts.received += 1;
        true
    }

    /// A new source begins: its numbering has nothing to do with the old one's.
    pub fn restart(&mut self) {
        self.highest = None;
    }

    fn start(&mut self, sequence: u16) {
        self.highest = Some(u64::from(sequence) + 0x1_0000);
        // What lies before the first packet was never awaited.
        self.seen = u64::MAX;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_read_as_written() {
        let header = Header {
            marker: true,
            payload_type: 8,
            sequence: 65_535,
            timestamp: 4_000_000_000,
            ssrc: 7,
        };
        let mut packet = Vec::new();
        header.write(&mut packet);
        packet.extend_from_slice(b"sound");
        assert_eq!(Header::read(&packet), Some((header, &b"sound"[..])));
    }

    #[test]
    fn sources_extension_and_padding_are_left_out() {
        let mut packet = vec![0x80 | 0x20 | 0x10 | 1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        packet.extend_from_slice(&[0, 0, 0, 9]);
        packet.extend_from_slice(&[0xBE, 0xDE, 0, 1, 1, 2, 3, 4]);
        packet.extend_from_slice(&[42, 43, 0, 0, 3]);
        let (_, payload) = Header::read(&packet).expect("a packet");
        assert_eq!(payload, [42, 43]);
    }

    #[test]
    fn what_is_no_packet_is_none() {
        assert_eq!(Header::read(b""), None);
        assert_eq!(Header::read(&[0; 12]), None);
        assert_eq!(Header::read(&[0x8F; 13]), None);
        assert_eq!(
            Header::read(&[0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200]),
            None
        );
    }

    #[test]
    fn losses_repeats_and_late_ones_are_told_apart() {
        let (mut reception, mut counts) = (Reception::default(), Packets::default());
        for sequence in [65_533u16, 65_534, 0, 1, 65_535, 1, 4] {
            reception.note(sequence, &mut counts);
        }
        let expected = Packets {
            sent: 0,
            received: 6,
            lost: 2,
            late: 1,
            repeated: 1,
        };
        assert_eq!(counts, expected);
    }
}
