//! Calls told from their arrival to their ending.

mod arriving;
mod consulting;
mod failing;
mod forecast;
mod placing;
mod referring;
mod talking;
mod voice_message;

use std::time::{Duration, Instant};

use model::call::{Ending, Happening};
use model::id::{CallId, UserId};
use uuid::Uuid;

use super::Call;
use crate::input::{Act, Input};
use crate::limits::Limits;
use crate::output::Output;
use crate::plan::Plan;
use crate::program::Program;

const MESSAGE: Program = Program::VoiceMessage { open: true };

/// A call and its simulated clock.
struct Story {
    call: Call,
    now: Instant,
}

impl Story {
    fn begin(plan: Plan) -> Self {
        let now = start();
        let call = Call::new(now, CallId(Default::default()), plan, Limits::default());
        Self { call, now }
    }

    /// A call for operators that has said its first words.
    fn waiting() -> Self {
        let mut story = Self::begin(Plan::Operators { open: true });
        story.said();
        story
    }

    /// A call that the first operator places.
    fn placing() -> Self {
        let now = start();
        let (id, limits) = (CallId(Default::default()), Limits::default());
        let call = Call::place(now, id, operator(1), limits);
        let mut story = Self { call, now };
        let operator = operator(1);
        assert_eq!(
            story.said(),
            [
                Output::Record(Happening::Placed { operator }),
                Output::OpenSound
            ]
        );
        story
    }

    /// A call whose operator and caller talk.
    fn talking() -> Self {
        let mut story = Self::waiting();
        for input in [accepted(1), Input::SoundOpened, Input::LegAnswered] {
            story.after(2, input);
        }
        story
    }

    /// A call whose caller hears prompts.
    fn queue_answered() -> Self {
        let mut story = Self::waiting();
        story.pass(20);
        story.after(0, Input::SoundOpened);
        story.after(0, Input::LegAnswered);
        story
    }

    /// A call that takes a voice message.
    fn taking_message() -> Self {
        let mut story = Self::queue_answered();
        assert!(
            story
                .after(0, Input::NobodySignedIn)
                .contains(&Output::Hear(MESSAGE))
        );
        story
    }

    fn said(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.call.poll_output()).collect()
    }

    /// Seconds pass with nothing but the call's own timers; then the input.
    fn after(&mut self, seconds: u64, input: Input) -> Vec<Output> {
        let mut said = self.pass(seconds);
        self.call.handle(self.now, input);
        said.extend(self.said());
        said
    }

    fn pass(&mut self, seconds: u64) -> Vec<Output> {
        let until = self.now + Duration::from_secs(seconds);
        let mut said = Vec::new();
        while let Some(at) = self.call.poll_timeout().filter(|at| *at <= until) {
            self.now = at;
            self.call.handle(at, Input::TimePassed);
            said.extend(self.said());
        }
        self.now = until;
        said
    }

    fn hear_out(&mut self, program: Program) -> Vec<Output> {
        self.after(3, Input::Heard { program })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a simulated clock has to start somewhere"
)]
fn start() -> Instant {
    Instant::now()
}

fn operator(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn accepted(n: u128) -> Input {
    Input::Accepted {
        operator: operator(n),
    }
}

fn lost(n: u128) -> Input {
    Input::OperatorLost {
        operator: operator(n),
    }
}

fn stalled(n: u128) -> Input {
    Input::OperatorStalled {
        operator: operator(n),
    }
}

fn back(n: u128) -> Input {
    Input::OperatorBack {
        operator: operator(n),
    }
}

fn does(n: u128, act: Act) -> Input {
    Input::Operator {
        operator: operator(n),
        act,
    }
}

fn voice(seconds: u64) -> Input {
    Input::Voice {
        heard: Duration::from_secs(seconds),
    }
}

/// The last words of a call that ends so.
fn farewell(ending: Ending) -> [Output; 2] {
    [
        Output::Record(Happening::Ended { ending }),
        Output::Ended(ending),
    ]
}
