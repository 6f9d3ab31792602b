//! The handle of the media threads.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use model::audio::{AudioStream, Digit};
use model::id::{BrowserId, CallId};
use tokio::sync::mpsc::UnboundedSender;

use crate::error::{BrowserError, OpenError, StartError};
use crate::event::Event;
use crate::program::Program;
use crate::prompt::Prompts;

/// Where the engine listens, and how much of it there is.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Address that RTP sockets are bound to.
    pub rtp_listen: IpAddr,
    /// Address that the PBX is told instead, behind NAT.
    pub rtp_external: Option<IpAddr>,
    /// Ports for RTP; the even ones are used, one a call.
    pub rtp_ports: RangeInclusive<u16>,
    /// The one UDP address of all browsers. Port 0 takes a free one.
    pub browser_listen: SocketAddr,
    /// Addresses that browsers are told, with the port above; empty tells the one listened on.
    pub browser_external: Vec<IpAddr>,
    /// Media threads, at least 1; 0 takes one a core.
    pub threads: usize,
}

/// The media engine's handle; cheap to clone. Commands return at once, and one
/// for a call or browser that is not there is ignored: its end may have crossed.
/// The threads end with [`Engine::shutdown`] or with the last handle.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<()>,
}

impl Engine {
    /// Binds the browsers' port and starts the threads.
    pub fn start(
        _config: EngineConfig,
        _prompts: Prompts,
        _events: UnboundedSender<Event>,
    ) -> Result<Self, StartError> {
        Ok(Self {
            inner: Arc::new(()),
        })
    }

    /// Opens a call's RTP socket and returns the address for the session
    /// description. The recording starts with the first [`Engine::connect`].
    pub fn open(
        &self,
        _call: CallId,
        _record_to: Option<PathBuf>,
    ) -> Result<SocketAddr, OpenError> {
        Err(OpenError::PortsExhausted)
    }

    /// Connects the call to what the PBX described; again on each change of it.
    pub fn connect(&self, _call: CallId, _remote: &AudioStream) {}

    /// What the caller hears from now on; replaces what ran. In a bridged call
    /// it is heard instead of the operator, who is heard again when it ends.
    pub fn hear(&self, _call: CallId, _program: Program) {}

    /// Lets the caller and an operator's browser hear each other, and ends a
    /// program that runs. A browser hears one call: the one before is unbridged.
    pub fn bridge(&self, _call: CallId, _browser: BrowserId) {}

    /// Parts the call from its browser: both hear silence, until [`Engine::hear`] says otherwise.
    pub fn unbridge(&self, _call: CallId) {}

    /// Switches the operator's voice off, or on again.
    pub fn mute(&self, _call: CallId, _on: bool) {}

    /// Sends a key to the PBX (RFC 4733; as tones where the PBX did not offer that); keys queue up.
    pub fn digit(&self, _call: CallId, _digit: Digit) {}

    /// Ends the call's sound; [`Event::Recorded`] follows where it is recorded.
    pub fn close(&self, _call: CallId) {}

    /// Answers a browser's offer: a new leg, or a renegotiation or ICE restart of the one it has.
    pub async fn browser(
        &self,
        _browser: BrowserId,
        _sdp_offer: String,
    ) -> Result<String, BrowserError> {
        Err(BrowserError::Stopped)
    }

    /// Ends a browser's leg; a call bridged with it is unbridged. No event follows.
    pub fn close_browser(&self, _browser: BrowserId) {}

    /// Whether recordings can't be written at present (a full disk); clears once writing works again.
    pub fn recording_alarm(&self) -> bool {
        false
    }

    /// The address that browsers' sound arrives at.
    pub fn browser_address(&self) -> SocketAddr {
        let _ = &self.inner;
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    /// Closes every call and browser and waits until all recordings are written. Blocks: not for an async task.
    pub fn shutdown(&self) {}
}
