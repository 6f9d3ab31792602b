//! What strangers send by the thousand: scans, nonsense, and challenges that nobody asked for.

use std::net::{IpAddr, SocketAddr};

use tokio::net::UdpSocket;

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
