//! The only crate that knows SIP: registrations, dialogs, session descriptions.
//!
//! [`Endpoint`] is a handle: its commands return at once, and whatever comes
//! of them, failures included, comes back as an [`Event`]. Every leg ends in
//! exactly one [`Event::Ended`], whoever ended it; nothing is told about a leg
//! after that.

mod border;
mod change;
mod confirm;
mod connections;
mod conversation;
mod core;
mod dialog;
mod digest;
mod dispatch;
mod doctor;
mod early;
mod endpoint;
mod event;
#[doc(hidden)]
pub mod fuzz;
mod headers;
mod identity;
mod info;
mod invitation;
mod known;
mod leg;
mod line;
mod lookup;
mod mark;
mod mend;
mod merged;
mod message;
mod placed;
mod refer;
mod refresh;
mod refusal;
mod refused;
mod registration;
mod reliable;
mod sdes;
mod sdp;
mod session;
mod socket;
mod sources;
mod stream;
mod tls;
mod trace;
mod wire;

#[cfg(test)]
mod torture;

pub use doctor::{Examination, Observed, Patience, Side, Sound};
pub use endpoint::{Endpoint, EndpointConfig, StartError};
pub use event::{Event, JournalEntry, LegEnd, Referral, Refusal};
pub use model::network::{Network, NetworkError};
pub use trace::{TraceHead, TraceMessage, TraceSubject, Traces};

/// The log target that must be kept to errors: below warnings the SIP stack
/// logs whole messages, credentials and telephone numbers included, and its
/// warnings of streams quote what it could not read.
pub const TALKATIVE: &str = "rsipstack";
