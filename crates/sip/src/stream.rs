//! Streams: what comes in by them passes the border too, and a stranger holds
//! a few of them at most.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::os::fd::AsFd as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rsipstack::sip::{SipMessage, Transport};
use rsipstack::transaction::endpoint::{EndpointInnerRef, TransportEventInspector};
use rsipstack::transport::tcp::TcpConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::border::{Border, Verdict, count};
use crate::connections::Connections;
use crate::known::Peers;
use crate::refused::Refused;
use crate::socket::lock;
use crate::sources::network;

/// Most connections of PBXs at a time, and most of them from one network; a
/// PBX needs one.
const PBXS_MAX: usize = 10_000;
const PBXS_EACH_MAX: usize = 256;

/// Most connections of strangers at a time, each of which takes up to 200 KB,
/// and most of them from one network.
const STRANGERS_MAX: usize = 128;
const STRANGERS_EACH_MAX: usize = 8;

/// A stranger's connection by which no request came that concerns anybody here
/// is closed after so long, keep-alives or not.
const STRANGER_FOR: Duration = Duration::from_secs(5);
/// How often that is looked after.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Connections that others opened, by their address.
#[derive(Default)]
pub(crate) struct Visitors(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    pbxs: HashMap<SocketAddr, CancellationToken>,
    strangers: HashMap<SocketAddr, Stranger>,
}

struct Stranger {
    since: Instant,
    end: CancellationToken,
    /// The socket once more: the stack ends a connection only where the other side does.
    socket: std::net::TcpStream,
}

impl Stranger {
    fn expel(&self) {
        self.end.cancel();
        // One that is closed already needs no closing.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl Visitors {
    /// Enters a PBX's connection, where there is room.
    fn enter_pbx(&self, from: SocketAddr, end: CancellationToken) -> bool {
        let pbxs = &mut lock(&self.0).pbxs;
        // Those that ended without the stack's telling leave here.
        pbxs.retain(|_, end| !end.is_cancelled());
        let admitted = pbxs.len() < PBXS_MAX && of(pbxs.keys(), from.ip()) < PBXS_EACH_MAX;
        if admitted {
            pbxs.insert(from, end);
        }
        admitted
    }

    /// Enters a stranger's connection; the oldest one of all strangers gives
    /// way where they are too many, so that nobody can keep the door shut.
    fn enter_stranger(
        &self,
        now: Instant,
        from: SocketAddr,
        end: CancellationToken,
        socket: std::net::TcpStream,
    ) -> bool {
        let strangers = &mut lock(&self.0).strangers;
        strangers.retain(|_, stranger| !stranger.end.is_cancelled());
        if of(strangers.keys(), from.ip()) >= STRANGERS_EACH_MAX {
            return false;
        }
        let oldest = || {
            let since = strangers.iter().min_by_key(|(_, stranger)| stranger.since);
            since.map(|(from, _)| *from)
        };
        if strangers.len() >= STRANGERS_MAX
            && let Some(oldest) = oldest().and_then(|oldest| strangers.remove(&oldest))
        {
            oldest.expel();
            count("too_many");
        }
        let since = now;
        strangers.insert(from, Stranger { since, end, socket });
        true
    }

    /// Something of a stranger's concerns somebody here: it is none any more.
    fn welcome(&self, from: SocketAddr) {
        let mut inside = lock(&self.0);
        if let Some(stranger) = inside.strangers.remove(&from) {
            inside.pbxs.insert(from, stranger.end);
        }
    }

    /// Closes the connection, where it is a stranger's.
    fn expel(&self, from: SocketAddr) {
        if let Some(stranger) = lock(&self.0).strangers.remove(&from) {
            stranger.expel();
        }
    }

    /// Closes the connections of strangers who had their time.
    fn sweep(&self, now: Instant, peers: &Peers) {
        let mut inside = lock(&self.0);
        let due =
            |stranger: &Stranger| now.saturating_duration_since(stranger.since) >= STRANGER_FOR;
        let over = inside.strangers.extract_if(|_, stranger| due(stranger));
        let over: Vec<_> = over.collect();
        for (from, stranger) in over {
            // A line may have been registered there meanwhile.
            if peers.contains(from.ip()) {
                inside.pbxs.insert(from, stranger.end);
            } else {
                stranger.expel();
            }
        }
    }

    fn leave(&self, from: SocketAddr) {
        let mut inside = lock(&self.0);
        inside.pbxs.remove(&from);
        inside.strangers.remove(&from);
    }
}

/// How many of them are from the network of this address.
fn of<'a>(visitors: impl Iterator<Item = &'a SocketAddr>, ip: IpAddr) -> usize {
    let here = network(ip);
    visitors.filter(|v| network(v.ip()) == here).count()
}

/// Sees what the stack's streams bring before the stack does.
pub(crate) struct Gate {
    pub(crate) border: Arc<Border>,
    pub(crate) visitors: Arc<Visitors>,
    pub(crate) refused: Refused,
    /// Those that lines opened hear when one closed.
    pub(crate) connections: Arc<Connections>,
}

impl Gate {
    async fn pass(&self, event: TransportEvent) -> Option<TransportEvent> {
        match event {
            TransportEvent::Closed(connection) => {
                if let Some(peer) = connection.get_remote_addr()
                    && let Ok(from) = peer.get_socketaddr()
                {
                    self.visitors.leave(from);
                }
                self.connections.closed(&connection);
                Some(TransportEvent::Closed(connection))
            }
            // Datagrams passed the border before they were read.
            TransportEvent::Incoming(message, connection, from) if connection.is_reliable() => {
                let source = from.get_socketaddr().ok()?;
                let bytes = message.to_bytes();
                let message = match self.border.judge(Instant::now(), source, &bytes) {
                    Verdict::Pass(Cow::Borrowed(_)) => message,
                    Verdict::Pass(Cow::Owned(mended)) => SipMessage::try_from(mended).ok()?,
                    Verdict::Answer(answer) => {
                        self.refused.tell(source.ip(), &bytes, &answer);
                        if let Ok(answer) = SipMessage::try_from(answer) {
                            // Whoever reads nothing must not hold up the others.
                            tokio::spawn(async move { connection.send(answer, None).await });
                        }
                        return None;
                    }
                    Verdict::Drop(_) => {
                        self.visitors.expel(source);
                        return None;
                    }
                };
                // Anybody can send a response.
                if matches!(message, SipMessage::Request(_)) {
                    self.visitors.welcome(source);
                }
                Some(TransportEvent::Incoming(message, connection, from))
            }
            other => Some(other),
        }
    }
}

impl TransportEventInspector for Gate {
    // The trait is written with `async_trait`; this is what that makes of it.
    fn handle<'s, 'f>(
        &'s self,
        event: TransportEvent,
    ) -> Pin<Box<dyn Future<Output = Option<TransportEvent>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(self.pass(event))
    }
}

/// Hands connections that arrive to the stack, until cancelled.
pub(crate) async fn accept(
    listener: TcpListener,
    stack: EndpointInnerRef,
    peers: Arc<Peers>,
    visitors: Arc<Visitors>,
    end: CancellationToken,
) {
    let Ok(local) = listener.local_addr() else {
        return;
    };
    let address = SipAddr {
        r#type: Some(Transport::Tcp),
        addr: local.into(),
    };
    let mut sweeps = tokio::time::interval(SWEEP_EVERY);
    loop {
        let accepted = tokio::select! {
            () = end.cancelled() => return,
            _ = sweeps.tick() => {
                visitors.sweep(Instant::now(), &peers);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, from)) = accepted else {
            // Out of descriptors: room appears when a connection ends.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let ends = end.child_token();
        let entered = match peers.contains(from.ip()) {
            true => visitors.enter_pbx(from, ends.clone()),
            false => again(&stream).is_ok_and(|socket| {
                visitors.enter_stranger(Instant::now(), from, ends.clone(), socket)
            }),
        };
        if !entered {
            count("too_many");
            continue;
        }
        match TcpConnection::from_stream(stream, address.clone(), Some(ends)) {
            Ok(connection) => stack
                .transport_layer
                .add_connection(SipConnection::Tcp(connection)),
            Err(_) => visitors.leave(from),
        }
    }
}

/// A second handle of the stream's socket.
fn again(stream: &TcpStream) -> std::io::Result<std::net::TcpStream> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
