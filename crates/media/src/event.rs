//! What the engine tells.

use std::path::PathBuf;

use model::audio::Digit;
use model::id::{BrowserId, CallId};

use crate::echo::EchoStage;
use crate::stats::SoundStats;

/// Something that happened to the sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A program ran to its end. A program that was replaced, or cut off by a bridge, does not say so.
    Heard {
        /// The call that heard it.
        call: CallId,
        /// The number that the program was started with.
        program: u64,
        /// How long the caller spoke in the program's last `Listen`, in
        /// milliseconds of voice; none where it had no `Listen`.
        voice_ms: Option<u32>,
    },
    /// The caller pressed a key (RFC 4733), told once however often it is repeated on the wire.
    Digit {
        /// The caller's call.
        call: CallId,
        /// The key.
        digit: Digit,
    },
    /// No RTP came from the PBX for 30 s although it should send. Told once, and again only after sound had returned.
    Silent {
        /// The call that went silent.
        call: CallId,
    },
    /// The browser's sound is connected, for the first time or again.
    BrowserUp {
        /// The browser.
        browser: BrowserId,
    },
    /// The browser's sound broke. It may come back by itself or by a new
    /// offer; the leg is kept until [`close_browser`](crate::Engine::close_browser).
    BrowserDown {
        /// The browser.
        browser: BrowserId,
    },
    /// Nothing has come from a connected browser that sends sound for 2 s: its network
    /// is cut. [`Event::BrowserResumed`] or [`Event::BrowserDown`] follows.
    BrowserStalled {
        /// The browser.
        browser: BrowserId,
    },
    /// Something comes again from a browser that had stalled.
    BrowserResumed {
        /// The browser.
        browser: BrowserId,
    },
    /// A call to oneself came to another stage.
    Echo {
        /// The browser.
        browser: BrowserId,
        /// Which stage.
        stage: EchoStage,
    },
    /// A call was closed. Exactly once for each call, before [`Event::Recorded`].
    Closed {
        /// The call.
        call: CallId,
        /// How its sound fared.
        stats: Box<SoundStats>,
    },
    /// A call with a recording was closed, and the file is complete. Exactly once for each such call.
    Recorded {
        /// The call.
        call: CallId,
        /// Its recording.
        recording: Recording,
    },
}

/// A raw recording as the engine leaves it: stereo WAV, 8 kHz, 16 bit, caller left, what the caller was given to hear right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The file. It may be missing where `cut_off` is set and the disk never took anything.
    pub raw: PathBuf,
    /// Length in milliseconds, from the call's connection on; 0 where it was never connected.
    pub ms: u64,
    /// A part is missing because the disk did not take it in time.
    pub cut_off: bool,
    /// How long the caller spoke in the latest `Listen`, in milliseconds of
    /// voice: judges a message whose caller hung up instead of waiting.
    pub voice_ms: Option<u32>,
}
