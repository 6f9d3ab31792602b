//! Whatever reads the datagrams of sound, for fuzzing alone: `fuzz/` at
//! length, `crates/sim/tests/fuzz.rs` for some seconds. An input is several
//! datagrams, each after its length (two bytes).

use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use model::audio::{AudioStream, Codec, Direction};
use model::cipher::{MasterKey, Suite};
use model::id::{BrowserId, CallId};
use str0m::net::{Protocol, Receive};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::call::{Call, Surroundings};
use crate::event::Event;
use crate::g711::FRAME;
use crate::meters::Meters;
use crate::recorder::{self, Recorder};
use crate::route::{Names, Place, Router};
use crate::rtp::Packet;
use crate::srtp::Opener;

/// Where the PBX takes sound; nobody is there.
const PBX: ([u8; 4], u16) = ([127, 0, 0, 1], 9);

/// What a call's packets are taken with.
pub struct Ear {
    socket: UdpSocket,
    recorder: Recorder,
    tell: UnboundedSender<Event>,
    told: UnboundedReceiver<Event>,
    meters: Meters,
}

impl Ear {
    /// With a socket that every call gets.
    ///
    /// # Errors
    /// Where the system gives no socket or no thread.
    pub fn new() -> std::io::Result<Self> {
        let (tell, told) = unbounded_channel();
        let (recorder, _) = recorder::start(tell.clone(), std::sync::Arc::default())?;
        Ok(Self {
            socket: UdpSocket::bind(("127.0.0.1", 0))?,
            recorder,
            tell,
            told,
            meters: Meters::default(),
        })
    }

    /// Packets of a call, each from one of two sources, with a frame after each.
    ///
    /// # Errors
    /// Where the system gives no further socket.
    pub fn packets(&mut self, input: &[u8]) -> std::io::Result<()> {
        let mut call = Call::new(CallId(Default::default()), self.socket.try_clone()?, None);
        let described = AudioStream {
            address: PBX.into(),
            formats: Codec::ALL.map(Into::into).to_vec(),
            dtmf: Some(101),
            direction: Direction::SendRecv,
            keys: None,
        };
        call.connect(&described, 0);
        let with = &mut Surroundings {
            meters: &mut self.meters,
            recorder: &mut self.recorder,
            events: &self.tell,
        };
        let mut caller = [0; FRAME];
        for (tick, datagram) in (0..).zip(datagrams(input)) {
            let elsewhere = datagram.last().is_some_and(|byte| byte & 1 == 1);
            let from = SocketAddr::from((PBX.0, PBX.1 + u16::from(elsewhere)));
            if let Some(packet) = Packet::read(datagram) {
                call.take(tick, Instant::now(), from, &packet, with);
            }
            call.frame(tick, None, &mut caller, None, with);
        }
        while self.told.try_recv().is_ok() {}
        Ok(())
    }
}

/// Encrypted packets of a call, which hardly prove themselves.
pub fn sealed(input: &[u8]) {
    for suite in [Suite::Tag80, Suite::Tag32] {
        let Ok(mut opener) = Opener::new(suite, &MasterKey::new([7; 30])) else {
            continue;
        };
        for datagram in datagrams(input) {
            let mut packet = datagram.to_vec();
            let opened = opener.open(&mut packet);
            assert!(opened.is_none_or(|length| length < packet.len()));
        }
    }
}

/// What comes to the browsers' port: found by its name, read as STUN, DTLS or sound.
pub fn browser(input: &[u8]) {
    let names = Names::default();
    let place = Place {
        browser: BrowserId(Default::default()),
        thread: 0,
    };
    names.set("browser".into(), place);
    let mut router = Router::new(names);
    let own = SocketAddr::from(([127, 0, 0, 1], 1));
    for datagram in datagrams(input) {
        let _ = router.find(datagram, PBX.into(), Instant::now());
        let _ = Receive::new(Protocol::Udp, PBX.into(), own, datagram);
    }
}

/// The datagrams of an input; the last one may be cut off.
fn datagrams(mut input: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = input.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
        let (datagram, rest) = rest.split_at(length);
        input = rest;
        Some(datagram)
    })
}
