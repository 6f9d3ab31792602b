//! Session descriptions (RFC 8866) and their offers and answers (RFC 3264),
//! as far as one audio stream of a telephone call needs them.

mod formats;
mod local;
mod remote;

pub(crate) use local::Local;
pub(crate) use remote::Remote;

/// The profile of sound as it is (RFC 3551), and of encrypted sound (RFC 3711).
const PLAIN: &str = "RTP/AVP";
const SECURE: &str = "RTP/SAVP";

/// Why a description can't be talked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SdpError {
    #[error("not a session description")]
    Malformed,
    #[error("no audio stream in common")]
    NothingInCommon,
}

#[cfg(test)]
#[path = "sdp_tests.rs"]
mod tests;
