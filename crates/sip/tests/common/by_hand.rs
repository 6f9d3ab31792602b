//! A PBX that speaks by hand, so that it can also misbehave.

use std::net::{IpAddr, SocketAddr};

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use super::PATIENCE;

/// A PBX that speaks by hand.
pub struct Pbx {
    pub socket: UdpSocket,
}

/// A request that came, and where from.
pub struct Asked {
    pub text: String,
    pub from: SocketAddr,
}

impl Asked {
    pub fn method(&self) -> &str {
        self.text.split(' ').next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        let lines = self.text.split("\r\n");
        let mut values = lines.filter_map(|line| line.strip_prefix(&format!("{name}: ")));
        values.next().unwrap_or_default()
    }

    pub fn response(&self, status: &str, headers: &str) -> String {
        let [via, from, to, call_id, cseq] =
            ["Via", "From", "To", "Call-ID", "CSeq"].map(|name| self.header(name));
        format!(
            "SIP/2.0 {status}\r\nVia: {via}\r\nFrom: {from}\r\nTo: {to};tag=p\r\n\
             Call-ID: {call_id}\r\nCSeq: {cseq}\r\n{headers}Content-Length: 0\r\n\r\n"
        )
    }

    pub fn challenge(&self, nonce: &str) -> String {
        let challenge = format!("WWW-Authenticate: Digest realm=\"r\", nonce=\"{nonce}\"\r\n");
        self.response("401 Unauthorized", &challenge)
    }
}

impl Pbx {
    pub async fn at(ip: [u8; 4]) -> Self {
        let socket = UdpSocket::bind((IpAddr::from(ip), 0)).await;
        Self {
            socket: socket.expect("a socket"),
        }
    }

    /// One whose port takes TCP as well.
    pub async fn with_tcp() -> (Self, TcpListener) {
        loop {
            let pbx = Self::at([127, 0, 0, 1]).await;
            // Somebody else may have the port for TCP.
            if let Ok(listener) = TcpListener::bind(pbx.address()).await {
                return (pbx, listener);
            }
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("an address")
    }

    /// The next request of the method that was not seen yet, by its number.
    pub async fn asked(&self, method: &str, seen: &mut Vec<String>) -> Asked {
        let mut buffer = vec![0; 65_536];
        loop {
            let received = tokio::time::timeout(PATIENCE, self.socket.recv_from(&mut buffer));
            let (length, from) = received.await.expect("in time").expect("received");
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let asked = Asked { text, from };
            let name = format!("{} {}", asked.header("Call-ID"), asked.header("CSeq"));
            if asked.method() == method && !seen.contains(&name) {
                seen.push(name);
                return asked;
            }
        }
    }

    pub async fn say(&self, text: &str, to: SocketAddr) {
        self.socket
            .send_to(text.as_bytes(), to)
            .await
            .expect("sent");
    }
}

/// The next request by a stream, which comes whole.
pub async fn asked_by(stream: &mut TcpStream) -> Asked {
    let mut came = Vec::new();
    loop {
        let mut bytes = [0; 16_384];
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut bytes));
        let length = read.await.expect("in time").expect("bytes");
        assert!(length > 0, "the stream has ended");
        came.extend_from_slice(&bytes[..length]);
        let text = String::from_utf8_lossy(&came);
        let asked = Asked {
            text: text.trim_start().to_owned(),
            from: stream.peer_addr().expect("an address"),
        };
        let Some((_, body)) = asked.text.split_once("\r\n\r\n") else {
            continue;
        };
        if asked.header("Content-Length").parse() == Ok(body.len()) {
            return asked;
        }
    }
}
