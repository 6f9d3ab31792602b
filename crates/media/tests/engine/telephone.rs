//! A telephone at the PBX: sends what it is told by its own clock, and passes on what it hears.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Codec, Direction, Format};

use crate::coder::Coder;

const FRAME: Duration = Duration::from_millis(20);

/// What the telephone says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Says {
    Tone(f64),
    /// Two tones.
    Tones(f64, f64),
    /// What it hears, at once.
    Echo,
    /// A key as an event, each frame a packet of it, the last one an end.
    Key(u8, u16),
}

/// A packet that was heard.
pub struct Heard {
    pub kind: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload: Vec<u8>,
    /// At 8 kHz; empty where it holds no sound.
    pub samples: Vec<i16>,
}

pub struct Telephone {
    format: Format,
    pub address: SocketAddr,
    /// Where the call is.
    pub to: SocketAddr,
    says: Sender<Says>,
    heard: Receiver<Heard>,
}

impl Telephone {
    /// Starts one that calls there.
    pub fn start(to: SocketAddr, codec: impl Into<Codec>, says: Says) -> Self {
        let here: IpAddr = match to {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        Self::start_at(here, to, codec, says)
    }

    /// Starts one that calls from this host.
    pub fn start_at(here: IpAddr, to: SocketAddr, codec: impl Into<Codec>, says: Says) -> Self {
        let socket = UdpSocket::bind((here, 0)).expect("a socket");
        let address = socket.local_addr().expect("bound");
        let (say, orders) = channel();
        let (hear, heard) = channel();
        let format = Format::from(codec.into());
        std::thread::spawn(move || run(&socket, to, format, says, &orders, &hear));
        Self {
            format,
            address,
            to,
            says: say,
            heard,
        }
    }

    pub fn say(&self, says: Says) {
        self.says.send(says).expect("the telephone runs");
    }

    /// Its session description.
    pub fn described(&self) -> AudioStream {
        AudioStream {
            address: self.address,
            formats: vec![self.format],
            dtmf: Some(101),
            direction: Direction::SendRecv,
            keys: None,
        }
    }

    /// The next packet.
    pub fn packet(&self) -> Heard {
        self.heard
            .recv_timeout(Duration::from_secs(10))
            .expect("a packet within 10 s")
    }

    /// So many frames, from now on.
    pub fn hear(&self, frames: usize) -> Vec<i16> {
        while self.heard.try_recv().is_ok() {}
        let mut samples = Vec::new();
        while samples.len() < frames * 160 {
            let packet = self.packet();
            samples.extend(packet.samples);
        }
        samples
    }

    /// Listens until half a second of what is heard is as it should be.
    pub fn hear_until(&self, what: &str, is: impl Fn(&[i16]) -> bool) {
        for _ in 0..20 {
            if is(&self.hear(25)) {
                return;
            }
        }
        panic!("{what} was not heard within 10 s");
    }

    pub fn received(&self) -> Vec<Heard> {
        self.heard.try_iter().collect()
    }
}

fn run(
    socket: &UdpSocket,
    to: SocketAddr,
    format: Format,
    mut says: Says,
    orders: &Receiver<Says>,
    hear: &Sender<Heard>,
) {
    let start = Instant::now();
    let source = 0x1234_0000 + u32::from(socket.local_addr().expect("bound").port());
    let (kind, ticks) = (format.payload_type, format.codec.clock_hz() / 50);
    let mut coder = Coder::new(format.codec);
    let (mut frame, mut sequence, mut key_start) = (0_u32, 65_500_u16, 0);
    let mut send = |kind: u8, timestamp: u32, payload: &[u8]| {
        let mut packet = vec![0x80, kind];
        packet.extend(sequence.to_be_bytes());
        packet.extend(timestamp.to_be_bytes());
        packet.extend(source.to_be_bytes());
        packet.extend(payload);
        socket.send_to(&packet, to).expect("sent");
        sequence = sequence.wrapping_add(1);
    };
    let mut buffer = [0; 2048];
    loop {
        let due = start + FRAME * frame;
        let left = due.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            socket.set_read_timeout(Some(left)).expect("a timeout");
            let Ok((length, _)) = socket.recv_from(&mut buffer) else {
                continue;
            };
            let packet = &buffer[..length];
            if says == Says::Echo {
                send(kind, frame * ticks, &packet[12..]);
            }
            let is_sound = packet[1] & 0x7f == kind;
            let word = [packet[4], packet[5], packet[6], packet[7]];
            let heard = Heard {
                kind: packet[1] & 0x7f,
                sequence: u16::from_be_bytes([packet[2], packet[3]]),
                timestamp: u32::from_be_bytes(word),
                payload: packet[12..].to_vec(),
                samples: match is_sound {
                    true => coder.hear(&packet[12..]),
                    false => Vec::new(),
                },
            };
            if hear.send(heard).is_err() {
                return;
            }
            continue;
        }
        loop {
            match orders.try_recv() {
                Ok(order) => {
                    says = order;
                    key_start = frame;
                }
                Err(std::sync::mpsc::TryRecvError::Empty) => break,
                Err(std::sync::mpsc::TryRecvError::Disconnected) => return,
            }
        }
        let timestamp = frame * ticks;
        match says {
            Says::Tone(hz) => send(kind, timestamp, &coder.say(&[hz], frame as usize)),
            Says::Tones(one, other) => {
                send(kind, timestamp, &coder.say(&[one, other], frame as usize));
            }
            Says::Key(event, frames) => {
                let pressed = (frame - key_start) as u16 + 1;
                let [high, low] = (pressed * ticks as u16).to_be_bytes();
                let end = pressed >= frames;
                let flags = if end { 0x8a } else { 0x0a };
                for _ in 0..if end { 3 } else { 1 } {
                    send(101, key_start * ticks, &[event, flags, high, low]);
                }
                if end {
                    says = Says::Tone(0.0);
                }
            }
            Says::Echo => {}
        }
        frame += 1;
    }
}
