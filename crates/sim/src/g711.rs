//! G.711 by the arithmetic of its definition (ITU-T G.711, tables 1 and 2).
//! The product has tables of its own; a mistake in either is heard as noise.

use model::audio::Law;

/// What a law makes of a sample.
pub fn encode(law: Law, sample: i16) -> u8 {
    match law {
        Law::A => encode_a(sample),
        Law::Mu => encode_mu(sample),
    }
}

/// The sample that a byte stands for.
pub fn decode(law: Law, byte: u8) -> i16 {
    match law {
        Law::A => decode_a(byte),
        Law::Mu => decode_mu(byte),
    }
}

fn encode_a(sample: i16) -> u8 {
    let (sign, magnitude) = match sample >> 3 {
        s if s >= 0 => (0xD5, s as u16),
        s => (0x55, !s as u16),
    };
    // 12 bits: a segment doubles every step from the second on.
    let segment = (16 - (magnitude >> 5).leading_zeros()) as u16;
    let shift = segment.max(1);
    ((segment << 4) as u8 | (magnitude >> shift) as u8 & 0x0F) ^ sign
}

fn decode_a(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let segment = (byte & 0x70) >> 4;
    let step = i16::from(byte & 0x0F) << 4;
    let magnitude = match segment {
        0 => step + 8,
        _ => (step + 0x108) << (segment - 1),
    };
    if byte & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}

/// Added before the segment is looked for, so that all segments start at a power of two.
const BIAS: i16 = 33;

fn encode_mu(sample: i16) -> u8 {
    let (sign, magnitude) = match sample >> 2 {
        s if s >= 0 => (0xFF, s),
        s => (0x7F, -s),
    };
    let magnitude = magnitude.min(8158) + BIAS;
    let segment = 10 - magnitude.leading_zeros() as u16;
    ((segment << 4) as u8 | (magnitude >> (segment + 1)) as u8 & 0x0F) ^ sign
}

fn decode_mu(byte: u8) -> i16 {
    let byte = !byte;
    let step = (i16::from(byte & 0x0F) << 3) + 0x84;
    let magnitude = (step << ((byte & 0x70) >> 4)) - 0x84;
    if byte & 0x80 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        for law in [Law::A, Law::Mu] {
            for byte in 0..=255u8 {
                let sample = decode(law, byte);
                // µ-law has two zeros.
                if !(law == Law::Mu && sample == 0) {
                    assert_eq!(encode(law, sample), byte, "{law:?} {byte} {sample}");
                }
            }
        }
    }

    #[test]
    fn known_values() {
        assert_eq!(encode(Law::A, 0), 0xD5);
        assert_eq!(encode(Law::Mu, 0), 0xFF);
        assert_eq!(decode(Law::A, 0xAA), 32256);
        assert_eq!(decode(Law::Mu, 0x80), 32124);
        assert_eq!(encode(Law::A, i16::MIN), 0x2A);
        assert_eq!(encode(Law::Mu, i16::MIN), 0x00);
    }

    #[test]
    fn the_error_is_a_small_part_of_the_sample() {
        for law in [Law::A, Law::Mu] {
            for sample in (i16::MIN..=i16::MAX).step_by(7) {
                let off = i32::from(decode(law, encode(law, sample))) - i32::from(sample);
                let allowed = i32::from(sample).abs() / 16 + 16;
                assert!(off.abs() <= allowed.max(640), "{law:?} {sample} {off}");
            }
        }
    }
}
