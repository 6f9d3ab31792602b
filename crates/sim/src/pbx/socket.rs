//! The PBX's UDP socket, which can be closed at once: the SIP stack holds on
//! to it for 32 s after a call, and a PBX that is restarted needs its port.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rsipstack::platform::net::UdpSocket as StackSocket;
use tokio::net::UdpSocket;

use super::quirks::Style;
use super::style::Pen;

/// A socket that can be closed under those who use it.
#[derive(Debug)]
pub struct ClosableSocket {
    socket: Mutex<Option<Arc<UdpSocket>>>,
    address: SocketAddr,
    pen: Pen,
}

impl ClosableSocket {
    /// Binds it; what is sent is written in this style.
    pub async fn bind(address: SocketAddr, style: Vec<Style>) -> std::io::Result<Self> {
        let socket = UdpSocket::bind(address).await?;
        let address = socket.local_addr()?;
        Ok(Self {
            socket: Mutex::new(Some(Arc::new(socket))),
            address,
            pen: Pen::new(style),
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

#[async_trait]
impl StackSocket for ClosableSocket {
    async fn recv_from(&self, buf: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        Ok(self.socket()?.recv_from(buf).await?)
    }

    async fn send_to(&self, buf: &[u8], to: SocketAddr) -> rsipstack::Result<usize> {
        let (written, copies) = self.pen.write(buf);
        for _ in 0..copies {
            self.socket()?.send_to(&written, to).await?;
        }
        Ok(buf.len())
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.address)
    }
}
