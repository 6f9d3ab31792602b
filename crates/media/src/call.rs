//! A call's side towards the PBX: its socket, what it hears, what it is given to hear.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::time::Instant;

use model::audio::{AudioStream, Codec, Digit, Direction, Format, Law};
use model::cipher::Keys;
use model::id::{BrowserId, CallId};
use tokio::sync::mpsc::UnboundedSender;

use crate::codec::{Decoders, Encoder, PAYLOAD_MAX};
use crate::dtmf::{self, Key};
use crate::event::Event;
use crate::g711::{Bytes, FRAME, Pcm, decode, encode, silence};
use crate::inband::Detector;
use crate::latch::{Latch, Origin};
use crate::meters::Meters;
use crate::player::{Played, Player, Step};
use crate::playout::{Playout, Taken};
use crate::recorder::Recorder;
use crate::rtp::{Arrival, HEADER, Packet, Sender, Sequence};
use crate::srtp::{Opener, Sealer, TAG_MAX};
use crate::stats::{Gauge, SoundStats};
use crate::supervisor::Wire;
use crate::talk::{Colleague, Talk};
use crate::tape::Tape;

/// Packets that are read from one socket in a row: a flood on one call must not stop the others.
const READ_AT_ONCE: usize = 64;

/// Ticks without a packet until the call counts as silent: 30 s.
const SILENT_TICKS: u64 = 1500;

/// Samples of what counts as silence: a line's own noise is below it.
const SILENCE_MAX: u16 = 256;

/// Comfort noise (RFC 3389): a sign of life, and silence to the ear.
const COMFORT_NOISE: u8 = 13;

/// The payload type that our own offers give to telephone events.
const OFFERED_DTMF: u8 = 101;

/// What a call's work happens with.
pub(crate) struct Surroundings<'a> {
    pub meters: &'a mut Meters,
    pub recorder: &'a mut Recorder,
    pub events: &'a UnboundedSender<Event>,
}

impl Surroundings<'_> {
    /// Tells an event. Nobody may be listening any more when the server stops.
    pub(crate) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

/// What the PBX described.
#[derive(Debug)]
struct Remote {
    /// What it is sent.
    format: Format,
    /// What it may send.
    formats: Vec<Format>,
    dtmf: Option<u8>,
    /// It wants to be sent to.
    takes: bool,
    /// Silence of it is a fault.
    gives: bool,
}

impl Remote {
    /// The law that frames are handled in: the PBX's own, where it speaks G.711.
    fn law(&self) -> Law {
        self.format.codec.law().unwrap_or(Law::A)
    }

    /// Timestamp units of a frame.
    fn frame_ticks(&self) -> u16 {
        (FRAME as u32 * self.format.codec.clock_hz() / 8000) as u16
    }

    /// The codec of a payload type: as described, or as our own offers have it.
    fn codec(&self, kind: u8) -> Option<Codec> {
        if self.dtmf == Some(kind) {
            return None;
        }
        let described = self.formats.iter().find(|f| f.payload_type == kind);
        let ours = || Codec::ALL.into_iter().find(|c| c.payload_type() == kind);
        described.map(|format| format.codec).or_else(ours)
    }
}

/// How far a call is that the PBX has described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Somebody is called and has not answered; whether the PBX has let anything be heard.
    Early {
        heard: bool,
    },
    Answered,
}

/// A call's encryption.
struct Cipher {
    keys: Keys,
    sealer: Sealer,
    opener: Opener,
}

impl Cipher {
    fn new(keys: Keys) -> Result<Self, aws_lc_rs::error::Unspecified> {
        Ok(Self {
            keys,
            sealer: Sealer::new(keys.suite, &keys.ours)?,
            opener: Opener::new(keys.suite, &keys.theirs)?,
        })
    }

    /// With new keys; a direction whose key stays goes on.
    fn changed(self, keys: Keys) -> Result<Self, aws_lc_rs::error::Unspecified> {
        let suite = self.keys.suite == keys.suite;
        let fresh = Self::new(keys)?;
        let (ours, theirs) = (
            suite && self.keys.ours == keys.ours,
            suite && self.keys.theirs == keys.theirs,
        );
        Ok(Self {
            keys,
            sealer: if ours { self.sealer } else { fresh.sealer },
            opener: if theirs { self.opener } else { fresh.opener },
        })
    }
}

/// A call's sound.
pub(crate) struct Call {
    pub id: CallId,
    /// The browser that it is bridged with.
    pub browser: Option<BrowserId>,
    pub muted: bool,
    pub talk: Talk,
    /// The colleague's leg beside this one.
    pub colleague: Option<Box<Colleague>>,
    /// The supervisor who takes part.
    pub supervisor: Option<Wire>,
    socket: UdpSocket,
    /// The socket takes both families, and sees IPv4 as a part of IPv6.
    v6: bool,
    /// Where its recording goes, until the media thread begins it.
    record_to: Option<PathBuf>,
    tape: Option<Tape>,
    remote: Option<Remote>,
    stage: Stage,
    latch: Latch,
    /// What is sent and what comes is encrypted with these.
    cipher: Option<Cipher>,
    sequence: Sequence,
    gauge: Gauge,
    playout: Playout,
    /// None for G.711, which is sent as it is.
    encoder: Option<Encoder>,
    decoders: Decoders,
    keys_in: dtmf::Reader,
    /// Listens for keys in the sound, where the PBX sends none apart from it.
    listener: Option<Box<Detector>>,
    keys_out: dtmf::Writer,
    sender: Sender,
    begun: bool,
    player: Player,
    heard_at: u64,
    silent: bool,
}

impl Call {
    pub(crate) fn new(id: CallId, socket: UdpSocket, record_to: Option<PathBuf>) -> Self {
        Self {
            id,
            browser: None,
            muted: false,
            talk: Talk::Apart,
            colleague: None,
            supervisor: None,
            v6: socket.local_addr().is_ok_and(|at| at.is_ipv6()),
            socket,
            record_to,
            tape: None,
            remote: None,
            stage: Stage::Early { heard: false },
            latch: Latch::default(),
            cipher: None,
            sequence: Sequence::new(),
            gauge: Gauge::default(),
            playout: Playout::new(Law::A),
            encoder: None,
            decoders: Decoders::default(),
            keys_in: dtmf::Reader::default(),
            listener: None,
            keys_out: dtmf::Writer::default(),
            sender: Sender::new(),
            begun: false,
            player: Player::new(),
            heard_at: 0,
            silent: false,
        }
    }

    /// The same, signalled from this address.
    pub(crate) fn signalled_from(self, address: Option<IpAddr>) -> Self {
        Self {
            latch: Latch::signalled_from(address),
            ..self
        }
    }

    /// Opens the recording's file, so that a full disk shows before the call is connected.
    pub(crate) fn begin(&mut self, recorder: &mut Recorder) {
        if let Some(path) = self.record_to.take() {
            self.tape = Some(Tape::new(self.id, path, recorder));
        }
    }

    /// Connects an answered call.
    pub(crate) fn connect(&mut self, described: &AudioStream, tick: u64) {
        self.describe(described);
        self.stage = Stage::Answered;
        self.gauge.connect(Instant::now());
        // The 30 s count from when sound may be expected.
        self.heard_at = tick;
    }

    /// Lets be heard what the PBX sends before the answer. Of that nothing is
    /// recorded, and nothing is missed where it does not come.
    pub(crate) fn connect_early(&mut self, described: &AudioStream) {
        if let Stage::Early { .. } = self.stage {
            self.describe(described);
        }
    }

    fn describe(&mut self, described: &AudioStream) {
        let held = described.address.ip().is_unspecified() || described.address.port() == 0;
        let format = (described.formats.first().copied()).unwrap_or(Law::A.into());
        let before = self.remote.as_ref().map(|remote| remote.format.codec);
        if before != Some(format.codec) {
            self.encoder = Encoder::new(format.codec);
        }
        self.decoders.prepare(&described.formats);
        self.listener = match described.dtmf {
            Some(_) => None,
            None => self.listener.take().or_else(|| Some(Box::default())),
        };
        self.latch.describe((!held).then_some(described.address));
        self.playout.set_law(format.codec.law().unwrap_or(Law::A));
        self.secure(described.keys);
        let (takes, gives) = match described.direction {
            Direction::SendRecv => (true, true),
            // Whoever holds may send music, and need not send anything (RFC 3264, section 8.4).
            Direction::SendOnly => (false, false),
            Direction::RecvOnly => (true, false),
            Direction::Inactive => (false, false),
        };
        self.remote = Some(Remote {
            format,
            formats: described.formats.clone(),
            dtmf: described.dtmf,
            takes: takes && !held,
            gives: gives && !held,
        });
    }

    /// Takes the keys of a description: those that stay go on with their count.
    fn secure(&mut self, keys: Option<Keys>) {
        let before = self.cipher.take();
        self.cipher = keys.and_then(|keys| {
            let cipher = match before {
                Some(same) if same.keys == keys => return Some(same),
                Some(before) => before.changed(keys),
                None => Cipher::new(keys),
            };
            // Only keys of a wrong length are refused, and these have theirs by their type.
            cipher.ok()
        });
    }

    pub(crate) fn hear(&mut self, number: u64, steps: Vec<Step>) {
        self.player.start(number, steps);
    }

    /// These hear each other from now on; what played to caller or colleague
    /// ends where they are one of them.
    pub(crate) fn bridge(&mut self, browser: Option<BrowserId>, talk: Talk) {
        self.browser = browser;
        self.talk = talk;
        if talk.is_heard_by_the_caller() {
            self.player.stop();
        }
        if let Some(colleague) = &mut self.colleague
            && talk.is_heard_by_the_colleague()
        {
            colleague.soothe(None);
        }
    }

    /// Whether the PBX has described its side.
    pub(crate) fn is_connected(&self) -> bool {
        self.remote.is_some()
    }

    /// Whether the one who is called is neither there nor announced by any sound
    /// of the PBX: then it is on us to let the operator hear ringing (RFC 3960, section 3.2).
    pub(crate) fn rings(&self) -> bool {
        self.stage == (Stage::Early { heard: false })
    }

    /// Whether it is answered.
    pub(crate) fn is_answered(&self) -> bool {
        self.stage == Stage::Answered
    }

    pub(crate) fn digit(&mut self, digit: Digit) {
        self.keys_out.push(digit);
    }

    /// The law that the call's frames are in; A-law before it is known.
    pub(crate) fn law(&self) -> Law {
        self.remote.as_ref().map_or(Law::A, Remote::law)
    }

    /// Reads what has come.
    pub(crate) fn read(
        &mut self,
        tick: u64,
        now: Instant,
        buffer: &mut [u8],
        with: &mut Surroundings<'_>,
    ) {
        for _ in 0..READ_AT_ONCE {
            // An error of one datagram (an ICMP answer) is as good as none.
            let Ok((length, from)) = self.socket.recv_from(buffer) else {
                return;
            };
            let from = SocketAddr::new(from.ip().to_canonical(), from.port());
            let opened = match &mut self.cipher {
                None => Some(length),
                // What does not prove itself changes nothing: not even where sound goes.
                Some(cipher) => cipher.opener.open(&mut buffer[..length]),
            };
            let Some(length) = opened else {
                with.meters.strangers += 1;
                self.gauge.told.strangers += 1;
                continue;
            };
            if let Some(packet) = Packet::read(&buffer[..length]) {
                self.take(tick, now, from, &packet, with);
            }
        }
    }

    pub(crate) fn take(
        &mut self,
        tick: u64,
        now: Instant,
        from: SocketAddr,
        packet: &Packet<'_>,
        with: &mut Surroundings<'_>,
    ) {
        let Some(remote) = &self.remote else { return };
        match self.latch.judge(now, from, packet) {
            Origin::Peer => {}
            Origin::Unproven => return,
            Origin::Stranger => {
                with.meters.strangers += 1;
                self.gauge.told.strangers += 1;
                return;
            }
        }
        self.heard_at = tick;
        self.silent = false;
        let lost = &mut self.gauge.told.lost;
        let before = *lost;
        let arrival = self.sequence.take(packet.ssrc, packet.sequence, lost);
        with.meters.lost += *lost - before;
        if arrival == Arrival::Repeated {
            return;
        }
        with.meters.received += 1;
        self.gauge.came(now, from);
        let kind = packet.payload_type;
        if let Some(codec) = remote.codec(kind) {
            self.gauge.stamped(now, packet, codec.clock_hz());
            let taken = self.decoders.take(codec, packet, &mut self.playout);
            let late = u64::from(taken == Taken::Late);
            with.meters.late += late;
            self.gauge.told.late += late;
        } else if kind != COMFORT_NOISE && (remote.dtmf == Some(kind) || kind == OFFERED_DTMF) {
            let key = self
                .keys_in
                .take(packet.ssrc, packet.timestamp, packet.payload);
            if let Some(digit) = key {
                with.tell(Event::Digit {
                    call: self.id,
                    digit,
                });
            }
        }
    }

    /// A tick: gives the caller's frame, and sends the caller what is to be
    /// heard, where no program runs the operator's frame (in the call's law).
    /// Where there is something `beside`, it is recorded in place of what the caller hears.
    pub(crate) fn frame(
        &mut self,
        tick: u64,
        operator: Option<&Bytes>,
        caller: &mut Bytes,
        beside: Option<&Pcm>,
        with: &mut Surroundings<'_>,
    ) {
        let Some(remote) = &self.remote else {
            caller.fill(silence(Law::A));
            return;
        };
        let law = remote.law();
        let answered = self.is_answered();
        if answered && remote.gives && !self.silent && tick > self.heard_at + SILENT_TICKS {
            self.silent = true;
            with.tell(Event::Silent { call: self.id });
        }
        let (mut left, mut right): (Pcm, Pcm) = ([0; FRAME], [0; FRAME]);
        let mut bytes = [silence(law); FRAME];
        self.playout.pop(caller);
        decode(law, caller, &mut left);
        if let Stage::Early { heard } = &mut self.stage {
            // A PBX may send silence while nobody has anything to say yet.
            *heard |= left
                .iter()
                .any(|sample| sample.unsigned_abs() > SILENCE_MAX);
        }
        if let Some(digit) = self.listener.as_mut().and_then(|ear| ear.take(&left)) {
            with.tell(Event::Digit {
                call: self.id,
                digit,
            });
        }
        let program = self.player.running();
        if self.player.next(&left, &mut right) == Played::Ended {
            let voice_ms = self.player.program_voice_ms();
            with.tell(Event::Heard {
                call: self.id,
                program: program.unwrap_or(0),
                voice_ms,
            });
        }
        if self.player.running().is_some() {
            encode(law, &right, &mut bytes);
        } else if let Some(operator) = operator {
            bytes = *operator;
            decode(law, operator, &mut right);
        }
        self.send(&mut bytes, &mut right, with.meters);
        if let Some(tape) = self.tape.as_mut().filter(|_| answered) {
            tape.take(tick, &left, beside.unwrap_or(&right), with.recorder);
        }
    }

    /// Sends a frame, or the key that stands in its place.
    fn send(&mut self, bytes: &mut Bytes, pcm: &mut Pcm, meters: &mut Meters) {
        let Some(remote) = &self.remote else { return };
        let (law, format) = (remote.law(), remote.format);
        let peer = self.latch.peer().filter(|_| remote.takes);
        let (now, ticks) = (self.sender.timestamp, remote.frame_ticks());
        self.sender.timestamp = now.wrapping_add(ticks.into());
        let key = self.keys_out.next(remote.dtmf.map(|_| ticks));
        if let (
            Some(Key::Event {
                payload,
                frames_ago,
                first,
                copies,
            }),
            Some(kind),
        ) = (key, remote.dtmf)
        {
            pcm.fill(0);
            let then = now.wrapping_sub(u32::from(frames_ago) * u32::from(ticks));
            for _ in 0..copies {
                self.packet(peer, kind, first, then, &payload, meters);
            }
            return;
        }
        if let Some(Key::Tone { digit, frame }) = key {
            dtmf::tones(digit, frame, pcm);
            encode(law, pcm, bytes);
        }
        let first = !std::mem::replace(&mut self.begun, true);
        let mut coded = [0; PAYLOAD_MAX];
        let payload = match &mut self.encoder {
            Some(encoder) => (encoder.encode(pcm, &mut coded)).map(|length| &coded[..length]),
            None => format.codec.law().map(|_| &bytes[..]),
        };
        if let Some(payload) = payload {
            self.packet(peer, format.payload_type, first, now, payload, meters);
        }
    }

    fn packet(
        &mut self,
        peer: Option<SocketAddr>,
        kind: u8,
        marker: bool,
        timestamp: u32,
        payload: &[u8],
        meters: &mut Meters,
    ) {
        let Some(mut peer) = peer else { return };
        if let (true, SocketAddr::V4(v4)) = (self.v6, peer) {
            peer = (v4.ip().to_ipv6_mapped(), v4.port()).into();
        }
        let mut packet = [0; HEADER + FRAME + TAG_MAX];
        let mut head = [0; HEADER];
        self.sender.head(&mut head, kind, marker, timestamp);
        packet[..HEADER].copy_from_slice(&head);
        packet[HEADER..HEADER + payload.len()].copy_from_slice(payload);
        let mut length = HEADER + payload.len();
        if let Some(cipher) = &mut self.cipher {
            match cipher.sealer.seal(&mut packet, length) {
                Some(sealed) => length = sealed,
                None => return,
            }
        }
        // What the network does not take is lost, as on any other of its links.
        if self.socket.send_to(&packet[..length], peer).is_ok() {
            meters.sent += 1;
            self.gauge.told.sent += 1;
        }
    }

    /// How its sound fares.
    pub(crate) fn stats(&self) -> SoundStats {
        SoundStats {
            codec: self.remote.as_ref().map(|remote| remote.format.codec),
            encrypted: self.cipher.is_some(),
            to: self.latch.peer(),
            ..self.gauge.told.clone()
        }
    }

    /// Ends a colleague's leg: the call goes on.
    pub(crate) fn leave(mut self, with: &mut Surroundings<'_>) {
        with.meters.lost += self.sequence.settle();
    }

    /// Ends the call's sound.
    pub(crate) fn close(mut self, with: &mut Surroundings<'_>) {
        if let Some(colleague) = self.colleague.take() {
            colleague.leg.leave(with);
        }
        let missing = self.sequence.settle();
        with.meters.lost += missing;
        self.gauge.told.lost += missing;
        with.tell(Event::Closed {
            call: self.id,
            stats: Box::new(self.stats()),
        });
        let law = self.law();
        if let Some(tape) = self.tape.take() {
            let voice_ms = self.player.voice_ms();
            let rest = || {
                let (mut bytes, mut pcm) = ([0; FRAME], [0; FRAME]);
                self.playout.pop(&mut bytes);
                decode(law, &bytes, &mut pcm);
                pcm
            };
            tape.end(rest, voice_ms, with.recorder);
        }
    }
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
