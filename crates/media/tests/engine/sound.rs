//! Sound of the tests: tones, and what is heard of them. G.711 by its formulas, apart from the engine's tables.

use std::f64::consts::TAU;
use std::sync::OnceLock;

use model::audio::Law;

/// Samples of a frame.
pub const FRAME: usize = 160;

/// A frame of a tone at half of full scale; `hz` 0 is silence.
pub fn tone(law: Law, hz: f64, frame: usize) -> Vec<u8> {
    (0..FRAME)
        .map(|n| {
            let t = (frame * FRAME + n) as f64 / 8000.0;
            compand(
                law,
                if hz == 0.0 {
                    0.0
                } else {
                    0.5 * (TAU * hz * t).sin()
                },
            )
        })
        .collect()
}

/// A frame of a tone at half of full scale, sampled at a rate.
pub fn samples(rate: u32, hz: f64, frame: usize) -> Vec<i16> {
    let length = rate as usize / 50;
    let wave = |n: usize| (TAU * hz * n as f64 / f64::from(rate)).sin();
    let frame = (0..length).map(|n| 0.5 * 32767.0 * wave(frame * length + n));
    frame.map(|sample| sample as i16).collect()
}

/// How far a tone stands above everything else, in dB.
pub fn above_noise_db(samples: &[i16], hz: f64) -> f64 {
    let tone = 10.0_f64.powf((level_db(samples, hz) - 3.0103) / 10.0);
    let all = 10.0_f64.powf(loudness_db(samples) / 10.0);
    10.0 * (tone / (all - tone).max(1e-12)).log10()
}

/// The byte whose value is nearest.
pub fn compand(law: Law, share: f64) -> u8 {
    static SORTED: OnceLock<[Vec<(i32, u8)>; 2]> = OnceLock::new();
    let sorted = SORTED.get_or_init(|| {
        [Law::A, Law::Mu].map(|law| {
            let mut all: Vec<_> = (0..=255).map(|byte| (expand(law, byte), byte)).collect();
            all.sort_unstable();
            all
        })
    });
    let sorted = &sorted[usize::from(law == Law::Mu)];
    let sample = (share * 32767.0) as i32;
    let above = sorted
        .partition_point(|(value, _)| *value < sample)
        .min(255);
    let below = above.saturating_sub(1);
    let nearer = (sorted[above].0 - sample).abs() < (sample - sorted[below].0).abs();
    sorted[if nearer { above } else { below }].1
}

/// A byte's value (G.711, tables 1 and 2).
pub fn expand(law: Law, byte: u8) -> i32 {
    match law {
        Law::A => {
            let code = i32::from(byte ^ 0x55);
            let (segment, step) = ((code >> 4) & 7, code & 15);
            let level = match segment {
                0 => 2 * step + 1,
                _ => (2 * step + 33) << (segment - 1),
            };
            if code & 0x80 != 0 {
                level * 8
            } else {
                -level * 8
            }
        }
        Law::Mu => {
            let code = i32::from(!byte);
            let (segment, step) = ((code >> 4) & 7, code & 15);
            let level = ((2 * step + 33) << segment) - 33;
            if code & 0x80 != 0 {
                -level * 4
            } else {
                level * 4
            }
        }
    }
}

/// The strength of a frequency (Goertzel), in dB of a full-scale sine.
pub fn level_db(samples: &[i16], hz: f64) -> f64 {
    let turn = TAU * hz / 8000.0;
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        re += f64::from(*sample) * (turn * n as f64).cos();
        im += f64::from(*sample) * (turn * n as f64).sin();
    }
    20.0 * (2.0 * re.hypot(im) / 32767.0 / samples.len() as f64)
        .max(1e-9)
        .log10()
}

/// The loudness of everything, in dB of full scale.
pub fn loudness_db(samples: &[i16]) -> f64 {
    let energy: f64 = samples.iter().map(|s| f64::from(*s) * f64::from(*s)).sum();
    10.0 * (energy / samples.len().max(1) as f64 / 32767.0 / 32767.0)
        .max(1e-12)
        .log10()
}

/// The first 10 ms in which a frequency is louder than -20 dB, in milliseconds.
pub fn begins_ms(samples: &[i16], hz: f64) -> Option<usize> {
    samples
        .chunks(80)
        .position(|ten| level_db(ten, hz) > -20.0)
        .map(|n| n * 10)
}
