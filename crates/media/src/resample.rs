//! From 24 kHz to telephone's 8 kHz: a windowed-sinc low-pass, every third of its samples.

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
}
