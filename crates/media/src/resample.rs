//! Between rates: prompts come from 24 kHz to telephone's 8 kHz, whole; what
//! is wideband goes from 8 to 16 kHz and back, as it comes. All by windowed-sinc
//! low-passes.

use std::f32::consts::PI;

/// Taps of the filter, odd. With Blackman's window the transition is 5.5 × 24000 / TAPS ≈ 0.9 kHz wide.
const TAPS: usize = 145;

/// Middle of the transition, in Hz: 3.4 kHz pass, 4.3 kHz (which would fold to 3.7 kHz) do not.
const CUT_HZ: f32 = 3750.0;

/// A third of the rate. The filter's delay is taken out: sample n of the result is at sample 3 n of the source.
pub(crate) fn third(source: &[i16]) -> Vec<i16> {
    let taps = taps();
    let half = TAPS / 2;
    (0..source.len() / 3)
        .map(|n| {
            let first = (3 * n).saturating_sub(half);
            let skip = half.saturating_sub(3 * n);
            let sum: f32 = source[first..]
                .iter()
                .zip(&taps[skip..])
                .map(|(sample, tap)| f32::from(*sample) * tap)
                .sum();
            // `as` saturates, which is what a filter's overshoot needs.
            sum.round() as i16
        })
        .collect()
}

fn taps() -> [f32; TAPS] {
    let mut taps = [0.0; TAPS];
    let cut = CUT_HZ / 24_000.0;
    for (n, tap) in taps.iter_mut().enumerate() {
        let t = n as f32 - (TAPS / 2) as f32;
        let sinc = if t == 0.0 {
            2.0 * cut
        } else {
            (2.0 * PI * cut * t).sin() / (PI * t)
        };
        let turn = 2.0 * PI * n as f32 / (TAPS - 1) as f32;
        *tap = sinc * (0.42 - 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos());
    }
    let sum: f32 = taps.iter().sum();
    taps.map(|tap| tap / sum)
}

/// Taps of the half-band filter beside the middle one: those at even distances
/// from it are zero. By Hamming's window 3.3 × 16000 / 63 ≈ 0.8 kHz around 4 kHz are between.
const HALF_TAPS: usize = 32;

/// What is kept of the samples before.
const KEPT: usize = HALF_TAPS - 1;

/// From the newest sample of a window back to the one in its middle.
const MIDDLE: usize = HALF_TAPS / 2 - 1;

fn half_taps() -> [f32; HALF_TAPS] {
    let mut taps = [0.0; HALF_TAPS];
    for (n, tap) in taps.iter_mut().enumerate() {
        let away = 2.0 * n as f32 - (HALF_TAPS - 1) as f32;
        let sinc = (PI * away / 2.0).sin() / (PI * away);
        let window = 0.54 + 0.46 * (PI * away / HALF_TAPS as f32).cos();
        *tap = sinc * window;
    }
    // Half of the whole; the middle tap is the other half.
    let sum: f32 = taps.iter().sum();
    taps.map(|tap| tap / sum / 2.0)
}

/// The latest samples of one stream, with those of a moment ago.
struct Window {
    taps: [f32; HALF_TAPS],
    samples: [f32; HALF_TAPS],
}

impl Window {
    fn new() -> Self {
        Self {
            taps: half_taps(),
            samples: [0.0; HALF_TAPS],
        }
    }

    fn push(&mut self, sample: i16) {
        self.samples.copy_within(1.., 0);
        self.samples[KEPT] = f32::from(sample);
    }

    /// The half-band filter's value between the two samples in the middle.
    fn between(&self) -> f32 {
        let products = self.samples.iter().zip(&self.taps);
        products.map(|(sample, tap)| sample * tap).sum()
    }
}

/// From 8 to 16 kHz, 2 ms later.
pub(crate) struct Doubler(Window);

impl Doubler {
    pub(crate) fn new() -> Self {
        Self(Window::new())
    }

    /// Two samples for each that is taken.
    pub(crate) fn take(&mut self, from: &[i16], to: &mut [i16]) {
        for (sample, two) in from.iter().zip(to.chunks_exact_mut(2)) {
            self.0.push(*sample);
            two[0] = self.0.samples[MIDDLE] as i16;
            // `as` saturates, which is what a filter's overshoot needs.
            two[1] = (2.0 * self.0.between()).round() as i16;
        }
    }
}

/// From 16 to 8 kHz, 2 ms later.
pub(crate) struct Halver {
    odd: Window,
    even: [f32; MIDDLE + 2],
}

impl Halver {
    pub(crate) fn new() -> Self {
        Self {
            odd: Window::new(),
            even: [0.0; MIDDLE + 2],
        }
    }

    /// One sample for each two that are taken.
    pub(crate) fn take(&mut self, from: &[i16], to: &mut [i16]) {
        for (two, sample) in from.chunks_exact(2).zip(to) {
            self.even.copy_within(1.., 0);
            self.even[MIDDLE + 1] = f32::from(two[0]);
            self.odd.push(two[1]);
            // Between the odd ones in the middle stands this even one.
            *sample = (self.even[1] / 2.0 + self.odd.between()).round() as i16;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{level_db, sine};

    #[test]
    fn speech_passes_and_what_would_fold_does_not() {
        for hz in [300.0, 1000.0, 2000.0, 3000.0, 3300.0] {
            let out = third(&sine(24_000.0, hz, 0.5, 24_000));
            assert_eq!(out.len(), 8000);
            let db = level_db(&out[400..7600], 8000.0, hz) - 20.0 * 0.5_f32.log10();
            assert!(db.abs() < 0.5, "{hz} Hz: {db} dB");
        }
        for hz in [4400.0, 5000.0, 7000.0, 11_000.0] {
            let out = third(&sine(24_000.0, hz, 0.5, 24_000));
            let folded = (hz - (hz / 8000.0_f32).round() * 8000.0).abs();
            let db = level_db(&out[400..7600], 8000.0, folded);
            assert!(
                db < -50.0,
                "{hz} Hz comes through at {folded} Hz with {db} dB"
            );
        }
    }

    #[test]
    fn nothing_is_shifted_in_time() {
        let mut source = vec![0_i16; 2400];
        source[1200] = i16::MAX;
        let out = third(&source);
        let peak = (0..out.len()).max_by_key(|n| out[*n]);
        assert_eq!(peak, Some(400));
    }

    #[test]
    fn short_ones_do_not_panic() {
        for length in 0..10 {
            assert_eq!(third(&vec![100; length]).len(), length / 3);
        }
    }

    #[test]
    fn half_of_the_band_goes_there_and_back() {
        for hz in [100.0, 300.0, 1000.0, 2000.0, 3000.0, 3400.0] {
            let source = sine(8000.0, hz, 0.5, 8000);
            let (mut wide, mut back) = (vec![0; 16_000], vec![0; 8000]);
            // In pieces, as packets come.
            let mut doubler = Doubler::new();
            for (from, to) in source.chunks(160).zip(wide.chunks_mut(320)) {
                doubler.take(from, to);
            }
            Halver::new().take(&wide, &mut back);
            let half_db = 20.0 * 0.5_f32.log10();
            let level = level_db(&wide[800..15_000], 16_000.0, hz) - half_db;
            assert!(level.abs() < 0.3, "{hz} Hz at 16 kHz: {level} dB");
            let image = level_db(&wide[800..15_000], 16_000.0, 8000.0 - hz);
            assert!(image < -45.0, "{hz} Hz has an image of {image} dB");
            let level = level_db(&back[400..7600], 8000.0, hz) - half_db;
            assert!(level.abs() < 0.3, "{hz} Hz back at 8 kHz: {level} dB");
        }
        for hz in [4600.0, 5500.0, 7000.0] {
            let mut out = vec![0; 8000];
            Halver::new().take(&sine(16_000.0, hz, 0.5, 16_000), &mut out);
            let folded = level_db(&out[400..7600], 8000.0, 8000.0 - hz);
            assert!(folded < -50.0, "{hz} Hz folds with {folded} dB");
        }
    }
}
