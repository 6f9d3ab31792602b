//! What is played to the caller, and what follows when it ends.

use std::time::{Duration, Instant};

use model::audio::Digit;
use model::call::{Ending, Happening};

use super::Call;
use crate::output::Output;
use crate::program::Program;
use crate::state::{Leg, State};
use crate::timer::Timer;

impl Call {
    pub(super) fn hear(&mut self, now: Instant, program: Program) {
        self.hearing = Some(program);
        self.start_timer(now, Timer::Program);
        self.say(Output::Hear(program));
    }

    pub(super) fn check_line(&mut self, now: Instant) {
        self.record(Happening::LineCheckStarted);
        self.hear(now, Program::LineCheck);
    }

    pub(super) fn take_voice_message(&mut self, now: Instant) {
        self.record(Happening::VoiceMessageStarted);
        self.hear(now, Program::VoiceMessage { open: self.open });
    }

    pub(super) fn voice_heard(&mut self, heard: Duration) {
        if let State::VoiceMessage { voice } | State::Closing { voice, .. } = &mut self.state {
            *voice = heard.max(*voice);
        }
    }

    pub(super) fn is_taking_voice_message(&self) -> bool {
        matches!(self.hearing, Some(Program::VoiceMessage { .. }))
    }

    /// `#` ends a voice message, as it does everywhere. What was said into it
    /// is told when the sound is closed. `1` leaves one instead of waiting on.
    pub(super) fn key_pressed(&mut self, now: Instant, digit: Digit) {
        if digit.as_char() == '#' && self.is_taking_voice_message() {
            self.finish(now, Ending::VoiceMessageEmpty);
        }
        if digit.as_char() == '1' && self.leg == Leg::Answered {
            self.stop_waiting(now);
        }
    }

    /// The ending of a call in which so much was said into a voice message.
    pub(super) fn judge_voice(&self, voice: Duration, otherwise: Ending) -> Ending {
        if voice >= self.limits.voice_enough {
            Ending::VoiceMessageLeft
        } else {
            otherwise
        }
    }

    /// The end of a program that was replaced meanwhile means nothing.
    pub(super) fn heard(&mut self, now: Instant, program: Program) {
        if self.hearing != Some(program) {
            return;
        }
        match program {
            Program::LineCheck => self.finish(now, Ending::LineCheckDone),
            Program::QueueWelcome | Program::Reassurance => self.hold_the_line(now),
            Program::VoiceMessage { .. } => self.hear(now, Program::Goodbye),
            Program::Goodbye => self.finish(now, Ending::VoiceMessageEmpty),
            Program::Music | Program::Transfer => {}
        }
    }

    pub(super) fn program_overdue(&mut self, now: Instant) {
        if let Some(program) = self.hearing {
            self.heard(now, program);
        }
    }
}
