//! Operator and caller: the conversation, hold, and a browser that is lost.

use std::time::Instant;

use model::call::{Ending, Happening};
use model::id::UserId;

use super::Call;
use crate::input::Act;
use crate::output::Output;
use crate::program::Program;
use crate::state::{Conversation, Leg, State};
use crate::timer::Timer;

impl Call {
    /// The two hear each other from now on.
    pub(super) fn talk(&mut self, now: Instant, mut conversation: Conversation) {
        if !conversation.begun {
            conversation.begun = true;
            self.record(Happening::Answered {
                operator: conversation.operator,
            });
        }
        self.state = State::Talking(conversation);
        if conversation.held {
            self.hear(now, Program::Music);
            self.join(Output::Attend(conversation.operator));
        } else {
            self.bridge(conversation);
        }
    }

    fn bridge(&mut self, conversation: Conversation) {
        self.hearing = None;
        self.timers.stop(Timer::Program);
        self.join(Output::Bridge(conversation.operator));
    }

    pub(super) fn act(&mut self, now: Instant, operator: UserId, act: Act) {
        if self.state.conversation().map(|c| c.operator) != Some(operator) {
            return;
        }
        match (act, self.state) {
            (Act::HangUp, State::Placing { .. }) => self.finish(now, Ending::OperatorGaveUp),
            (Act::HangUp, _) => self.finish(now, Ending::OperatorHungUp),
            (Act::Hold(on), State::Talking(c)) if on != c.held => self.hold(now, c, on),
            (Act::Mute(on), State::Talking(c)) if on != c.muted => {
                self.state = State::Talking(Conversation { muted: on, ..c });
                self.say(Output::Mute(on));
            }
            (Act::Digit(digit), State::Talking(_)) => self.say(Output::SendDigit(digit)),
            (Act::Consult(colleague), State::Talking(c)) => self.consult(now, c, colleague),
            (Act::Transfer(colleague, ways), State::Talking(c)) => {
                self.transfer(now, c, colleague, ways);
            }
            (Act::TakeBack, State::Referring(handing)) => self.stop_handing(now, handing),
            (act, State::Consulting(c)) => self.act_consulting(now, c, act),
            _ => {}
        }
    }

    fn hold(&mut self, now: Instant, conversation: Conversation, on: bool) {
        let conversation = Conversation {
            held: on,
            ..conversation
        };
        self.state = State::Talking(conversation);
        if on {
            self.record(Happening::Held);
            self.part();
            self.hear(now, Program::Music);
            self.join(Output::Attend(conversation.operator));
        } else {
            self.record(Happening::Resumed);
            self.part();
            self.bridge(conversation);
        }
    }

    /// A caller who would hear silence hears music, and so does a colleague; but
    /// whoever is on hold, or with a colleague, is not parted from anybody by what
    /// may be over in a moment.
    pub(super) fn operator_stalled(&mut self, now: Instant, operator: UserId) {
        match self.state {
            State::Connecting(c) | State::Talking(c) if !c.held => {
                self.operator_lost(now, operator);
            }
            State::Consulting(consultation) if consultation.is_between_two(operator) => {
                self.say(Output::SootheColleague(true));
            }
            _ => {}
        }
    }

    /// The caller hears music at once, and the place is kept for a short time.
    pub(super) fn operator_lost(&mut self, now: Instant, operator: UserId) {
        let conversation = match self.state {
            State::Placing { .. } => return self.placing_operator_lost(now, operator),
            State::Connecting(conversation) | State::Talking(conversation) => conversation,
            State::Consulting(consultation) if !consultation.blind => consultation.conversation,
            // Blind, nobody hears the operator: it matters only if the transfer fails.
            _ => return,
        };
        if conversation.operator != operator {
            return;
        }
        match self.state {
            State::Talking(_) => {
                self.part();
                if !conversation.held {
                    self.hear(now, Program::Music);
                }
            }
            State::Consulting(consultation) => self.lose_consulting_operator(now, consultation),
            _ => {}
        }
        self.state = State::Dropped(conversation);
        self.record(Happening::OperatorLost { operator });
        self.start_timer(now, Timer::OperatorGrace);
    }

    pub(super) fn operator_back(&mut self, now: Instant, operator: UserId) {
        let conversation = match self.state {
            State::Dropped(conversation) => conversation,
            State::Consulting(consultation) if consultation.is_between_two(operator) => {
                return self.say(Output::SootheColleague(false));
            }
            _ => return,
        };
        if conversation.operator != operator {
            return;
        }
        self.timers.stop(Timer::OperatorGrace);
        self.record(Happening::OperatorBack { operator });
        if self.leg == Leg::Answered {
            self.talk(now, conversation);
        } else {
            self.state = State::Connecting(conversation);
        }
    }

    /// The lost operator did not come back: the caller is not left alone.
    pub(super) fn give_operator_up(&mut self, now: Instant) {
        if let State::Dropped(conversation) = self.state {
            if conversation.muted {
                self.say(Output::Mute(false));
            }
            self.say(Output::ReleaseOperator {
                operator: conversation.operator,
            });
            self.wait(now, true);
        }
    }
}
