//! The handle that the rest of the product holds.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use model::audio::AudioStream;
use model::id::{LegId, LineId};
use model::pbx::{Connection, PbxAccount};
use tokio::sync::mpsc;

use crate::event::{Event, Refusal};
use crate::network::Network;

/// How an endpoint stands in the network.
#[derive(Clone, Debug)]
pub struct EndpointConfig {
    /// Where it listens, on UDP and TCP alike; port 0 chooses one.
    pub listen: SocketAddr,
    /// The address that PBXs reach it at, where that differs.
    pub external: Option<IpAddr>,
    /// Networks besides the public ones that customers' server names may lead to.
    pub allowed: Vec<Network>,
}

/// Why an endpoint did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen for SIP on {address}: {source}")]
    Listen {
        /// The address of the configuration.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The SIP stack refused to start.
    #[error("the SIP stack did not start: {0}")]
    Stack(String),
}

/// The SIP side of the product: all lines' registrations and calls.
#[derive(Clone)]
pub struct Endpoint {}

impl Endpoint {
    /// Listens, and serves until [`Endpoint::shutdown`].
    pub async fn start(
        config: EndpointConfig,
        events: mpsc::Sender<Event>,
    ) -> Result<Self, StartError> {
        let _ = (config, events);
        Err(StartError::Stack(String::new()))
    }

    /// The address that PBXs are told.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([0, 0, 0, 0], 0))
    }

    /// Registers the line and keeps it registered; with a changed account, anew.
    /// `contact` is the user part that the PBX will call.
    pub fn connect(&self, line: LineId, contact: String, account: PbxAccount) {
        let _ = (line, contact, account);
    }

    /// Takes the line's registration back and forgets the line. Calls go on.
    pub async fn disconnect(&self, line: LineId) {
        let _ = line;
    }

    /// What the latest [`Endpoint::connect`] came to: `Registered` or
    /// `Failed`; `Connecting` where it is still open after `timeout`.
    pub async fn await_outcome(&self, line: LineId, timeout: Duration) -> Connection {
        let _ = (line, timeout);
        Connection::NotConfigured
    }

    /// How the line's connection stands.
    pub fn connection(&self, line: LineId) -> Connection {
        let _ = line;
        Connection::NotConfigured
    }

    /// Lets the caller hear ringing.
    pub fn ring(&self, leg: LegId) {
        let _ = leg;
    }

    /// Answers the call; `local` says where this side takes sound.
    pub fn answer(&self, leg: LegId, local: AudioStream) {
        let _ = (leg, local);
    }

    /// Does not take the call.
    pub fn refuse(&self, leg: LegId, refusal: Refusal) {
        let _ = (leg, refusal);
    }

    /// Ends the leg, whatever it is at.
    pub fn hang_up(&self, leg: LegId) {
        let _ = leg;
    }

    /// Calls `to` (an extension or a number, as the PBX dials it) through the line.
    pub fn place(&self, line: LineId, to: &str, local: AudioStream) -> LegId {
        let _ = (line, to, local);
        LegId(uuid::Uuid::new_v4())
    }

    /// Takes all registrations back, for two seconds at most, and stops.
    pub async fn shutdown(&self) {}
}
