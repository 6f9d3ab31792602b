//! A line's connection journal.

use serde::{Deserialize, Serialize};

use crate::pbx::Fault;

/// What happened with a line's registration, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum JournalEntry {
    /// The PBX accepted the registration, for the first time or again after a failure.
    Registered {
        /// Seconds granted.
        granted_s: u32,
        /// Address of the server that did.
        server: String,
    },
    /// It does not hold any more, or could not be made.
    Failed {
        /// Why.
        fault: Fault,
    },
    /// Another of the PBX's servers took over.
    ServerChanged {
        /// Address of the one now used.
        server: String,
    },
    /// Taken back by this side.
    Unregistered,
}
