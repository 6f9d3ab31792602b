use model::cipher::{MasterKey, Suite};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::mpsc::unbounded_channel;

use super::*;

fn packet(sequence: u16) -> Vec<u8> {
    let [high, low] = sequence.to_be_bytes();
    let mut packet = vec![0x80, 8, high, low, 0, 0, 0, 0, 0, 0, 0, 1];
    packet.extend([0xd5; FRAME]);
    packet
}

#[test]
fn silence_of_the_pbx_is_told_once_and_again_after_sound() {
    let (events, mut told) = unbounded_channel();
    let alarm = Arc::new(AtomicBool::new(false));
    let (mut recorder, _) = crate::recorder::start(events.clone(), alarm).expect("a thread");
    let mut meters = Meters::default();
    let with = &mut Surroundings {
        meters: &mut meters,
        recorder: &mut recorder,
        events: &events,
    };
    let id: CallId = "00000000-0000-0000-0000-000000000001"
        .parse()
        .expect("an id");
    let local = SocketAddr::from(([127, 0, 0, 1], 0));
    let socket = crate::ports::bind(local).expect("a socket");
    let pbx: SocketAddr = ([127, 0, 0, 1], 9).into();
    let described = |direction| AudioStream {
        address: pbx,
        formats: vec![Law::A.into()],
        dtmf: None,
        direction,
        keys: None,
    };
    let mut call = Call::new(id, socket, None);
    call.connect(&described(Direction::SendRecv), 0);
    let mut silences =
        |call: &mut Call, ticks: std::ops::Range<u64>, with: &mut Surroundings<'_>| {
            for tick in ticks {
                call.frame(tick, None, &mut [0; FRAME], None, with);
            }
            std::iter::from_fn(|| told.try_recv().ok()).count()
        };
    assert_eq!(silences(&mut call, 0..1501, with), 0);
    assert_eq!(silences(&mut call, 1501..5000, with), 1, "after 30 s, once");
    let bytes = packet(7);
    let now = Instant::now();
    call.take(5000, now, pbx, &Packet::read(&bytes).expect("RTP"), with);
    assert_eq!(silences(&mut call, 5000..6500, with), 0);
    assert_eq!(
        silences(&mut call, 6500..7000, with),
        1,
        "again after sound had returned"
    );
    let next = packet(8);
    call.take(7000, now, pbx, &Packet::read(&next).expect("RTP"), with);
    let mut tick = 7000;
    for held in [
        Direction::RecvOnly,
        Direction::SendOnly,
        Direction::Inactive,
    ] {
        call.connect(&described(held), tick);
        assert_eq!(
            silences(&mut call, tick..tick + 3000, with),
            0,
            "on hold nothing is expected: {held:?}"
        );
        tick += 3000;
    }
    call.connect(&described(Direction::SendRecv), tick);
    assert_eq!(silences(&mut call, tick..tick + 1501, with), 0);
    assert_eq!(
        silences(&mut call, tick + 1501..tick + 3000, with),
        1,
        "taken back from it, sound is expected again"
    );
    assert_eq!((with.meters.received, with.meters.lost), (2, 0));
}

/// A call and its PBX's telephone, on the loopback, with a recorder's and a listener's ends.
struct Line {
    call: Call,
    pbx: UdpSocket,
    sequence: u16,
    meters: Meters,
    recorder: Recorder,
    events: UnboundedSender<Event>,
    tick: u64,
}

impl Line {
    fn new() -> Self {
        let (events, _) = unbounded_channel();
        let alarm = Arc::new(AtomicBool::new(false));
        let (recorder, _) = crate::recorder::start(events.clone(), alarm).expect("a thread");
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let id = "00000000-0000-0000-0000-000000000002".parse();
        Self {
            call: Call::new(
                id.expect("an id"),
                crate::ports::bind(here).expect("a socket"),
                None,
            ),
            pbx: crate::ports::bind(here).expect("a socket"),
            sequence: 0,
            meters: Meters::default(),
            recorder,
            events,
            tick: 0,
        }
    }

    fn connect(&mut self, keys: Option<Keys>) {
        let described = AudioStream {
            address: self.pbx.local_addr().expect("bound"),
            formats: vec![Law::A.into()],
            dtmf: None,
            direction: Direction::SendRecv,
            keys,
        };
        self.call.connect(&described, self.tick);
    }

    /// The PBX sends a packet, sealed where it has a key; whether it was taken.
    fn takes(&mut self, sealer: Option<&mut Sealer>) -> bool {
        self.sequence += 1;
        let mut bytes = packet(self.sequence);
        let plain = bytes.len();
        if let Some(sealer) = sealer {
            bytes.resize(plain + TAG_MAX, 0);
            let length = sealer.seal(&mut bytes, plain).expect("sealed");
            bytes.truncate(length);
        }
        self.sends(&bytes)
    }

    fn sends(&mut self, bytes: &[u8]) -> bool {
        let to = self.call.socket.local_addr().expect("bound");
        self.pbx.send_to(bytes, to).expect("sent");
        let before = self.call.stats().received;
        let with = &mut Surroundings {
            meters: &mut self.meters,
            recorder: &mut self.recorder,
            events: &self.events,
        };
        let now = Instant::now();
        self.call.read(self.tick, now, &mut [0; 2048], with);
        self.call.stats().received > before
    }

    /// The next packet that the PBX is sent.
    fn sent(&mut self) -> Vec<u8> {
        let with = &mut Surroundings {
            meters: &mut self.meters,
            recorder: &mut self.recorder,
            events: &self.events,
        };
        self.call
            .frame(self.tick, None, &mut [0; FRAME], None, with);
        self.tick += 1;
        let mut buffer = [0; 2048];
        let (length, _) = self.pbx.recv_from(&mut buffer).expect("a packet");
        buffer[..length].to_vec()
    }
}

fn keys(suite: Suite, ours: u8, theirs: u8) -> Keys {
    let key = |byte| MasterKey::new([byte; 30]);
    Keys {
        suite,
        ours: key(ours),
        theirs: key(theirs),
    }
}

#[test]
fn where_keys_are_agreed_on_plain_sound_is_neither_heard_nor_sent() {
    for suite in [Suite::Tag80, Suite::Tag32] {
        let mut line = Line::new();
        let keys = keys(suite, 1, 2);
        line.connect(Some(keys));
        let mut theirs = Sealer::new(suite, &keys.theirs).expect("keys");
        assert!(!line.takes(None), "plain");
        assert!(line.takes(Some(&mut theirs)));
        assert!(!line.takes(None), "plain, after sealed");
        let mut wrong = Sealer::new(suite, &keys.ours).expect("keys");
        assert!(!line.takes(Some(&mut wrong)), "sealed with another key");
        let stats = line.call.stats();
        assert_eq!((stats.received, stats.strangers), (1, 3));
        assert!(stats.encrypted);

        let mut ours = Opener::new(suite, &keys.ours).expect("keys");
        for _ in 0..3 {
            let mut sent = line.sent();
            assert_eq!(sent.len(), HEADER + FRAME + suite.tag());
            assert_ne!(sent[HEADER..HEADER + FRAME], [silence(Law::A); FRAME]);
            let length = ours.open(&mut sent).expect("proven");
            assert_eq!(sent[HEADER..length], [silence(Law::A); FRAME]);
        }
    }
}

#[test]
fn a_repeated_sealed_packet_is_taken_once() {
    let mut line = Line::new();
    let keys = keys(Suite::Tag80, 1, 2);
    line.connect(Some(keys));
    let mut bytes = packet(1);
    let plain = bytes.len();
    bytes.resize(plain + TAG_MAX, 0);
    let mut theirs = Sealer::new(keys.suite, &keys.theirs).expect("keys");
    theirs.seal(&mut bytes, plain).expect("sealed");
    assert!(line.sends(&bytes));
    assert!(!line.sends(&bytes));
}

#[test]
fn keys_change_within_a_call_and_a_direction_that_keeps_its_key_goes_on() {
    let mut line = Line::new();
    let (first, second) = (keys(Suite::Tag80, 1, 2), keys(Suite::Tag80, 1, 3));
    line.connect(Some(first));
    let mut before = Sealer::new(first.suite, &first.theirs).expect("keys");
    let mut ours = Opener::new(first.suite, &first.ours).expect("keys");
    assert!(line.takes(Some(&mut before)));
    assert!(ours.open(&mut line.sent()).is_some());

    line.connect(Some(second));
    assert!(!line.takes(Some(&mut before)), "the key before");
    let mut after = Sealer::new(second.suite, &second.theirs).expect("keys");
    assert!(line.takes(Some(&mut after)));
    assert!(ours.open(&mut line.sent()).is_some(), "ours has stayed");
    // The same description once more changes nothing: what came can't come again.
    line.connect(Some(second));
    assert!(line.takes(Some(&mut after)));

    // Another suite begins both anew; and then encryption is given up.
    let third = keys(Suite::Tag32, 4, 3);
    line.connect(Some(third));
    let mut last = Sealer::new(third.suite, &third.theirs).expect("keys");
    assert!(line.takes(Some(&mut last)));
    let mut ours = Opener::new(third.suite, &third.ours).expect("keys");
    assert!(ours.open(&mut line.sent()).is_some());
    line.connect(None);
    assert!(!line.call.stats().encrypted && line.takes(None));
}
