//! Sound at 8 kHz: from WAV files of any rate to samples.

use std::io::{Cursor, Read};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

mod search;

pub use search::{Found, find};

/// Samples a second, everywhere in this crate.
pub const RATE: u32 = 8000;

/// Samples in the 20 ms that one packet carries.
pub const FRAME: usize = 160;

/// Zero crossings of the resampler's filter on each side.
const CROSSINGS: f64 = 16.0;

/// Why a sound can't be had.
#[derive(Debug, Error)]
pub enum AudioError {
    /// The file can't be read.
    #[error("the sound can't be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is no WAV, or one of a kind that is not understood.
    #[error("not a WAV that is understood: {0}")]
    Wav(#[from] hound::Error),
}

/// A mono sound at 8 kHz; clones share the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound(Arc<[i16]>);

impl Sound {
    /// No sound at all.
    pub fn empty() -> Self {
        Self(Arc::from([]))
    }

    /// Samples at 8 kHz.
    pub fn new(samples: &[i16]) -> Self {
        Self(samples.into())
    }

    /// A WAV file, its channels mixed.
    pub fn load(path: &Path) -> Result<Self, AudioError> {
        Self::wav(&std::fs::read(path)?)
    }

    /// A WAV file's content, its channels mixed.
    pub fn wav(content: &[u8]) -> Result<Self, AudioError> {
        let channels = channels(content)?;
        let Some(first) = channels.first() else {
            return Ok(Self::empty());
        };
        if channels.len() == 1 {
            return Ok(first.clone());
        }
        let mixed: Vec<i16> = (0..first.len())
            .map(|at| {
                let sum: i32 = channels.iter().map(|c| i32::from(c[at])).sum();
                clamp(f64::from(sum) / channels.len() as f64)
            })
            .collect();
        Ok(Self::new(&mixed))
    }

    /// How long it lasts.
    pub fn duration(&self) -> Duration {
        duration(self.0.len())
    }
}

impl Deref for Sound {
    type Target = [i16];

    fn deref(&self) -> &[i16] {
        &self.0
    }
}

/// How long so many samples last.
pub fn duration(samples: usize) -> Duration {
    Duration::from_micros(samples as u64 * 1_000_000 / u64::from(RATE))
}

/// How many samples last so long.
pub fn samples(duration: Duration) -> usize {
    (duration.as_micros() * u128::from(RATE) / 1_000_000) as usize
}

/// The channels of a WAV file's content, each at 8 kHz and all of one length.
pub fn channels(content: &[u8]) -> Result<Vec<Sound>, AudioError> {
    let reader = hound::WavReader::new(Cursor::new(content))?;
    let spec = reader.spec();
    let interleaved = interleaved(reader)?;
    let count = usize::from(spec.channels.max(1));
    Ok((0..count)
        .map(|channel| {
            let own: Vec<i16> = (interleaved.iter().copied())
                .skip(channel)
                .step_by(count)
                .take(interleaved.len() / count)
                .collect();
            Sound::new(&resample(&own, spec.sample_rate))
        })
        .collect())
}

/// The samples as 16 bits, whatever the file holds.
fn interleaved<R: Read>(mut reader: hound::WavReader<R>) -> Result<Vec<i16>, AudioError> {
    let spec = reader.spec();
    let samples: Result<Vec<i16>, hound::Error> = match spec.sample_format {
        hound::SampleFormat::Int if spec.bits_per_sample <= 16 => {
            let shift = 16 - spec.bits_per_sample;
            reader.samples::<i16>().map(|s| Ok(s? << shift)).collect()
        }
        hound::SampleFormat::Int => {
            let shift = spec.bits_per_sample - 16;
            (reader.samples::<i32>())
                .map(|s| Ok((s? >> shift) as i16))
                .collect()
        }
        hound::SampleFormat::Float => (reader.samples::<f32>())
            .map(|s| Ok(clamp(f64::from(s?) * 32767.0)))
            .collect(),
    };
    Ok(samples?)
}

/// Samples of another rate at 8 kHz, by a windowed sinc with one set of taps
/// for each phase that the two rates' ratio has.
pub fn resample(samples: &[i16], from: u32) -> Vec<i16> {
    if from == RATE || from == 0 || samples.is_empty() {
        return samples.to_vec();
    }
    let common = gcd(from, RATE);
    let (step, phases) = (u64::from(from / common), u64::from(RATE / common));
    let cutoff = (f64::from(RATE) / f64::from(from)).min(1.0);
    let half = (CROSSINGS / cutoff).ceil() as i64;
    let taps: Vec<Vec<f32>> = (0..phases)
        .map(|phase| {
            let fraction = phase as f64 / phases as f64;
            (-half + 1..=half)
                .map(|k| tap(k as f64 - fraction, cutoff, half as f64))
                .collect()
        })
        .collect();
    let length = samples.len() as u64 * phases / step;
    (0..length)
        .map(|n| {
            let at = n * step;
            let first = (at / phases) as i64 - half + 1;
            let sum: f32 = (taps[(at % phases) as usize].iter().enumerate())
                .map(|(k, tap)| {
                    let index = usize::try_from(first + k as i64).ok();
                    tap * f32::from(index.and_then(|i| samples.get(i)).copied().unwrap_or(0))
                })
                .sum();
            clamp(f64::from(sum))
        })
        .collect()
}

/// The low-pass filter's value `x` samples from its middle, Hann-windowed.
fn tap(x: f64, cutoff: f64, half: f64) -> f32 {
    use std::f64::consts::PI;
    let sinc = if x == 0.0 {
        1.0
    } else {
        (PI * x * cutoff).sin() / (PI * x * cutoff)
    };
    let window = 0.5 + 0.5 * (PI * (x / half).clamp(-1.0, 1.0)).cos();
    (cutoff * sinc * window) as f32
}

fn clamp(value: f64) -> i16 {
    value
        .round()
        .clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hertz: f64, seconds: f64) -> Vec<i16> {
        (0..(f64::from(rate) * seconds) as u32)
            .map(|n| {
                let angle = std::f64::consts::TAU * hertz * f64::from(n) / f64::from(rate);
                (angle.sin() * 10_000.0) as i16
            })
            .collect()
    }

    fn loudness(samples: &[i16]) -> f64 {
        let sum: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
        (sum / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_tone_within_the_band_stays_and_one_above_goes() {
        for rate in [16_000, 24_000, 44_100, 48_000] {
            let kept = resample(&tone(rate, 1000.0, 0.5), rate);
            assert_eq!(kept.len(), 4000, "{rate}");
            let expected = tone(RATE, 1000.0, 0.5);
            let inner = 200..3800;
            let off: Vec<i16> = (kept[inner.clone()].iter())
                .zip(&expected[inner])
                .map(|(a, b)| a - b)
                .collect();
            assert!(loudness(&off) < 100.0, "{rate}: off by {}", loudness(&off));
            let gone = resample(&tone(rate, 6000.0, 0.5), rate);
            assert!(loudness(&gone) < 100.0, "{rate}: {}", loudness(&gone));
        }
    }

    #[test]
    fn a_slower_rate_is_raised() {
        let raised = resample(&tone(4000, 500.0, 0.5), 4000);
        assert_eq!(raised.len(), 4000);
        assert!((loudness(&raised) - 7071.0).abs() < 200.0);
    }

    #[test]
    fn stereo_is_told_apart() {
        let mut content = Cursor::new(Vec::new());
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(&mut content, spec).expect("a writer");
        for (left, right) in [(1, -1), (2, -2), (3, -3)] {
            writer.write_sample(left).expect("written");
            writer.write_sample(right).expect("written");
        }
        writer.finalize().expect("finished");
        let both = channels(content.get_ref()).expect("channels");
        assert_eq!(both, [Sound::new(&[1, 2, 3]), Sound::new(&[-1, -2, -3])]);
        assert_eq!(
            Sound::wav(content.get_ref()).expect("mixed"),
            Sound::new(&[0, 0, 0])
        );
    }

    #[test]
    fn what_is_no_wav_is_an_error() {
        assert!(matches!(Sound::wav(b"no"), Err(AudioError::Wav(_))));
        assert!(matches!(
            Sound::load(Path::new("/nowhere")),
            Err(AudioError::Io(_))
        ));
    }
}
