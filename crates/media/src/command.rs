//! What media threads are told, by the handle and by each other.

use std::net::SocketAddr;

use model::audio::{AudioStream, Digit};
use model::id::{BrowserId, CallId};
use str0m::net::Protocol;
use tokio::sync::oneshot;

use crate::call::Call;
use crate::error::BrowserError;
use crate::player::Step;
use crate::route::Place;
use crate::stats::SoundStats;
use crate::supervisor::{Ear, Wire};
use crate::talk::{Colleague, Talk};

/// Largest datagram that is read; larger ones are cut, and so refused.
pub(crate) const DATAGRAM: usize = 2048;

/// What a thread is told.
pub(crate) enum Command {
    /// A call begins here.
    Open(Box<Call>),
    /// A call comes from another thread, to the browser that it is bridged with.
    Adopt(Box<Call>, BrowserId, Talk),
    /// The thread where the call was opened wants it back.
    GiveBack(CallId, usize),
    /// The call is back where it was opened.
    Returned(Box<Call>),
    Connect(CallId, AudioStream),
    /// What the PBX sends before the answer is to be heard.
    ConnectEarly(CallId, AudioStream),
    Hear(CallId, u64, Vec<Step>),
    Bridge(CallId, Place, Talk),
    /// A colleague's leg begins beside the call's.
    OpenColleague(CallId, Box<Colleague>),
    ConnectColleague(CallId, AudioStream),
    ConnectColleagueEarly(CallId, AudioStream),
    /// Caller and colleague hear each other.
    Couple(CallId),
    CloseColleague(CallId),
    /// The colleague hears this instead of the operator, until another join or none.
    SootheColleague(CallId, Option<Vec<Step>>),
    /// A supervisor takes part in the call, by the browser at the other end of the wire.
    Supervise(CallId, Wire),
    ReleaseSupervisor(CallId),
    /// The browser is a supervisor's at a call.
    Lend(BrowserId, Ear),
    Unbridge(CallId),
    Mute(CallId, bool),
    Digit(CallId, Digit),
    Stats(CallId, oneshot::Sender<SoundStats>),
    Close(CallId),
    Browser(
        BrowserId,
        String,
        oneshot::Sender<Result<String, BrowserError>>,
    ),
    CloseBrowser(BrowserId),
    /// A call to oneself.
    Echo(BrowserId),
    /// A browser has come on another thread: its datagrams have to be read here.
    Wake,
    Stop,
}

impl Command {
    /// The call that it is for, wherever that call has moved.
    pub(crate) fn call(&self) -> Option<CallId> {
        match self {
            Self::Connect(call, _)
            | Self::ConnectEarly(call, _)
            | Self::Hear(call, ..)
            | Self::Bridge(call, ..)
            | Self::OpenColleague(call, _)
            | Self::ConnectColleague(call, _)
            | Self::ConnectColleagueEarly(call, _)
            | Self::Couple(call)
            | Self::CloseColleague(call)
            | Self::SootheColleague(call, _)
            | Self::Supervise(call, _)
            | Self::ReleaseSupervisor(call)
            | Self::Unbridge(call)
            | Self::Mute(call, _)
            | Self::Digit(call, _)
            | Self::Stats(call, _)
            | Self::Close(call) => Some(*call),
            _ => None,
        }
    }
}

/// A browser's datagram on its way to the thread of its leg.
pub(crate) struct Datagram {
    pub browser: BrowserId,
    pub from: SocketAddr,
    pub way: Protocol,
    pub length: usize,
    pub bytes: [u8; DATAGRAM],
}
