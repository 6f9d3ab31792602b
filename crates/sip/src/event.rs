//! What an endpoint tells, and how its legs end.

use std::net::SocketAddr;

use model::audio::{AudioStream, Digit};
use model::call::Caller;
use model::id::{LegId, LineId};
use model::pbx::{Connection, Fault};

/// Something that happened at the PBX's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A line's connection changed.
    Line {
        /// Which line.
        line: LineId,
        /// How its connection stands now.
        connection: Connection,
        /// What the connection journal says about it.
        journal: JournalEntry,
    },
    /// A call arrived. Nothing is sent to the PBX but 100 until it is rung,
    /// answered or refused.
    Incoming {
        /// The leg that carries it from now on.
        leg: LegId,
        /// The line it came in on.
        line: LineId,
        /// Who calls.
        caller: Caller,
        /// Whom the caller had dialled, where the PBX tells.
        dialled: Option<String>,
        /// Where the PBX takes sound; none where it leaves the offer to us,
        /// then `Answered` brings it.
        audio: Option<AudioStream>,
        /// Where it came from.
        from: SocketAddr,
    },
    /// A leg that was placed rings at the other end.
    Ringing {
        /// Which leg.
        leg: LegId,
    },
    /// The PBX lets something be heard on a placed leg before its answer: the
    /// network's ringing, an announcement. Told again where that comes from
    /// elsewhere; the answer may describe another stream.
    Early {
        /// Which leg.
        leg: LegId,
        /// The PBX's side until the answer.
        audio: AudioStream,
    },
    /// The answer is confirmed: ours by the PBX's ACK, or a placed leg's by its 200.
    Answered {
        /// Which leg.
        leg: LegId,
        /// The PBX's side as agreed.
        audio: AudioStream,
    },
    /// The PBX changed the session (hold, another address); it is agreed already.
    Changed {
        /// Which leg.
        leg: LegId,
        /// The PBX's side from now on.
        audio: AudioStream,
    },
    /// What became of a REFER of ours so far.
    Referred {
        /// The leg whose other end is to be connected elsewhere.
        leg: LegId,
        /// What the PBX tells.
        referral: Referral,
    },
    /// A key came through the signalling (SIP INFO).
    Digit {
        /// Which leg.
        leg: LegId,
        /// Which key.
        digit: Digit,
    },
    /// A key that the PBX was to be told of is not taken so: it has to be sent with the sound.
    NotPressed {
        /// Which leg.
        leg: LegId,
        /// Which key.
        digit: Digit,
    },
    /// What the PBX answered when the doctor held the call or took it back.
    Examined {
        /// Which leg.
        leg: LegId,
        /// The final response's status code; none where there was none.
        code: Option<u16>,
    },
    /// The leg is over.
    Ended {
        /// Which leg.
        leg: LegId,
        /// Why.
        cause: LegEnd,
    },
}

/// How a REFER stands (RFC 3515). Only [`Referral::Connected`] is a success,
/// and the leg is then still to be hung up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Referral {
    /// The PBX calls the other one.
    Going,
    /// The two are connected: a NOTIFY said 200.
    Connected,
    /// A NOTIFY said that they are not.
    NotConnected {
        /// The status code that it carried.
        code: u16,
    },
    /// The PBX does not do that.
    Refused {
        /// The response's status code.
        code: u16,
    },
    /// It could not be asked.
    Failed,
}

/// Why a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegEnd {
    /// The caller gave up before the answer.
    Cancelled,
    /// Hung up after the answer by the other end.
    HungUp,
    /// Ended by this side: refused or hung up, or its placed call was withdrawn.
    Released,
    /// The PBX never confirmed our answer, to its call or to a change of it,
    /// though it was repeated for 32 s (RFC 3261, section 13.3.1.4).
    NotConfirmed,
    /// A placed call was refused by the other end.
    Refused {
        /// The response's status code.
        code: u16,
    },
    /// The signalling failed: no answer to our requests, no common codec,
    /// connection lost, a session that nobody refreshed (RFC 4028).
    Failed,
}

/// Why a call is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// 486: the caller hears short beeps.
    Busy,
    /// 480.
    Unavailable,
    /// 488: nothing in common to talk with.
    NotAcceptable,
    /// 500.
    ServerError,
    /// 404.
    NotFound,
}

impl Refusal {
    /// The response's status code.
    pub fn code(self) -> u16 {
        match self {
            Self::Busy => 486,
            Self::Unavailable => 480,
            Self::NotAcceptable => 488,
            Self::ServerError => 500,
            Self::NotFound => 404,
        }
    }
}

/// A line of the connection journal. Only changes stand there, never a mere refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalEntry {
    /// The PBX accepted the registration, for the first time or again after a failure.
    Registered {
        /// Seconds granted.
        granted_s: u32,
        /// The server that did.
        server: SocketAddr,
    },
    /// It does not hold any more, or could not be made.
    Failed {
        /// Why.
        fault: Fault,
    },
    /// Another of the PBX's servers took over.
    ServerChanged {
        /// The one now used.
        server: SocketAddr,
    },
    /// Taken back by this side.
    Unregistered,
}
