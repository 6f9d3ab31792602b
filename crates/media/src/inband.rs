//! Telephone keys in the sound itself (ITU-T Q.23, Q.24): where the PBX sends
//! no events, they are heard.

use std::f32::consts::TAU;

use model::audio::Digit;

use crate::g711::Pcm;

/// Samples of a block: 12.75 ms, so that a key of the shortest 40 ms fills two.
const BLOCK: usize = 102;

/// The keypad's tones in Hz: rows, then columns.
const ROWS: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
const KEYS: [[char; 4]; 4] = [
    ['1', '2', '3', 'A'],
    ['4', '5', '6', 'B'],
    ['7', '8', '9', 'C'],
    ['*', '0', '#', 'D'],
];

/// A tone weaker than this (-43 dBm0) is none: power of a block of a sine with
/// the amplitude 150, as the filters give it.
const WEAKEST: f32 = 150.0 * 150.0 * (BLOCK * BLOCK) as f32 / 4.0;
/// How much stronger the row may be than the column (8 dB: lines lose more of
/// what is high), and the column than the row (4 dB).
const TWIST: f32 = 6.3;
const REVERSE_TWIST: f32 = 2.5;
/// How much stronger a tone is than the others of its group (8 dB).
const ABOVE_OTHERS: f32 = 6.3;
/// The least part of a block's whole power that the two tones are: speech has
/// most of its power elsewhere.
const OF_ALL: f32 = 0.82;
/// Blocks in a row that hold a key until it is told, and that hold none until
/// it is released: a gap of one does not make two keys of one.
const HELD: u8 = 2;
const RELEASED: u8 = 2;

/// One tone's filter (Goertzel's).
#[derive(Clone, Copy, Debug)]
struct Filter {
    factor: f32,
    now: f32,
    before: f32,
}

impl Filter {
    fn new(frequency: f32) -> Self {
        Self {
            factor: 2.0 * (TAU * frequency / 8000.0).cos(),
            now: 0.0,
            before: 0.0,
        }
    }

    fn take(&mut self, sample: f32) {
        let next = self.factor * self.now - self.before + sample;
        (self.before, self.now) = (self.now, next);
    }

    /// The tone's power in the block that is over.
    fn power(&mut self) -> f32 {
        let (now, before) = (self.now, self.before);
        (self.now, self.before) = (0.0, 0.0);
        now * now + before * before - now * before * self.factor
    }
}

/// Listens for keys.
#[derive(Debug)]
pub(crate) struct Detector {
    rows: [Filter; 4],
    columns: [Filter; 4],
    all: f32,
    samples: usize,
    /// What the blocks before held, and how many of them in a row.
    last: Option<Digit>,
    times: u8,
    /// The key that was told and is still held.
    told: Option<Digit>,
}

impl Default for Detector {
    fn default() -> Self {
        Self {
            rows: ROWS.map(Filter::new),
            columns: COLUMNS.map(Filter::new),
            all: 0.0,
            samples: 0,
            last: None,
            times: 0,
            told: None,
        }
    }
}

impl Detector {
    /// Takes a frame; gives the key that was pressed in it.
    pub(crate) fn take(&mut self, frame: &Pcm) -> Option<Digit> {
        let mut pressed = None;
        for sample in frame {
            let sample = f32::from(*sample);
            for filter in self.rows.iter_mut().chain(&mut self.columns) {
                filter.take(sample);
            }
            self.all += sample * sample;
            self.samples += 1;
            if self.samples == BLOCK {
                pressed = self.block().or(pressed);
            }
        }
        pressed
    }

    /// A block is over; the key that it proves.
    fn block(&mut self) -> Option<Digit> {
        let rows = self.rows.each_mut().map(Filter::power);
        let columns = self.columns.each_mut().map(Filter::power);
        let all = std::mem::take(&mut self.all);
        self.samples = 0;
        let held = key(&rows, &columns, all);
        match held == self.last {
            true => self.times = self.times.saturating_add(1),
            false => (self.last, self.times) = (held, 1),
        }
        match held {
            Some(digit) if self.times >= HELD && self.told != held => {
                self.told = held;
                Some(digit)
            }
            None if self.times >= RELEASED => {
                self.told = None;
                None
            }
            _ => None,
        }
    }
}

/// The key whose tones a block holds.
fn key(rows: &[f32; 4], columns: &[f32; 4], all: f32) -> Option<Digit> {
    let (row, low) = strongest(rows)?;
    let (column, high) = strongest(columns)?;
    let even = low < high * TWIST && high < low * REVERSE_TWIST;
    // A sine of amplitude a has the power a² · BLOCK / 2, and its filter (a · BLOCK / 2)².
    let part = (low + high) / (all * BLOCK as f32 / 2.0);
    let sure = even && part >= OF_ALL;
    sure.then(|| Digit::from_char(KEYS[row][column])).flatten()
}

/// The strongest of a group, where it stands out.
fn strongest(powers: &[f32; 4]) -> Option<(usize, f32)> {
    let (at, power) = powers
        .iter()
        .copied()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let alone = powers
        .iter()
        .enumerate()
        .all(|(other, p)| other == at || *p * ABOVE_OTHERS < power);
    (power >= WEAKEST && alone).then_some((at, power))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtmf::tones;
    use crate::g711::FRAME;

    fn digit(c: char) -> Digit {
        Digit::from_char(c).expect("a key")
    }

    /// Numbers from -1 to 1 that are the same each time.
    struct Noise(u64);

    impl Noise {
        fn next(&mut self) -> f32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
        }
    }

    /// A key of so many milliseconds, and as much silence after it.
    fn pressed(key: char, ms: usize) -> Vec<i16> {
        let mut sound = Vec::new();
        for frame in 0..ms.div_ceil(20) {
            let mut pcm = [0; FRAME];
            tones(digit(key), frame as u16, &mut pcm);
            sound.extend_from_slice(&pcm);
        }
        sound.truncate(ms * 8);
        sound.resize(ms * 16, 0);
        sound
    }

    fn heard(sound: &[i16]) -> String {
        let mut detector = Detector::default();
        let frames = sound.chunks_exact(FRAME);
        let keys = frames.filter_map(|f| detector.take(f.try_into().expect("a frame")));
        keys.map(Digit::as_char).collect()
    }

    #[test]
    fn every_key_is_heard_once_however_it_falls_into_the_blocks() {
        for offset in (0..320).step_by(7) {
            let mut sound = vec![0; offset];
            for key in "1234567890*#ABCD11".chars() {
                sound.extend(pressed(key, 60));
            }
            sound.resize(sound.len() + FRAME, 0);
            assert_eq!(heard(&sound), "1234567890*#ABCD11", "offset {offset}");
        }
    }

    #[test]
    fn a_key_of_40_ms_is_heard_and_a_long_one_once() {
        for ms in [40, 50, 100, 3000] {
            let mut sound = vec![0; 33];
            sound.extend(pressed('7', ms));
            sound.resize(sound.len() + FRAME, 0);
            assert_eq!(heard(&sound), "7", "{ms} ms");
        }
    }

    #[test]
    fn keys_are_heard_through_noise_and_at_low_levels() {
        for (level, noise) in [(1.0, 0.0), (0.03, 0.0), (1.0, 600.0), (0.3, 200.0)] {
            let mut source = Noise(7);
            let mut sound: Vec<i16> = "159*0#".chars().flat_map(|key| pressed(key, 80)).collect();
            for sample in &mut sound {
                *sample = (f32::from(*sample) * level + source.next() * noise) as i16;
            }
            assert_eq!(heard(&sound), "159*0#", "level {level}, noise {noise}");
        }
    }

    /// Every voice that the product is tested and demonstrated with, and every prompt.
    #[test]
    fn speech_is_no_key() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut seconds = 0;
        for folder in ["../sim/assets/callers", "assets/ru", "assets/en"] {
            for file in std::fs::read_dir(here.join(folder)).expect("a folder") {
                let path = file.expect("a file").path();
                let reader = hound::WavReader::open(&path).expect("a sound");
                let samples = reader.into_samples().map(|s| s.expect("a sample"));
                let whole = crate::resample::third(&samples.collect::<Vec<i16>>());
                seconds += whole.len() / 8000;
                // Loud and quiet, and wherever the blocks begin.
                for (level, offset) in [(1.0, 0), (1.0, 41), (1.0, 83), (0.2, 17), (3.0, 5)] {
                    let sound = whole[offset..]
                        .iter()
                        .map(|s| (f32::from(*s) * level) as i16);
                    let keys = heard(&sound.collect::<Vec<i16>>());
                    assert_eq!(keys, "", "{} at {level}", path.display());
                }
            }
        }
        assert!(seconds > 60, "{seconds} s of speech");
    }

    #[test]
    fn noise_and_single_tones_are_no_keys() {
        let mut source = Noise(1);
        let noise: Vec<i16> = (0..8000 * 60)
            .map(|_| (source.next() * 8000.0) as i16)
            .collect();
        assert_eq!(heard(&noise), "");
        for frequency in (300..3400).step_by(10) {
            let wave = |n: usize| (TAU * frequency as f32 * n as f32 / 8000.0).sin();
            let tone: Vec<i16> = (0..1600).map(|n| (wave(n) * 9000.0) as i16).collect();
            assert_eq!(heard(&tone), "", "{frequency} Hz");
        }
        // A ringing tone, as in Russia (425 Hz), and as in America (440 and 480 Hz).
        let two = |n: usize| {
            let t = TAU * n as f32 / 8000.0;
            ((440.0 * t).sin() + (480.0 * t).sin()) * 6000.0
        };
        let ringing: Vec<i16> = (0..16_000).map(|n| two(n) as i16).collect();
        assert_eq!(heard(&ringing), "");
    }
}
