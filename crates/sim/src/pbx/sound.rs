//! The caller's telephone: RTP out and in, 50 packets a second.

use std::collections::VecDeque;
use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::audio::{Codec, Digit, Format};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::interval;

use super::sdp::Remote;
use crate::audio::{FRAME, RATE, samples};
use crate::coder::Coder;
use crate::hearing::Hearing;
use crate::rtp::Header;
use crate::speech::Speech;

/// Time between packets.
const TICK: Duration = Duration::from_millis(20);

/// Largest datagram looked at.
const DATAGRAM_MAX: usize = 2048;

/// Packets that a pressed key lasts, and repeats of the last one (RFC 4733, section 2.5.1.4).
const DIGIT_PACKETS: u16 = 5;
const DIGIT_ENDS: usize = 3;

/// Volume of a key's event, in -dBm0.
const DIGIT_VOLUME: u8 = 10;

/// The keypad, row by row, and its tones in Hz (ITU-T Q.23).
const KEYPAD: &str = "123A456B789C*0#D";
const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
/// How long a key sounds, and how loud each of its tones is.
const TONES: Duration = Duration::from_millis(100);
const LOUDNESS: f64 = 4000.0;

/// A key's sound.
fn tones(digit: Digit) -> impl Iterator<Item = i16> {
    let at = KEYPAD.find(digit.as_char()).unwrap_or_default();
    let (row, column) = (ROWS[at / 4], COLUMNS[at % 4]);
    (0..samples(TONES)).map(move |n| {
        let wave = |hertz: f64| (TAU * hertz * n as f64 / f64::from(RATE)).sin();
        (LOUDNESS * (wave(row) + wave(column))) as i16
    })
}

/// What the telephone is told.
#[derive(Debug)]
pub enum Control {
    /// The other side described its sound anew.
    Remote(Remote),
    /// A key is pressed.
    Digit(Digit),
    /// A key is pressed, and heard as its two tones.
    Tones(Digit),
    /// Sound goes from, and comes to, another port from now on.
    Move(Arc<UdpSocket>),
}

/// What the telephone tells.
#[derive(Debug)]
pub enum Report {
    /// The caller has said everything.
    Said,
    /// The other side pressed a key.
    Digit(Digit),
}

/// A telephone in a call. It hangs up when its controls are dropped.
pub struct Telephone {
    /// Where its packets go from and come to.
    pub socket: Arc<UdpSocket>,
    /// Frames that it puts in one packet.
    pub frames: usize,
    /// The other side.
    pub remote: Remote,
    /// What the caller says.
    pub speech: Speech,
    /// What the caller hears.
    pub hearing: Hearing,
    /// What it tells.
    pub reports: mpsc::UnboundedSender<Report>,
}

impl Telephone {
    /// Speaks and hears until the controls are dropped.
    pub async fn run(mut self, mut controls: mpsc::UnboundedReceiver<Control>) {
        let mut sender = Sender::new(self.frames);
        let mut coders = Coders::default();
        let mut ticks = interval(TICK);
        let mut said = self.speech.is_over();
        let mut last_digit = None;
        let mut datagram = [0; DATAGRAM_MAX];
        self.hearing.begin(Instant::now());
        loop {
            tokio::select! {
                biased;
                control = controls.recv() => match control {
                    None => return,
                    Some(Control::Remote(remote)) => self.remote = remote,
                    Some(Control::Digit(digit)) => sender.digits.push(digit),
                    Some(Control::Tones(digit)) => sender.tones.extend(tones(digit)),
                    Some(Control::Move(socket)) => self.socket = socket,
                },
                _ = ticks.tick() => {
                    let coder = coders.of(self.remote.format.codec);
                    sender.tick(&self.remote, coder, &mut self.speech, &self.socket, &self.hearing).await;
                    if !said && self.speech.is_over() {
                        said = true;
                        // The call that listens may have ended already.
                        let _ = self.reports.send(Report::Said);
                    }
                }
                came = self.socket.recv_from(&mut datagram) => {
                    let Ok((length, _)) = came else { continue };
                    let Some((header, payload)) = Header::read(&datagram[..length]) else {
                        continue;
                    };
                    self.take(header, payload, &mut coders, &mut last_digit);
                }
            }
        }
    }

    fn take(
        &self,
        header: Header,
        payload: &[u8],
        coders: &mut Coders,
        last_digit: &mut Option<u32>,
    ) {
        let kind = header.payload_type;
        let described = Some(self.remote.format).filter(|format| format.payload_type == kind);
        let fixed = [Codec::Pcma, Codec::Pcmu].map(Format::from);
        let format = described.or_else(|| fixed.into_iter().find(|f| f.payload_type == kind));
        if format.is_none() && self.remote.dtmf != Some(kind) {
            return;
        }
        let mut sound = Vec::new();
        match (format, payload.first()) {
            (Some(format), _) => {
                if let Some(coder) = coders.of(format.codec) {
                    sound = coder.decode(payload);
                }
            }
            (None, Some(event)) => {
                let is_new = last_digit.replace(header.timestamp) != Some(header.timestamp);
                if is_new && let Some(digit) = Digit::from_event(*event) {
                    // The call that listens may have ended already.
                    let _ = self.reports.send(Report::Digit(digit));
                }
            }
            (None, None) => {}
        }
        // Heard at 8 kHz, whatever the codec's clock.
        let clock = u64::from(self.remote.format.codec.clock_hz() / 8000);
        let (now, timestamp) = (Instant::now(), u64::from(header.timestamp) / clock);
        (self.hearing).came(now, header.ssrc, header.sequence, timestamp, &sound);
    }
}

/// The coders that were needed so far.
#[derive(Default)]
struct Coders(Vec<(Codec, Coder)>);

impl Coders {
    fn of(&mut self, codec: Codec) -> Option<&mut Coder> {
        if !self.0.iter().any(|(known, _)| *known == codec) {
            self.0.push((codec, Coder::new(codec)?));
        }
        let coder = self.0.iter_mut().find(|(known, _)| *known == codec);
        coder.map(|(_, coder)| coder)
    }
}

/// Numbers and stamps of what is sent.
struct Sender {
    header: Header,
    digits: Vec<Digit>,
    /// Sound of keys that is still to be sent.
    tones: VecDeque<i16>,
    /// Packets of the first digit that have been sent.
    digit_sent: u16,
    /// Samples of a packet with sound.
    payload: usize,
    /// Sound that waits for its packet to be full.
    waiting: Vec<i16>,
    packet: Vec<u8>,
}

impl Sender {
    fn new(frames: usize) -> Self {
        Self {
            payload: frames * FRAME,
            waiting: Vec::with_capacity(frames * FRAME),
            header: Header {
                marker: true,
                payload_type: 0,
                sequence: rand::random(),
                timestamp: rand::random(),
                ssrc: rand::random(),
            },
            digits: Vec::new(),
            tones: VecDeque::new(),
            digit_sent: 0,
            packet: Vec::with_capacity(DATAGRAM_MAX),
        }
    }

    /// Sends what belongs to these 20 ms: a frame of the voice, or a key in its place.
    async fn tick(
        &mut self,
        remote: &Remote,
        coder: Option<&mut Coder>,
        speech: &mut Speech,
        socket: &UdpSocket,
        hearing: &Hearing,
    ) {
        let ticks = FRAME as u32 * remote.format.codec.clock_hz() / 8000;
        match (self.digits.first().copied(), remote.dtmf) {
            (Some(digit), Some(payload_type)) => {
                self.digit_sent += 1;
                let is_last = self.digit_sent == DIGIT_PACKETS;
                for _ in 0..if is_last { DIGIT_ENDS } else { 1 } {
                    self.send_digit(digit, payload_type, is_last, remote, socket)
                        .await;
                    hearing.sent();
                }
                if is_last {
                    self.digits.remove(0);
                    self.header.timestamp =
                        (self.header.timestamp).wrapping_add(u32::from(DIGIT_PACKETS) * ticks);
                    self.digit_sent = 0;
                }
            }
            _ => {
                self.digits.clear();
                let mut frame = speech.frame();
                for sample in &mut frame {
                    *sample = self.tones.pop_front().unwrap_or(*sample);
                }
                self.waiting.extend_from_slice(&frame);
                if self.waiting.len() < self.payload {
                    return;
                }
                self.header.payload_type = remote.format.payload_type;
                self.header.write(&mut self.packet);
                if let Some(coder) = coder {
                    coder.encode(&self.waiting, &mut self.packet);
                }
                self.waiting.clear();
                self.send(remote, socket).await;
                hearing.sent();
                let ticks = ticks * (self.payload / FRAME) as u32;
                self.header.timestamp = self.header.timestamp.wrapping_add(ticks);
                self.header.marker = false;
            }
        }
    }

    async fn send_digit(
        &mut self,
        digit: Digit,
        payload_type: u8,
        is_last: bool,
        remote: &Remote,
        socket: &UdpSocket,
    ) {
        let header = Header {
            marker: self.digit_sent == 1,
            payload_type,
            ..self.header
        };
        header.write(&mut self.packet);
        let end = if is_last { 0x80 } else { 0 };
        self.packet.push(digit.event());
        self.packet.push(end | DIGIT_VOLUME);
        let clock = (remote.format.codec.clock_hz() / 8000) as u16;
        let duration = self.digit_sent * FRAME as u16 * clock;
        self.packet.extend_from_slice(&duration.to_be_bytes());
        self.send(remote, socket).await;
    }

    async fn send(&mut self, remote: &Remote, socket: &UdpSocket) {
        // A socket that is gone at the other side is the call's to notice.
        let _ = socket.send_to(&self.packet, remote.address).await;
        self.header.sequence = self.header.sequence.wrapping_add(1);
    }
}
