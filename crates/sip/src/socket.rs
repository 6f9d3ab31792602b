//! The endpoint's own sockets: every datagram passes the border before the
//! stack sees it.

use std::borrow::Cow;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rsipstack::platform::net::UdpSocket as StackSocket;
use tokio::net::{TcpListener, UdpSocket};

use crate::border::{Border, Drop, Verdict, count};
use crate::mend::without_no_tag;
use crate::refused::Refused;

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

/// The UDP socket that the stack is given.
pub(crate) struct Guarded {
    socket: UdpSocket,
    border: Arc<Border>,
    refused: Refused,
    v6: bool,
}

impl Guarded {
    pub(crate) fn new(socket: UdpSocket, border: Arc<Border>, refused: Refused) -> Self {
        let v6 = socket.local_addr().is_ok_and(|at| at.is_ipv6());
        Self {
            socket,
            border,
            refused,
            v6,
        }
    }

    /// The address as this socket's family writes it.
    fn reached(&self, to: SocketAddr) -> SocketAddr {
        match to {
            SocketAddr::V4(v4) if self.v6 => (v4.ip().to_ipv6_mapped(), v4.port()).into(),
            _ => to,
        }
    }

    async fn receive(&self, buffer: &mut [u8]) -> std::io::Result<(usize, SocketAddr)> {
        loop {
            let (length, from) = self.socket.recv_from(buffer).await?;
            // A socket of both families sees IPv4 as a part of IPv6.
            let from = SocketAddr::new(from.ip().to_canonical(), from.port());
            // The rest of what fills all of the room is lost.
            if length == buffer.len() {
                count(Drop::TooLarge.label());
                continue;
            }
            match self.border.judge(Instant::now(), from, &buffer[..length]) {
                Verdict::Pass(Cow::Borrowed(_)) => return Ok((length, from)),
                Verdict::Pass(Cow::Owned(mended)) => {
                    let came = &buffer[..length];
                    self.refused.traces.take_mended(from.ip(), came, &mended);
                    match buffer.get_mut(..mended.len()) {
                        Some(room) => {
                            room.copy_from_slice(&mended);
                            return Ok((mended.len(), from));
                        }
                        None => count(Drop::TooLarge.label()),
                    }
                }
                Verdict::Answer(answer) => {
                    self.refused.tell(from.ip(), &buffer[..length], &answer);
                    // Lost like any datagram where it can't be sent.
                    let _ = self.socket.send_to(&answer, self.reached(from)).await;
                }
                Verdict::Drop(_) => {}
            }
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
        let to = self.reached(to);
        Box::pin(async move { Ok(self.socket.send_to(&without_no_tag(datagram), to).await?) })
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }
}
