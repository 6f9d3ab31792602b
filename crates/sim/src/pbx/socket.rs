//! The PBX's UDP socket, which can be closed at once: the SIP stack holds on
//! to it for 32 s after a call, and a PBX that is restarted needs its port.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rsipstack::platform::net::UdpSocket as StackSocket;
use tokio::net::UdpSocket;

use super::quirks::{Elsewhere, Quirks};
use super::style::Pen;

/// A second server of a PBX at the loopback.
const SECOND: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Largest datagram taken.
const DATAGRAM_MAX: usize = 65_536;

/// A socket that can be closed under those who use it.
#[derive(Debug)]
pub struct ClosableSocket {
    socket: Mutex<Option<Arc<UdpSocket>>>,
    /// Where some of the messages leave from, and what comes there.
    elsewhere: Option<(Elsewhere, UdpSocket)>,
    address: SocketAddr,
    pen: Pen,
}

impl ClosableSocket {
    /// Binds it, for a PBX with these quirks.
    pub async fn bind(address: SocketAddr, quirks: &Quirks) -> std::io::Result<Self> {
        let socket = UdpSocket::bind(address).await?;
        let address = socket.local_addr()?;
        let elsewhere = match quirks.elsewhere {
            Some(which) => {
                let ip = match which {
                    Elsewhere::Calls if address.is_ipv4() => SECOND,
                    Elsewhere::Calls | Elsewhere::Responses => address.ip(),
                };
                Some((which, UdpSocket::bind((ip, 0)).await?))
            }
            None => None,
        };
        Ok(Self {
            socket: Mutex::new(Some(Arc::new(socket))),
            elsewhere,
            address,
            pen: Pen::new(quirks.style.clone()),
        })
    }

    /// Where it is bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes it, as soon as nobody receives.
    pub fn close(&self) {
        (self.socket.lock().unwrap_or_else(PoisonError::into_inner)).take();
    }

    fn socket(&self) -> std::io::Result<Arc<UdpSocket>> {
        let socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        (socket.clone()).ok_or_else(|| std::io::ErrorKind::NotConnected.into())
    }
}

impl Elsewhere {
    /// Whether the message leaves from there.
    fn is_left_from(self, message: &[u8]) -> bool {
        let register = message.windows(9).any(|nine| nine == b" REGISTER");
        match self {
            Self::Responses => message.starts_with(b"SIP/2.0 "),
            Self::Calls => !register,
        }
    }
}

#[async_trait]
impl StackSocket for ClosableSocket {
    async fn recv_from(&self, buf: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        let socket = self.socket()?;
        let Some((_, elsewhere)) = &self.elsewhere else {
            return Ok(socket.recv_from(buf).await?);
        };
        let mut other = vec![0; DATAGRAM_MAX.min(buf.len())];
        tokio::select! {
            received = socket.recv_from(buf) => Ok(received?),
            received = elsewhere.recv_from(&mut other) => {
                let (length, from) = received?;
                buf[..length].copy_from_slice(&other[..length]);
                Ok((length, from))
            }
        }
    }

    async fn send_to(&self, buf: &[u8], to: SocketAddr) -> rsipstack::Result<usize> {
        for written in self.pen.write(buf) {
            match &self.elsewhere {
                Some((which, socket)) if which.is_left_from(buf) => {
                    socket.send_to(&written, to).await?;
                }
                _ => {
                    self.socket()?.send_to(&written, to).await?;
                }
            }
        }
        Ok(buf.len())
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.address)
    }
}
