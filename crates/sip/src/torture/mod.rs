//! The test messages of RFC 4475 and RFC 5118, sent as datagrams to a running
//! endpoint as a line's PBX would; the files stand in `tests/torture`.

mod rfc4475;
mod rfc5118;

use std::net::SocketAddr;
use std::time::Duration;

use model::audio::AudioStream;
use model::call::Caller;
use model::id::{LegId, LineId};
use model::pbx::{PbxAccount, Transport};
use model::secret::Secret;
use rsipstack::sip::{Request, Response, SipMessage};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::TransactionEvent;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

use crate::core::Seat;
use crate::event::Event;
use crate::{Endpoint, EndpointConfig};

/// Longer than anything awaited takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The datagram of a file below `tests/torture`.
fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/torture/{name}.dat", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a test message")
}

/// The datagram with something else in place of what it contains once.
fn with(datagram: &[u8], old: &str, new: &str) -> Vec<u8> {
    let at = crate::mend::find(datagram, old.as_bytes()).expect("the old text");
    let (before, after) = (&datagram[..at], &datagram[at + old.len()..]);
    [before, new.as_bytes(), after].concat()
}

/// A response, as its text.
struct Answer {
    code: u16,
    text: String,
}

impl Answer {
    fn has(&self, line: &str) -> bool {
        self.text.split("\r\n").any(|l| l == line)
    }

    /// Values of a header, written by its long name, without blanks.
    fn values(&self, name: &str) -> Vec<String> {
        self.text
            .split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .filter(|(n, _)| long(n).eq_ignore_ascii_case(name))
            .map(|(_, value)| value.replace(' ', ""))
            .collect()
    }
}

fn long(name: &str) -> &str {
    match name.trim().to_ascii_lowercase().as_str() {
        "v" => "Via",
        "f" => "From",
        "t" => "To",
        "i" => "Call-ID",
        _ => name.trim(),
    }
}

/// An endpoint whose lines are `user` and some more, and their PBX.
struct Scene {
    endpoint: Endpoint,
    events: mpsc::Receiver<Event>,
    pbx: UdpSocket,
    probes: u32,
    _registrar: UdpSocket,
}

impl Scene {
    async fn set() -> Self {
        Self::with_lines(&["user"]).await
    }

    async fn with_lines(contacts: &[&str]) -> Self {
        let (tell, events) = mpsc::channel(100);
        let config = EndpointConfig {
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
            ..EndpointConfig::at(SocketAddr::from(([127, 0, 0, 1], 0)))
        };
        let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
        let registrar = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let server = registrar.local_addr().expect("its address");
        for contact in contacts {
            let account = PbxAccount {
                user: "200".to_owned(),
                password: Secret::new("secret".to_owned()),
                server: server.ip().to_string(),
                proxy: None,
                auth_name: None,
                port: Some(server.port()),
                transport: Transport::Udp,
                interval_s: 120,
                trust: model::pbx::Trust::default(),
                codecs: model::audio::Codec::ALL.to_vec(),
            };
            let line = LineId(uuid::Uuid::new_v4());
            endpoint.connect(line, (*contact).to_owned(), account);
        }
        // From the first REGISTER on, the PBX is one of ours.
        let mut buffer = vec![0; 8192];
        let asked = tokio::time::timeout(PATIENCE, registrar.recv_from(&mut buffer));
        asked.await.expect("in time").expect("a REGISTER");
        let pbx = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        pbx.connect(endpoint.address()).await.expect("an endpoint");
        Self {
            endpoint,
            events,
            pbx,
            probes: 0,
            _registrar: registrar,
        }
    }

    async fn send(&self, datagram: &[u8]) {
        self.pbx.send(datagram).await.expect("sent");
    }

    /// What comes next, but for provisional responses.
    async fn answer(&self) -> Answer {
        let mut buffer = vec![0; 65_536];
        loop {
            let received = tokio::time::timeout(PATIENCE, self.pbx.recv(&mut buffer));
            let length = received.await.expect("in time").expect("a response");
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let code = text.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3));
            let code = code.and_then(|code| code.parse().ok()).expect("a code");
            if code >= 200 {
                return Answer { code, text };
            }
        }
    }

    /// The endpoint takes one message after the other: what is answered first
    /// to a message that surely is, was answered to nothing before it.
    async fn nothing_more(&mut self) {
        self.probes += 1;
        let call_id = format!("probe-{}", self.probes);
        let probe = format!(
            "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{call_id}\r\n\
             From: <sip:probe@h>;tag=1\r\nTo: <sip:h>\r\nCall-ID: {call_id}\r\n\
             CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
        );
        self.send(probe.as_bytes()).await;
        let answer = self.answer().await;
        assert!(
            answer.has(&format!("Call-ID: {call_id}")),
            "{}",
            answer.text
        );
        while let Ok(event) = self.events.try_recv() {
            assert!(matches!(event, Event::Line { .. }), "{event:?}");
        }
    }

    /// The message is answered with this code, once, so that its sender knows
    /// it again, and the product hears nothing.
    async fn answered(&mut self, datagram: &[u8], code: u16) -> Answer {
        self.send(datagram).await;
        let answer = self.answer().await;
        assert_eq!(answer.code, code, "{}", answer.text);
        let text = String::from_utf8_lossy(datagram).into_owned();
        let head = text.split("\r\n\r\n").next().unwrap_or(&text);
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let sent = Answer { code, text: head };
        for name in ["Call-ID", "CSeq", "From", "To", "Via"] {
            let (ours, theirs) = (answer.values(name), sent.values(name));
            assert!(
                theirs.is_empty() || !ours.is_empty(),
                "{name}: {}",
                answer.text
            );
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!(
                    known_again(name, ours, theirs),
                    "{name}: {ours} is not {theirs}"
                );
            }
        }
        let ours = answer.values("Via").join(",").matches("SIP/").count();
        let theirs = sent.values("Via").join(",").matches("SIP/").count();
        assert_eq!(ours, theirs, "{}", answer.text);
        self.nothing_more().await;
        answer
    }

    /// The message vanishes.
    async fn dropped(&mut self, datagram: &[u8]) {
        self.send(datagram).await;
        self.nothing_more().await;
    }

    /// The message is a call that the product hears of.
    async fn arrives(&mut self, datagram: &[u8]) -> (LegId, Caller, Option<AudioStream>) {
        self.send(datagram).await;
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv());
            match event.await.expect("in time").expect("an event") {
                Event::Line { .. } => {}
                Event::Incoming {
                    leg, caller, audio, ..
                } => return (leg, caller, audio),
                other => panic!("{other:?}"),
            }
        }
    }

    /// A place for the requests of a dialog.
    fn dialog(&self, call_id: &str, tag: &str) -> Seat {
        let leg = LegId(uuid::Uuid::new_v4());
        let dialog = (call_id.to_owned(), tag.to_owned());
        self.endpoint.core.seat(leg, dialog).expect("a seat")
    }

    /// The message reaches its dialog.
    async fn reaches(&mut self, datagram: &[u8], seat: &mut Seat) -> Request {
        self.send(datagram).await;
        let request = tokio::time::timeout(PATIENCE, seat.requests.recv()).await;
        let mut request = request.expect("in time").expect("a request");
        let original = request.original.clone();
        let code = rsipstack::sip::StatusCode::OK;
        request.reply(code).await.expect("a reply");
        assert_eq!(self.answer().await.code, 200);
        self.nothing_more().await;
        original
    }

    /// What reaches the transaction that `like` is a response of.
    async fn heard(&mut self, datagram: &[u8], like: &[u8]) -> Option<Response> {
        let response = Response::try_from(like).expect("a response");
        let key = TransactionKey::from_response(&response, TransactionRole::Client);
        let (hear, mut heard) = mpsc::unbounded_channel();
        let stack = &self.endpoint.core.stack;
        stack.attach_transaction(&key.expect("a transaction"), hear);
        self.send(datagram).await;
        self.nothing_more().await;
        match heard.try_recv().ok()? {
            TransactionEvent::Received(SipMessage::Response(response), _) => Some(response),
            _ => panic!("no response"),
        }
    }
}

/// Whether a response's header is the request's: it may add a tag to To, and
/// to Via where the request came from; quotes may be put where they are
/// missing, and a colon too many goes.
fn known_again(name: &str, ours: &str, theirs: &str) -> bool {
    let plain = |value: &str| {
        value
            .replace(['"', '\t'], "")
            .replace(":::", "::")
            .to_lowercase()
    };
    let (ours, theirs) = (plain(ours), plain(theirs));
    match name {
        "To" => ours.starts_with(&theirs),
        "Via" => {
            let sender = |via: &str| via.split([';', ',']).next().map(str::to_owned);
            let branch = |via: &str| crate::mark::branch(via).map(str::to_owned);
            sender(&ours) == sender(&theirs)
                && branch(ours.split(',').next().unwrap_or_default())
                    == branch(theirs.split(',').next().unwrap_or_default())
        }
        "CSeq" => ours.trim_start_matches('0') == theirs.trim_start_matches('0'),
        _ => ours == theirs,
    }
}
