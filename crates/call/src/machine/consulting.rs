//! A colleague beside operator and caller: consultation, three in a talk,
//! and the caller handed over.

use std::time::Instant;

use model::call::{Ending, Happening};
use model::transfer::{Colleague, TransferFault, TransferWay, Ways};

use super::Call;
use crate::input::Act;
use crate::output::Output;
use crate::program::Program;
use crate::state::{ColleagueStage, Consultation, Conversation, State};
use crate::timer::Timer;

impl Call {
    /// The colleague is called; the caller hears music meanwhile.
    pub(super) fn consult(
        &mut self,
        now: Instant,
        conversation: Conversation,
        colleague: Colleague,
    ) {
        self.begin_transfer(conversation, colleague, false);
        if !conversation.held {
            self.hear(now, Program::Music);
        }
        let consultation = self.dial(now, conversation, colleague);
        self.state = State::Consulting(consultation);
        self.join(Output::Consult(conversation.operator));
    }

    pub(super) fn begin_transfer(
        &mut self,
        conversation: Conversation,
        colleague: Colleague,
        blind: bool,
    ) {
        self.record(Happening::TransferBegun {
            operator: conversation.operator,
            colleague,
            blind,
        });
        self.part();
    }

    /// Has the colleague called.
    pub(super) fn dial(
        &mut self,
        now: Instant,
        conversation: Conversation,
        colleague: Colleague,
    ) -> Consultation {
        self.attempt += 1;
        self.second = true;
        self.start_timer(now, Timer::Colleague);
        self.say(Output::Dial {
            colleague,
            attempt: self.attempt,
        });
        Consultation {
            conversation: Conversation {
                held: true,
                ..conversation
            },
            colleague,
            stage: ColleagueStage::Calling,
            blind: false,
            together: false,
            ways: Ways::NONE,
            replace: false,
        }
    }

    pub(super) fn act_consulting(&mut self, now: Instant, consultation: Consultation, act: Act) {
        let Consultation {
            conversation,
            stage,
            together,
            ..
        } = consultation;
        match act {
            Act::TakeBack => self.take_back(now, conversation),
            Act::HandOver { replace } if stage == ColleagueStage::Answered => {
                self.hand_over(
                    now,
                    Consultation {
                        replace,
                        ..consultation
                    },
                );
            }
            // «Соединить» before the answer: then it happens at the answer.
            Act::HandOver { replace } => {
                self.part();
                self.state = State::Consulting(Consultation {
                    blind: true,
                    replace,
                    ways: Ways::NONE,
                    ..consultation
                });
                self.join(Output::Attend(conversation.operator));
            }
            Act::Together(on) if stage == ColleagueStage::Answered && on != together => {
                self.part();
                if on {
                    self.hearing = None;
                    self.timers.stop(Timer::Program);
                    self.join(Output::Gather(conversation.operator));
                    self.record(Happening::TalkingTogether {
                        colleague: consultation.colleague,
                    });
                } else {
                    self.hear(now, Program::Music);
                    self.join(Output::Consult(conversation.operator));
                }
                self.state = State::Consulting(Consultation {
                    together: on,
                    ..consultation
                });
            }
            Act::Mute(on) if on != conversation.muted => {
                self.say(Output::Mute(on));
                self.state = State::Consulting(Consultation {
                    conversation: Conversation {
                        muted: on,
                        ..conversation
                    },
                    ..consultation
                });
            }
            _ => {}
        }
    }

    pub(super) fn colleague_ringing(&mut self, attempt: u32) {
        if let State::Consulting(consultation) = &mut self.state
            && attempt == self.attempt
            && consultation.stage == ColleagueStage::Calling
        {
            consultation.stage = ColleagueStage::Ringing;
            let colleague = consultation.colleague;
            self.record(Happening::TransferRinging { colleague });
        }
    }

    pub(super) fn colleague_answered(&mut self, now: Instant, attempt: u32) {
        if let State::Consulting(mut consultation) = self.state
            && attempt == self.attempt
            && consultation.stage != ColleagueStage::Answered
        {
            self.timers.stop(Timer::Colleague);
            consultation.stage = ColleagueStage::Answered;
            self.state = State::Consulting(consultation);
            self.record(Happening::TransferAnswered {
                colleague: consultation.colleague,
            });
            if consultation.blind {
                self.hand_over(now, consultation);
            }
        }
    }

    pub(super) fn colleague_gone(
        &mut self,
        now: Instant,
        attempt: u32,
        fault: TransferFault,
        barred: bool,
    ) {
        if attempt != self.attempt || !std::mem::take(&mut self.second) {
            return;
        }
        match self.state {
            State::Consulting(consultation) => {
                let answered = consultation.stage == ColleagueStage::Answered;
                let fault = if answered { TransferFault::Left } else { fault };
                let another = consultation.blind && fault.is_of_the_way();
                match consultation.ways.next().filter(|_| another) {
                    Some((way, rest)) => {
                        self.timers.stop(Timer::Colleague);
                        self.learn(TransferWay::Bridge, false);
                        let Consultation {
                            conversation,
                            colleague,
                            ..
                        } = consultation;
                        self.hand_by(now, conversation, colleague, way, rest);
                    }
                    None => {
                        // A consultation has no other way; a blind transfer will.
                        if barred && !answered {
                            self.learn(TransferWay::Bridge, false);
                        }
                        self.colleague_failed(now, consultation, fault);
                    }
                }
            }
            State::Transferred(_) => self.finish(now, Ending::Transferred),
            _ => {}
        }
    }

    pub(super) fn colleague_overdue(&mut self, now: Instant) {
        if let State::Consulting(consultation) = self.state {
            self.release_colleague();
            self.colleague_failed(now, consultation, TransferFault::NoAnswer);
        }
    }

    /// After a consultation the caller stays on hold: the operator may be in
    /// the midst of a word that is not for the caller. Blind, or where all
    /// three talked, operator and caller hear each other at once.
    pub(super) fn colleague_failed(
        &mut self,
        now: Instant,
        consultation: Consultation,
        fault: TransferFault,
    ) {
        let Consultation {
            conversation,
            colleague,
            blind,
            together,
            ..
        } = consultation;
        self.timers.stop(Timer::Colleague);
        self.record(Happening::TransferFailed { colleague, fault });
        self.part();
        let held = !blind && !together;
        let conversation = Conversation {
            held,
            ..conversation
        };
        if held {
            // The music goes on.
            self.state = State::Talking(conversation);
            self.join(Output::Attend(conversation.operator));
        } else {
            self.talk(now, conversation);
        }
    }

    pub(super) fn take_back(&mut self, now: Instant, conversation: Conversation) {
        self.timers.stop(Timer::Colleague);
        self.part();
        self.release_colleague();
        self.record(Happening::TakenBack {
            operator: conversation.operator,
        });
        let held = false;
        self.talk(
            now,
            Conversation {
                held,
                ..conversation
            },
        );
    }

    /// Caller and colleague go on through this side, which records them: so
    /// success is known at once, and nothing is asked of the PBX.
    fn hand_over(&mut self, now: Instant, consultation: Consultation) {
        let Consultation {
            conversation,
            colleague,
            ..
        } = consultation;
        self.part();
        self.hearing = None;
        self.timers.stop(Timer::Program);
        if conversation.muted {
            self.say(Output::Mute(false));
        }
        self.state = State::Transferred(colleague);
        self.join(Output::Couple);
        self.record(Happening::Transferred { colleague });
        self.say(Output::ReleaseOperator {
            operator: conversation.operator,
        });
        if consultation.replace {
            // They talk whatever comes of it.
            self.replacing = true;
            self.start_timer(now, Timer::Referral);
            self.say(Output::Replace {
                attempt: self.attempt,
            });
        }
    }

    /// The operator is lost: with a colleague who can't be handed a caller
    /// unasked, and a caller who is not left with a stranger.
    pub(super) fn lose_consulting_operator(&mut self, now: Instant, consultation: Consultation) {
        self.timers.stop(Timer::Colleague);
        self.part();
        self.release_colleague();
        if consultation.together {
            self.hear(now, Program::Music);
        }
    }

    /// The colleague's telephone stops ringing, or is hung up.
    pub(super) fn release_colleague(&mut self) {
        if std::mem::take(&mut self.second) {
            self.say(Output::HangUpColleague);
        }
    }

    /// These hear each other from now on, and nobody else does.
    pub(super) fn join(&mut self, who: Output) {
        self.joined = true;
        self.say(who);
    }

    /// Nobody hears anybody from now on, unless that is so already.
    pub(super) fn part(&mut self) {
        if std::mem::take(&mut self.joined) {
            self.say(Output::Unbridge);
        }
    }
}
