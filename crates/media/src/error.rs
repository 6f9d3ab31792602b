//! What can go wrong when something of the engine is opened.

use std::io;

/// The engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The browsers' port is taken or may not be bound.
    #[error("the browsers' UDP port can't be bound: {0}")]
    BrowserPort(io::Error),
    /// Neither an address to listen on nor an external one says where RTP shall be sent.
    #[error("RTP listens on every address, so an external address has to be given")]
    RtpAddressUnknown,
    /// No address can be told to browsers.
    #[error("the browsers' port listens on every address, so external addresses have to be given")]
    BrowserAddressUnknown,
    /// The range holds no even port.
    #[error("the range of RTP ports holds no even port")]
    NoRtpPorts,
    /// A media thread could not be started.
    #[error("a media thread can't be started: {0}")]
    Thread(io::Error),
    /// The DTLS certificate could not be made.
    #[error("the certificate for the browsers' legs can't be made")]
    Certificate,
}

/// A call's sound could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Every port of the range is in use.
    #[error("every RTP port is in use")]
    PortsExhausted,
    /// The system refuses the socket.
    #[error("an RTP socket can't be bound: {0}")]
    Bind(io::Error),
    /// The call is open already.
    #[error("the call's sound is open already")]
    AlreadyOpen,
    /// The engine was shut down.
    #[error("the media engine is shut down")]
    Stopped,
}

/// A browser's offer could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The offer is no session description.
    #[error("the offer can't be read")]
    Unreadable,
    /// The offer can't be agreed to (no G.711 audio, no fingerprint, a changed certificate…).
    #[error("the offer can't be agreed to: {0}")]
    NotAcceptable(String),
    /// The engine was shut down.
    #[error("the media engine is shut down")]
    Stopped,
}
