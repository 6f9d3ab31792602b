//! What a relayed packet costs: bridged calls with browsers, against the bare
//! reading and writing of as many datagrams of the same sizes.
//!
//! Prints the processor time of the media thread per packet that it moved, in
//! each direction, and what share of a core 20 calls take: as they are, with
//! keys listened for in the sound, encrypted, and in the other codecs.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

use media::inside::Sealer;
use media::{Engine, EngineConfig, Event, Prompts};
use model::audio::{AudioStream, Codec, Direction};
use model::cipher::{Keys, MasterKey, Suite};
use model::id::{BrowserId, CallId};
use str0m::media::MediaKind;
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpWrite, SeqNo};
use str0m::{Candidate, Input, Output, Rtc};
use tokio::sync::mpsc::unbounded_channel;

const CALLS: u128 = 20;
const SECONDS: u32 = 5;
const FRAME: Duration = Duration::from_millis(20);

fn main() {
    let baseline = baseline();
    println!("baseline: {baseline:.0} ns to receive and send a datagram of 172 bytes");
    let mut passthrough = None;
    for way in &WAYS {
        match relay(way) {
            Ok((per_packet, share)) => {
                let first = *passthrough.get_or_insert(per_packet);
                println!(
                    "{}: {per_packet:.0} ns a packet, {:.1} times the baseline, {:.2} times \
                     passthrough; {CALLS} bridged and recorded calls: {:.1} % of a core",
                    way.name,
                    per_packet / baseline,
                    per_packet / first,
                    100.0 * share
                );
            }
            Err(error) => println!("{}: not measured ({error})", way.name),
        }
    }
}

/// How the calls' sound is sent.
struct Way {
    name: &'static str,
    codec: Codec,
    /// The PBX sends keys apart from the sound.
    events: bool,
    encrypted: bool,
}

impl Way {
    const fn of(name: &'static str, codec: Codec) -> Self {
        Self {
            name,
            codec,
            events: true,
            encrypted: false,
        }
    }

    fn keys(&self) -> Option<Keys> {
        let key = |byte| MasterKey::new([byte; 30]);
        self.encrypted.then(|| Keys {
            suite: Suite::Tag80,
            ours: key(1),
            theirs: key(2),
        })
    }

    /// A frame of noise: silence would be cheaper than what people say.
    fn payload(&self) -> Vec<u8> {
        let noise = |n: u32| n.wrapping_mul(2_654_435_761) >> 16;
        if self.codec != Codec::Opus {
            return (0..160).map(|n| noise(n) as u8).collect();
        }
        let mono = opus::Channels::Mono;
        let coder = opus::Encoder::new(48_000, mono, opus::Application::Voip);
        let frame: Vec<i16> = (0..960).map(|n| noise(n) as i16 / 4).collect();
        let packet = coder.and_then(|mut coder| coder.encode_vec(&frame, 160));
        packet.expect("libopus")
    }
}

const WAYS: [Way; 5] = [
    Way::of("passthrough", Codec::Pcma),
    Way {
        events: false,
        ..Way::of("keys in the sound", Codec::Pcma)
    },
    Way {
        encrypted: true,
        ..Way::of("SRTP", Codec::Pcma)
    },
    Way::of("G.722", Codec::G722),
    Way::of("Opus", Codec::Opus),
];

/// Nanoseconds for a datagram in and one out, on plain sockets.
fn baseline() -> f64 {
    const ROUNDS: u32 = 100_000;
    let one = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let other = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let (to, mut buffer) = (other.local_addr().expect("bound"), [0; 2048]);
    let before = busy("/proc/thread-self".as_ref()).expect("Linux");
    for _ in 0..ROUNDS {
        one.send_to(&[0; 172], to).expect("sent");
        other.recv_from(&mut buffer).expect("received");
    }
    let busy = busy("/proc/thread-self".as_ref()).expect("Linux") - before;
    busy.as_nanos() as f64 / f64::from(ROUNDS)
}

/// Nanoseconds of the media thread per packet that came in or went out in pairs, and its share of a core.
fn relay(way: &Way) -> io::Result<(f64, f64)> {
    let (sender, mut events) = unbounded_channel();
    let config = EngineConfig {
        rtp_listen: [127, 0, 0, 1].into(),
        rtp_external: Vec::new(),
        rtp_ports: 28_000..=28_999,
        browser_listen: ([127, 0, 0, 1], 0).into(),
        browser_external: Vec::new(),
        threads: 1,
    };
    let prompts = Prompts::load().expect("prompts");
    let engine = Engine::start(config, prompts, sender).expect("an engine");
    let folder = tempfile::tempdir()?;
    let mut peers: Vec<Peer> = (0..CALLS)
        .map(|n| Peer::new(&engine, n, folder.path(), way))
        .collect();
    let mut up = 0;
    let mut frame = 0;
    let mut pace = Instant::now();
    while up < CALLS {
        round(&mut peers, frame, &mut pace);
        frame += 1;
        while let Ok(event) = events.try_recv() {
            up += u128::from(matches!(event, Event::BrowserUp { .. }));
        }
    }
    for n in 0..CALLS {
        engine.bridge(call(n), browser(n));
    }
    let before = (media_thread()?, Instant::now());
    for _ in 0..SECONDS * 50 {
        round(&mut peers, frame, &mut pace);
        frame += 1;
    }
    let busy = media_thread()? - before.0;
    let share = busy.as_secs_f64() / before.1.elapsed().as_secs_f64();
    // Each call relays a packet a frame each way.
    let relayed = CALLS as f64 * 2.0 * f64::from(SECONDS) * 50.0;
    engine.shutdown();
    Ok((busy.as_nanos() as f64 / relayed, share))
}

fn round(peers: &mut [Peer], frame: u32, pace: &mut Instant) {
    for peer in &mut *peers {
        peer.say(frame);
    }
    *pace += FRAME;
    while Instant::now() < *pace {
        for peer in &mut *peers {
            peer.listen();
        }
        std::thread::yield_now();
    }
}

/// Processor time that the media thread has used.
fn media_thread() -> io::Result<Duration> {
    for task in std::fs::read_dir("/proc/self/task")? {
        let path = task?.path();
        if std::fs::read_to_string(path.join("comm"))?.starts_with("media 0") {
            return busy(&path);
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Processor time of a thread, whatever else the machine does.
fn busy(thread: &Path) -> io::Result<Duration> {
    let stat = std::fs::read_to_string(thread.join("schedstat"))?;
    let busy = stat.split(' ').next().and_then(|ns| ns.parse().ok());
    busy.map(Duration::from_nanos)
        .ok_or(io::ErrorKind::InvalidData.into())
}

fn call(n: u128) -> CallId {
    format!("{n:032x}").parse().expect("an id")
}

fn browser(n: u128) -> BrowserId {
    format!("{n:032x}").parse().expect("an id")
}

/// A telephone and a browser.
struct Peer {
    telephone: UdpSocket,
    engine: SocketAddr,
    page: UdpSocket,
    address: SocketAddr,
    rtc: Rtc,
    mid: str0m::media::Mid,
    payload: Vec<u8>,
    kind: u8,
    ticks: u32,
    sealer: Option<Sealer>,
}

impl Peer {
    fn new(engine: &Engine, n: u128, folder: &Path, way: &Way) -> Self {
        let [telephone, page] = [(); 2].map(|()| {
            let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
            socket.set_nonblocking(true).expect("non-blocking");
            socket
        });
        let record_to = folder.join(format!("{n}.wav"));
        let to = engine.open(call(n), Some(record_to)).expect("a socket");
        let described = AudioStream {
            address: telephone.local_addr().expect("bound"),
            formats: vec![way.codec.into()],
            dtmf: way.events.then_some(101),
            direction: Direction::SendRecv,
            keys: way.keys(),
        };
        engine.connect(call(n), &described);
        let address = page.local_addr().expect("bound");
        let mut rtc = Rtc::builder()
            .clear_codecs()
            .enable_pcma(true, false)
            .set_rtp_mode(true)
            .build(Instant::now());
        rtc.add_local_candidate(Candidate::host(address, "udp").expect("a candidate"));
        let mut change = rtc.sdp_api();
        let direction = str0m::media::Direction::SendRecv;
        let mid = change.add_media(MediaKind::Audio, direction, None, None, None);
        let (offer, pending) = change.apply().expect("an offer");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let answer = runtime.block_on(engine.browser(browser(n), offer.to_sdp_string()));
        let answer = str0m::change::SdpAnswer::from_sdp_string(&answer.expect("an answer"));
        rtc.sdp_api()
            .accept_answer(pending, answer.expect("SDP"))
            .expect("agreed");
        let mut peer = Self {
            telephone,
            engine: to,
            page,
            address,
            rtc,
            mid,
            payload: way.payload(),
            kind: way.codec.payload_type(),
            ticks: way.codec.clock_hz() / 50,
            sealer: way.keys().map(|keys| {
                Sealer::new(keys.suite, &keys.theirs).expect("keys of the right length")
            }),
        };
        peer.drain();
        peer
    }

    fn say(&mut self, frame: u32) {
        let mut packet = vec![0x80, self.kind];
        packet.extend((frame as u16).to_be_bytes());
        packet.extend((frame * self.ticks).to_be_bytes());
        packet.extend([0, 0, 0, 1]);
        packet.extend(&self.payload);
        if let Some(sealer) = &mut self.sealer {
            let plain = packet.len();
            packet.resize(plain + 10, 0);
            sealer.seal(&mut packet, plain).expect("room for the tag");
        }
        self.telephone.send_to(&packet, self.engine).expect("sent");
        let now = Instant::now();
        if self.rtc.is_connected()
            && let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.mid, None)
        {
            let number = SeqNo::from(u64::from(frame));
            stream.write_rtp(RtpWrite::new(
                8.into(),
                number,
                frame * 160,
                now,
                &[0xd5; 160][..],
            ));
        }
        self.rtc
            .handle_input(Input::Timeout(now))
            .expect("time passes");
        self.drain();
    }

    fn listen(&mut self) {
        let mut buffer = [0; 2048];
        while self.telephone.recv_from(&mut buffer).is_ok() {}
        while let Ok((length, source)) = self.page.recv_from(&mut buffer) {
            let received = Receive::new(Protocol::Udp, source, self.address, &buffer[..length]);
            if let Ok(received) = received {
                let input = Input::Receive(Instant::now(), received);
                self.rtc.handle_input(input).expect("input");
                self.drain();
            }
        }
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().expect("output") {
                Output::Timeout(_) => return,
                Output::Transmit(t) => {
                    self.page.send_to(&t.contents, t.destination).expect("sent");
                }
                Output::Event(_) => {}
            }
        }
    }
}
