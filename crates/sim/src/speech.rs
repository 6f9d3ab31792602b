//! What one side says, frame by frame.

use std::time::Duration;

use crate::audio::{FRAME, Sound, samples};

/// A voice after a silence, followed by silence.
#[derive(Debug)]
pub struct Speech {
    sound: Sound,
    silence: usize,
    said: usize,
}

impl Speech {
    /// Says the sound after a silence.
    pub fn new(sound: Sound, after: Duration) -> Self {
        Self {
            sound,
            silence: samples(after),
            said: 0,
        }
    }

    /// The next 20 ms.
    pub fn frame(&mut self) -> [i16; FRAME] {
        let mut frame = [0; FRAME];
        let quiet = self.silence.min(FRAME);
        self.silence -= quiet;
        let left = &self.sound[self.said..];
        let count = left.len().min(FRAME - quiet);
        frame[quiet..quiet + count].copy_from_slice(&left[..count]);
        self.said += count;
        frame
    }

    /// Whether all has been said.
    pub fn is_over(&self) -> bool {
        self.said == self.sound.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_comes_after_its_silence_and_ends() {
        let mut speech = Speech::new(Sound::new(&[7; 200]), Duration::from_millis(30));
        let said: Vec<i16> = (0..4).flat_map(|_| speech.frame()).collect();
        assert!(speech.is_over());
        assert_eq!(said[..240], [0; 240]);
        assert_eq!(said[240..440], [7; 200]);
        assert_eq!(said[440..], [0; 200]);
    }
}
