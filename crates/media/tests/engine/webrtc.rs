//! An operator's browser: a real WebRTC leg that says a tone and passes on what it hears.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use model::audio::Law;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{RtpWrite, SeqNo};
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::sound::{expand, tone};

const FRAME: Duration = Duration::from_millis(20);

enum Order {
    Offer {
        restart: bool,
        reply: Sender<String>,
    },
    Answer(String),
    /// Nothing comes and goes any more, or does again.
    Cut(bool),
}

/// A frame that was heard.
pub struct Frame {
    pub law: Law,
    pub sequence: u16,
    pub timestamp: u32,
    pub samples: Vec<i16>,
}

pub struct Browser {
    orders: Sender<Order>,
    heard: Receiver<Frame>,
}

impl Browser {
    /// Opens the page: laws in the order of preference, and what the operator says.
    pub fn start(laws: &[Law], hz: f64) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let address = socket.local_addr().expect("bound");
        let candidate = Candidate::host(address, "udp").expect("a candidate");
        Self::over(Link::Udp(socket), candidate, laws, hz)
    }

    /// The same where the network lets no UDP through.
    pub fn start_over_tcp(server: SocketAddr, laws: &[Law], hz: f64) -> Self {
        let stream = TcpStream::connect(server).expect("a stream");
        let address = stream.local_addr().expect("connected");
        let candidate = Candidate::builder().tcp().host(address);
        let candidate = candidate.tcptype(TcpType::Active).build();
        let link = Link::Tcp {
            stream,
            server,
            read: Vec::new(),
        };
        Self::over(link, candidate.expect("a candidate"), laws, hz)
    }

    fn over(link: Link, candidate: Candidate, laws: &[Law], hz: f64) -> Self {
        let address = candidate.addr();
        let now = Instant::now();
        let mut builder = Rtc::builder().clear_codecs().set_rtp_mode(true);
        for law in laws {
            builder = match law {
                Law::A => builder.enable_pcma(true, false),
                Law::Mu => builder.enable_pcmu(true, false),
            };
        }
        let mut rtc = builder.build(now);
        rtc.add_local_candidate(candidate);
        let (orders, taken) = channel();
        let (hear, heard) = channel();
        let page = Page {
            link,
            address,
            rtc,
            mid: None,
            pending: None,
            hz,
            law: laws[0],
            hear,
            connected: false,
            cut: false,
        };
        std::thread::spawn(move || page.run(&taken));
        Self { orders, heard }
    }

    /// Its offer; with a restart, one for another way of the network.
    pub fn offer(&self, restart: bool) -> String {
        let (reply, offer) = channel();
        self.orders
            .send(Order::Offer { restart, reply })
            .expect("the page runs");
        offer
            .recv_timeout(Duration::from_secs(10))
            .expect("an offer")
    }

    pub fn answer(&self, answer: String) {
        self.orders
            .send(Order::Answer(answer))
            .expect("the page runs");
    }

    /// Cuts its network, or mends it.
    pub fn cut(&self, on: bool) {
        self.orders.send(Order::Cut(on)).expect("the page runs");
    }

    pub fn frame(&self) -> Frame {
        self.heard
            .recv_timeout(Duration::from_secs(10))
            .expect("a frame within 10 s")
    }

    /// So many frames, from now on.
    pub fn hear(&self, frames: usize) -> Vec<i16> {
        while self.heard.try_recv().is_ok() {}
        (0..frames).flat_map(|_| self.frame().samples).collect()
    }

    /// Listens until half a second of what is heard is as it should be.
    pub fn hear_until(&self, what: &str, is: impl Fn(&[i16]) -> bool) {
        for _ in 0..20 {
            if is(&self.hear(25)) {
                return;
            }
        }
        panic!("the browser did not hear {what} within 10 s");
    }

    pub fn received(&self) -> Vec<Frame> {
        self.heard.try_iter().collect()
    }
}

/// What a page's datagrams go through.
enum Link {
    Udp(UdpSocket),
    /// Each datagram behind its length (RFC 4571).
    Tcp {
        stream: TcpStream,
        server: SocketAddr,
        read: Vec<u8>,
    },
}

impl Link {
    fn way(&self) -> Protocol {
        match self {
            Self::Udp(_) => Protocol::Udp,
            Self::Tcp { .. } => Protocol::Tcp,
        }
    }

    fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        match self {
            Self::Udp(socket) => drop(socket.send_to(datagram, to).expect("sent")),
            Self::Tcp { stream, .. } => {
                let length = u16::try_from(datagram.len()).expect("a datagram");
                // Two writes, so that lengths and datagrams come apart now and then.
                stream.write_all(&length.to_be_bytes()).expect("sent");
                stream.write_all(datagram).expect("sent");
            }
        }
    }

    fn receive(&mut self, within: Duration) -> Option<(SocketAddr, Vec<u8>)> {
        let mut buffer = [0; 2048];
        match self {
            Self::Udp(socket) => {
                socket.set_read_timeout(Some(within)).expect("a timeout");
                let (length, source) = socket.recv_from(&mut buffer).ok()?;
                Some((source, buffer[..length].to_vec()))
            }
            Self::Tcp {
                stream,
                server,
                read,
            } => {
                stream.set_read_timeout(Some(within)).expect("a timeout");
                if read.len() < 2
                    || read.len() < 2 + usize::from(u16::from_be_bytes([read[0], read[1]]))
                {
                    let length = stream.read(&mut buffer).ok()?;
                    read.extend_from_slice(&buffer[..length]);
                }
                let (length, rest) = read.split_at_checked(2)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let datagram = rest.get(..length)?.to_vec();
                read.drain(..2 + length);
                Some((*server, datagram))
            }
        }
    }
}

struct Page {
    link: Link,
    address: SocketAddr,
    rtc: Rtc,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    hz: f64,
    law: Law,
    hear: Sender<Frame>,
    connected: bool,
    cut: bool,
}

impl Page {
    fn run(mut self, orders: &Receiver<Order>) {
        let start = Instant::now();
        let mut frame = 0_u32;
        while self.rtc.is_alive() {
            match orders.try_recv() {
                Ok(Order::Offer { restart, reply }) => {
                    let offer = self.offer(restart);
                    if reply.send(offer).is_err() {
                        return;
                    }
                }
                Ok(Order::Answer(answer)) => {
                    let answer = SdpAnswer::from_sdp_string(&answer).expect("an answer");
                    let pending = self.pending.take().expect("an offer was made");
                    self.rtc
                        .sdp_api()
                        .accept_answer(pending, answer)
                        .expect("agreed");
                    self.drain();
                }
                Ok(Order::Cut(on)) => self.cut = on,
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return,
            }
            let due = start + FRAME * frame;
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.say(frame);
                frame += 1;
                self.rtc
                    .handle_input(Input::Timeout(Instant::now()))
                    .expect("time passes");
                self.drain();
                continue;
            }
            if let Some((source, datagram)) = self.link.receive(left.min(FRAME / 4))
                && !self.cut
            {
                let received = Receive::new(self.link.way(), source, self.address, &datagram);
                if let Ok(received) = received {
                    let input = Input::Receive(Instant::now(), received);
                    self.rtc.handle_input(input).expect("input");
                    self.drain();
                }
            }
        }
    }

    fn offer(&mut self, restart: bool) -> String {
        let mut change = self.rtc.sdp_api();
        if self.mid.is_none() {
            let direction = Direction::SendRecv;
            self.mid = Some(change.add_media(MediaKind::Audio, direction, None, None, None));
        }
        if restart {
            change.ice_restart(true);
        }
        let (offer, pending) = change.apply().expect("something changed");
        self.pending = Some(pending);
        self.drain();
        offer.to_sdp_string()
    }

    fn say(&mut self, frame: u32) {
        let Some(mid) = self.mid.filter(|_| self.connected) else {
            return;
        };
        let payload = tone(self.law, self.hz, frame as usize);
        let (kind, number) = (
            self.law.payload_type().into(),
            SeqNo::from(u64::from(frame)),
        );
        let now = Instant::now();
        let mut api = self.rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, None).expect("a stream");
        stream.write_rtp(RtpWrite::new(kind, number, frame * 160, now, payload));
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().expect("output") {
                Output::Timeout(_) => return,
                Output::Transmit(_) if self.cut => {}
                Output::Transmit(t) => self.link.send(t.destination, &t.contents),
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    let law = match *packet.header.payload_type {
                        8 => Law::A,
                        0 => Law::Mu,
                        kind => panic!("payload type {kind}"),
                    };
                    // The test may have ended.
                    let _ = self.hear.send(Frame {
                        law,
                        sequence: packet.header.sequence_number,
                        timestamp: packet.header.timestamp,
                        samples: packet
                            .payload
                            .iter()
                            .map(|b| expand(law, *b) as i16)
                            .collect(),
                    });
                }
                Output::Event(_) => {}
            }
        }
    }
}
