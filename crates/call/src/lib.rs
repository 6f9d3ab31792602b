//! Call control and the queue as pure state machines: no I/O, no clock, no
//! randomness, no tokio. Whoever drives them passes the time in.
//!
//! # The law of the run loop
//!
//! A [`Call`] and the [`Queue`] are driven alike:
//!
//! 1. hand in what happened with `handle(now, input)`;
//! 2. take outputs with `poll_output()` until there are none, and do what each says;
//! 3. sleep until `poll_timeout()`, or until something happens, whichever is first;
//!    when the time has come, `handle(now, Input::TimePassed)`.
//!
//! Whatever an output asks for and can fail comes back as an input. A call
//! ends in exactly one [`model::call::Ending`]; [`Output::Ended`] is the last
//! that it says, and everything that it held was given back before.
//!
//! [`plan::plan`] decides what a caller will hear before a [`Call`] begins;
//! [`forecast::forecast`] tells it ahead, step by step, by running one.

pub mod forecast;
pub mod input;
pub mod limits;
pub mod machine;
pub mod output;
pub mod plan;
pub mod program;
pub mod queue;
pub mod state;
mod timer;

pub use forecast::{Desks, Scene, Stage, forecast};
pub use input::{Act, Input};
pub use limits::Limits;
pub use machine::Call;
pub use output::{Output, Refusal};
pub use plan::{Plan, plan};
pub use program::{Program, Prompt, Step};
pub use queue::{
    Asks, Figures, OperatorView, Queue, QueueInput, QueueOutput, Reason, Snapshot, WaitingCall,
    Why, Wish,
};
pub use state::{ColleagueStage, Consultation, Conversation, Handing, Leg, State};
pub use timer::{QueueTimer, Timer};
