//! A call to oneself: what a browser says for a while, and then hears again.

use crate::g711::{Bytes, FRAME};

/// How long is listened: 3 s, a sentence.
const FRAMES: usize = 150;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EchoStage {
    /// The browser's sound is kept.
    Listening,
    /// It is played back.
    Playing,
    /// It is over, or was broken off by a call.
    Done,
}

/// What is kept of the browser's sound, in A-law.
pub(crate) struct Echo {
    kept: Vec<u8>,
    played: usize,
}

impl Echo {
    pub(crate) fn new() -> Self {
        Self {
            kept: Vec::with_capacity(FRAMES * FRAME),
            played: 0,
        }
    }

    /// A tick: takes what was said, and gives what is to be heard. The stage is told where it changes.
    pub(crate) fn frame(&mut self, said: &Bytes, heard: &mut Bytes) -> (bool, Option<EchoStage>) {
        if self.kept.len() < FRAMES * FRAME {
            self.kept.extend_from_slice(said);
            let full = self.kept.len() == FRAMES * FRAME;
            return (false, full.then_some(EchoStage::Playing));
        }
        let at = self.played * FRAME;
        match self.kept.get(at..at + FRAME) {
            Some(frame) => {
                heard.copy_from_slice(frame);
                self.played += 1;
                (true, None)
            }
            None => (false, Some(EchoStage::Done)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_heard_once_and_in_order() {
        let mut echo = Echo::new();
        let mut heard = [0; FRAME];
        for number in 0..FRAMES {
            let (plays, stage) = echo.frame(&[number as u8; FRAME], &mut heard);
            assert!(!plays);
            assert_eq!(stage, (number == FRAMES - 1).then_some(EchoStage::Playing));
        }
        for number in 0..FRAMES {
            assert_eq!(echo.frame(&[255; FRAME], &mut heard), (true, None));
            assert_eq!(heard, [number as u8; FRAME]);
        }
        let over = echo.frame(&[255; FRAME], &mut heard);
        assert_eq!(over, (false, Some(EchoStage::Done)));
    }
}
