//! Plays a program, a frame at a time, and listens where the program does.

use std::sync::Arc;

use crate::g711::{FRAME, Pcm};
use crate::voice::Voice;

/// Kept from before a voice is recognized, in samples: beginnings of words are quiet.
const BEFORE_VOICE: usize = 2400;

/// Kept after a voice has ended, in samples.
const AFTER_VOICE: usize = 4000;

/// Frames that room is made for at once: longer voices make theirs as they go on.
const KEPT_AT_ONCE: u32 = 3000;

/// An item, with its sound looked up and its times in frames.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A sound, once.
    Sound(Arc<[i16]>),
    /// A sound, without an end.
    Loop(Arc<[i16]>),
    /// Silence.
    Silence(u32),
    /// Silence in which the caller is listened to.
    Listen {
        max: u32,
        begin: u32,
        silence: u32,
        keep: bool,
    },
    /// What was kept.
    PlayBack,
}

/// What became of a program in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Played {
    /// It goes on, or there is none.
    On,
    /// This frame was past its end.
    Ended,
}

/// One call's player.
#[derive(Debug)]
pub(crate) struct Player {
    /// The number that the running program was given; none where nothing runs.
    number: Option<u64>,
    steps: Vec<Step>,
    at: usize,
    /// Samples, or frames, of the step that are done.
    done: usize,
    voice: Voice,
    voice_ms: Option<u32>,
    /// The running program has listened.
    listened: bool,
    quiet: u32,
    kept: Vec<i16>,
    /// The kept part that holds voice.
    spoken: Option<(usize, usize)>,
}

impl Player {
    pub(crate) fn new() -> Self {
        Self {
            number: None,
            steps: Vec::new(),
            at: 0,
            done: 0,
            voice: Voice::new(),
            voice_ms: None,
            listened: false,
            quiet: 0,
            kept: Vec::new(),
            spoken: None,
        }
    }

    /// Starts a program in place of the one that runs.
    pub(crate) fn start(&mut self, number: u64, steps: Vec<Step>) {
        self.number = (!steps.is_empty()).then_some(number);
        self.steps = steps;
        self.listened = false;
        self.enter(0);
    }

    /// Ends the program that runs, without a word.
    pub(crate) fn stop(&mut self) {
        self.number = None;
        self.steps.clear();
    }

    /// The running program's number.
    pub(crate) fn running(&self) -> Option<u64> {
        self.number
    }

    /// Milliseconds of voice in the latest `Listen`, that of an earlier program included.
    pub(crate) fn voice_ms(&self) -> Option<u32> {
        self.voice_ms
    }

    /// Milliseconds of voice in the program that ran last, where it listened.
    pub(crate) fn program_voice_ms(&self) -> Option<u32> {
        self.voice_ms.filter(|_| self.listened)
    }

    /// Hears a frame of the caller and gives the one that the caller hears.
    pub(crate) fn next(&mut self, caller: &Pcm, to: &mut Pcm) -> Played {
        let spoken_ms = self.voice.take(caller);
        to.fill(0);
        if self.number.is_none() {
            return Played::On;
        }
        loop {
            let over = match self.steps.get(self.at) {
                None => {
                    self.stop();
                    return Played::Ended;
                }
                Some(Step::Sound(sound)) => {
                    let rest = &sound[self.done.min(sound.len())..];
                    copy(rest, to);
                    self.done += FRAME;
                    rest.is_empty()
                }
                Some(Step::Loop(sound)) if sound.is_empty() => false,
                Some(Step::Loop(sound)) => {
                    for sample in to.iter_mut() {
                        *sample = sound[self.done];
                        self.done = (self.done + 1) % sound.len();
                    }
                    false
                }
                Some(Step::Silence(frames)) => {
                    self.done += 1;
                    self.done > *frames as usize
                }
                Some(&Step::Listen {
                    max,
                    begin,
                    silence,
                    keep,
                }) => {
                    let patience = match self.voice_ms {
                        Some(0) => begin,
                        _ => silence,
                    };
                    self.listen(caller, spoken_ms, max, patience, keep)
                }
                Some(Step::PlayBack) => {
                    let (from, until) = self.spoken.unwrap_or_default();
                    let until = until.min(self.kept.len());
                    let rest = &self.kept[(from + self.done).min(until)..until];
                    copy(rest, to);
                    self.done += FRAME;
                    rest.is_empty()
                }
            };
            if !over {
                return Played::On;
            }
            self.enter(self.at + 1);
        }
    }

    fn enter(&mut self, at: usize) {
        self.at = at;
        self.done = 0;
        if let Some(Step::Listen { max, keep, .. }) = self.steps.get(at) {
            self.voice_ms = Some(0);
            self.listened = true;
            self.quiet = 0;
            self.spoken = None;
            self.kept.clear();
            if *keep {
                self.kept
                    .reserve_exact(*max.min(&KEPT_AT_ONCE) as usize * FRAME);
            }
        }
    }

    /// Listens to a frame; true when the time for it has passed.
    fn listen(&mut self, caller: &Pcm, ms: u32, max: u32, patience: u32, keep: bool) -> bool {
        if self.done >= max as usize || self.quiet >= patience {
            return true;
        }
        self.done += 1;
        if keep {
            self.kept.extend_from_slice(caller);
        }
        if ms == 0 {
            self.quiet += 1;
            return false;
        }
        self.quiet = 0;
        self.voice_ms = Some(self.voice_ms.unwrap_or(0) + ms);
        let now = self.done * FRAME;
        let from = self
            .spoken
            .map_or(now.saturating_sub(BEFORE_VOICE), |(from, _)| from);
        self.spoken = Some((from, now + AFTER_VOICE));
        false
    }
}

fn copy(from: &[i16], to: &mut Pcm) {
    let length = from.len().min(FRAME);
    to[..length].copy_from_slice(&from[..length]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::sine;

    const QUIET: Pcm = [0; FRAME];

    fn sound(value: i16, samples: usize) -> Step {
        Step::Sound(vec![value; samples].into())
    }

    /// Plays to the end with what the caller says; the first samples of each frame.
    fn play(steps: Vec<Step>, caller: impl Fn(usize) -> Pcm) -> (Vec<i16>, Player) {
        let mut player = Player::new();
        player.start(1, steps);
        let (mut frames, mut to) = (Vec::new(), QUIET);
        while player.next(&caller(frames.len()), &mut to) == Played::On {
            frames.push(to[0]);
            assert!(frames.len() < 10_000);
        }
        assert_eq!(player.running(), None);
        (frames, player)
    }

    #[test]
    fn items_come_in_their_order() {
        let steps = vec![
            sound(1, 200),
            Step::Silence(2),
            sound(2, 160),
            sound(3, 0),
            sound(4, 1),
        ];
        let (frames, player) = play(steps, |_| QUIET);
        assert_eq!(frames, [1, 1, 0, 0, 2, 4]);
        assert_eq!(player.voice_ms(), None);
    }

    #[test]
    fn an_empty_program_is_silence_and_a_loop_has_no_end() {
        let (mut player, mut to) = (Player::new(), QUIET);
        player.start(1, Vec::new());
        assert_eq!(player.next(&QUIET, &mut to), Played::On);
        player.start(2, vec![Step::Loop(vec![7; 100].into()), sound(1, 1)]);
        for _ in 0..1000 {
            assert_eq!(player.next(&QUIET, &mut to), Played::On);
            assert_eq!(to, [7; FRAME]);
        }
        player.start(3, vec![Step::Loop(Vec::new().into())]);
        assert_eq!(player.next(&QUIET, &mut to), Played::On);
    }

    fn speech(from: usize, until: usize) -> impl Fn(usize) -> Pcm {
        let mut loud = QUIET;
        loud.copy_from_slice(&sine(8000.0, 440.0, 0.3, FRAME));
        move |frame| {
            if (from..until).contains(&frame) {
                loud
            } else {
                QUIET
            }
        }
    }

    fn listen(max: u32, silence: u32) -> Step {
        Step::Listen {
            max,
            begin: 4 * silence,
            silence,
            keep: true,
        }
    }

    #[test]
    fn listening_ends_after_silence_and_is_played_back() {
        let steps = vec![listen(500, 50), Step::PlayBack, sound(9, 1)];
        let (frames, player) = play(steps, speech(40, 100));
        assert_eq!(player.voice_ms(), Some(1200));
        // 150 frames listened, then 0.3 s before the voice was certain, the voice, 0.5 s after it, the last sound.
        let back = frames.len() - 1 - 150;
        assert!((85..=100).contains(&back), "{back} frames played back");
        assert_eq!(frames.last(), Some(&9));
    }

    #[test]
    fn nobody_speaks_or_somebody_never_stops() {
        let (frames, player) = play(vec![listen(500, 50), Step::PlayBack], |_| QUIET);
        assert_eq!((frames.len(), player.voice_ms()), (200, Some(0)));
        let (frames, player) = play(vec![listen(200, 50)], speech(0, 10_000));
        assert_eq!((frames.len(), player.voice_ms()), (200, Some(4000)));
    }

    #[test]
    fn a_program_that_is_replaced_says_nothing() {
        let (mut player, mut to) = (Player::new(), QUIET);
        player.start(1, vec![sound(1, 160)]);
        player.next(&QUIET, &mut to);
        player.start(2, vec![sound(2, 160)]);
        assert_eq!(player.next(&QUIET, &mut to), Played::On);
        assert_eq!((to[0], player.running()), (2, Some(2)));
        player.stop();
        assert_eq!(player.next(&QUIET, &mut to), Played::On);
        assert_eq!(to, QUIET);
    }
}
