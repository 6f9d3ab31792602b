//! Web push: a message's first lines to a browser, through the push service
//! that the browser chose (RFC 8030), sealed so that only the browser reads
//! them (RFC 8291), and signed so that the service knows who pushes (RFC 8292).

mod seal;
mod send;
mod vapid;

pub(crate) use send::{Note, Push, Pushed};
pub use vapid::{Vapid, VapidError};
