//! What a caller will hear, told ahead: by a real [`Call`] and a real
//! [`Queue`] that run through simulated time, so that no rule stands twice.

use std::time::{Duration, Instant};

use model::call::Ending;
use model::id::{CallId, CompanyId, UserId};
use model::language::Language;
use model::line::Priority;

use crate::input::Input;
use crate::limits::Limits;
use crate::machine::Call;
use crate::output::{Output, Refusal};
use crate::plan::Plan;
use crate::program::Program;
use crate::queue::{Asks, Queue, QueueInput, QueueOutput, Wish};

/// More steps than any call takes within its longest time.
const STEPS_MAX: usize = 20_000;

/// Who is at the desks while the call lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Desks {
    /// Somebody is free and takes the call as soon as it is offered.
    Free,
    /// Everybody who is signed in has something else to do.
    Busy,
    /// Nobody is signed in.
    Nobody,
}

/// What the caller meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    /// Plain ringing.
    Ringing,
    /// Short beeps.
    Beeps,
    /// A program is played, or listens.
    Hears(Program),
    /// An operator speaks.
    Operator,
    /// The call is over.
    Over(Ending),
}

/// A scene with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stage {
    /// How long after the call's arrival it begins. What prompts take to be
    /// spoken is not counted.
    pub after: Duration,
    /// What the caller meets then.
    pub scene: Scene,
}

/// What a caller meets who stays on the line, in order; ends where an operator
/// speaks or the call is over. `now` is only where the simulated clock starts.
pub fn forecast(now: Instant, plan: Plan, limits: Limits, desks: Desks) -> Vec<Stage> {
    let mut run = Run::new(now, plan, limits, desks);
    for _ in 0..STEPS_MAX {
        run.settle();
        if run.done {
            break;
        }
        let due = [run.call.poll_timeout(), run.queue.poll_timeout()];
        let Some(next) = due.into_iter().flatten().min() else {
            break;
        };
        run.now = next.max(run.now);
        run.call.handle(run.now, Input::TimePassed);
        run.queue.handle(run.now, QueueInput::TimePassed);
    }
    run.stages
}

struct Run {
    began: Instant,
    now: Instant,
    limits: Limits,
    call: Call,
    queue: Queue,
    stages: Vec<Stage>,
    done: bool,
}

impl Run {
    fn new(now: Instant, plan: Plan, limits: Limits, desks: Desks) -> Self {
        let mut queue = Queue::new(limits);
        let operator = UserId(Default::default());
        if desks != Desks::Nobody {
            queue.handle(now, QueueInput::SignIn { operator });
            let wish = match desks {
                Desks::Free => Wish::Ready,
                Desks::Busy | Desks::Nobody => Wish::Break,
            };
            queue.handle(now, QueueInput::SetState { operator, wish });
        }
        Self {
            began: now,
            now,
            limits,
            call: Call::new(now, CallId(Default::default()), plan, limits),
            queue,
            stages: Vec::new(),
            done: false,
        }
    }

    fn settle(&mut self) {
        while !self.done {
            if let Some(output) = self.call.poll_output() {
                self.perform(output);
            } else if let Some(output) = self.queue.poll_output() {
                self.decided(output);
            } else {
                return;
            }
        }
    }

    fn put(&mut self, scene: Scene) {
        let after = self.now.duration_since(self.began);
        self.stages.push(Stage { after, scene });
    }

    /// The world does at once whatever the call asks.
    fn perform(&mut self, output: Output) {
        match output {
            Output::Ring => self.put(Scene::Ringing),
            Output::OpenSound => self.happens(Input::SoundOpened),
            Output::Answer => self.happens(Input::LegAnswered),
            Output::Refuse(Refusal::Busy) => self.put(Scene::Beeps),
            Output::Hear(program) => {
                self.put(Scene::Hears(program));
                if let Program::VoiceMessage { .. } = program {
                    let heard = self.limits.voice_enough;
                    self.happens(Input::Voice { heard });
                }
                if program != Program::Music {
                    self.happens(Input::Heard { program });
                }
            }
            Output::Bridge(_) => {
                self.put(Scene::Operator);
                self.done = true;
            }
            Output::Ended(ending) => {
                self.put(Scene::Over(ending));
                self.done = true;
            }
            Output::Enqueue { front } => {
                let call = self.call.id();
                // Whose it is makes no difference to the one operator there is.
                let asks = Asks {
                    company: CompanyId(Default::default()),
                    language: Language::default(),
                    priority: Priority::default(),
                    vip: false,
                    before: None,
                };
                self.queue
                    .handle(self.now, QueueInput::Enqueue { call, front, asks });
            }
            Output::LeaveQueue => {
                let call = self.call.id();
                self.queue.handle(self.now, QueueInput::Leave { call });
            }
            Output::Refuse(_)
            | Output::Place
            | Output::HangUp
            | Output::Attend(_)
            | Output::Unbridge
            | Output::Dial { .. }
            | Output::HangUpColleague
            | Output::Refer { .. }
            | Output::Replace { .. }
            | Output::PressCode { .. }
            | Output::Learnt { .. }
            | Output::Consult(_)
            | Output::SootheColleague(_)
            | Output::Gather(_)
            | Output::Couple
            | Output::Mute(_)
            | Output::SendDigit(_)
            | Output::CloseSound
            | Output::ReleaseOperator { .. }
            | Output::Record(_) => {}
        }
    }

    fn decided(&mut self, output: QueueOutput) {
        match output {
            QueueOutput::Offer { call, operator, .. } => {
                self.happens(Input::Offered { operator });
                self.queue
                    .handle(self.now, QueueInput::Accept { operator, call });
            }
            QueueOutput::Accepted { operator, .. } => self.happens(Input::Accepted { operator }),
            QueueOutput::NobodySignedIn { .. } => self.happens(Input::NobodySignedIn),
            QueueOutput::Withdraw { .. }
            | QueueOutput::Engaged { .. }
            | QueueOutput::Declined { .. }
            | QueueOutput::StateChanged { .. }
            | QueueOutput::Figures(_) => {}
        }
    }

    fn happens(&mut self, input: Input) {
        self.call.handle(self.now, input);
    }
}
