//! Hold music: a quiet loop of our own, composed and played here.

use std::f32::consts::TAU;

const RATE: f32 = 8000.0;

/// Length of an eighth note, in samples: 100 beats a minute would be 2400.
const EIGHTH: usize = 2800;

/// Chords of the loop, one a bar, as half-tones above A2, in the order that they are plucked (eight eighths a bar).
const BARS: [[i8; 8]; 8] = [
    // C major 9
    [3, 10, 15, 19, 22, 26, 22, 19],
    // A minor 7
    [0, 7, 12, 15, 19, 24, 19, 15],
    // F major 7
    [-4, 8, 12, 15, 20, 24, 20, 15],
    // G 6
    [-2, 5, 10, 14, 17, 22, 17, 14],
    // E minor 7
    [7, 10, 14, 19, 22, 26, 22, 17],
    // A minor 9
    [0, 7, 12, 15, 19, 23, 19, 15],
    // D minor 7
    [5, 8, 12, 17, 20, 24, 20, 17],
    // G 7 suspended
    [-2, 5, 10, 15, 17, 20, 22, 17],
];

/// One round of the loop. Notes that ring beyond its end ring on at its start, so the seam is not heard.
pub(crate) fn compose() -> Vec<i16> {
    let length = BARS.len() * 8 * EIGHTH;
    let mut sum = vec![0.0_f32; length];
    for (bar, notes) in BARS.iter().enumerate() {
        for (eighth, half_tones) in notes.iter().enumerate() {
            let hz = 110.0 * 2.0_f32.powf(f32::from(*half_tones) / 12.0);
            let strength = if eighth == 0 { 0.16 } else { 0.10 };
            pluck(&mut sum, (bar * 8 + eighth) * EIGHTH, hz, strength);
        }
    }
    sum.iter()
        .map(|share| (share.tanh() * f32::from(i16::MAX)) as i16)
        .collect()
}

/// Adds one soft note: three partials, the upper ones dying sooner.
fn pluck(sum: &mut [f32], start: usize, hz: f32, strength: f32) {
    let length = sum.len();
    for n in 0..(RATE * 1.8) as usize {
        let t = n as f32 / RATE;
        let turn = (f64::from(hz) * n as f64 / f64::from(RATE)).fract() as f32 * TAU;
        let rise = (t / 0.012).min(1.0);
        let wave = turn.sin() * (-2.2 * t).exp()
            + 0.35 * (2.0 * turn).sin() * (-4.0 * t).exp()
            + 0.12 * (3.0 * turn).sin() * (-7.0 * t).exp();
        sum[(start + n) % length] += strength * rise * wave;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_is_soft_of_some_length_and_without_a_seam() {
        let music = compose();
        let seconds = music.len() as f32 / RATE;
        assert!((20.0..30.0).contains(&seconds), "{seconds} s");
        let peak = music.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
        assert!((4000..20_000).contains(&peak), "peak {peak}");
        let step = |a: i16, b: i16| (i32::from(a) - i32::from(b)).abs();
        let largest = music
            .windows(2)
            .map(|w| step(w[0], w[1]))
            .max()
            .unwrap_or(0);
        assert!(step(music[0], music[music.len() - 1]) <= largest);
        for second in music.chunks(8000) {
            assert!(
                second.iter().any(|s| s.unsigned_abs() > 500),
                "a hole in the music"
            );
        }
    }
}
