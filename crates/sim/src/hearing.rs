//! What one side hears.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

use crate::audio::{RATE, Sound, samples};
use crate::rtp::{Packets, Reception};

/// Longest recording kept: half an hour.
const HEARD_MAX: usize = RATE as usize * 60 * 30;

/// Samples louder than this are somebody's voice, and not silence in whichever law.
const VOICE_MIN: u16 = 1000;

/// How far time stamps and the clock may part before the clock is believed.
const APART_MAX: usize = RATE as usize / 2;

/// What was heard, laid out by the time stamps of what came; gaps are silence.
#[derive(Debug, Default)]
pub struct Heard {
    samples: Vec<i16>,
    began: Option<Instant>,
    /// Where, in samples, the stream's first time stamp lies, and that stamp.
    anchor: Option<(usize, u64)>,
}

impl Heard {
    /// Begins at this moment: what comes later has its distance from it.
    pub fn begin(&mut self, now: Instant) {
        self.began.get_or_insert(now);
    }

    /// Puts a packet's sound to its place.
    pub fn put(&mut self, now: Instant, timestamp: u64, sound: &[i16]) {
        let began = *self.began.get_or_insert(now);
        let by_clock = samples(now.saturating_duration_since(began));
        let by_stamp = self.anchor.and_then(|(at, first)| {
            let offset = i64::try_from(timestamp).ok()? - i64::try_from(first).ok()?;
            usize::try_from(at as i64 + offset).ok()
        });
        // A new source, or one that paused with its clock standing still.
        let at = match by_stamp {
            Some(at) if at.abs_diff(by_clock) <= APART_MAX => at,
            _ => {
                self.anchor = Some((by_clock, timestamp));
                by_clock
            }
        };
        let end = at + sound.len();
        if end > HEARD_MAX {
            return;
        }
        if self.samples.len() < end {
            self.samples.resize(end, 0);
        }
        self.samples[at..end].copy_from_slice(sound);
    }

    /// The samples, from the beginning.
    pub fn sound(&self) -> Sound {
        Sound::new(&self.samples)
    }
}

/// What has come so far; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Hearing(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    heard: Heard,
    reception: Reception,
    source: Option<u32>,
    packets: Packets,
    /// When the first voice came.
    voice_at: Option<Timestamp>,
}

impl Hearing {
    /// Begins at this moment: what comes later has its distance from it.
    pub fn begin(&self, now: Instant) {
        self.with(|state| state.heard.begin(now));
    }

    /// Begins anew, with nothing heard and nothing counted.
    pub fn restart(&self, now: Instant) {
        self.with(|state| {
            state.heard = Heard::default();
            state.heard.begin(now);
            state.packets = Packets::default();
            state.voice_at = None;
        });
    }

    /// A packet of a source came; one without sound, such as a key's, is only counted.
    pub fn came(&self, now: Instant, source: u32, sequence: u16, timestamp: u64, sound: &[i16]) {
        self.with(|state| {
            if state.source.replace(source) != Some(source) {
                state.reception.restart();
            }
            let is_new = state.reception.note(sequence, &mut state.packets);
            if is_new && !sound.is_empty() {
                state.heard.put(now, timestamp, sound);
                if state.voice_at.is_none() && sound.iter().any(|s| s.unsigned_abs() > VOICE_MIN) {
                    state.voice_at = Some(Timestamp::now());
                }
            }
        });
    }

    /// A packet was sent.
    pub fn sent(&self) {
        self.with(|state| state.packets.sent += 1);
    }

    /// The sound so far.
    pub fn sound(&self) -> Sound {
        self.with(|state| state.heard.sound())
    }

    /// When the first voice came, where one has.
    pub fn voice_at(&self) -> Option<Timestamp> {
        self.with(|state| state.voice_at)
    }

    /// The packets so far.
    pub fn packets(&self) -> Packets {
        self.with(|state| state.packets)
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves nothing half done that matters here.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_is_heard_lies_by_its_time_stamps() {
        let began = Instant::now();
        let mut heard = Heard::default();
        heard.begin(began);
        let at = |ms| began + Duration::from_millis(ms);
        heard.put(at(100), 5000, &[1; 160]);
        // Came late by the clock, in time by its stamp; the one between is lost.
        heard.put(at(190), 5320, &[3; 160]);
        // The stamps jump: only the clock tells.
        heard.put(at(1000), 90_000_000, &[4; 160]);
        let sound = heard.sound();
        assert_eq!(
            sound[799..961],
            [[0; 1].as_slice(), &[1; 160], &[0; 1]].concat()
        );
        assert_eq!(
            sound[1119..1281],
            [[0; 1].as_slice(), &[3; 160], &[0; 1]].concat()
        );
        assert_eq!(sound[8000..], [4; 160]);
    }
}
