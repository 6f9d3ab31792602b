//! Tones: made for beeps and keys, measured in tests.

use std::f32::consts::TAU;

/// A sine at a share of full scale.
pub(crate) fn sine(rate: f32, hz: f32, share: f32, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|n| {
            // In f64 the phase stays exact however long the tone is.
            let turn = (n as f64 * f64::from(hz) / f64::from(rate)).fract() as f32;
            (share * f32::from(i16::MAX) * (turn * TAU).sin()) as i16
        })
        .collect()
}

/// The tone that invites to speak: 0.3 s of 1 kHz, faded in and out over 10 ms so that it does not click.
pub(crate) fn beep() -> Vec<i16> {
    let mut tone = sine(8000.0, 1000.0, 0.25, 2400);
    let last = tone.len() - 1;
    for n in 0..80 {
        let share = n as f32 / 80.0;
        tone[n] = (f32::from(tone[n]) * share) as i16;
        tone[last - n] = (f32::from(tone[last - n]) * share) as i16;
    }
    tone
}

/// The strength of one frequency (Goertzel), in dB of a full-scale sine.
#[cfg(test)]
pub(crate) fn level_db(samples: &[i16], rate: f32, hz: f32) -> f32 {
    let turn = f64::from(TAU) * f64::from(hz) / f64::from(rate);
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let share = f64::from(*sample) / f64::from(i16::MAX);
        re += share * (turn * n as f64).cos();
        im += share * (turn * n as f64).sin();
    }
    let share = 2.0 * (re * re + im * im).sqrt() / samples.len() as f64;
    (20.0 * share.max(1e-9).log10()) as f32
}
