//! Waiting for an operator: ringing, then prompts, then a voice message.

use std::time::{Duration, Instant};

use model::call::Happening;
use model::id::UserId;

use super::Call;
use crate::output::Output;
use crate::program::Program;
use crate::state::{Conversation, Leg, State};
use crate::timer::Timer;

impl Call {
    /// Joins the queue: at its front where an operator was lost in mid-call,
    /// and then with the whole limit of waiting before it.
    pub(super) fn wait(&mut self, now: Instant, dropped: bool) {
        self.state = State::Waiting { dropped };
        self.say(Output::Enqueue { front: dropped });
        self.start_timer(now, Timer::Wait);
        match self.leg {
            Leg::Early => self.start_timer(now, Timer::RingBeforeAnswer),
            Leg::Answered => self.start_timer(now, Timer::Reassure),
            Leg::Opening | Leg::Preparing | Leg::Placed | Leg::Answering | Leg::Gone => {}
        }
    }

    /// Prompts have taken the call from the ringing.
    pub(super) fn queue_answered(&mut self, now: Instant, dropped: bool) {
        if dropped {
            self.hold_the_line(now);
        } else {
            self.record(Happening::QueueAnswered);
            self.hear(now, Program::QueueWelcome);
        }
    }

    /// Music, until the next word of reassurance.
    pub(super) fn hold_the_line(&mut self, now: Instant) {
        self.hear(now, Program::Music);
        self.start_timer(now, Timer::Reassure);
    }

    pub(super) fn record_waiting(&mut self, happening: Happening) {
        if let State::Waiting { .. } = self.state {
            self.record(happening);
        }
    }

    /// The queue gave the call to an operator. One whom it does not need
    /// (the queue spoke before it heard of the call's new state) is let go.
    pub(super) fn accepted(&mut self, now: Instant, operator: UserId) {
        if let State::Waiting { .. } = self.state {
            self.stop_waiting_timers();
            let conversation = Conversation {
                operator,
                begun: false,
                held: false,
                muted: false,
            };
            if self.leg == Leg::Answered {
                self.talk(now, conversation);
            } else {
                self.state = State::Connecting(conversation);
                self.answer(now);
            }
        } else if self.state.conversation().map(|c| c.operator) != Some(operator) {
            self.say(Output::ReleaseOperator { operator });
        }
    }

    /// Waiting has been long enough, or is in vain: a voice message is taken.
    pub(super) fn stop_waiting(&mut self, now: Instant) {
        if let State::Waiting { .. } = self.state {
            self.stop_waiting_timers();
            self.say(Output::LeaveQueue);
            self.state = State::VoiceMessage {
                voice: Duration::ZERO,
            };
            if self.leg == Leg::Answered {
                self.take_voice_message(now);
            } else {
                self.answer(now);
            }
        }
    }

    fn stop_waiting_timers(&mut self) {
        self.timers.stop_where(|timer| {
            matches!(
                timer,
                Timer::Wait | Timer::RingBeforeAnswer | Timer::Reassure
            )
        });
    }
}
