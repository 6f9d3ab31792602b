//! Blind transfers: by a second call, by the PBX itself, by its own codes. The
//! operator stays at the call until the caller is with the colleague, so that
//! nobody is handed over to a telephone that just rings.

use std::time::{Duration, Instant};

use model::call::{Ending, Happening};
use model::id::UserId;
use model::transfer::{Colleague, TransferFault, TransferWay, Ways};

use super::Call;
use crate::output::Output;
use crate::program::Program;
use crate::state::{Consultation, Conversation, Handing, State};
use crate::timer::Timer;

impl Call {
    /// Hands the caller over without a word between operator and colleague.
    pub(super) fn transfer(
        &mut self,
        now: Instant,
        conversation: Conversation,
        colleague: Colleague,
        ways: Ways,
    ) {
        if let Some((way, rest)) = ways.next() {
            self.begin_transfer(conversation, colleague, true);
            self.hear(now, Program::Transfer);
            self.hand_by(now, conversation, colleague, way, rest);
            self.join(Output::Attend(conversation.operator));
        }
    }

    /// Tries one way; the others are left for when it fails.
    pub(super) fn hand_by(
        &mut self,
        now: Instant,
        conversation: Conversation,
        colleague: Colleague,
        way: TransferWay,
        ways: Ways,
    ) {
        if way == TransferWay::Bridge {
            let consultation = self.dial(now, conversation, colleague);
            self.state = State::Consulting(Consultation {
                blind: true,
                ways,
                ..consultation
            });
            return;
        }
        self.attempt += 1;
        let attempt = self.attempt;
        self.state = State::Referring(Handing {
            conversation: Conversation {
                held: true,
                ..conversation
            },
            colleague,
            way,
            ways,
            pressed_at: None,
        });
        self.start_timer(now, Timer::Referral);
        if way == TransferWay::Code {
            self.say(Output::PressCode { colleague, attempt });
        } else {
            self.asked = Some((attempt, colleague));
            self.say(Output::Refer { colleague, attempt });
        }
    }

    /// The PBX is given its time from the last key on.
    pub(super) fn code_pressing(&mut self, now: Instant, attempt: u32, takes: Duration) {
        if let State::Referring(handing) = &mut self.state
            && handing.way == TransferWay::Code
            && attempt == self.attempt
        {
            handing.pressed_at = Some(now + takes);
            self.start_timer(now + takes, Timer::Referral);
        }
    }

    /// The PBX calls the colleague: from now on that may take as long as ringing does.
    pub(super) fn referring(&mut self, now: Instant, attempt: u32) {
        if let State::Referring(handing) = self.state
            && handing.way == TransferWay::Refer
            && attempt == self.attempt
        {
            let longest = self.limits.colleague + self.limits.referral;
            self.timers.start(Timer::Referral, now + longest);
        }
    }

    pub(super) fn referred(&mut self, now: Instant, attempt: u32) {
        match self.state {
            State::Referring(handing) if attempt == self.attempt => {
                self.handed_over(now, handing);
            }
            State::Transferred(_) if attempt == self.attempt && self.replacing => {
                self.learn(TransferWay::Replace, true);
                self.finish(now, Ending::Transferred);
            }
            _ => self.referred_late(now, attempt),
        }
    }

    /// A PBX that was given up, or whose caller the operator took back, has
    /// connected the two after all: whatever was begun meanwhile, the caller is gone.
    fn referred_late(&mut self, now: Instant, attempt: u32) {
        if let Some((_, colleague)) = self.asked.take_if(|(asked, _)| *asked == attempt)
            && let Some(conversation) = self.state.conversation()
        {
            let operator = conversation.operator;
            self.gone_over(now, operator, colleague, TransferWay::Refer);
        }
    }

    pub(super) fn refer_failed(&mut self, now: Instant, attempt: u32, fault: TransferFault) {
        if attempt != self.attempt {
            return;
        }
        match self.state {
            State::Referring(handing) => {
                self.timers.stop(Timer::Referral);
                if fault.is_of_the_way() {
                    self.learn(handing.way, false);
                }
                let Handing {
                    conversation,
                    colleague,
                    ways,
                    ..
                } = handing;
                match ways.next().filter(|_| fault.is_of_the_way()) {
                    Some((way, rest)) => self.hand_by(now, conversation, colleague, way, rest),
                    None => {
                        self.record(Happening::TransferFailed { colleague, fault });
                        self.part();
                        self.talk(
                            now,
                            Conversation {
                                held: false,
                                ..conversation
                            },
                        );
                    }
                }
            }
            // Caller and colleague go on through this side.
            State::Transferred(_) if std::mem::take(&mut self.replacing) => {
                self.timers.stop(Timer::Referral);
                self.learn(TransferWay::Replace, false);
            }
            _ => {}
        }
    }

    /// The operator wants the caller back, and the PBX may be at work: nothing
    /// but a success of it counts from now on.
    pub(super) fn stop_handing(&mut self, now: Instant, handing: Handing) {
        self.timers.stop(Timer::Referral);
        self.attempt += 1;
        self.take_back(now, handing.conversation);
    }

    /// The PBX's code took the caller's leg away: the caller is with the colleague, or has hung up just then.
    pub(super) fn code_worked(&mut self, now: Instant, handing: Handing) {
        self.leg = crate::state::Leg::Gone;
        self.handed_over(now, handing);
    }

    fn handed_over(&mut self, now: Instant, handing: Handing) {
        let Handing {
            conversation,
            colleague,
            way,
            ..
        } = handing;
        self.gone_over(now, conversation.operator, colleague, way);
    }

    /// Caller and colleague talk at the PBX.
    fn gone_over(
        &mut self,
        now: Instant,
        operator: UserId,
        colleague: Colleague,
        way: TransferWay,
    ) {
        self.part();
        self.learn(way, true);
        self.record(Happening::Transferred { colleague });
        self.state = State::Transferred(colleague);
        self.say(Output::ReleaseOperator { operator });
        self.finish(now, Ending::Transferred);
    }

    pub(super) fn learn(&mut self, way: TransferWay, works: bool) {
        self.say(Output::Learnt { way, works });
    }
}
