use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::{PBXS_EACH_MAX, PBXS_MAX, STRANGER_FOR, STRANGERS_EACH_MAX, STRANGERS_MAX, Visitors};
use crate::known::Peers;

/// Visitors, and a socket that stands for all of theirs.
struct Scene {
    visitors: Visitors,
    socket: TcpStream,
    _listener: TcpListener,
    now: Instant,
}

impl Scene {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        Self {
            visitors: Visitors::default(),
            socket: TcpStream::connect(at).expect("a connection"),
            _listener: listener,
            now: Instant::now(),
        }
    }

    /// A stranger's connection; none where it was not let in.
    fn stranger(&self, from: SocketAddr) -> Option<CancellationToken> {
        let (end, socket) = (CancellationToken::new(), self.socket.try_clone());
        let socket = socket.expect("a handle");
        let visitors = &self.visitors;
        let entered = visitors.enter_stranger(self.now, from, end.clone(), socket);
        entered.then_some(end)
    }

    fn pbx(&self, from: SocketAddr) -> bool {
        self.visitors.enter_pbx(from, CancellationToken::new())
    }
}

fn at(host: u16, port: u16) -> SocketAddr {
    let [high, low] = host.to_be_bytes();
    SocketAddr::from(([10, 0, high, low], port))
}

#[test]
fn a_network_of_strangers_holds_few_connections_and_one_of_pbxs_many() {
    let scene = Scene::new();
    let v6 = |host: u16| SocketAddr::from(([0x2001, 0xdb8, 0, 0, host, 0, 0, host], 1));
    let entered = (1..=100).filter(|port| scene.stranger(at(1, *port)).is_some());
    assert_eq!(entered.count(), STRANGERS_EACH_MAX);
    let entered = (1..=100).filter(|host| scene.stranger(v6(*host)).is_some());
    assert_eq!(entered.count(), STRANGERS_EACH_MAX);
    assert!(scene.stranger(at(2, 1)).is_some());
    let entered = (1..=1000).filter(|port| scene.pbx(at(3, *port)));
    assert_eq!(entered.count(), PBXS_EACH_MAX);
    scene.visitors.leave(at(1, 1));
    assert!(scene.stranger(at(1, 200)).is_some());
    assert!(scene.stranger(at(1, 201)).is_none());
}

#[test]
fn strangers_leave_room_for_pbxs_and_for_each_other() {
    let mut scene = Scene::new();
    let mut ends = Vec::new();
    for host in 0..300 {
        ends.push(scene.stranger(at(host, 1)).expect("let in"));
        scene.now += Duration::from_millis(1);
    }
    let open = |end: &&CancellationToken| !end.is_cancelled();
    assert_eq!(ends.iter().filter(open).count(), STRANGERS_MAX);
    assert!(
        ends[300 - STRANGERS_MAX..]
            .iter()
            .all(|end| !end.is_cancelled())
    );
    for n in 0..PBXS_MAX as u16 {
        assert!(scene.pbx(at(1000 + n / 100, n)));
    }
    assert!(!scene.pbx(at(999, 1)), "there is an end to everything");
}

#[test]
fn a_stranger_has_a_few_seconds_to_show_what_it_wants() {
    let mut scene = Scene::new();
    let [silent, heard, pbx] = [1, 2, 3].map(|host| scene.stranger(at(host, 1)).expect("let in"));
    let peers = Peers::default();
    peers.add(at(3, 1).ip());
    scene.visitors.welcome(at(2, 1));
    scene.visitors.sweep(scene.now + STRANGER_FOR / 2, &peers);
    assert!(!silent.is_cancelled());
    scene.visitors.sweep(scene.now + STRANGER_FOR, &peers);
    assert!(silent.is_cancelled());
    scene.now += STRANGER_FOR * 2;
    scene.visitors.sweep(scene.now, &peers);
    assert!(!heard.is_cancelled() && !pbx.is_cancelled());
    // What they send later may be wrong at times.
    for host in [2, 3] {
        scene.visitors.expel(at(host, 1));
    }
    assert!(!heard.is_cancelled() && !pbx.is_cancelled());
}

#[test]
fn a_stranger_who_sends_nonsense_is_sent_away() {
    let scene = Scene::new();
    let end = scene.stranger(at(1, 1)).expect("let in");
    scene.visitors.expel(at(1, 1));
    assert!(end.is_cancelled());
    let told = scene.socket.peek(&mut [0]);
    assert!(matches!(told, Ok(0)), "{told:?}");
}

#[test]
fn a_connection_that_was_ended_makes_room() {
    let scene = Scene::new();
    let mut ends = Vec::new();
    for port in 1..=8 {
        ends.push(scene.stranger(at(1, port)).expect("let in"));
    }
    assert!(scene.stranger(at(1, 9)).is_none());
    ends[0].cancel();
    assert!(scene.stranger(at(1, 9)).is_some());
}
