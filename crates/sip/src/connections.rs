//! The streams that lines open to their PBXs: one for all lines of a server
//! that trust the same, kept alive, and left where nothing comes back.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use model::pbx::{Fault, Trust};
use rand::Rng as _;
use rsipstack::transport::connection::KEEPALIVE_REQUEST;
use rsipstack::transport::stream::StreamConnection as _;
use rsipstack::transport::{SipConnection, TransportLayer};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::socket::lock;
use crate::tls;
use crate::wire;

/// Most servers whose connections are remembered; those that ended leave first.
const SERVERS_MAX: usize = 20_000;

/// Longest pause between two keep-alives of a stream, and how much of it may
/// be left out so that they do not go all at once (RFC 5626, section 4.4.1).
const KEEP_ALIVE: Duration = Duration::from_secs(120);
const KEEP_ALIVE_AT_LEAST: f64 = 0.8;

/// How long a server that took no TCP is not asked again.
const REFUSED_FOR: Duration = Duration::from_secs(600);

/// Most servers that are remembered to take no TCP; then all are asked again.
const REFUSED_MAX: usize = 10_000;

/// Whom a connection has to show itself as; over TCP nobody asks.
pub(crate) type Shown = Option<(String, Trust)>;

/// Whoever opens a connection keeps the others waiting, who then use it.
type Slot = Arc<tokio::sync::Mutex<Option<SipConnection>>>;

/// By servers, and by what the connections there had to show.
type Slots = HashMap<SocketAddr, HashMap<Shown, Slot>>;

/// How long a stream that is left may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// The connections that lines opened.
pub(crate) struct Connections {
    slots: Mutex<Slots>,
    /// Servers that take requests over UDP only, and when that showed.
    refused: Mutex<HashMap<SocketAddr, Instant>>,
    /// Hears which servers' streams are gone.
    gone: mpsc::UnboundedSender<SocketAddr>,
    end: CancellationToken,
}

impl Connections {
    /// None yet. `end` ends them all.
    pub(crate) fn new(gone: mpsc::UnboundedSender<SocketAddr>, end: CancellationToken) -> Self {
        Self {
            slots: Mutex::default(),
            refused: Mutex::default(),
            gone,
            end,
        }
    }

    /// The connection to the server; a new one where there is none.
    pub(crate) async fn connect(
        &self,
        layer: &TransportLayer,
        server: SocketAddr,
        shown: Shown,
    ) -> Result<SipConnection, Fault> {
        let slot = self.slot(server, shown.clone());
        let mut open = slot.lock().await;
        if let Some(connection) = open.as_ref().filter(|connection| is_open(connection)) {
            return Ok(connection.clone());
        }
        let connection = match shown {
            Some((name, trust)) => {
                let end = self.end.child_token();
                let connection = tls::connect(server, name, &trust, end).await?;
                layer.add_connection(connection.clone());
                connection
            }
            // Also one that the server has opened; else the stack opens it.
            None => {
                let peer = wire::address(rsipstack::sip::Transport::Tcp, server);
                let found = layer.lookup(&peer, None).await;
                found.map_err(|_| Fault::ConnectionRefused)?.0
            }
        };
        if let Some(end) = connection.cancel_token() {
            tokio::spawn(keep_alive(connection.clone(), end));
        }
        *open = Some(connection.clone());
        Ok(connection)
    }

    /// Leaves a connection by which nothing comes back: the next request opens another.
    pub(crate) async fn abandon(&self, layer: &TransportLayer, server: SocketAddr, shown: Shown) {
        let slot = lock(&self.slots)
            .get(&server)
            .and_then(|slots| slots.get(&shown).cloned());
        let Some(slot) = slot else { return };
        let left = slot.lock().await.take();
        let Some(connection) = left else { return };
        layer.remove_connection(&connection);
        let _ = self.gone.send(server);
        // What was written last may hold it up for long; what matters is that it is not used.
        tokio::spawn(async move {
            let _ = tokio::time::timeout(CLOSE_WITHIN, connection.close()).await;
        });
    }

    /// One of the stack's streams closed: where it is one of these, lines hear of it.
    pub(crate) fn closed(&self, connection: &SipConnection) {
        let peer = connection.get_remote_addr();
        let Some(server) = peer.and_then(|peer| peer.get_socketaddr().ok()) else {
            return;
        };
        let ours = |slot: &Slot| {
            // Somebody opens another one just now, and the others don't know.
            let Ok(mut open) = slot.try_lock() else {
                return true;
            };
            let same = |held: &SipConnection| held.get_addr() == connection.get_addr();
            let ours = open.as_ref().is_some_and(same);
            if ours {
                *open = None;
            }
            ours
        };
        let slots = lock(&self.slots);
        let mut there = slots.get(&server).into_iter().flat_map(HashMap::values);
        if there.any(ours) {
            let _ = self.gone.send(server);
        }
    }

    /// Whether the server took no TCP lately.
    pub(crate) fn refuses_tcp(&self, server: SocketAddr, now: Instant) -> bool {
        let refused = lock(&self.refused).get(&server).copied();
        refused.is_some_and(|at| now.saturating_duration_since(at) < REFUSED_FOR)
    }

    /// It did not take it now.
    pub(crate) fn refused_tcp(&self, server: SocketAddr, now: Instant) {
        let mut refused = lock(&self.refused);
        if refused.len() >= REFUSED_MAX {
            refused.clear();
        }
        refused.insert(server, now);
    }

    fn slot(&self, server: SocketAddr, shown: Shown) -> Slot {
        let mut slots = lock(&self.slots);
        if slots.len() >= SERVERS_MAX {
            let used = |slot: &Slot| match slot.try_lock() {
                Ok(open) => open.as_ref().is_some_and(is_open),
                Err(_) => true,
            };
            slots.retain(|_, there| there.values().any(used));
        }
        let there = slots.entry(server).or_default();
        there.entry(shown).or_default().clone()
    }
}

fn is_open(connection: &SipConnection) -> bool {
    let end = connection.cancel_token();
    !end.is_some_and(|end| end.is_cancelled())
}

/// Sends what keeps a NAT and a proxy from closing the stream, until it ends.
async fn keep_alive(connection: SipConnection, end: CancellationToken) {
    loop {
        let part = rand::rng().random_range(KEEP_ALIVE_AT_LEAST..=1.0);
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(KEEP_ALIVE.mul_f64(part)) => {}
        }
        let send = async {
            match &connection {
                SipConnection::Tcp(stream) => stream.send_raw(KEEPALIVE_REQUEST).await,
                SipConnection::Tls(stream) => stream.send_raw(KEEPALIVE_REQUEST).await,
                _ => Ok(()),
            }
        };
        tokio::select! {
            () = end.cancelled() => return,
            // The stack sees that it broke, and tells.
            sent = send => if sent.is_err() { return },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::{Duration, Instant};

    use rsipstack::transport::TransportLayer;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    use super::{Connections, KEEP_ALIVE, KEEP_ALIVE_AT_LEAST, REFUSED_FOR, REFUSED_MAX};

    struct Scene {
        connections: Connections,
        gone: mpsc::UnboundedReceiver<SocketAddr>,
        layer: TransportLayer,
        server: TcpListener,
    }

    impl Scene {
        async fn new() -> Self {
            let (tell, gone) = mpsc::unbounded_channel();
            let end = CancellationToken::new();
            Self {
                connections: Connections::new(tell, end.clone()),
                gone,
                layer: TransportLayer::new(end),
                server: TcpListener::bind("127.0.0.1:0").await.expect("a port"),
            }
        }

        fn at(&self) -> SocketAddr {
            self.server.local_addr().expect("an address")
        }

        async fn connected(&self) -> (rsipstack::transport::SipConnection, TcpStream) {
            let connect = self.connections.connect(&self.layer, self.at(), None);
            let (connection, accepted) = tokio::join!(connect, self.server.accept());
            (connection.expect("a connection"), accepted.expect("one").0)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_is_kept_alive() {
        let scene = Scene::new().await;
        let (_, mut stream) = scene.connected().await;
        let mut since = tokio::time::Instant::now();
        for _ in 0..3 {
            let mut bytes = [0; 4];
            stream.read_exact(&mut bytes).await.expect("a keep-alive");
            assert_eq!(&bytes, b"\r\n\r\n");
            let paused = since.elapsed();
            let least = KEEP_ALIVE.mul_f64(KEEP_ALIVE_AT_LEAST);
            let range = least..=KEEP_ALIVE + Duration::from_secs(1);
            assert!(range.contains(&paused), "{paused:?}");
            since += paused;
            // As the other side answers it; one that is silent for minutes is given up.
            stream.write_all(b"\r\n").await.expect("sent");
        }
    }

    #[tokio::test]
    async fn one_stream_serves_all_until_it_is_left() {
        let mut scene = Scene::new().await;
        let (first, _kept) = scene.connected().await;
        let connect = scene.connections.connect(&scene.layer, scene.at(), None);
        let same = connect.await.expect("the same");
        assert_eq!(first.get_addr(), same.get_addr());
        let at = scene.at();
        scene.connections.abandon(&scene.layer, at, None).await;
        assert_eq!(scene.gone.recv().await, Some(at));
        let (other, _kept) = scene.connected().await;
        assert_ne!(first.get_addr(), other.get_addr());
        // The one that was left closes at last: that is no news.
        scene.connections.closed(&first);
        assert!(scene.gone.try_recv().is_err());
        scene.connections.closed(&other);
        assert_eq!(scene.gone.recv().await, Some(at));
    }

    #[tokio::test]
    async fn a_server_without_tcp_is_not_asked_for_a_while() {
        let scene = Scene::new().await;
        let (connections, now) = (&scene.connections, Instant::now());
        assert!(!connections.refuses_tcp(scene.at(), now));
        connections.refused_tcp(scene.at(), now);
        assert!(connections.refuses_tcp(scene.at(), now + REFUSED_FOR / 2));
        assert!(!connections.refuses_tcp(scene.at(), now + REFUSED_FOR));
        for port in 0..u16::MAX {
            connections.refused_tcp(([192, 0, 2, 1], port).into(), now);
        }
        assert!(super::lock(&connections.refused).len() <= REFUSED_MAX);
    }
}
