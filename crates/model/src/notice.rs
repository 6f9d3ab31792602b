//! Who is told of a message, when, and who is told next while nobody takes it
//! on. Rules without I/O and without a clock: the time is passed in.

pub mod escalation;
pub mod event;
pub mod reach;
pub mod rota;
pub mod task;
mod week;

pub use self::escalation::{
    Call, Decision, Group, Note, Notice, Person, Policy, Progress, Situation, Staff, Step, Target,
    decide,
};
pub use self::event::Event;
pub use self::reach::{Absence, Presence, Quiet, Reach};
pub use self::rota::{Gap, Rota, Shift};
pub use self::task::{TaskOutcome, TaskState};
