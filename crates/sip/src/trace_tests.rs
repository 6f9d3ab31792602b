use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use model::id::LineId;
use rsipstack::platform::net::UdpSocket as _;
use rsipstack::sip::{Request, Response, SipMessage};
use tokio::net::UdpSocket;

use super::{Book, CALLS_MAX, MESSAGES_MAX, REGISTRATIONS_MAX, TraceSubject, Traces};
use crate::border::Border;
use crate::known::Known;
use crate::refused::Refused;
use crate::socket::{Guarded, lock};

const LINE: LineId = LineId(uuid::Uuid::from_u128(1));
const BEGUN: SystemTime = SystemTime::UNIX_EPOCH;

fn request(method: &str, user: &str, call: &str, seq: u32, contact: Option<&str>) -> SipMessage {
    let contact = contact.map_or_else(String::new, |contact| {
        format!("Contact: <sip:{contact}@10.0.0.5>\r\n")
    });
    let text = format!(
        "{method} sip:{user}@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{seq}\r\n\
         From: <sip:101@pbx>;tag=a\r\nTo: <sip:200@pbx>\r\nCall-ID: {call}\r\n\
         CSeq: {seq} {method}\r\n{contact}Content-Length: 0\r\n\r\n"
    );
    SipMessage::Request(Request::try_from(text.as_str()).expect("a request"))
}

fn response(code: u16, method: &str, call: &str, seq: u32) -> SipMessage {
    let text = format!(
        "SIP/2.0 {code} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{seq}\r\n\
         From: <sip:101@pbx>;tag=a\r\nTo: <sip:200@pbx>;tag=b\r\nCall-ID: {call}\r\n\
         CSeq: {seq} {method}\r\nContent-Length: 0\r\n\r\n"
    );
    SipMessage::Response(Response::try_from(text.as_str()).expect("a response"))
}

struct Scene {
    book: Book,
    now: SystemTime,
}

impl Scene {
    fn new() -> Self {
        Self {
            book: Book::default(),
            now: BEGUN,
        }
    }

    fn take(&mut self, message: &SipMessage, outgoing: bool) {
        self.now += Duration::from_millis(10);
        let text = message.to_string();
        self.book.take(self.now, message, &text, outgoing, |user| {
            (user == "token").then_some(LINE)
        });
    }

    fn heads(&self) -> Vec<super::TraceHead> {
        let ids = self.book.lines.get(&LINE).into_iter().flatten();
        ids.filter_map(|id| Some(self.book.dialogs.get(id)?.head.clone()))
            .collect()
    }
}

#[test]
fn a_call_is_kept_with_its_answer_and_who_called() {
    let mut scene = Scene::new();
    scene.take(&request("INVITE", "token", "c", 1, None), false);
    for code in [100, 180, 200] {
        scene.take(&response(code, "INVITE", "c", 1), true);
    }
    scene.take(&request("ACK", "token", "c", 1, None), false);
    scene.take(&request("BYE", "token", "c", 2, None), false);
    scene.take(&response(200, "BYE", "c", 2), true);
    let heads = scene.heads();
    let [head] = heads.as_slice() else {
        panic!("one call: {heads:?}")
    };
    assert_eq!(head.subject, TraceSubject::Incoming);
    assert_eq!(head.party.as_deref(), Some("101"));
    assert_eq!(head.outcome.as_deref(), Some("200 OK"));
    assert_eq!(head.messages, 7);
    let messages = &scene.book.dialogs[&head.id].messages;
    let labels: Vec<_> = messages.iter().map(|m| (m.outgoing, &*m.label)).collect();
    assert_eq!(labels[0], (false, "INVITE"));
    assert_eq!(labels[2], (true, "180 Ringing"));
}

#[test]
fn strangers_leave_nothing_behind() {
    let mut scene = Scene::new();
    scene.take(&request("INVITE", "100", "c", 1, Some("100")), false);
    scene.take(&response(404, "INVITE", "c", 1), true);
    scene.take(&request("OPTIONS", "token", "o", 1, None), false);
    assert!(scene.book.dialogs.is_empty() && scene.book.calls.is_empty());
}

#[test]
fn each_registration_stands_alone_and_questions_are_left_out() {
    let mut scene = Scene::new();
    for seq in [1, 20] {
        scene.take(&request("REGISTER", "", "r", seq, Some("token")), true);
        scene.take(&response(401, "REGISTER", "r", seq), false);
        scene.take(&request("REGISTER", "", "r", seq + 1, Some("token")), true);
        scene.take(&response(200, "REGISTER", "r", seq + 1), false);
        for question in seq + 2..seq + 10 {
            scene.now += Duration::from_secs(3);
            scene.take(&request("REGISTER", "", "r", question, None), true);
            scene.take(&response(200, "REGISTER", "r", question), false);
        }
    }
    let heads = scene.heads();
    assert_eq!(heads.len(), 2);
    for head in heads {
        assert_eq!(head.subject, TraceSubject::Registration);
        assert_eq!(
            (head.messages, head.outcome.as_deref()),
            (4, Some("200 OK"))
        );
    }
}

#[test]
fn what_is_kept_is_bounded_and_forgotten_whole() {
    let mut scene = Scene::new();
    for n in 0..50 {
        scene.take(
            &request("INVITE", "token", &format!("c{n}"), 1, None),
            false,
        );
        scene.now += Duration::from_secs(60);
        scene.take(&request("REGISTER", "", "r", n, Some("token")), true);
    }
    let subjects: Vec<_> = scene.heads().iter().map(|head| head.subject).collect();
    let calls = subjects.iter().filter(|s| **s == TraceSubject::Incoming);
    assert_eq!(calls.count(), CALLS_MAX);
    assert_eq!(subjects.len(), CALLS_MAX + REGISTRATIONS_MAX);
    for _ in 0..2 * MESSAGES_MAX {
        scene.take(&request("INFO", "token", "c49", 2, None), false);
    }
    let head = scene.heads().into_iter().max_by_key(|head| head.messages);
    let head = head.expect("the long call");
    assert_eq!(head.messages, 2 * MESSAGES_MAX + 1);
    assert_eq!(scene.book.dialogs[&head.id].messages.len(), MESSAGES_MAX);
    let kept: Vec<_> = scene.book.dialogs.keys().copied().collect();
    for id in kept {
        scene.book.forget(id);
    }
    assert!(scene.book.bytes == 0 && scene.book.calls.is_empty() && scene.book.lines.is_empty());
}

/// A socket behind the border, and a PBX's.
async fn sockets(known: Known) -> (Traces, Guarded, UdpSocket) {
    let here = (IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let traces = Traces::new(known.clone());
    let told = Refused {
        traces: traces.clone(),
        ..Refused::default()
    };
    let own = UdpSocket::bind(here).await.expect("a socket");
    let at = own.local_addr().expect("its address");
    let guarded = Guarded::new(own, Arc::new(Border::new(known)), told);
    let pbx = UdpSocket::bind(here).await.expect("a socket");
    pbx.connect(at).await.expect("connected");
    (traces, guarded, pbx)
}

/// What a PBX sends that asks for what nobody here can, and our answer.
async fn refused(known: Known) -> Traces {
    let (traces, guarded, pbx) = sockets(known).await;
    let invite = "INVITE sip:token@h SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
         Max-Forwards: 70\r\nf: \"Anna\" <sip:101@pbx>;tag=a\r\nt: <sip:200@pbx>\r\ni: c\r\n\
         CSeq: 1 INVITE\r\nRequire: answermode\r\n\
         Authorization: Digest username=\"200\", response=\"SECRET\"\r\nContent-Length: 0\r\n\r\n";
    pbx.send(invite.as_bytes()).await.expect("sent");
    let (mut ours, mut theirs) = ([0; 2048], [0; 2048]);
    tokio::select! {
        passed = guarded.recv_from(&mut ours) => panic!("refused: {passed:?}"),
        answered = pbx.recv_from(&mut theirs) => { answered.expect("an answer"); }
    }
    traces
}

#[tokio::test]
async fn a_call_that_the_border_refuses_is_kept_as_it_came_with_the_answer() {
    let known = Known::default();
    known.peers.add(Ipv4Addr::LOCALHOST.into());
    lock(&known.contacts).insert("token".into(), LINE);
    let traces = refused(known).await;
    let heads = traces.of_line(LINE);
    let [head] = heads.as_slice() else {
        panic!("one call: {heads:?}")
    };
    assert_eq!(head.subject, TraceSubject::Incoming);
    assert_eq!(head.party.as_deref(), Some("101"));
    assert_eq!(head.outcome.as_deref(), Some("420 Bad Extension"));
    let messages = traces.messages(LINE, head.id);
    let labels: Vec<_> = messages.iter().map(|m| (m.outgoing, &*m.label)).collect();
    assert_eq!(labels, [(false, "INVITE"), (true, "420 Bad Extension")]);
    let text = &messages[0].text;
    assert!(
        text.contains("\nf: \"Anna\" <sip:101@pbx>;tag=a\n"),
        "{text}"
    );
    assert!(text.contains("Require: answermode") && !text.contains("SECRET"));
    assert!(messages[1].text.contains("Unsupported: answermode"));
}

#[tokio::test]
async fn what_strangers_send_to_a_line_and_is_refused_is_not_kept() {
    let known = Known::default();
    lock(&known.contacts).insert("token".into(), LINE);
    assert!(refused(known).await.of_line(LINE).is_empty());
}

#[tokio::test]
async fn a_message_that_is_mended_is_kept_as_it_came() {
    let known = Known::default();
    known.peers.add(Ipv4Addr::LOCALHOST.into());
    lock(&known.contacts).insert("token".into(), LINE);
    let (traces, guarded, pbx) = sockets(known).await;
    // It tells no length.
    let invite = "INVITE sip:token@h SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
         Max-Forwards: 70\r\nf : Anna <sip:101@pbx>;tag=a\r\nt: <sip:200@pbx>\r\ni: c\r\n\
         CSeq: 1 INVITE\r\nm: <sip:101@pbx>\r\n\r\n";
    for _ in 0..2 {
        pbx.send(invite.as_bytes()).await.expect("sent");
        let mut room = [0; 2048];
        let (length, _) = guarded.recv_from(&mut room).await.expect("passed");
        let passed = SipMessage::try_from(&room[..length]).expect("a message");
        assert!(passed.to_string().contains("Content-Length"));
        traces.take(&passed, false);
    }
    let heads = traces.of_line(LINE);
    let messages = traces.messages(LINE, heads[0].id);
    assert_eq!(messages.len(), 2);
    for message in messages {
        assert_eq!(message.text, invite.replace("\r\n", "\n").trim_end());
    }
}
