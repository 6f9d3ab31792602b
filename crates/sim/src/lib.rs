//! What tests and the demo need in place of the outside world: a customer's
//! PBX with its callers, robot operators with a real WebRTC leg, a mail server
//! that keeps what it gets, a push service with its browsers, a receiver of events;
//! and messages changed at random.
//!
//! The PBX speaks SIP by `rsipstack` and sound by code of its own, not by the
//! product's crates: what both sides would get wrong alike is then seen.

pub mod audio;
mod coder;
pub mod customer;
mod g711;
mod hearing;
pub mod mail;
pub mod mutation;
pub mod operator;
pub mod pbx;
mod rtp;
mod speech;
pub mod web;

pub use rtp::Packets;
