//! An operator's browser: a WebRTC leg of G.711, up for the whole shift.
//!
//! Each tick sends exactly one frame, the caller's or silence, with timestamps
//! that never jump: a gap would make the browser's jitter buffer stretch.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Instant;

use model::audio::Law;
use model::id::{BrowserId, CallId};
use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::media::{Mid, Pt};
use str0m::net::{Protocol, Receive, TcpType, Transmit};
use str0m::rtp::{RtpPacket, RtpWrite, SeqNo};
use str0m::{Candidate, Event as RtcEvent, IceConnectionState, Input, Output, Rtc};

use crate::call::Surroundings;
use crate::echo::{Echo, EchoStage};
use crate::error::BrowserError;
use crate::event::Event;
use crate::g711::{Bytes, FRAME, convert, law_of, silence};
use crate::playout::{Playout, Taken};
use crate::pulse::{Lack, Pulse};
use crate::rtp::{Arrival, Sequence};
use crate::streams::Outs;
use crate::supervisor::Ear;

/// What all legs have in common.
pub(crate) struct Station {
    /// The one socket of all browsers.
    pub socket: UdpSocket,
    /// Those whose network lets no UDP through; none where the port is somebody else's for TCP.
    pub streams: Option<Outs>,
    /// What browsers are told, and so what a datagram's destination has to be.
    pub candidates: Vec<SocketAddr>,
    /// The one certificate.
    pub certificate: DtlsCert,
}

impl Station {
    /// The candidate that a datagram from there must have been meant for.
    fn destination(&self, source: SocketAddr) -> Option<SocketAddr> {
        self.candidates
            .iter()
            .copied()
            .find(|c| c.is_ipv4() == source.is_ipv4())
    }

    /// Sends a datagram the way that it has to go. What the network does not take is lost,
    /// as on any other of its links.
    fn send(&self, transmit: &Transmit) {
        match transmit.proto {
            Protocol::Udp => {
                let _ = self
                    .socket
                    .send_to(&transmit.contents, transmit.destination);
            }
            _ => {
                if let Some(streams) = &self.streams {
                    streams.send(transmit.destination, &transmit.contents);
                }
            }
        }
    }

    fn rtc(&self, now: Instant) -> Rtc {
        // A-law first: it is what the answer prefers, and what European exchanges speak.
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_pcma(true, false)
            .enable_pcmu(true, false)
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_dtls_cert(self.certificate.clone())
            .build(now);
        for address in &self.candidates {
            match Candidate::host(*address, "udp") {
                Ok(candidate) => {
                    rtc.add_local_candidate(candidate);
                }
                Err(error) => tracing::warn!(%address, %error, "not usable as a candidate"),
            }
            // Browsers connect, and we wait for them (RFC 6544, section 4.5).
            let tcp = Candidate::builder().tcp().host(*address);
            if self.streams.is_some()
                && let Ok(candidate) = tcp.tcptype(TcpType::Passive).build()
            {
                rtc.add_local_candidate(candidate);
            }
        }
        rtc
    }
}

/// One browser.
pub(crate) struct Browser {
    pub id: BrowserId,
    /// The call that it is bridged with.
    pub call: Option<CallId>,
    /// The call that it takes part in as a supervisor's.
    pub ear: Option<Ear>,
    rtc: Rtc,
    /// The offer's certificate: another one means another connection.
    fingerprint: String,
    mid: Option<Mid>,
    /// Laws that were agreed on.
    laws: Vec<Law>,
    sequence: Sequence,
    playout: Playout,
    next_number: u64,
    next_time: u32,
    silent: [Arc<[u8]>; 2],
    established: bool,
    up: bool,
    pulse: Pulse,
    /// A call to oneself.
    echo: Option<Echo>,
}

impl Browser {
    /// A leg for an offer; it has no answer before [`Browser::answer`].
    pub(crate) fn new(id: BrowserId, station: &Station, offer: &str, now: Instant) -> Self {
        Self {
            id,
            call: None,
            ear: None,
            rtc: station.rtc(now),
            fingerprint: fingerprint(offer),
            mid: None,
            laws: Vec::new(),
            sequence: Sequence::new(),
            playout: Playout::new(Law::A),
            next_number: u64::from(rand::random::<u16>() >> 1),
            next_time: rand::random(),
            silent: [Law::A, Law::Mu].map(|law| vec![silence(law); FRAME].into()),
            established: false,
            up: false,
            pulse: Pulse::default(),
            echo: None,
        }
    }

    /// Whether an offer goes on with this leg's connection, or begins another one.
    pub(crate) fn continues(&self, offer: &str) -> bool {
        self.rtc.is_alive() && self.fingerprint == fingerprint(offer)
    }

    /// Answers an offer.
    pub(crate) fn answer(
        &mut self,
        offer: &str,
        station: &Station,
        with: &mut Surroundings<'_>,
    ) -> Result<String, BrowserError> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(|_| BrowserError::Unreadable)?;
        let refused = |why: String| BrowserError::NotAcceptable(why);
        let answer = self
            .rtc
            .sdp_api()
            .accept_offer(offer)
            .map_err(|e| refused(e.to_string()))?;
        self.drain(0, station, with);
        let answer = answer.to_sdp_string();
        // str0m tells of the media by an event, but only once it is connected: too late to refuse.
        self.mid = self.mid.or_else(|| audio_mid(&answer).map(Mid::from));
        let media = self.mid.and_then(|mid| self.rtc.media(mid));
        let kinds = media.map(|media| media.remote_pts()).unwrap_or_default();
        self.laws = kinds.iter().filter_map(|pt| law_of(**pt)).collect();
        if self.laws.is_empty() {
            return Err(refused("no G.711 audio is offered".into()));
        }
        Ok(answer)
    }

    /// Whether its sound is connected.
    pub(crate) fn is_up(&self) -> bool {
        self.up
    }

    /// The name that this leg's STUN packets carry. It changes with an ICE restart.
    pub(crate) fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    /// Takes a datagram.
    pub(crate) fn receive(
        &mut self,
        tick: u64,
        now: Instant,
        (way, source): (Protocol, SocketAddr),
        datagram: &[u8],
        station: &Station,
        with: &mut Surroundings<'_>,
    ) {
        let Some(destination) = station.destination(source) else {
            return;
        };
        let Ok(received) = Receive::new(way, source, destination, datagram) else {
            return;
        };
        if self.pulse.heard(tick) && self.up {
            let browser = self.id;
            with.tell(Event::BrowserResumed { browser });
        }
        self.input(Input::Receive(now, received), tick, station, with);
        // It was given up for gone, and has come back.
        if self.established && self.rtc.is_connected() {
            self.set_up(true, with);
        }
    }

    /// A tick: sends the caller's frame where there is one, silence otherwise.
    pub(crate) fn frame(
        &mut self,
        tick: u64,
        now: Instant,
        caller: Option<(Law, &Bytes)>,
        station: &Station,
        with: &mut Surroundings<'_>,
    ) {
        match self.up.then(|| self.pulse.lack(tick)).flatten() {
            Some(Lack::Stalled) => {
                let browser = self.id;
                with.tell(Event::BrowserStalled { browser });
            }
            Some(Lack::Gone) => self.set_up(false, with),
            None => {}
        }
        if self.established
            && let Some((mid, law)) = self.mid.zip(self.sending_law(caller.map(|(law, _)| law)))
        {
            let payload: Arc<[u8]> = match caller {
                None => Arc::clone(&self.silent[usize::from(law == Law::Mu)]),
                Some((from, bytes)) => {
                    let mut converted = [0; FRAME];
                    convert(from, law, bytes, &mut converted);
                    Arc::from(&converted[..])
                }
            };
            let (number, time) = (self.next_number, self.next_time);
            self.next_number += 1;
            self.next_time = time.wrapping_add(FRAME as u32);
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
                let kind = Pt::from(law.payload_type());
                stream.write_rtp(RtpWrite::new(kind, SeqNo::from(number), time, now, payload));
                with.meters.sent += 1;
            }
        }
        self.input(Input::Timeout(now), tick, station, with);
    }

    /// The operator's next frame, in a law.
    pub(crate) fn voice(&mut self, law: Law, frame: &mut Bytes) {
        self.playout.set_law(law);
        self.playout.pop(frame);
    }

    /// Begins a call to oneself, from its beginning where one runs.
    pub(crate) fn begin_echo(&mut self, with: &Surroundings<'_>) {
        if self.up && self.call.is_none() && self.ear.is_none() {
            self.echo = Some(Echo::new());
            self.tell_echo(EchoStage::Listening, with);
        } else {
            self.tell_echo(EchoStage::Done, with);
        }
    }

    /// Breaks a call to oneself off.
    pub(crate) fn end_echo(&mut self, with: &Surroundings<'_>) {
        if self.echo.take().is_some() {
            self.tell_echo(EchoStage::Done, with);
        }
    }

    /// A tick without a call: whether the browser hears itself, and what.
    pub(crate) fn echoed(
        &mut self,
        said: &Bytes,
        heard: &mut Bytes,
        with: &Surroundings<'_>,
    ) -> bool {
        let Some(echo) = &mut self.echo else {
            return false;
        };
        let (plays, stage) = echo.frame(said, heard);
        match stage {
            Some(EchoStage::Done) => self.end_echo(with),
            Some(stage) => self.tell_echo(stage, with),
            None => {}
        }
        plays
    }

    fn tell_echo(&self, stage: EchoStage, with: &Surroundings<'_>) {
        let browser = self.id;
        with.tell(Event::Echo { browser, stage });
    }

    /// Ends the leg; says goodbye where it can.
    pub(crate) fn close(mut self, station: &Station, with: &mut Surroundings<'_>) {
        with.meters.lost += self.sequence.settle();
        self.up = false;
        if self.rtc.close().is_ok() {
            self.drain(0, station, with);
        }
    }

    fn sending_law(&self, wanted: Option<Law>) -> Option<Law> {
        wanted
            .filter(|law| self.laws.contains(law))
            .or(self.laws.first().copied())
    }

    fn input(
        &mut self,
        input: Input<'_>,
        tick: u64,
        station: &Station,
        with: &mut Surroundings<'_>,
    ) {
        match self.rtc.handle_input(input) {
            Ok(()) => self.drain(tick, station, with),
            Err(error) => self.broken(&error, with),
        }
    }

    /// Gives out everything that str0m has, as it must be after whatever changes it.
    fn drain(&mut self, tick: u64, station: &Station, with: &mut Surroundings<'_>) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(_)) => break,
                Ok(Output::Transmit(t)) => station.send(&t),
                Ok(Output::Event(event)) => self.event(event, tick, with),
                Err(error) => return self.broken(&error, with),
            }
        }
        if !self.rtc.is_alive() {
            self.set_up(false, with);
        }
    }

    fn event(&mut self, event: RtcEvent, tick: u64, with: &mut Surroundings<'_>) {
        match event {
            RtcEvent::Connected => {
                self.established = true;
                self.pulse.heard(tick);
                self.set_up(true, with);
            }
            RtcEvent::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.set_up(false, with);
            }
            RtcEvent::RtpPacket(packet) => self.sound(&packet, with),
            RtcEvent::Closed => self.set_up(false, with),
            _ => {}
        }
    }

    fn sound(&mut self, packet: &RtpPacket, with: &mut Surroundings<'_>) {
        self.pulse.sounded();
        let (header, ssrc) = (&packet.header, *packet.header.ssrc);
        let arrival = self
            .sequence
            .take(ssrc, header.sequence_number, &mut with.meters.lost);
        let Some(law) = law_of(*header.payload_type).filter(|_| arrival == Arrival::Fresh) else {
            return;
        };
        with.meters.received += 1;
        let taken = self
            .playout
            .put(ssrc, header.timestamp, law, &packet.payload);
        with.meters.late += u64::from(taken == Taken::Late);
    }

    fn broken(&mut self, error: &str0m::RtcError, with: &mut Surroundings<'_>) {
        tracing::info!(browser = %self.id, %error, "the browser's leg is broken");
        self.rtc.disconnect();
        self.set_up(false, with);
    }

    fn set_up(&mut self, up: bool, with: &Surroundings<'_>) {
        if self.up != up {
            self.up = up;
            let browser = self.id;
            with.tell(if up {
                Event::BrowserUp { browser }
            } else {
                Event::BrowserDown { browser }
            });
        }
    }

    /// Gives the leg up without a goodbye: after a panic inside of it, or when the browser has begun another.
    pub(crate) fn abandon(&mut self, with: &mut Surroundings<'_>) {
        with.meters.lost += self.sequence.settle();
        self.rtc.disconnect();
        self.set_up(false, with);
    }
}

/// The name of an answer's first audio section that was not rejected.
fn audio_mid(answer: &str) -> Option<&str> {
    let mut sections = answer.split("\nm=").skip(1);
    let audio = sections.find(|s| s.starts_with("audio ") && !s.starts_with("audio 0 "))?;
    audio
        .lines()
        .find_map(|line| line.strip_prefix("a=mid:"))
        .map(str::trim)
}

fn fingerprint(offer: &str) -> String {
    let line = offer
        .lines()
        .find_map(|line| line.strip_prefix("a=fingerprint:"));
    line.unwrap_or_default().trim().to_ascii_lowercase()
}
