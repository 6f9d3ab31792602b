//! Messages as text: read no more strictly than a broken PBX does.

use std::fmt::Write as _;
use std::net::SocketAddr;

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    start: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Message {
    /// Reads a datagram.
    pub fn read(datagram: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(datagram);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_lowercase(), value.trim().to_owned()))
        };
        Some(Self {
            start,
            headers: lines.filter_map(header).collect(),
            body: body.to_owned(),
        })
    }

    /// A request's method.
    pub fn method(&self) -> Option<&str> {
        let word = self.start.split(' ').next()?;
        (word != "SIP/2.0").then_some(word)
    }

    /// A response's status code; 0 for a request.
    pub fn code(&self) -> u16 {
        let code = self.start.split(' ').nth(1);
        code.and_then(|code| code.parse().ok()).unwrap_or_default()
    }

    /// A header's first value, or nothing.
    pub fn get(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether it belongs to a call that stands.
    pub fn in_dialog(&self) -> bool {
        self.get("to").contains(";tag=")
    }

    /// A response to it.
    pub fn response(&self, code: u16, headers: &str, body: &str) -> String {
        let mut text = format!("SIP/2.0 {code} Broken\r\n");
        for (name, value) in &self.headers {
            if ["via", "from", "call-id", "cseq"].contains(&name.as_str()) {
                let _ = write!(text, "{name}: {value}\r\n");
            }
        }
        let to = self.get("to");
        let tag = match code == 100 || self.in_dialog() {
            true => String::new(),
            // One and the same for all responses to a call.
            false => format!(";tag=pbx{}", self.get("call-id").len()),
        };
        if !body.is_empty() {
            text.push_str("Content-Type: application/sdp\r\n");
        }
        let _ = write!(
            text,
            "To: {to}{tag}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        text
    }
}

/// The URI of a Contact.
pub fn uri(contact: &str) -> &str {
    let inner = contact.split_once('<').map_or(contact, |(_, rest)| rest);
    inner.split('>').next().unwrap_or(inner)
}

/// Where a description wants sound.
pub fn sound(body: &str) -> Option<SocketAddr> {
    let line = |start: &str| body.lines().find_map(|line| line.strip_prefix(start));
    let ip = line("c=IN IP4 ")?.trim().parse().ok()?;
    let port = line("m=audio ")?.split(' ').next()?.parse().ok()?;
    Some(SocketAddr::new(ip, port))
}

/// A description.
pub fn describe(at: SocketAddr, g729: bool, direction: &str) -> String {
    let (ip, port) = (at.ip(), at.port());
    let formats = match g729 {
        true => "18\r\na=rtpmap:18 G729/8000\r\n",
        false => {
            "8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
        }
    };
    format!(
        "v=0\r\no=- {port} 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP {formats}a={direction}\r\n"
    )
}
