//! A customer's PBX: a registrar, employees whose telephones nobody answers,
//! and the forwarding of their calls to the line.

use std::net::SocketAddr;
use std::time::Duration;

use thiserror::Error;

mod call;
mod config;

pub use call::{CallEnd, CallEvent, CallHandle, CallSpec, EndedBy, Happened, HangUp};
pub use config::{Challenge, Extension, PbxConfig};

/// Why a PBX can't do what it is asked for.
#[derive(Debug, Error)]
pub enum PbxError {
    /// The address can't be listened at.
    #[error("SIP can't be taken at {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        cause: String,
    },
    /// The extension did not register in time.
    #[error("the extension did not register in time")]
    NotRegistered,
}

/// A running PBX; it stops when dropped.
#[derive(Debug)]
pub struct Pbx {
    address: SocketAddr,
}

impl Pbx {
    /// Starts it.
    pub async fn start(config: PbxConfig) -> Result<Self, PbxError> {
        todo!("{config:?}")
    }

    /// Where it takes SIP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether the extension is registered now.
    pub fn registered(&self, user: &str) -> bool {
        todo!("{user}")
    }

    /// Waits until the extension is registered.
    pub async fn await_registered(&self, user: &str, within: Duration) -> Result<(), PbxError> {
        todo!("{user} {within:?}")
    }

    /// Places a call; it begins at once.
    pub fn call(&self, spec: CallSpec) -> CallHandle {
        todo!("{spec:?}")
    }

    /// Stops, and waits until the addresses are free: nobody is told, as when a PBX crashes.
    pub async fn stop(self) {}
}
