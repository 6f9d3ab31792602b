//! One call, from its arrival to its ending. The phases stand in files of
//! their own; here is what they share.

mod consulting;
mod leg;
mod placing;
mod programs;
mod referring;
#[cfg(test)]
mod stories;
mod talking;
mod waiting;

use std::collections::VecDeque;
use std::time::Instant;

use model::call::{Ending, Happening};
use model::id::CallId;
use model::transfer::{Colleague, TransferFault};

use crate::input::Input;
use crate::limits::Limits;
use crate::output::Output;
use crate::plan::Plan;
use crate::program::Program;
use crate::state::{Leg, State};
use crate::timer::{Timer, Timers};

/// A call as a state machine.
#[derive(Debug)]
pub struct Call {
    id: CallId,
    limits: Limits,
    /// Whether it was working time when the call arrived, or began.
    open: bool,
    state: State,
    leg: Leg,
    /// The sound was asked for, and has to be closed.
    sound: bool,
    /// Somebody hears somebody.
    joined: bool,
    /// A colleague's leg was asked for, and has to be ended.
    second: bool,
    /// Counts colleagues, so that the end of one is not taken for the next one's.
    attempt: u32,
    /// Whom the PBX was asked last to connect the caller with, and the number of that.
    asked: Option<(u32, Colleague)>,
    /// The PBX was asked to take caller and colleague over, and has not answered.
    replacing: bool,
    /// What the caller hears, where it is a program.
    hearing: Option<Program>,
    timers: Timers<Timer>,
    outputs: VecDeque<Output>,
}

impl Call {
    /// A call that arrives.
    pub fn new(now: Instant, id: CallId, plan: Plan, limits: Limits) -> Self {
        let state = match plan {
            Plan::LineCheck => State::LineCheck,
            Plan::Operators { .. } => State::Waiting { dropped: false },
            Plan::Busy => State::Ended(Ending::OutsideHours),
            Plan::Blocked => State::Ended(Ending::Blocked),
        };
        let open = matches!(plan, Plan::Operators { open: true });
        let mut call = Self::begun(id, limits, open, state, Leg::Early);
        call.record(Happening::Arrived);
        match plan {
            Plan::Busy => {
                call.release_leg(Ending::OutsideHours);
                call.end(Ending::OutsideHours);
            }
            Plan::Blocked => {
                call.release_leg(Ending::Blocked);
                call.end(Ending::Blocked);
            }
            Plan::LineCheck => {
                call.start_timer(now, Timer::LongestCall);
                call.answer(now);
            }
            Plan::Operators { .. } => {
                call.start_timer(now, Timer::LongestCall);
                call.say(Output::Ring);
                call.wait(now, false);
            }
        }
        call
    }

    fn begun(id: CallId, limits: Limits, open: bool, state: State, leg: Leg) -> Self {
        Self {
            id,
            limits,
            open,
            state,
            leg,
            sound: false,
            joined: false,
            second: false,
            attempt: 0,
            asked: None,
            replacing: false,
            hearing: None,
            timers: Timers::new(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, now: Instant, input: Input) {
        if self.ended().is_some() {
            return;
        }
        match input {
            Input::TimePassed => {
                while let Some(timer) = self.timers.take_due(now) {
                    self.fire(now, timer);
                }
            }
            Input::SoundOpened => self.sound_opened(now),
            Input::SoundFailed => self.sound_failed(now),
            Input::SoundSilent => self.finish(now, Ending::SoundLost),
            Input::Heard { program } => self.heard(now, program),
            Input::Voice { heard } => self.voice_heard(heard),
            Input::Key { digit } => self.key_pressed(now, digit),
            Input::SoundClosed => self.closed(),
            Input::CalleeRinging => self.callee_ringing(),
            Input::CalleeGone { fault } => self.callee_gone(now, fault),
            Input::LegAnswered => self.leg_answered(now),
            Input::CallerGone => self.caller_gone(now),
            Input::LegFailed => self.leg_failed(now),
            Input::ColleagueRinging { attempt } => self.colleague_ringing(attempt),
            Input::ColleagueAnswered { attempt } => self.colleague_answered(now, attempt),
            Input::ColleagueGone {
                attempt,
                fault,
                barred,
            } => self.colleague_gone(now, attempt, fault, barred),
            Input::CodePressing { attempt, takes } => self.code_pressing(now, attempt, takes),
            Input::Referring { attempt } => self.referring(now, attempt),
            Input::Referred { attempt } => self.referred(now, attempt),
            Input::ReferFailed { attempt, fault } => self.refer_failed(now, attempt, fault),
            Input::Offered { operator } => self.record_waiting(Happening::Offered { operator }),
            Input::OfferMissed { operator } => {
                self.record_waiting(Happening::OfferMissed { operator });
            }
            Input::OfferDeclined { operator } => {
                self.record_waiting(Happening::OfferDeclined { operator });
            }
            Input::Accepted { operator } => self.accepted(now, operator),
            Input::NobodySignedIn => self.stop_waiting(now),
            Input::Operator { operator, act } => self.act(now, operator, act),
            Input::OperatorStalled { operator } => self.operator_stalled(now, operator),
            Input::OperatorLost { operator } => self.operator_lost(now, operator),
            Input::OperatorBack { operator } => self.operator_back(now, operator),
            Input::Stop => self.finish(now, Ending::ServerStopped),
        }
    }

    /// What is to be done next, until there is nothing.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::TimePassed`] is due; none after the end.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Which call this is.
    pub fn id(&self) -> CallId {
        self.id
    }

    /// Where the call stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// How far the caller's leg is.
    pub fn leg(&self) -> Leg {
        self.leg
    }

    /// How the call ended; none while it runs.
    pub fn ended(&self) -> Option<Ending> {
        match self.state {
            State::Ended(ending) => Some(ending),
            _ => None,
        }
    }

    fn fire(&mut self, now: Instant, timer: Timer) {
        match timer {
            Timer::RingBeforeAnswer => self.answer(now),
            Timer::Wait => self.stop_waiting(now),
            Timer::Reassure => self.hear(now, Program::Reassurance),
            Timer::OperatorGrace => self.give_operator_up(now),
            Timer::Confirm => self.confirmation_overdue(now),
            Timer::Program => self.program_overdue(now),
            Timer::Closing => self.closed(),
            Timer::Callee => self.finish(now, Ending::CalleeNoAnswer),
            Timer::Colleague => self.colleague_overdue(now),
            Timer::Referral => self.refer_failed(now, self.attempt, TransferFault::Failed),
            Timer::LongestCall => self.finish(now, Ending::TooLong),
        }
    }

    /// Ends the call. What a caller has said is a message, whatever ended the
    /// call: it is never lost to a broken line or a stopping server.
    fn finish(&mut self, now: Instant, ending: Ending) {
        match self.state {
            // Whatever ends it now, the caller was handed over.
            State::Transferred(_) => {
                self.give_back(Ending::Transferred);
                self.end(Ending::Transferred);
            }
            State::Closing { .. } | State::Ended(_) => {}
            State::VoiceMessage { voice }
                if voice < self.limits.voice_enough && self.is_taking_voice_message() =>
            {
                self.give_back(ending);
                self.state = State::Closing { ending, voice };
                self.start_timer(now, Timer::Closing);
            }
            State::VoiceMessage { voice } => {
                self.give_back(ending);
                self.end(self.judge_voice(voice, ending));
            }
            _ => {
                self.give_back(ending);
                self.end(ending);
            }
        }
    }

    /// Everything is known about a voice message that was cut short.
    fn closed(&mut self) {
        if let State::Closing { ending, voice } = self.state {
            self.end(self.judge_voice(voice, ending));
        }
    }

    /// Gives back all that the call holds.
    fn give_back(&mut self, ending: Ending) {
        self.timers.stop_where(|_| true);
        self.hearing = None;
        self.release_leg(ending);
        self.part();
        self.release_colleague();
        if std::mem::take(&mut self.sound) {
            self.say(Output::CloseSound);
        }
        if let State::Waiting { .. } = self.state {
            self.say(Output::LeaveQueue);
        }
        if let Some(conversation) = self.state.conversation() {
            let operator = conversation.operator;
            self.say(Output::ReleaseOperator { operator });
        }
    }

    /// Takes leave.
    fn end(&mut self, ending: Ending) {
        self.timers.stop_where(|_| true);
        self.state = State::Ended(ending);
        self.record(Happening::Ended { ending });
        self.say(Output::Ended(ending));
    }

    fn say(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    fn record(&mut self, happening: Happening) {
        self.say(Output::Record(happening));
    }

    fn start_timer(&mut self, now: Instant, timer: Timer) {
        let after = match timer {
            Timer::RingBeforeAnswer => self.limits.ring_before_answer,
            Timer::Wait => self.limits.wait,
            Timer::Reassure => self.limits.reassure_every,
            Timer::OperatorGrace => self.limits.operator_grace,
            Timer::Confirm => self.limits.confirm,
            Timer::Closing => self.limits.close,
            Timer::Callee => self.limits.callee,
            Timer::Colleague => self.limits.colleague,
            Timer::Referral => self.limits.referral,
            Timer::LongestCall => self.limits.longest_call,
            Timer::Program => match self.hearing.and_then(|p| p.bound(&self.limits)) {
                Some(bound) => bound,
                None => return self.timers.stop(timer),
            },
        };
        self.timers.start(timer, now + after);
    }
}
