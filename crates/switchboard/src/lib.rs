//! Runs live calls: the thin driver between signalling, sound, desks and the
//! call's own words.
//!
//! One task ([`exchange`]) owns every call, the queue and the desks; whatever
//! happens comes to it, is handed to the pure machines of crate `call`, and
//! what they ask for is done by [`perform`]. Words are changed in
//! [`translate`] and nowhere else.

mod arrive;
pub mod board;
mod boards;
mod card;
pub mod check;
pub mod desk;
mod desks;
mod directory;
pub mod doctor;
mod exchange;
mod facts;
mod figures;
pub mod handle;
mod lines;
mod live;
mod moment;
mod note;
mod operators;
mod packing;
mod perform;
mod placing;
mod pressed;
mod recovery;
mod returns;
mod shared;
mod shifts;
mod start;
mod supervise;
mod transfer;
mod translate;

pub use shared::Figures;
pub use sip::{TraceHead, TraceMessage, TraceSubject};
pub use start::{Parts, start};
