//! A telephone outside that speaks SIP by hand, so that it can also misbehave.

use std::net::{IpAddr, SocketAddr};

use tokio::net::UdpSocket;

use super::PATIENCE;

/// A message that came.
#[derive(Clone, Debug)]
pub struct Message {
    pub first: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()));
        Self {
            first,
            headers: headers.collect(),
            body: body.to_owned(),
        }
    }

    pub fn code(&self) -> Option<u16> {
        self.first
            .strip_prefix("SIP/2.0 ")?
            .split(' ')
            .next()?
            .parse()
            .ok()
    }

    pub fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|(n, _)| n == name);
        header.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// One call of a telephone.
pub struct Telephone {
    socket: UdpSocket,
    local: SocketAddr,
    peer: SocketAddr,
    call_id: String,
    uri: String,
    pub from: String,
    to: String,
    target: String,
    branch: String,
    pub seq: u32,
}

/// A description with both laws and telephone events.
pub fn description(direction: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n\
         m=audio 46000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n"
    )
}

impl Telephone {
    /// A telephone at an address, which calls `user` at `peer`.
    pub async fn new(ip: [u8; 4], peer: SocketAddr, user: &str, from: &str) -> Self {
        let socket = UdpSocket::bind((IpAddr::from(ip), 0))
            .await
            .expect("a socket");
        let local = socket.local_addr().expect("its address");
        let uri = format!("sip:{user}@{peer}");
        Self {
            socket,
            local,
            peer,
            call_id: uuid::Uuid::new_v4().simple().to_string(),
            from: format!("{from};tag=t1"),
            to: format!("<{uri}>"),
            target: uri.clone(),
            uri,
            branch: String::new(),
            seq: 0,
        }
    }

    pub async fn send_raw(&self, text: &str) {
        self.socket
            .send_to(text.as_bytes(), self.peer)
            .await
            .expect("sent");
    }

    fn request(&self, method: &str, uri: &str, seq: u32, headers: &str, body: &str) -> String {
        format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {};branch={};rport\r\nMax-Forwards: 70\r\n\
             From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {seq} {method}\r\n\
             Contact: <sip:telephone@{}>\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            self.local,
            self.branch,
            self.from,
            self.to,
            self.call_id,
            self.local,
            body.len()
        )
    }

    /// A new request, within the dialog once there is one.
    pub async fn send(&mut self, method: &str, headers: &str, body: &str) {
        self.seq += 1;
        self.branch = format!("z9hG4bK{}", uuid::Uuid::new_v4().simple());
        let kind = if body.starts_with("v=0") {
            "Content-Type: application/sdp\r\n"
        } else {
            ""
        };
        let headers = format!("{kind}{headers}");
        let text = self.request(method, &self.target, self.seq, &headers, body);
        self.send_raw(&text).await;
    }

    /// The last request once more, as it is when no response came.
    pub async fn repeat(&self, method: &str, body: &str) {
        let kind = "Content-Type: application/sdp\r\n";
        let text = self.request(method, &self.target, self.seq, kind, body);
        self.send_raw(&text).await;
    }

    /// Takes the dialog over from a response.
    pub fn enter(&mut self, response: &Message) {
        self.to = response.header("to").to_owned();
        let contact = response.header("contact");
        if let (Some(start), Some(end)) = (contact.find('<'), contact.find('>')) {
            self.target = contact[start + 1..end].to_owned();
        }
    }

    /// Acknowledges the invitation with this number, later requests having been sent.
    pub async fn ack_of(&mut self, seq: u32, answer: &Message) {
        let later = std::mem::replace(&mut self.seq, seq);
        self.ack(answer, "").await;
        self.seq = later;
    }

    /// The last request once more over another way, as a proxy that forks sends it.
    pub async fn send_copy(&mut self, method: &str, body: &str) {
        self.seq -= 1;
        self.send(method, "", body).await;
    }

    pub async fn invite(&mut self) {
        self.send("INVITE", "", &description("sendrecv")).await;
    }

    pub async fn cancel(&self) {
        let text = self.request("CANCEL", &self.uri, self.seq, "", "");
        self.send_raw(&text).await;
    }

    /// Takes the dialog over from a response, and acknowledges it.
    pub async fn ack(&mut self, answer: &Message, body: &str) {
        self.enter(answer);
        if answer.code().is_some_and(|code| code < 300) {
            self.branch = format!("z9hG4bK{}", uuid::Uuid::new_v4().simple());
        }
        let kind = if body.is_empty() {
            ""
        } else {
            "Content-Type: application/sdp\r\n"
        };
        let text = self.request("ACK", &self.target, self.seq, kind, body);
        self.send_raw(&text).await;
    }

    async fn received(&self) -> (Message, SocketAddr) {
        let mut buffer = vec![0; 65_536];
        let received = tokio::time::timeout(PATIENCE, self.socket.recv_from(&mut buffer));
        let (length, from) = received
            .await
            .expect("a message in time")
            .expect("received");
        let message = Message::parse(&String::from_utf8_lossy(&buffer[..length]));
        (message, from)
    }

    /// What has come and nobody has looked at.
    pub fn waiting(&self) -> Vec<Message> {
        let (mut waiting, mut buffer) = (Vec::new(), vec![0; 65_536]);
        while let Ok(length) = self.socket.try_recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]);
            waiting.push(Message::parse(&text));
        }
        waiting
    }

    /// The next request with this method, unanswered; other messages are skipped.
    pub async fn request_of(&self, method: &str) -> Message {
        loop {
            let (message, _) = self.received().await;
            if message.first.starts_with(&format!("{method} ")) {
                return message;
            }
        }
    }

    /// Waits to be called, as a PBX is through a line of the service, and takes the dialog over.
    pub async fn called(&mut self) -> Message {
        let invite = loop {
            let (message, from) = self.received().await;
            if message.first.starts_with("INVITE ") {
                self.peer = from;
                break message;
            }
        };
        self.call_id = invite.header("call-id").to_owned();
        self.from = format!("{};tag=called", invite.header("to"));
        self.to = invite.header("from").to_owned();
        let contact = invite.header("contact");
        self.target = contact.trim_matches(['<', '>']).to_owned();
        invite
    }

    /// Answers a request of the service; our tag is in it.
    pub async fn reply(&self, request: &Message, code: u16, headers: &str, body: &str) {
        self.reply_as("called", request, code, headers, body).await;
    }

    /// Answers as the branch of a forked call with this tag.
    pub async fn reply_as(
        &self,
        tag: &str,
        request: &Message,
        code: u16,
        headers: &str,
        body: &str,
    ) {
        let mut text = format!("SIP/2.0 {code} So\r\n");
        for (name, value) in &request.headers {
            match name.as_str() {
                "via" | "from" | "call-id" | "cseq" => {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                "to" if value.contains(";tag=") => text.push_str(&format!("To: {value}\r\n")),
                "to" => text.push_str(&format!("To: {value};tag={tag}\r\n")),
                _ => {}
            }
        }
        let kind = if body.is_empty() {
            ""
        } else {
            "Content-Type: application/sdp\r\n"
        };
        text.push_str(&format!(
            "{kind}{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        let from = self.peer;
        self.socket
            .send_to(text.as_bytes(), from)
            .await
            .expect("sent");
    }

    /// Whom it calls.
    pub fn user(&self) -> &str {
        let user = self.uri.split(['@', ':']).nth(1);
        user.expect("a user")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.local
    }

    /// The next message; requests other than BYE are answered with 200 and skipped.
    pub async fn next(&self) -> Message {
        loop {
            let (message, from) = self.received().await;
            if message.code().is_some() || message.first.starts_with("ACK") {
                return message;
            }
            let mut response = String::from("SIP/2.0 200 OK\r\n");
            for (name, value) in &message.headers {
                if ["via", "from", "to", "call-id", "cseq"].contains(&name.as_str()) {
                    response.push_str(&format!("{name}: {value}\r\n"));
                }
            }
            response.push_str("Content-Length: 0\r\n\r\n");
            self.socket
                .send_to(response.as_bytes(), from)
                .await
                .expect("sent");
            if message.first.starts_with("BYE") {
                return message;
            }
        }
    }

    /// The final response to the method's request.
    pub async fn response(&self, method: &str) -> Message {
        loop {
            let message = self.next().await;
            if message.code().is_some_and(|code| code >= 200)
                && message.header("cseq").ends_with(method)
            {
                return message;
            }
        }
    }

    /// The final response to the method's request; requests stay unanswered.
    pub async fn response_only(&self, method: &str) -> Message {
        loop {
            let (message, _) = self.received().await;
            if message.code().is_some_and(|code| code >= 200)
                && message.header("cseq").ends_with(method)
            {
                return message;
            }
        }
    }

    /// A provisional response of this code.
    pub async fn provisional(&self, code: u16) -> Message {
        loop {
            let message = self.next().await;
            match message.code() {
                Some(c) if c == code => return message,
                Some(c) if c >= 200 => panic!("{code} was awaited: {}", message.first),
                _ => {}
            }
        }
    }

    /// Waits for the other side to hang up.
    pub async fn hung_up(&self) {
        while !self.next().await.first.starts_with("BYE") {}
    }
}
