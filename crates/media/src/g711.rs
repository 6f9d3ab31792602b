//! G.711 (ITU-T, 1988): both laws, to and from 16-bit linear, and from one to the other. Tables, built at compile time.

use model::audio::Law;

/// Samples in a frame of 20 ms at 8 kHz; so many bytes of G.711.
pub(crate) const FRAME: usize = 160;

/// A frame of linear sound.
pub(crate) type Pcm = [i16; FRAME];

/// A frame of companded sound; the law is known from elsewhere.
pub(crate) type Bytes = [u8; FRAME];

const fn encode_a(sample: i16) -> u8 {
    let mut level = if sample < 0 { !sample } else { sample } >> 4;
    if level > 15 {
        let mut exponent = 1;
        while level > 31 {
            level >>= 1;
            exponent += 1;
        }
        level = level - 16 + (exponent << 4);
    }
    let sign = if sample >= 0 { 0x80 } else { 0 };
    (level as u8 | sign) ^ 0x55
}

const fn decode_a(byte: u8) -> i16 {
    let code = (byte ^ 0x55) & 0x7f;
    let exponent = code >> 4;
    let mut level = (code & 15) as i16;
    if exponent > 0 {
        level += 16;
    }
    level = (level << 4) + 8;
    if exponent > 1 {
        level <<= exponent - 1;
    }
    if byte > 0x7f { level } else { -level }
}

const fn encode_mu(sample: i16) -> u8 {
    let mut level = (if sample < 0 { !sample } else { sample } >> 2) + 33;
    if level > 0x1fff {
        level = 0x1fff;
    }
    let mut segment = 1;
    let mut rest = level >> 6;
    while rest != 0 {
        segment += 1;
        rest >>= 1;
    }
    let code = ((8 - segment) << 4) | (15 - ((level >> segment) & 15));
    let sign = if sample >= 0 { 0x80 } else { 0 };
    code as u8 | sign
}

const fn decode_mu(byte: u8) -> i16 {
    let code = !byte;
    let exponent = (code >> 4) & 7;
    let step = 4_i16 << (exponent + 1);
    let level = (0x80_i16 << exponent) + step * ((code & 15) as i16) + step / 2 - 4 * 33;
    if byte > 0x7f { level } else { -level }
}

/// A-law drops the lowest 4 bits, so 4096 entries say all.
const ENCODE_A: [u8; 4096] = {
    let mut table = [0; 4096];
    let mut at = 0;
    while at < 4096 {
        table[at] = encode_a(((at as u16) << 4) as i16);
        at += 1;
    }
    table
};

/// µ-law drops the lowest 2 bits.
const ENCODE_MU: [u8; 16384] = {
    let mut table = [0; 16384];
    let mut at = 0;
    while at < 16384 {
        table[at] = encode_mu(((at as u16) << 2) as i16);
        at += 1;
    }
    table
};

const DECODE_A: [i16; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = decode_a(at as u8);
        at += 1;
    }
    table
};

const DECODE_MU: [i16; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = decode_mu(at as u8);
        at += 1;
    }
    table
};

const A_TO_MU: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = encode_mu(decode_a(at as u8));
        at += 1;
    }
    table
};

const MU_TO_A: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = encode_a(decode_mu(at as u8));
        at += 1;
    }
    table
};

static TABLES: (&[u8; 4096], &[u8; 16384], &[i16; 256], &[i16; 256]) =
    (&ENCODE_A, &ENCODE_MU, &DECODE_A, &DECODE_MU);
static CROSS: (&[u8; 256], &[u8; 256]) = (&A_TO_MU, &MU_TO_A);

/// The byte of silence.
pub(crate) fn silence(law: Law) -> u8 {
    match law {
        Law::A => 0xd5,
        Law::Mu => 0xff,
    }
}

/// The law of a static payload type.
pub(crate) fn law_of(payload_type: u8) -> Option<Law> {
    [Law::A, Law::Mu]
        .into_iter()
        .find(|law| law.payload_type() == payload_type)
}

/// Companded to linear.
pub(crate) fn decode(law: Law, from: &[u8], to: &mut [i16]) {
    let table = match law {
        Law::A => TABLES.2,
        Law::Mu => TABLES.3,
    };
    for (to, from) in to.iter_mut().zip(from) {
        *to = table[usize::from(*from)];
    }
}

/// Linear to companded.
pub(crate) fn encode(law: Law, from: &[i16], to: &mut [u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = match law {
            Law::A => TABLES.0[usize::from(*from as u16 >> 4)],
            Law::Mu => TABLES.1[usize::from(*from as u16 >> 2)],
        };
    }
}

/// From one law to the other; a copy where they are equal.
pub(crate) fn convert(from_law: Law, to_law: Law, from: &[u8], to: &mut [u8]) {
    if from_law == to_law {
        to[..from.len()].copy_from_slice(from);
        return;
    }
    let table = match from_law {
        Law::A => CROSS.0,
        Law::Mu => CROSS.1,
    };
    for (to, from) in to.iter_mut().zip(from) {
        *to = table[usize::from(*from)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(law: Law, byte: u8) -> i16 {
        let mut sample = [0];
        decode(law, &[byte], &mut sample);
        sample[0]
    }

    fn companded(law: Law, sample: i16) -> u8 {
        let mut byte = [0];
        encode(law, &[sample], &mut byte);
        byte[0]
    }

    /// G.711, tables 1a and 1b: the quantized values y_1, y_33, y_49, … y_128 of
    /// A-law (12 bits) and table 2a of µ-law (13 bits), by their characters.
    #[test]
    fn decoder_output_values_are_those_of_the_recommendation() {
        let a = [
            (1_u8, 1_i16),
            (2, 3),
            (32, 63),
            (33, 66),
            (48, 126),
            (49, 132),
            (64, 252),
            (65, 264),
            (80, 504),
            (81, 528),
            (96, 1008),
            (97, 1056),
            (112, 2016),
            (113, 2112),
            (128, 4032),
        ];
        for (value, level) in a {
            // The character signal numbers count up from 1 with even bits inverted; levels are of 13 bits with sign.
            let byte = (0x80 | (value - 1)) ^ 0x55;
            assert_eq!(linear(Law::A, byte), level * 8, "value {value}");
            assert_eq!(linear(Law::A, byte ^ 0x80), -level * 8, "value -{value}");
        }
        let mu = [
            (0_u8, 0_i16),
            (1, 2),
            (15, 30),
            (16, 33),
            (17, 37),
            (32, 99),
            (48, 231),
            (64, 495),
            (80, 1023),
            (96, 2079),
            (112, 4191),
            (127, 8031),
        ];
        for (value, level) in mu {
            let byte = 0xff - value;
            assert_eq!(linear(Law::Mu, byte), level * 4, "value {value}");
            assert_eq!(linear(Law::Mu, byte & 0x7f), -level * 4, "value -{value}");
        }
    }

    /// G.711, tables 1 and 2: a value between two decision values gets the character of its interval.
    #[test]
    fn encoder_decides_between_the_decision_values() {
        for law in [Law::A, Law::Mu] {
            for byte in 0..=255 {
                let level = linear(law, byte);
                let again = companded(law, level);
                // µ-law has two characters for zero.
                assert!(
                    again == byte || (law == Law::Mu && byte == 0x7f),
                    "{law:?} {byte:#x}"
                );
            }
            let mut last = i16::MIN;
            for sample in i16::MIN..=i16::MAX {
                let level = linear(law, companded(law, sample));
                assert!(level >= last, "not monotonic at {sample}");
                last = level;
            }
        }
        assert_eq!(companded(Law::A, i16::MAX), 0xaa);
        assert_eq!(companded(Law::A, i16::MIN), 0x2a);
        assert_eq!(companded(Law::Mu, i16::MAX), 0x80);
        assert_eq!(companded(Law::Mu, i16::MIN), 0x00);
    }

    /// G.711, section 3.5: converting back and forth may change nothing more after the first time.
    #[test]
    fn conversion_between_the_laws_settles_at_once() {
        for (one, other) in [(Law::A, Law::Mu), (Law::Mu, Law::A)] {
            for byte in 0..=255_u8 {
                let (mut there, mut back, mut again) = ([0], [0], [0]);
                convert(one, other, &[byte], &mut there);
                convert(other, one, &there, &mut back);
                convert(one, other, &back, &mut again);
                assert_eq!(again, there, "{one:?} {byte:#x}");
                let far = i32::from(linear(one, byte)) - i32::from(linear(other, there[0]));
                assert!(far.abs() <= 8 + i32::from(linear(one, byte)).abs() / 16);
            }
        }
    }

    #[test]
    fn silence_is_the_quietest_character() {
        assert_eq!(linear(Law::A, silence(Law::A)), 8);
        assert_eq!(linear(Law::Mu, silence(Law::Mu)), 0);
    }
}
