//! What a simulated PBX is told.

use std::net::SocketAddr;
use std::time::Duration;

use model::audio::Law;
use model::secret::Secret;

use super::called::Person;
use super::quirks::Quirks;

/// An extension that may register.
#[derive(Clone, Debug)]
pub struct Extension {
    /// User part; also the authentication name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// The algorithm of the registrar's challenges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Challenge {
    /// MD5 (RFC 3261).
    #[default]
    Md5,
    /// SHA-256 (RFC 8760).
    Sha256,
    /// SHA-512-256 (RFC 8760).
    Sha512_256,
}

/// A PBX's settings.
#[derive(Clone, Debug)]
pub struct PbxConfig {
    /// Where SIP is taken by UDP; port 0 takes a free one. Sound uses the same address.
    pub listen: SocketAddr,
    /// TCP is taken at the same address as well.
    pub tcp: bool,
    /// Extensions that may register.
    pub extensions: Vec<Extension>,
    /// How long an employee's telephone rings before the call is forwarded.
    pub forward_after: Duration,
    /// The law that is preferred; the other one is taken as well.
    pub law: Law,
    /// The algorithm of challenges.
    pub challenge: Challenge,
    /// Longest registration granted, in seconds.
    pub expires_max_s: u32,
    /// Shortest registration accepted, in seconds: 423 below it.
    pub expires_min_s: u32,
    /// Who is there outside for the line to call; every other number is unknown.
    pub people: Vec<Person>,
    /// UDP is taken.
    pub udp: bool,
    /// How it differs from most.
    pub quirks: Quirks,
}

impl PbxConfig {
    /// A PBX as most are: UDP, MD5, A-law, three seconds until a call is
    /// forwarded, registrations of up to an hour, nobody outside.
    pub fn new(listen: SocketAddr, extensions: Vec<Extension>) -> Self {
        Self {
            listen,
            tcp: false,
            extensions,
            forward_after: Duration::from_secs(3),
            law: Law::A,
            challenge: Challenge::Md5,
            expires_max_s: 3600,
            expires_min_s: 0,
            people: Vec::new(),
            udp: true,
            quirks: Quirks::default(),
        }
    }
}
