use model::audio::{Codec, Law};

use super::{Decoders, Encoder, PAYLOAD_MAX};
use crate::g711::{FRAME, Pcm, decode};
use crate::playout::{DELAY_FRAMES, Playout, Taken};
use crate::rtp::Packet;
use crate::tone::{level_db, sine};

const FRAMES: usize = 60;

/// Encodes a sound, sends it without the packets that are lost, and hears it.
fn through(codec: Codec, sound: &[i16], lost: &[usize]) -> Vec<i16> {
    let mut encoder = Encoder::new(codec).expect("an encoder");
    let mut decoders = Decoders::default();
    decoders.prepare(&[codec.into()]);
    let mut playout = Playout::new(Law::A);
    let step = FRAME as u32 * codec.clock_hz() / 8000;
    let mut heard = Vec::new();
    for (n, frame) in sound.chunks_exact(FRAME).enumerate() {
        let frame: &Pcm = frame.try_into().expect("a frame");
        let mut payload = [0; PAYLOAD_MAX];
        let length = encoder.encode(frame, &mut payload).expect("encoded");
        if !lost.contains(&n) {
            let packet = Packet {
                payload_type: 96,
                sequence: n as u16,
                // Counts around on the way.
                timestamp: (n as u32 * step).wrapping_sub(20 * step),
                ssrc: 1,
                payload: &payload[..length],
            };
            assert_eq!(
                decoders.take(codec, &packet, &mut playout),
                Taken::InTime,
                "{n}"
            );
        }
        let (mut bytes, mut pcm) = ([0; FRAME], [0; FRAME]);
        playout.pop(&mut bytes);
        decode(Law::A, &bytes, &mut pcm);
        heard.extend_from_slice(&pcm);
    }
    heard.split_off(DELAY_FRAMES * FRAME)
}

/// What is left of a tone beside itself, in dB below it.
fn signal_to_noise_db(heard: &[i16], hz: f32) -> f32 {
    let tone = 10.0_f32.powf(level_db(heard, 8000.0, hz) / 10.0);
    let all = heard
        .iter()
        .map(|s| (f32::from(*s) / 32767.0).powi(2))
        .sum::<f32>();
    // A full-scale sine has half of the power of its peak.
    let all = 2.0 * all / heard.len() as f32;
    10.0 * (tone / (all - tone).max(1e-9)).log10()
}

#[test]
fn tones_come_through_at_their_level() {
    for (codec, noise_db) in [(Codec::G722, 30.0), (Codec::Opus, 10.0)] {
        for hz in [300.0, 600.0, 1100.0, 2000.0, 3200.0] {
            let heard = through(codec, &sine(8000.0, hz, 0.5, FRAMES * FRAME), &[]);
            let rest = &heard[4000..8000];
            let level = level_db(rest, 8000.0, hz) + 6.0;
            assert!(level.abs() < 1.5, "{codec:?}, {hz} Hz: {level} dB too loud");
            let noise = signal_to_noise_db(rest, hz);
            assert!(
                noise > noise_db,
                "{codec:?}, {hz} Hz: {noise} dB above the noise"
            );
        }
    }
}

#[test]
fn silence_stays_silence() {
    for codec in [Codec::G722, Codec::Opus] {
        let heard = through(codec, &[0; FRAMES * FRAME], &[]);
        let loudest = heard[800..].iter().map(|s| s.unsigned_abs()).max();
        assert!(loudest < Some(40), "{codec:?}: {loudest:?}");
    }
}

#[test]
fn a_single_lost_opus_packet_is_heard_all_the_same() {
    let tone = sine(8000.0, 600.0, 0.5, FRAMES * FRAME);
    for (lost, at_least) in [(&[30][..], -10.0), (&[], -7.0)] {
        let heard = through(Codec::Opus, &tone, lost);
        // Opus looks ahead a little: the packet's sound lies somewhat later.
        let gap = &heard[30 * FRAME + 60..31 * FRAME + 20];
        let level = level_db(gap, 8000.0, 600.0);
        assert!(level > at_least, "{lost:?}: {level} dB");
    }
    let hole = through(Codec::Opus, &tone, &[30, 31, 32]);
    let level = level_db(&hole[30 * FRAME + 60..31 * FRAME + 20], 8000.0, 600.0);
    assert!(level < -30.0, "three in a row are a hole: {level} dB");
}

#[test]
fn whatever_comes_is_decoded_or_left() {
    let mut seed = 1_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    let mut decoders = Decoders::default();
    decoders.prepare(&Codec::ALL.map(Into::into));
    let mut playout = Playout::new(Law::A);
    for n in 0..20_000 {
        let mut bytes = vec![0_u8; next() as usize % if n % 100 == 0 { 2036 } else { 200 } + 1];
        bytes.fill_with(|| next() as u8);
        let packet = Packet {
            payload_type: 96,
            sequence: n as u16,
            timestamp: if n % 7 == 0 { next() << 8 } else { n * 960 },
            ssrc: next() % 3,
            payload: &bytes,
        };
        for codec in [Codec::G722, Codec::Opus] {
            decoders.take(codec, &packet, &mut playout);
        }
        playout.pop(&mut [0; FRAME]);
    }
}

#[test]
fn opus_that_comes_too_late_is_left() {
    let mut encoder = Encoder::new(Codec::Opus).expect("an encoder");
    let mut payload = [0; PAYLOAD_MAX];
    let length = encoder.encode(&[0; FRAME], &mut payload).expect("encoded");
    let mut decoders = Decoders::default();
    decoders.prepare(&[Codec::Opus.into()]);
    let mut playout = Playout::new(Law::A);
    let mut take = |timestamp| {
        let packet = Packet {
            payload_type: 96,
            sequence: 0,
            timestamp,
            ssrc: 1,
            payload: &payload[..length],
        };
        decoders.take(Codec::Opus, &packet, &mut playout)
    };
    assert_eq!(take(960), Taken::InTime);
    assert_eq!(take(2880), Taken::InTime);
    assert_eq!(take(1920), Taken::Late);
    // A sender that begins anew is believed after some packets.
    let again = 1_000_000_u32.wrapping_neg();
    let last = (0..6).map(|n| take(again.wrapping_add(n * 960))).last();
    assert_eq!(last, Some(Taken::InTime));
}
