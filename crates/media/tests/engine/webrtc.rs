//! An operator's browser: a real WebRTC leg that says a tone and passes on what it hears.

use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use model::audio::Law;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
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
        let now = Instant::now();
        let mut builder = Rtc::builder().clear_codecs().set_rtp_mode(true);
        for law in laws {
            builder = match law {
                Law::A => builder.enable_pcma(true, false),
                Law::Mu => builder.enable_pcmu(true, false),
            };
        }
        let mut rtc = builder.build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("a candidate"));
        let (orders, taken) = channel();
        let (hear, heard) = channel();
        let page = Page {
            socket,
            address,
            rtc,
            mid: None,
            pending: None,
            hz,
            law: laws[0],
            hear,
            connected: false,
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

struct Page {
    socket: UdpSocket,
    address: SocketAddr,
    rtc: Rtc,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    hz: f64,
    law: Law,
    hear: Sender<Frame>,
    connected: bool,
}

impl Page {
    fn run(mut self, orders: &Receiver<Order>) {
        let start = Instant::now();
        let mut frame = 0_u32;
        let mut buffer = [0; 2048];
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
            self.socket
                .set_read_timeout(Some(left.min(FRAME / 4)))
                .expect("a timeout");
            if let Ok((length, source)) = self.socket.recv_from(&mut buffer) {
                let received = Receive::new(Protocol::Udp, source, self.address, &buffer[..length]);
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
                Output::Transmit(t) => {
                    self.socket
                        .send_to(&t.contents, t.destination)
                        .expect("sent");
                }
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
