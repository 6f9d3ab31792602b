//! What happens to an examination, and what it asks for.

use std::net::SocketAddr;

use model::audio::{AudioStream, Digit};
use model::call::Caller;
use model::doctor::Reply;
use model::pbx::Fault;

use super::{Awaits, Side};
use crate::digest::Challenge;
use crate::event::{LegEnd, Referral};
use crate::registration::Answer;

/// What happens to an examination.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// What the server's name led to; never an empty list.
    Resolved(Result<Vec<SocketAddr>, Fault>),
    /// What came of the numbered REGISTER.
    Registered(u64, Result<Registered, Fault>),
    /// What is at the server's port.
    Knocked(Knock),
    /// A call for the doctor arrived.
    Arrived { caller: Caller, from: SocketAddr },
    /// A call arrived that may be the doctor's own; it is held.
    Held { caller: Caller },
    /// The call that is waited for was refused as it came.
    Refused { code: u16 },
    /// A side's call is answered and confirmed.
    Agreed { side: Side, audio: AudioStream },
    /// A side's call is over.
    Ended { side: Side, cause: LegEnd },
    /// How much voice a side heard.
    Voice { side: Side, ms: u32 },
    /// A key came to a side, in a message of its own or in the sound.
    Key {
        side: Side,
        digit: Digit,
        in_message: bool,
    },
    /// The answer to a hold or its end; none where there was none.
    Examined(Option<u16>),
    /// What became of a transfer.
    Referred(Referral),
    /// A person answered.
    Replied(Reply),
}

/// A response to a REGISTER.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) answer: Answer,
    /// Contacts were listed, ours or others.
    pub(crate) lists: bool,
}

/// What is at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knock {
    /// Somebody takes connections, or answers.
    Open,
    /// The host says that nobody does.
    Closed,
    /// Nothing comes back.
    Silent,
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    /// Find the server's addresses.
    Resolve,
    /// Send a REGISTER; without a contact it only asks (RFC 3261, section 10.2.3).
    Register {
        number: u64,
        server: SocketAddr,
        interval_s: u32,
        logins: Vec<(Challenge, u32)>,
        contact: bool,
    },
    /// See what is at the server's port.
    Knock { server: SocketAddr },
    /// Take such a call for the doctor's.
    Await(Awaits),
    /// Call the line's own extension.
    Place,
    /// Answer the call that arrived.
    Answer,
    /// Let a held call go where it would have gone.
    Release,
    /// Let one side speak and the other listen.
    Speak(Side),
    /// Let the caller's own voice be listened for.
    Listen,
    /// Press a key at a side.
    Press(Side, Digit),
    /// Put the call on hold, or take it back.
    Hold(bool),
    /// Ask the PBX to transfer the call to the line's own extension (RFC 3515).
    Transfer,
    /// End a side's call.
    HangUp(Side),
    /// The report changed.
    Changed,
}
