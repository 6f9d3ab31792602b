//! The caller's leg: answering it, and its end from either side.

use std::time::Instant;

use model::call::Ending;

use super::Call;
use crate::output::{Output, Refusal};
use crate::program::Program;
use crate::state::{Leg, State};
use crate::timer::Timer;

impl Call {
    /// Begins to answer, unless that has begun: first the sound, for the
    /// answer has to name its address.
    pub(super) fn answer(&mut self, now: Instant) {
        if self.leg == Leg::Early {
            self.leg = Leg::Opening;
            self.sound = true;
            self.start_timer(now, Timer::Confirm);
            self.say(Output::OpenSound);
        }
    }

    pub(super) fn sound_opened(&mut self, now: Instant) {
        match self.leg {
            Leg::Opening => {
                self.leg = Leg::Answering;
                self.start_timer(now, Timer::Confirm);
                self.say(Output::Answer);
            }
            Leg::Preparing => self.call_out(now),
            _ => {}
        }
    }

    pub(super) fn sound_failed(&mut self, now: Instant) {
        if matches!(self.leg, Leg::Opening | Leg::Preparing) {
            self.sound = false;
            self.finish(now, Ending::ServerFailed);
        }
    }

    /// Whoever is to speak to the caller by now, speaks.
    pub(super) fn leg_answered(&mut self, now: Instant) {
        if !matches!(self.leg, Leg::Answering | Leg::Placed) {
            return;
        }
        self.leg = Leg::Answered;
        self.timers.stop(Timer::Confirm);
        self.timers.stop(Timer::Callee);
        match self.state {
            State::LineCheck => self.check_line(now),
            State::Waiting { dropped } => self.queue_answered(now, dropped),
            State::Placing { conversation, .. } => self.callee_answered(now, conversation),
            State::Connecting(conversation) => self.talk(now, conversation),
            State::Dropped(_) => self.hear(now, Program::Music),
            State::VoiceMessage { .. } => self.take_voice_message(now),
            State::Talking(_)
            | State::Consulting(_)
            | State::Referring(_)
            | State::Transferred(_)
            | State::Closing { .. }
            | State::Ended(_) => {}
        }
    }

    pub(super) fn confirmation_overdue(&mut self, now: Instant) {
        self.finish(
            now,
            match self.leg {
                Leg::Opening | Leg::Preparing => Ending::ServerFailed,
                _ => Ending::PbxFailed,
            },
        );
    }

    pub(super) fn leg_failed(&mut self, now: Instant) {
        self.leg = Leg::Gone;
        self.finish(now, Ending::PbxFailed);
    }

    pub(super) fn caller_gone(&mut self, now: Instant) {
        let answered = self.leg == Leg::Answered;
        let ending = match self.state {
            State::LineCheck => Ending::LineCheckLeft,
            State::Placing { .. } => Ending::PbxFailed,
            State::Talking(_) | State::Consulting(_) => Ending::CallerHungUp,
            // That is how a PBX answers its own code: the call is with the colleague.
            State::Referring(handing) if handing.pressed_at.is_some_and(|at| at <= now) => {
                return self.code_worked(now, handing);
            }
            State::Referring(_) => Ending::CallerHungUp,
            State::Transferred(_) => Ending::Transferred,
            _ if !answered => Ending::CallerGaveUpRinging,
            State::VoiceMessage { .. } => Ending::VoiceMessageEmpty,
            State::Waiting { dropped: false } => Ending::CallerGaveUpQueued,
            _ => Ending::CallerGaveUpDropped,
        };
        self.leg = Leg::Gone;
        self.finish(now, ending);
    }

    pub(super) fn release_leg(&mut self, ending: Ending) {
        match self.leg {
            Leg::Early | Leg::Opening => self.say(Output::Refuse(match ending {
                Ending::OutsideHours | Ending::Blocked => Refusal::Busy,
                Ending::ServerFailed => Refusal::ServerError,
                _ => Refusal::Unavailable,
            })),
            Leg::Placed | Leg::Answering | Leg::Answered => self.say(Output::HangUp),
            Leg::Preparing | Leg::Gone => {}
        }
        self.leg = Leg::Gone;
    }
}
