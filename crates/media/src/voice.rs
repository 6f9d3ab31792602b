//! Is somebody speaking? Energy above a noise floor that follows the line.

use std::time::Duration;

use crate::g711::Pcm;

/// Above the floor by so much is voice, in dB.
const ABOVE_FLOOR_DB: f32 = 9.0;

/// Quieter than this is never voice, in dB of full scale.
const QUIETEST_DB: f32 = -45.0;

/// The floor is never taken for higher: louder than this plus the margin is
/// voice, however steady. Line noise stays well below.
const HIGHEST_FLOOR_DB: f32 = -38.0;

/// Frames over which the floor's minimum is taken (two such windows count): 1.5 s, longer than speech goes without a pause.
const WINDOW: u32 = 75;

/// Frames in a row until it counts: 60 ms, so a click does not.
const ONSET: u32 = 3;

/// Frames that a voice lasts over a pause: 200 ms, pauses between words.
const HANG: u32 = 10;

/// Length of a frame, in milliseconds.
const FRAME_MS: u32 = 20;

/// Follows one line's voice, frame by frame.
#[derive(Debug)]
pub(crate) struct Voice {
    window_min: f32,
    last_min: f32,
    in_window: u32,
    loud_in_row: u32,
    quiet_in_row: u32,
    speaking: bool,
}

impl Voice {
    pub(crate) fn new() -> Self {
        Self {
            window_min: 0.0,
            last_min: 0.0,
            in_window: 0,
            loud_in_row: 0,
            quiet_in_row: 0,
            speaking: false,
        }
    }

    /// Takes a frame; says how many milliseconds of voice it makes certain: 0, 20, or at an onset those before as well.
    pub(crate) fn take(&mut self, frame: &Pcm) -> u32 {
        let db = level_db(frame);
        self.follow_floor(db);
        let floor = self.window_min.min(self.last_min).min(HIGHEST_FLOOR_DB);
        let loud = db > QUIETEST_DB && db > floor + ABOVE_FLOOR_DB;
        if !loud {
            self.loud_in_row = 0;
            self.quiet_in_row += 1;
            self.speaking &= self.quiet_in_row < HANG;
            return 0;
        }
        self.loud_in_row += 1;
        self.quiet_in_row = 0;
        if self.speaking {
            FRAME_MS
        } else if self.loud_in_row >= ONSET {
            self.speaking = true;
            ONSET * FRAME_MS
        } else {
            0
        }
    }

    fn follow_floor(&mut self, db: f32) {
        if self.in_window == WINDOW {
            self.last_min = self.window_min;
            self.window_min = db;
            self.in_window = 0;
        }
        self.window_min = self.window_min.min(db);
        self.in_window += 1;
    }
}

fn level_db(frame: &Pcm) -> f32 {
    let energy: f32 = frame.iter().map(|s| f32::from(*s) * f32::from(*s)).sum();
    let share = energy / frame.len() as f32 / (32768.0 * 32768.0);
    10.0 * share.max(1e-10).log10()
}

/// How long something lasts, in whole frames.
pub(crate) fn frames(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / u128::from(FRAME_MS)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of a level, the same in each run.
    fn noise(db: f32, seed: &mut u32) -> Pcm {
        let peak = 32768.0 * 10.0_f32.powf(db / 20.0) * 3.0_f32.sqrt();
        std::array::from_fn(|_| {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((*seed >> 8) as f32 / (1 << 23) as f32 - 1.0).mul_add(peak, 0.0) as i16
        })
    }

    fn heard(levels: impl IntoIterator<Item = (f32, u32)>) -> u32 {
        let (mut voice, mut seed, mut ms) = (Voice::new(), 1, 0);
        for (db, frames) in levels {
            for _ in 0..frames {
                ms += voice.take(&noise(db, &mut seed));
            }
        }
        ms
    }

    #[test]
    fn a_quiet_and_a_noisy_line_hold_no_voice() {
        assert_eq!(heard([(-70.0, 200)]), 0);
        assert_eq!(heard([(-40.0, 500)]), 0);
    }

    #[test]
    fn speech_is_counted_and_a_click_is_not() {
        // Words of 400 ms with pauses of 200 ms, over noise.
        let words = std::iter::repeat_n([(-22.0, 20), (-50.0, 10)], 5).flatten();
        let ms = heard([(-50.0, 50)].into_iter().chain(words));
        assert_eq!(ms, 2000);
        assert_eq!(heard([(-60.0, 50), (-10.0, 2), (-60.0, 50)]), 0);
    }

    #[test]
    fn a_loud_voice_without_pauses_stays_a_voice() {
        assert_eq!(heard([(-20.0, 500)]), 10_000);
    }
}
