//! What strangers send by the thousand: scans, nonsense, and challenges that nobody asked for.

use std::net::{IpAddr, SocketAddr};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream, UdpSocket};

/// Strangers at addresses of their own.
pub struct Flood {
    sockets: Vec<UdpSocket>,
    sent: usize,
}

impl Flood {
    /// So many strangers, 250 at most.
    pub async fn of(strangers: u8) -> Self {
        let mut sockets = Vec::new();
        for n in 1..=strangers {
            let at = (IpAddr::from([127, 77, 0, n]), 0);
            sockets.push(UdpSocket::bind(at).await.expect("a socket"));
        }
        Self { sockets, sent: 0 }
    }

    /// Strangers who write this address on what they send.
    pub async fn under(ip: IpAddr) -> Self {
        let socket = UdpSocket::bind((ip, 0)).await.expect("a socket");
        let sockets = vec![socket];
        Self { sockets, sent: 0 }
    }

    /// The next messages, each from another stranger; their answers are thrown away.
    pub async fn send(&mut self, count: usize, to: SocketAddr) {
        for _ in 0..count {
            let socket = &self.sockets[self.sent % self.sockets.len()];
            // A full buffer of the receiver loses it, as it does on the way.
            let _ = socket.send_to(&bad(self.sent), to).await;
            while socket.try_recv(&mut [0; 2048]).is_ok() {}
            self.sent += 1;
        }
    }
}

/// Strangers' streams, from addresses of their own.
#[derive(Default)]
pub struct Streams(Vec<TcpStream>);

impl Streams {
    /// Opens so many more, and says something on each; all are kept open on this side.
    pub async fn open(&mut self, count: usize, to: SocketAddr) {
        for _ in 0..count {
            let n = self.0.len();
            let [.., high, low] = n.to_be_bytes();
            let socket = TcpSocket::new_v4().expect("a socket");
            let from = SocketAddr::from(([127, 78, high, low], 0));
            socket.bind(from).expect("an address");
            let Ok(mut stream) = socket.connect(to).await else {
                continue;
            };
            let said = match n % 4 {
                0 => Vec::new(),
                1 => b"\r\n\r\n".to_vec(),
                2 => b"INVITE sip:1@h SIP/2.0\r\nX: ".repeat(1000),
                _ => bad(n - n % 9),
            };
            // It may have been closed again.
            let _ = stream.write_all(&said).await;
            self.0.push(stream);
        }
    }

    /// How many of them the other side has not closed.
    pub fn held(&self) -> usize {
        let held = |stream: &&TcpStream| loop {
            match stream.try_read(&mut [0; 2048]) {
                Ok(0) => break false,
                Ok(_) => {}
                Err(error) => break error.kind() == std::io::ErrorKind::WouldBlock,
            }
        };
        self.0.iter().filter(held).count()
    }
}

/// Every kind in turn.
fn bad(n: usize) -> Vec<u8> {
    let request = |method: &str, user: &str, more: &str| {
        format!(
            "{method} sip:{user}@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{n}\r\n\
             From: <sip:{n}@h>;tag={n}\r\nTo: <sip:{n}@h>\r\nCall-ID: {n}\r\n\
             CSeq: 1 {method}\r\n{more}Content-Length: 0\r\n\r\n"
        )
    };
    let extension = (100 + n % 900).to_string();
    let text = match n % 9 {
        0 => request("INVITE", &extension, ""),
        1 => request("REGISTER", &extension, ""),
        2 => request("OPTIONS", &extension, ""),
        3 => request("BYE", &extension, "").replace("To: ", "To: x;tag=1"),
        4 => request(
            "INVITE",
            &extension,
            &format!("X-Long: {}\r\n", "x".repeat(7000)),
        ),
        5 => format!(
            "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{n}\r\nFrom: <sip:{n}@h>;tag=1\r\n\
             To: <sip:{n}@h>;tag=2\r\nCall-ID: {n}\r\nCSeq: 1 REGISTER\r\n\
             WWW-Authenticate: Digest realm=\"r\", nonce=\"{n}\"\r\nContent-Length: 0\r\n\r\n"
        ),
        6 => request("INVITE", &extension, "")[..60].to_owned(),
        7 => "\r\n\r\n".to_owned(),
        _ => return (0..1200_usize).map(|at| (at * n % 251) as u8).collect(),
    };
    text.into_bytes()
}

/// Memory that the process has of the machine now, in bytes (Linux).
pub fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kib.expect("a size") * 1024
}
