//! The endpoint's own sockets: every datagram passes the border before the
//! stack sees it; TCP connections are bounded in number.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rsipstack::platform::net::UdpSocket as StackSocket;
use rsipstack::sip::Transport;
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transport::tcp::TcpConnection;
use rsipstack::transport::{SipAddr, SipConnection};
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;

use crate::border::{Drop, Sources, Verdict, inspect};

/// Most TCP connections at a time; a PBX needs one.
const CONNECTIONS_MAX: usize = 10_000;

/// Tries at finding a port that is free for UDP and TCP alike.
const PORT_TRIES: usize = 20;

/// A lock whose holder panicked still guards usable data here: nothing is
/// left half done under it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens UDP and TCP on one port.
pub(crate) async fn listen(address: SocketAddr) -> std::io::Result<(UdpSocket, TcpListener)> {
    let mut tries = 0;
    loop {
        let udp = UdpSocket::bind(address).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(_) if address.port() == 0 && tries < PORT_TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Addresses at which lines are registered.
#[derive(Debug, Default)]
pub(crate) struct Peers(Mutex<HashMap<IpAddr, usize>>);

impl Peers {
    pub(crate) fn add(&self, ip: IpAddr) {
        *lock(&self.0).entry(ip).or_default() += 1;
    }

    pub(crate) fn remove(&self, ip: IpAddr) {
        let mut peers = lock(&self.0);
        if let Some(count) = peers.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                peers.remove(&ip);
            }
        }
    }

    fn contains(&self, ip: IpAddr) -> bool {
        lock(&self.0).contains_key(&ip)
    }
}

/// The UDP socket that the stack is given.
pub(crate) struct Guarded {
    socket: UdpSocket,
    sources: Mutex<Sources>,
    peers: std::sync::Arc<Peers>,
}

impl Guarded {
    pub(crate) fn new(socket: UdpSocket, peers: std::sync::Arc<Peers>) -> Self {
        Self {
            socket,
            sources: Mutex::default(),
            peers,
        }
    }

    async fn receive(&self, buffer: &mut [u8]) -> std::io::Result<(usize, SocketAddr)> {
        loop {
            let (length, from) = self.socket.recv_from(buffer).await?;
            let known = self.peers.contains(from.ip());
            let verdict = if !lock(&self.sources).admit(Instant::now(), from.ip(), known) {
                Verdict::Drop(Drop::TooMany)
            } else if length == buffer.len() {
                Verdict::Drop(Drop::TooLarge)
            } else {
                inspect(&buffer[..length])
            };
            let reason = match verdict {
                Verdict::Pass(Cow::Borrowed(_)) => return Ok((length, from)),
                Verdict::Pass(Cow::Owned(mended)) => match buffer.get_mut(..mended.len()) {
                    Some(room) => {
                        room.copy_from_slice(&mended);
                        return Ok((mended.len(), from));
                    }
                    None => Drop::TooLarge.label(),
                },
                Verdict::Answer(answer) => {
                    // Lost like any datagram where it can't be sent.
                    let _ = self.socket.send_to(&answer, from).await;
                    "refused"
                }
                Verdict::Drop(reason) => reason.label(),
            };
            metrics::counter!("telefonistka_sip_datagrams_dropped_total", "reason" => reason)
                .increment(1);
        }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = rsipstack::Result<T>> + Send + 'a>>;

// The trait is written with `async_trait`; this is what that makes of it.
impl StackSocket for Guarded {
    fn recv_from<'s, 'b, 'f>(&'s self, buffer: &'b mut [u8]) -> Boxed<'f, (usize, SocketAddr)>
    where
        's: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(async move { Ok(self.receive(buffer).await?) })
    }

    fn send_to<'s, 'b, 'f>(&'s self, datagram: &'b [u8], to: SocketAddr) -> Boxed<'f, usize>
    where
        's: 'f,
        'b: 'f,
        Self: 'f,
    {
        Box::pin(async move { Ok(self.socket.send_to(datagram, to).await?) })
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }
}

/// Hands connections that arrive to the stack, until cancelled.
pub(crate) async fn accept(listener: TcpListener, stack: EndpointInnerRef, end: CancellationToken) {
    let Ok(local) = listener.local_addr() else {
        return;
    };
    let address = SipAddr {
        r#type: Some(Transport::Tcp),
        addr: local.into(),
    };
    loop {
        let accepted = tokio::select! {
            () = end.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors: room appears when a connection ends.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        if stack.transport_layer.connections_count() >= CONNECTIONS_MAX {
            continue;
        }
        if let Ok(connection) =
            TcpConnection::from_stream(stream, address.clone(), Some(end.child_token()))
        {
            stack
                .transport_layer
                .add_connection(SipConnection::Tcp(connection));
        }
    }
}
