//! The sound of calls: RTP towards the PBX, WebRTC towards the operators'
//! browsers, prompts, bridge, recording.
//!
//! [`Engine`] is the handle. Behind it run media threads of their own: each
//! sleeps until its next tick (every 10 ms), reads what its sockets hold, and on
//! every second tick gives each of its calls and browsers exactly one frame of
//! 20 ms. Nothing is awaited, and nothing is allocated per RTP packet but what
//! str0m takes for each payload that it owns.
//! What happens comes out as [`Event`]s; recordings are written by a thread
//! beside, so that a slow disk is never heard.
//!
//! Once a call is over, [`pack`] turns its raw recording into what is kept; [`mp3()`] makes an MP3 file of that.

mod browser;
mod call;
mod codec;
mod command;
mod dtmf;
mod echo;
mod engine;
mod error;
mod event;
#[doc(hidden)]
pub mod fuzz;
mod g711;
mod inband;
mod latch;
mod meters;
mod mp3;
mod music;
pub mod pack;
mod player;
mod playout;
mod ports;
mod program;
mod prompt;
mod pulse;
mod recorder;
mod resample;
mod route;
mod rtp;
mod srtp;
mod stats;
mod streams;
mod supervisor;
mod talk;
mod tape;
mod tone;
mod voice;
mod wav;
mod worker;

pub use dtmf::KEY_EVERY;
pub use echo::EchoStage;
pub use engine::{Engine, EngineConfig, Peer};
pub use error::{BrowserError, OpenError, StartError};
pub use event::{Event, Recording};
pub use mp3::mp3;
pub use program::{Item, Program};
pub use prompt::{Prompt, PromptError, Prompts};
pub use stats::SoundStats;

/// For benches alone, without a promise to anybody else.
#[doc(hidden)]
pub mod inside {
    pub use crate::srtp::Sealer;
}
