//! What a broken PBX does with each message.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::message::{self, Message};
use super::relay::{Relay, Told};
use super::{CUSTOMER, Flaw, OWN, PASSWORD, USER};
use crate::pbx::config::Challenge;
use crate::pbx::digest::Credentials;

const REALM: &str = "broken.example";

/// How long [`Flaw::CutsOff`] lets a call live, and [`Flaw::MissesAck`].
const CUT_OFF: Duration = Duration::from_secs(12);
const UNCONFIRMED: Duration = Duration::from_secs(32);

/// One half of a call.
#[derive(Clone, Debug)]
struct Leg {
    call_id: String,
    /// From and To, as requests of the PBX have them.
    ours: String,
    theirs: String,
    target: String,
    to: SocketAddr,
    seq: u32,
}

/// A call from the extension to itself.
struct Call {
    /// What the caller sent; none where the PBX itself calls.
    invite: Option<(Message, SocketAddr)>,
    caller: Option<Leg>,
    callee: Leg,
    relay: Relay,
    answered: bool,
    ends_at: Option<Instant>,
}

/// The PBX at work.
pub struct Exchange {
    flaw: Flaw,
    address: SocketAddr,
    socket: Arc<UdpSocket>,
    elsewhere: Arc<UdpSocket>,
    /// The extension's contact, and where it registered from.
    contact: Option<(String, SocketAddr)>,
    /// Call-IDs under which somebody registered.
    registrations: HashSet<String>,
    calls: Vec<Call>,
    /// A customer has called.
    visited: bool,
    told: mpsc::UnboundedSender<Told>,
    stop: CancellationToken,
}

impl Exchange {
    /// One that nobody has registered at. `elsewhere` is another port of it.
    pub fn new(
        flaw: Flaw,
        socket: UdpSocket,
        elsewhere: UdpSocket,
        address: SocketAddr,
        told: mpsc::UnboundedSender<Told>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            flaw,
            address,
            socket: Arc::new(socket),
            elsewhere: Arc::new(elsewhere),
            contact: None,
            registrations: HashSet::new(),
            calls: Vec::new(),
            visited: false,
            told,
            stop,
        }
    }

    /// Runs it; keys that go as messages come by `reports`.
    pub async fn run(mut self, mut reports: mpsc::UnboundedReceiver<Told>) {
        let mut datagram = vec![0; 8192];
        let mut other = vec![0; 8192];
        loop {
            let due = self.calls.iter().filter_map(|call| call.ends_at).min();
            tokio::select! {
                Ok((length, from)) = self.socket.recv_from(&mut datagram) => {
                    if let Some(message) = Message::read(&datagram[..length]) {
                        self.take(message, from).await;
                    }
                }
                Ok((length, from)) = self.elsewhere.recv_from(&mut other) => {
                    if let Some(message) = Message::read(&other[..length]) {
                        self.take(message, from).await;
                    }
                }
                Some(Told::Key(digit)) = reports.recv() => self.key(digit).await,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    let now = Instant::now();
                    while let Some(at) = self.calls.iter().position(|c| c.ends_at.is_some_and(|at| at <= now)) {
                        let call = self.calls.remove(at);
                        self.end(call).await;
                    }
                }
            }
        }
    }

    async fn take(&mut self, message: Message, from: SocketAddr) {
        if self.flaw == Flaw::BlackHole {
            return;
        }
        match message.method() {
            None => self.answered(message).await,
            Some("REGISTER") => self.register(&message, from).await,
            Some("INVITE") if !message.in_dialog() => self.invite(message, from).await,
            Some("INVITE") => self.change(&message, from).await,
            Some("ACK") => {}
            Some("CANCEL") => self.cancelled(&message, from).await,
            Some("BYE") => {
                self.reply(&message, from, 200, "", "").await;
                let call_id = message.get("call-id").to_owned();
                if let Some(at) = self.find(&call_id) {
                    let mut call = self.calls.remove(at);
                    let gone_is_callee = call.callee.call_id == call_id;
                    let left = match gone_is_callee {
                        true => call.caller.take(),
                        false => Some(call.callee.clone()),
                    };
                    if let Some(mut leg) = left {
                        self.request(&mut leg, "BYE", "", "").await;
                    }
                }
            }
            Some("REFER") => self.refer(&message, from).await,
            Some(_) => self.reply(&message, from, 200, "", "").await,
        }
    }

    async fn cancelled(&mut self, message: &Message, from: SocketAddr) {
        self.reply(message, from, 200, "", "").await;
        let call_id = message.get("call-id").to_owned();
        let of = |call: &Call| {
            call.caller
                .as_ref()
                .is_some_and(|leg| leg.call_id == call_id)
        };
        let Some(at) = self.calls.iter().position(of) else {
            return;
        };
        let call = self.calls.remove(at);
        if let Some((invite, from)) = &call.invite {
            self.reply(invite, *from, 487, "", "").await;
        }
        let text = self.written(&call.callee, "CANCEL", call.callee.seq, "", "");
        let _ = self.way().send_to(text.as_bytes(), call.callee.to).await;
    }

    fn find(&self, call_id: &str) -> Option<usize> {
        self.calls.iter().position(|call| {
            call.callee.call_id == call_id
                || call
                    .caller
                    .as_ref()
                    .is_some_and(|leg| leg.call_id == call_id)
        })
    }

    async fn register(&mut self, message: &Message, from: SocketAddr) {
        if let Flaw::Answers(code) = self.flaw {
            return self.reply(message, from, code, "", "").await;
        }
        let given = Credentials::parse(message.get("authorization"));
        let right = given.is_some_and(|given| {
            given.get("username") == USER && given.answers(Challenge::Md5, "REGISTER", PASSWORD)
        });
        let forgets =
            self.flaw == Flaw::ForgetsLogins && self.registrations.contains(message.get("call-id"));
        let contact = message.get("contact").to_owned();
        if !right || forgets {
            let given = message.get("authorization");
            if !given.is_empty() && !forgets {
                return self.reply(message, from, 403, "", "").await;
            }
            let nonce = format!("{:032x}", rand::random::<u128>());
            let challenge = format!(
                "WWW-Authenticate: Digest realm=\"{REALM}\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"\r\n"
            );
            return self.reply(message, from, 401, &challenge, "").await;
        }
        if contact.is_empty() {
            return self.reply(message, from, 200, "", "").await;
        }
        self.registrations.insert(message.get("call-id").to_owned());
        match self.flaw {
            Flaw::Full => return self.reply(message, from, 403, "", "").await,
            Flaw::NeverLongEnough => {
                let asked: u32 = message.get("expires").parse().unwrap_or_default();
                let header = format!("Min-Expires: {}\r\n", asked + 60);
                return self.reply(message, from, 423, &header, "").await;
            }
            _ => {}
        }
        let uri = contact
            .trim_start_matches('<')
            .split('>')
            .next()
            .unwrap_or_default();
        let listed = match self.flaw {
            Flaw::ManglesContact => format!("sip:{USER}@192.168.1.1:5060"),
            _ => uri.to_owned(),
        };
        self.contact = (message.get("expires") != "0").then(|| (uri.to_owned(), from));
        let granted = match self.flaw {
            Flaw::ShortLeash => "5",
            _ => message.get("expires"),
        };
        let header = format!("Contact: <{listed}>;expires={granted}\r\n");
        self.reply(message, from, 200, &header, "").await;
    }

    /// The extension calls: itself, for there is nobody else.
    async fn invite(&mut self, invite: Message, from: SocketAddr) {
        if self.find(invite.get("call-id")).is_some() {
            return;
        }
        match self.flaw {
            Flaw::ShowsLine | Flaw::OthersOnlyG729 | Flaw::Unreadable => {
                self.reply(&invite, from, 404, "", "").await;
                return self.call(None, from).await;
            }
            Flaw::CustomerFirst if !self.visited => {
                self.visited = true;
                self.reply(&invite, from, 100, "", "").await;
                return self.call(None, from).await;
            }
            Flaw::CallsNobody => {
                self.reply(&invite, from, 180, "", "").await;
                return;
            }
            _ => self.reply(&invite, from, 100, "", "").await,
        }
        self.call(Some(invite), from).await;
    }

    async fn call(&mut self, invite: Option<Message>, from: SocketAddr) {
        let Some((target, to)) = self.contact.clone() else {
            return;
        };
        let Ok(relay) = Relay::start(self.flaw, self.told.clone(), self.stop.child_token()).await
        else {
            return;
        };
        let at = self.address;
        let tag = format!("{:08x}", rand::random::<u32>());
        let (shown, extra) = match self.flaw {
            Flaw::RequiresMore => (
                format!("<sip:{USER}@{at}>;tag={tag}"),
                "Require: answermode\r\n",
            ),
            Flaw::ShowsAnother => (format!("<sip:{OWN}@{at}>;tag={tag}"), ""),
            Flaw::CustomerDuringTransfer if self.visited => {
                (format!("<sip:{CUSTOMER}@{at}>;tag={tag}"), "")
            }
            Flaw::HidesCaller | Flaw::CustomerFirst => (
                format!("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag={tag}"),
                "Privacy: id\r\n",
            ),
            _ => (format!("<sip:{USER}@{at}>;tag={tag}"), ""),
        };
        let mut callee = Leg {
            call_id: format!("{:032x}", rand::random::<u128>()),
            ours: shown,
            theirs: format!("<sip:{USER}@{at}>"),
            target,
            to,
            seq: 0,
        };
        let caller = invite.as_ref().map(|invite| Leg {
            call_id: invite.get("call-id").to_owned(),
            ours: format!("{};tag=a{tag}", invite.get("to")),
            theirs: invite.get("from").to_owned(),
            target: message::uri(invite.get("contact")).to_owned(),
            to: from,
            seq: 0,
        });
        if let Some(address) = invite
            .as_ref()
            .and_then(|invite| message::sound(&invite.body))
        {
            relay.caller_at(address);
        }
        let mut body = message::describe(
            self.described(relay.callee_side),
            matches!(self.flaw, Flaw::OnlyG729 | Flaw::OthersOnlyG729),
            "sendrecv",
        );
        if self.flaw == Flaw::Unreadable {
            body = body.replace("m=audio ", "m=audio nowhere ");
        }
        self.request(&mut callee, "INVITE", extra, &body).await;
        self.calls.push(Call {
            invite: invite.map(|invite| (invite, from)),
            caller,
            callee,
            relay,
            answered: false,
            ends_at: None,
        });
    }

    fn described(&self, real: SocketAddr) -> SocketAddr {
        match self.flaw {
            Flaw::PrivateAddress => SocketAddr::from(([10, 255, 255, 1], real.port())),
            _ => real,
        }
    }

    /// A response: to the call of the line, or to something within it.
    async fn answered(&mut self, response: Message) {
        let code = response.code();
        if !response.get("cseq").ends_with("INVITE") || code == 100 {
            return;
        }
        let call_id = response.get("call-id").to_owned();
        let Some(at) = self
            .calls
            .iter()
            .position(|call| call.callee.call_id == call_id)
        else {
            return;
        };
        let flaw = self.flaw;
        let call = &mut self.calls[at];
        call.callee.theirs = response.get("to").to_owned();
        let (mut callee, invite) = (call.callee.clone(), call.invite.clone());
        if code >= 200 && flaw != Flaw::LosesAck {
            self.ack(&callee).await;
        }
        let call = &mut self.calls[at];
        if code >= 300 {
            if let Some((invite, from)) = invite {
                self.calls.remove(at);
                self.reply(&invite, from, code, "", "").await;
            }
            return;
        }
        if call.answered {
            return;
        }
        let contact = format!("Contact: <sip:{USER}@{}>\r\n", self.address);
        if code < 200 {
            if let Some((invite, from)) = invite {
                self.reply(&invite, from, 180, &contact, "").await;
            }
            return;
        }
        call.answered = true;
        callee.target = message::uri(response.get("contact")).to_owned();
        call.callee.target = callee.target;
        if let Some(address) = message::sound(&response.body) {
            call.relay.callee_at(address);
        }
        call.ends_at = match flaw {
            Flaw::CutsOff => Some(Instant::now() + CUT_OFF),
            Flaw::MissesAck => Some(Instant::now() + UNCONFIRMED),
            _ => None,
        };
        let body = message::describe(call.relay.caller_side, false, "sendrecv");
        if let Some((invite, from)) = invite.filter(|_| flaw != Flaw::KeepsAnswer) {
            self.reply(&invite, from, 200, &contact, &body).await;
        }
    }

    /// The line changes a call.
    async fn change(&mut self, message: &Message, from: SocketAddr) {
        let Some(at) = self.find(message.get("call-id")) else {
            return self.reply(message, from, 481, "", "").await;
        };
        match self.flaw {
            Flaw::RefusesHold => self.reply(message, from, 488, "", "").await,
            Flaw::HangsUpOnHold => {
                let call = self.calls.remove(at);
                self.end(call).await;
            }
            _ => {
                let call = &self.calls[at];
                let side = match call.callee.call_id == message.get("call-id") {
                    true => call.relay.callee_side,
                    false => call.relay.caller_side,
                };
                let direction = match message.body.contains("a=sendonly") {
                    true => "recvonly",
                    false => "sendrecv",
                };
                let body = message::describe(self.described(side), false, direction);
                let contact = format!("Contact: <sip:{USER}@{}>\r\n", self.address);
                self.reply(message, from, 200, &contact, &body).await;
            }
        }
    }

    async fn refer(&mut self, message: &Message, from: SocketAddr) {
        if let Flaw::RefusesTransfer(code) = self.flaw {
            return self.reply(message, from, code, "", "").await;
        }
        self.reply(message, from, 202, "", "").await;
        let Some(at) = self.find(message.get("call-id")) else {
            return;
        };
        if self.flaw == Flaw::CustomerDuringTransfer {
            self.visited = true;
            return self.call(None, from).await;
        }
        if self.flaw != Flaw::SilentTransfer {
            let header = "Event: refer\r\nSubscription-State: terminated\r\nContent-Type: message/sipfrag\r\n";
            let mut leg = self.calls[at].callee.clone();
            self.request(&mut leg, "NOTIFY", header, "SIP/2.0 200 OK\r\n")
                .await;
            self.calls[at].callee.seq = leg.seq;
        }
    }

    async fn key(&mut self, digit: char) {
        let Some(call) = self.calls.first() else {
            return;
        };
        let mut leg = call.callee.clone();
        let header = "Content-Type: application/dtmf-relay\r\n";
        let body = format!("Signal={digit}\r\nDuration=160\r\n");
        self.request(&mut leg, "INFO", header, &body).await;
        self.calls[0].callee.seq = leg.seq;
    }

    async fn end(&mut self, call: Call) {
        for mut leg in [call.caller, Some(call.callee)].into_iter().flatten() {
            self.request(&mut leg, "BYE", "", "").await;
        }
    }

    fn way(&self) -> &UdpSocket {
        match self.flaw {
            Flaw::CallsFromElsewhere => &self.elsewhere,
            _ => &self.socket,
        }
    }

    async fn request(&self, leg: &mut Leg, method: &str, headers: &str, body: &str) {
        leg.seq += 1;
        let text = self.written(leg, method, leg.seq, headers, body);
        // Lost like any datagram.
        let _ = self.way().send_to(text.as_bytes(), leg.to).await;
    }

    async fn ack(&self, leg: &Leg) {
        let text = self.written(leg, "ACK", leg.seq, "", "");
        let _ = self.way().send_to(text.as_bytes(), leg.to).await;
    }

    fn written(&self, leg: &Leg, method: &str, seq: u32, headers: &str, body: &str) -> String {
        let at = self.way().local_addr().unwrap_or(self.address);
        let kind = match body.starts_with("v=0") {
            true => "Content-Type: application/sdp\r\n",
            false => "",
        };
        // A CANCEL names the transaction of its INVITE (RFC 3261, section 9.1).
        let of = match method {
            "CANCEL" => "INVITE",
            method => method,
        };
        format!(
            "{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bK{call_id}{seq}{of};rport\r\n\
             Max-Forwards: 70\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {call_id}\r\nCSeq: {seq} {method}\r\n\
             Contact: <sip:{USER}@{at}>\r\n{headers}{kind}Content-Length: {length}\r\n\r\n{body}",
            target = leg.target,
            from = leg.ours,
            to = leg.theirs,
            call_id = leg.call_id,
            length = body.len(),
        )
    }

    async fn reply(&self, request: &Message, to: SocketAddr, code: u16, headers: &str, body: &str) {
        let text = request.response(code, headers, body);
        let _ = self.socket.send_to(text.as_bytes(), to).await;
    }
}
