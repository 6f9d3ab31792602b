//! Blind transfers: by a second call, by the PBX itself, by its own codes. The
//! operator stays at the call until the caller is with the colleague, so that
//! nobody is handed over to a telephone that just rings.

use std::time::Instant;

use model::call::{Ending, Happening};
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
        });
        self.start_timer(now, Timer::Referral);
        self.say(match way {
            TransferWay::Code => Output::PressCode { colleague, attempt },
            _ => Output::Refer { colleague, attempt },
        });
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
        if attempt != self.attempt {
            return;
        }
        match self.state {
            State::Referring(handing) => self.handed_over(now, handing),
            State::Transferred(_) if self.replacing => {
                self.learn(TransferWay::Replace, true);
                self.finish(now, Ending::Transferred);
            }
            _ => {}
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

    /// The operator wants the caller back, and the PBX may be at work: whatever it says from now on is too late.
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
        self.learn(way, true);
        self.record(Happening::Transferred { colleague });
        self.state = State::Transferred(colleague);
        self.say(Output::ReleaseOperator {
            operator: conversation.operator,
        });
        self.finish(now, Ending::Transferred);
    }

    pub(super) fn learn(&mut self, way: TransferWay, works: bool) {
        self.say(Output::Learnt { way, works });
    }
}
