//! Where, and how surely, a voice is in a recording.

use std::ops::Range;
use std::time::Duration;

use super::{FRAME, RATE, duration};

/// Samples of one value of the loudness curve: 10 ms.
const STEP: usize = 80;

/// Samples compared at a time. Short enough that packets lost, or clocks that
/// drift, in one piece do not spoil the next.
const PIECE: usize = RATE as usize / 2;

/// How far a piece may lie from where the others say: a jitter buffer that makes
/// room, or catches up, moves what follows by a frame or two.
const SLIP: usize = 2 * FRAME;

/// Pieces that decide between the places where the loudness curve fits.
const PROBES: usize = 3;

/// Places where the loudness curve fits that are looked at closely.
const PLACES: usize = 6;

/// A piece quieter than this part of the average (in power) says nothing.
const QUIET: f64 = 0.1;

/// Least part of the voice that has to lie within the recording.
const LEAST: usize = RATE as usize;

/// A voice in a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Where the voice begins, from the recording's beginning.
    pub at: Duration,
    /// How alike the two are: 1 is the same sound, whatever its loudness;
    /// telephone quality stays above 0.9, and another voice below 0.5. A slip
    /// of the jitter buffer within a piece costs that piece's part.
    pub strength: f64,
    /// How much of the voice the recording holds.
    pub covered: Duration,
}

/// The place in the recording where the voice fits best. None where either is
/// silent or shorter than a second.
///
/// The loudness curves say roughly where, the samples say exactly, and how
/// surely: by normalised correlation of half-second pieces.
pub fn find(voice: &[i16], recording: &[i16]) -> Option<Found> {
    if voice.len() < LEAST || recording.len() < LEAST {
        return None;
    }
    let pieces = loud_pieces(voice);
    let (lag, _) = rough(voice, recording)
        .into_iter()
        .filter_map(|lag| {
            let probes: Vec<Range<usize>> = (pieces.iter())
                .filter(|piece| piece.end + lag + 2 * STEP <= recording.len())
                .take(PROBES)
                .cloned()
                .collect();
            let (exact, _) = exact(voice, recording, probes.first()?, lag, 2 * STEP)?;
            Some((exact, likeness(voice, recording, &probes, exact, STEP / 2)?))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let strength = likeness(voice, recording, &pieces, lag, SLIP)?;
    Some(Found {
        at: duration(lag),
        strength,
        covered: duration(voice.len().min(recording.len() - lag)),
    })
}

/// The pieces of the voice in which something is said, the loudest first.
fn loud_pieces(voice: &[i16]) -> Vec<Range<usize>> {
    let power = |range: &Range<usize>| energy(&voice[range.clone()]) / range.len() as f64;
    let average = energy(voice) / voice.len() as f64;
    let mut pieces: Vec<Range<usize>> = (0..voice.len() / PIECE)
        .map(|n| n * PIECE..(n + 1) * PIECE)
        .filter(|range| power(range) > QUIET * average)
        .collect();
    pieces.sort_by(|a, b| power(b).total_cmp(&power(a)));
    pieces
}

/// The lags, in samples, at which the loudness curves fit best.
fn rough(voice: &[i16], recording: &[i16]) -> Vec<usize> {
    let (voice, recording) = (curve(voice), curve(recording));
    let least = LEAST / STEP;
    let mut fits: Vec<(usize, f64)> = (0..=recording.len() - least)
        .filter_map(|lag| {
            let both = voice.len().min(recording.len() - lag);
            let alike = cosine_around_mean(&voice[..both], &recording[lag..lag + both])?;
            // Of equal fits the one that holds more of the voice is the better.
            Some((lag, alike * (both as f64 / voice.len() as f64).sqrt()))
        })
        .collect();
    fits.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut places: Vec<usize> = Vec::new();
    for (lag, _) in fits {
        if places.iter().all(|place| place.abs_diff(lag) > 2) {
            places.push(lag);
        }
        if places.len() == PLACES {
            break;
        }
    }
    places.into_iter().map(|lag| lag * STEP).collect()
}

/// The lag near `lag` at which one piece fits best, and how well it does.
fn exact(
    voice: &[i16],
    recording: &[i16],
    piece: &Range<usize>,
    lag: usize,
    around: usize,
) -> Option<(usize, f64)> {
    let said = &voice[piece.clone()];
    (lag.saturating_sub(around)..=lag + around)
        .filter_map(|lag| {
            let heard = recording.get(piece.start + lag..piece.end + lag)?;
            Some((lag, cosine(said, heard)?))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// How alike the pieces are `around` the lag, the louder ones counting more.
/// None where none of them lies within the recording.
fn likeness(
    voice: &[i16],
    recording: &[i16],
    pieces: &[Range<usize>],
    lag: usize,
    around: usize,
) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for piece in pieces {
        if piece.end + lag > recording.len() {
            continue;
        }
        let weight = energy(&voice[piece.clone()]).sqrt();
        weights += weight;
        if let Some((_, alike)) = exact(voice, recording, piece, lag, around) {
            sum += alike * weight;
        }
    }
    (weights > 0.0).then(|| sum / weights)
}

/// The loudness of each 10 ms.
fn curve(samples: &[i16]) -> Vec<f64> {
    (samples.chunks_exact(STEP))
        .map(|step| energy(step).sqrt())
        .collect()
}

fn energy(samples: &[i16]) -> f64 {
    samples.iter().map(|s| f64::from(*s).powi(2)).sum()
}

fn cosine(a: &[i16], b: &[i16]) -> Option<f64> {
    let (mut ab, mut aa, mut bb) = (0i64, 0i64, 0i64);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (i64::from(*a), i64::from(*b));
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    (aa > 0 && bb > 0).then(|| ab as f64 / ((aa as f64) * (bb as f64)).sqrt())
}

fn cosine_around_mean(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - mean_a) * (b - mean_b);
        aa += (a - mean_a).powi(2);
        bb += (b - mean_b).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Sound;
    use crate::customer::CALLERS;
    use crate::g711;
    use model::audio::Law;

    fn voice(name: &str) -> Sound {
        let caller = CALLERS.iter().find(|c| c.id == name).expect(name);
        caller.voice().expect("a voice")
    }

    /// As it comes over a telephone: G.711, quieter, with packets missing.
    fn over_telephone(said: &[i16], lose_every: usize) -> Vec<i16> {
        let mut heard: Vec<i16> = said
            .iter()
            .map(|s| g711::decode(Law::A, g711::encode(Law::A, s / 2)))
            .collect();
        for lost in heard.chunks_mut(160).skip(7).step_by(lose_every) {
            lost.fill(0);
        }
        heard
    }

    #[test]
    fn a_voice_is_found_where_it_was_put() {
        let (ivan, olga) = (voice("ivan-petrov"), voice("olga-smirnova"));
        let mut recording = over_telephone(&olga, 50);
        let at = recording.len() + 4321;
        recording.resize(at, 0);
        recording.extend(over_telephone(&ivan, 50));
        recording.resize(recording.len() + 3000, 3);
        let found = find(&ivan, &recording).expect("found");
        assert_eq!(found.at, duration(at));
        assert!(found.strength > 0.9, "{found:?}");
        assert_eq!(found.covered, ivan.duration());
        let found = find(&olga, &recording).expect("found");
        assert_eq!(found.at, Duration::ZERO);
        assert!(found.strength > 0.9, "{found:?}");
    }

    #[test]
    fn a_voice_that_slipped_by_a_frame_is_still_the_voice() {
        let ivan = voice("ivan-petrov");
        let heard = over_telephone(&ivan, 1000);
        let middle = heard.len() / 2;
        let slipped = [&heard[..middle], &[0; FRAME], &heard[middle..]].concat();
        let found = find(&ivan, &slipped).expect("found");
        assert!(found.strength > 0.8, "{found:?}");
    }

    #[test]
    fn another_voice_is_not_taken_for_it() {
        let (ivan, sergey) = (voice("ivan-petrov"), voice("sergey-orlov"));
        let mut recording = vec![0; 8000];
        recording.extend(over_telephone(&ivan, 1000));
        let found = find(&sergey, &recording).expect("something");
        assert!(found.strength < 0.5, "{found:?}");
    }

    #[test]
    fn a_recording_cut_off_still_tells_its_part() {
        let ivan = voice("ivan-petrov");
        let mut recording = vec![0; 16_000];
        recording.extend(over_telephone(&ivan, 1000));
        recording.truncate(16_000 + 40_000);
        let found = find(&ivan, &recording).expect("found");
        assert_eq!(found.at, Duration::from_secs(2));
        assert_eq!(found.covered, Duration::from_secs(5));
        assert!(found.strength > 0.9, "{found:?}");
    }

    #[test]
    fn silence_holds_nothing() {
        let ivan = voice("ivan-petrov");
        assert_eq!(find(&ivan, &[0; 100_000]), None);
        assert_eq!(find(&[0; 10_000], &ivan), None);
        assert_eq!(find(&ivan, &[]), None);
    }
}
