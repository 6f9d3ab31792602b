//! A colleague beside a call: a second telephone leg, mixed with the caller and the operator.

use std::net::SocketAddr;

use model::audio::AudioStream;
use model::id::{BrowserId, CallId};

use super::{Engine, Peer};
use crate::call::Call;
use crate::command::Command;
use crate::error::OpenError;
use crate::program::{Item, Program};
use crate::route::Place;
use crate::talk::{Colleague, Talk};

impl Engine {
    /// Opens the socket of a colleague's leg beside the call, and returns the
    /// address for its session description; a leg that there was gives way.
    /// No event tells of it: what the signalling says of the leg is all.
    pub fn open_colleague(&self, call: CallId, peer: Peer) -> Result<SocketAddr, OpenError> {
        if self.inner.directory().stopped {
            return Err(OpenError::Stopped);
        }
        let socket = self.inner.ports.bind()?;
        let port = socket.local_addr().map_err(OpenError::Bind)?.port();
        // The nil id is no call's: whoever hears of that leg's silence or keys has nothing to do.
        let leg = Call::new(CallId(Default::default()), socket, None);
        let leg = leg.signalled_from(peer.signalling);
        let colleague = Box::new(Colleague::new(leg));
        self.inner
            .to_call(call, Command::OpenColleague(call, colleague));
        Ok(SocketAddr::new(self.inner.rtp_address(peer.sound), port))
    }

    /// Connects the colleague's leg to what the PBX described; again on each change of it.
    pub fn connect_colleague(&self, call: CallId, remote: &AudioStream) {
        let command = Command::ConnectColleague(call, remote.clone());
        self.inner.to_call(call, command);
    }

    /// Lets the operator hear what the PBX sends before the colleague has answered, as [`Engine::connect_early`] does.
    pub fn connect_colleague_early(&self, call: CallId, remote: &AudioStream) {
        let command = Command::ConnectColleagueEarly(call, remote.clone());
        self.inner.to_call(call, command);
    }

    /// Ends the colleague's leg; the call goes on.
    pub fn close_colleague(&self, call: CallId) {
        self.inner.to_call(call, Command::CloseColleague(call));
    }

    /// Gives the colleague music to hear, since the operator can't be heard at
    /// the moment, or takes it away; whoever joins the colleague takes it away too.
    pub fn soothe_colleague(&self, call: CallId, on: bool) {
        let music = on.then(|| self.inner.prompts.steps(&Program(vec![Item::Music])));
        self.inner
            .to_call(call, Command::SootheColleague(call, music));
    }

    /// Lets an operator's browser and the colleague hear each other, and is
    /// recorded on the operator's side. The caller goes on hearing the
    /// program. The operator hears ringing until the colleague's leg is connected, or something
    /// is heard of what was connected early.
    pub fn consult(&self, call: CallId, browser: BrowserId) {
        self.join(call, browser, Talk::Consultation);
    }

    /// Lets caller, operator and colleague hear each other, and ends a program that runs.
    pub fn gather(&self, call: CallId, browser: BrowserId) {
        self.join(call, browser, Talk::Together);
    }

    /// Lets caller and colleague hear each other, ends a program that runs, and parts the call from its browser.
    pub fn couple(&self, call: CallId) {
        self.inner.to_call(call, Command::Couple(call));
    }

    pub(super) fn join(&self, call: CallId, browser: BrowserId, talk: Talk) {
        let thread = self.inner.directory().browsers.get(&browser).copied();
        if let Some(thread) = thread {
            let place = Place { browser, thread };
            self.inner.to_call(call, Command::Bridge(call, place, talk));
        }
    }
}
