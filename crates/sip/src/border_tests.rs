use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use model::id::LineId;

use super::{Border, Drop, Verdict};
use crate::known::Known;
use crate::socket::lock;

const PBX: [u8; 4] = [192, 0, 2, 1];
const STRANGER: [u8; 4] = [192, 0, 2, 2];

/// What a line's PBX may send to its contact `b`, and what comes of it.
fn inspect(datagram: &[u8]) -> Verdict<'_> {
    let known = Known::default();
    known.peers.add(IpAddr::from(PBX));
    lock(&known.contacts).insert("b".into(), LineId(uuid::Uuid::from_u128(1)));
    judge(&Border::new(known), Instant::now(), PBX, datagram)
}

fn judge<'a>(border: &Border, now: Instant, from: [u8; 4], datagram: &'a [u8]) -> Verdict<'a> {
    border.judge(now, SocketAddr::from((from, 5060)), datagram)
}

const HEAD: &str = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\n\
    Call-ID: c\r\nCSeq: 1 INVITE\r\n";

fn invite(head: &str, rest: &str) -> Vec<u8> {
    format!("INVITE sip:b@h SIP/2.0\r\n{head}{rest}").into_bytes()
}

fn answered(datagram: &[u8]) -> String {
    match inspect(datagram) {
        Verdict::Answer(answer) => String::from_utf8(answer).expect("text"),
        other => panic!("{other:?}"),
    }
}

fn passed(datagram: &[u8]) -> String {
    match inspect(datagram) {
        Verdict::Pass(Cow::Owned(mended)) => String::from_utf8(mended).expect("text"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sound_message_goes_through_untouched() {
    let datagram = invite(HEAD, "Content-Length: 4\r\n\r\nv=0\n");
    assert_eq!(inspect(&datagram), Verdict::Pass(Cow::Borrowed(&datagram)));
    assert_eq!(
        inspect(b"\r\n\r\n"),
        Verdict::Pass(Cow::Borrowed(b"\r\n\r\n"))
    );
    let response = format!("SIP/2.0 200 OK\r\n{HEAD}l: 0\r\n\r\n");
    assert_eq!(
        inspect(response.as_bytes()),
        Verdict::Pass(Cow::Borrowed(response.as_bytes()))
    );
}

#[test]
fn a_body_without_a_length_gets_one() {
    let mended = passed(&invite(HEAD, "\r\nv=0\r\n"));
    assert!(
        mended.ends_with("Content-Length: 5\r\n\r\nv=0\r\n"),
        "{mended}"
    );
}

#[test]
fn letters_of_another_alphabet_lose_no_header() {
    let mut datagram = invite("Subject: ", "");
    datagram.extend_from_slice(b"\xcf\xf0\xe8\xe2\xe5\xf2\r\n");
    datagram.extend_from_slice(format!("{HEAD}Content-Length: 0\r\n\r\n").as_bytes());
    let mended = passed(&datagram);
    assert!(mended.contains("CSeq: 1 INVITE\r\n"), "{mended}");
}

#[test]
fn brackets_in_a_name_do_not_hide_the_address() {
    let head = HEAD.replace("From: ", "From: \"<a> \\\"<\" ");
    let mended = passed(&invite(&head, "Content-Length: 0\r\n\r\n"));
    assert!(
        mended.contains("From: \"(a) \\\"(\" <sip:a@h>;tag=1\r\n"),
        "{mended}"
    );
}

#[test]
fn a_request_that_is_wrong_gets_its_code() {
    let end = "Content-Length: 0\r\n\r\n";
    for (first, cseq, code) in [
        ("INVITE sip:b@h SIP/7.0", "1 INVITE", "505 "),
        ("INVITE sip:b@h HTTP/1.1", "1 INVITE", "400 "),
        ("INVITE  sip:b@h SIP/2.0", "1 INVITE", "400 "),
        ("INVITE sip:b@h", "1 INVITE", "400 "),
        ("NEWMETHOD sip:b@h SIP/2.0", "1 NEWMETHOD", "501 "),
        ("INVITE nobody:b@h SIP/2.0", "1 INVITE", "416 "),
        ("INVITE <sip:b@h> SIP/2.0", "1 INVITE", "400 "),
        ("OPTIONS sip:b@h SIP/2.0", "1 INVITE", "400 "),
        ("OPTIONS sip:b@h?x=y SIP/2.0", "1 OPTIONS", "400 "),
        ("OPTIONS sip:b@2001:db8::1 SIP/2.0", "1 OPTIONS", "400 "),
        ("options sip:b@h SIP/2.0", "1 options", "501 "),
        ("(x) sip:b@h SIP/2.0", "1 (x)", "400 "),
        ("REGISTER sip:h SIP/2.0", "1 REGISTER", "405 "),
        (
            "INVITE sip:b@h SIP/2.0",
            "36893488147419103232 INVITE",
            "400 ",
        ),
        ("INVITE sip:b@h SIP/2.0", "x", "400 "),
    ] {
        let head = HEAD.replace("1 INVITE", cseq);
        let answer = answered(format!("{first}\r\n{head}{end}").as_bytes());
        assert!(
            answer.starts_with(&format!("SIP/2.0 {code}")),
            "{first} {cseq}: {answer}"
        );
        assert!(
            answer.contains("branch=z9hG4bK1") && answer.contains("Call-ID: c\r\n"),
            "{answer}"
        );
    }
    for length in ["99999999999999999999999", "-3", "10"] {
        let answer = answered(&invite(
            HEAD,
            &format!("Content-Length: {length}\r\n\r\nv=0"),
        ));
        assert!(answer.starts_with("SIP/2.0 400"), "{length}");
    }
}

#[test]
fn what_is_no_message_vanishes() {
    let lines = format!(
        "{}{}\r\n",
        String::from_utf8_lossy(&invite(HEAD, "")),
        "X: y\r\n".repeat(300)
    );
    for datagram in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        b"hello".to_vec(),
        format!("ACK sip:b@h SIP/3.0\r\n{HEAD}\r\n").into_bytes(),
        b"INVITE sip:b@h SIP/2.0\r\n folded: first\r\n\r\n".to_vec(),
        b"INVITE sip:b@h SIP/2.0\r\nVia: \r\nFrom: <sip:a@h>;tag=1\r\n\r\n".to_vec(),
        format!("SIP/2.0 99 x\r\n{HEAD}\r\n").into_bytes(),
        format!("SIP/2.0 200 x\r\n{HEAD}Via: SIP/2.0/UDP i\r\n\r\n").into_bytes(),
        lines.into_bytes(),
        vec![0xff; 500],
    ] {
        assert_eq!(inspect(&datagram), Verdict::Drop(Drop::Malformed));
    }
}

#[test]
fn a_message_that_ends_with_its_head_is_whole() {
    let datagram = invite(HEAD, "Content-Length: 0");
    assert!(passed(&datagram).ends_with("Content-Length: 0\r\n\r\n"));
    let answer = answered(&invite(HEAD, "Content-Length: 5"));
    assert!(answer.starts_with("SIP/2.0 400"), "{answer}");
}

#[test]
fn an_answer_finds_its_way_back_and_is_the_same_each_time() {
    let head = HEAD.replace("branch=z9hG4bK1", "rport;branch=z9hG4bK1");
    let request = format!("INVITE sip:b@h SIP/3.0\r\n{head}Content-Length: 0\r\n\r\n");
    let answer = answered(request.as_bytes());
    assert!(
        answer.contains("Via: SIP/2.0/UDP h;branch=z9hG4bK1;rport=5060;received=192.0.2.1\r\n"),
        "{answer}"
    );
    assert!(answer.contains("To: <sip:b@h>;tag="), "{answer}");
    assert!(answer.contains("From: <sip:a@h>;tag=1\r\n"), "{answer}");
    assert_eq!(answered(request.as_bytes()), answer);
}

#[test]
fn what_an_invitation_brings_and_takes_is_a_session_description() {
    for (headers, status) in [
        ("Content-Type: text/plain\r\n", "415"),
        ("c: application/sdp\r\nContent-Encoding: gzip\r\n", "415"),
        (
            "c: application/sdp\r\nAccept: text/plain, x/y;q=1\r\n",
            "406",
        ),
        ("Require: timer, precondition\r\n", "420"),
    ] {
        let end = format!("{headers}Content-Length: 4\r\n\r\nv=0\n");
        let answer = answered(&invite(HEAD, &end));
        assert!(
            answer.starts_with(&format!("SIP/2.0 {status} ")),
            "{answer}"
        );
    }
    for headers in [
        "Content-Type: Application/SDP;x=y\r\nAccept: text/plain, application/*\r\n",
        "Accept: \r\nRequire: timer, 100rel\r\n",
        "Content-Encoding: identity\r\n",
    ] {
        let datagram = invite(HEAD, &format!("{headers}Content-Length: 4\r\n\r\nv=0\n"));
        assert_eq!(inspect(&datagram), Verdict::Pass(Cow::Borrowed(&datagram)));
    }
}

#[test]
fn whoever_knows_a_contact_or_a_dialog_is_no_stranger() {
    let known = Known::default();
    lock(&known.contacts).insert("b;1".into(), LineId(uuid::Uuid::from_u128(1)));
    let (requests, _requests) = tokio::sync::mpsc::unbounded_channel();
    lock(&known.dialogs).insert(("c".into(), "2".into()), requests);
    let (border, now) = (Border::new(known), Instant::now());
    let request = |user: &str, to: &str| {
        let head = HEAD.replace("<sip:b@h>", &format!("<sip:b@h>{to}"));
        format!("INVITE sip:{user}@h SIP/2.0\r\n{head}Content-Length: 0\r\n\r\n")
    };
    for (user, to, passes) in [
        ("b%3B1", "", true),
        ("b;1:password", "", true),
        ("x", ";tag=2", true),
        ("x", ";tag=3", false),
        ("B;1", "", false),
    ] {
        let datagram = request(user, to).into_bytes();
        let verdict = judge(&border, now, STRANGER, &datagram);
        assert_eq!(matches!(verdict, Verdict::Pass(_)), passes, "{user} {to}");
    }
}

/// What a PBX hears that asks for nobody in particular.
fn unnamed(method: &str, uri: &str, to: &str) -> Verdict<'static> {
    let known = Known::default();
    known.peers.add(IpAddr::from(PBX));
    let head = HEAD
        .replace("1 INVITE", &format!("1 {method}"))
        .replace("<sip:b@h>", &format!("<sip:b@h>{to}"));
    let text = format!("{method} {uri} SIP/2.0\r\n{head}Content-Length: 0\r\n\r\n");
    match judge(&Border::new(known), Instant::now(), PBX, text.as_bytes()) {
        Verdict::Pass(_) => Verdict::Pass(Cow::Borrowed(b"")),
        Verdict::Answer(answer) => Verdict::Answer(answer),
        Verdict::Drop(reason) => Verdict::Drop(reason),
    }
}

#[test]
fn a_pbx_that_asks_for_nobody_here_costs_the_stack_nothing() {
    for (method, uri, to, code) in [
        ("INVITE", "sip:100@h", "", "404"),
        ("INVITE", "sip:100@h", ";tag=1", "481"),
        ("INVITE", "sip:h", "", "404"),
        ("OPTIONS", "sip:100@h", "", "404"),
        ("NOTIFY", "sip:100@h", "", "404"),
        ("OPTIONS", "sip:h", ";tag=1", "481"),
        ("BYE", "sip:100@h", ";tag=1", "481"),
        ("UPDATE", "sip:100@h", "", "481"),
        ("REGISTER", "sip:h", "", "405"),
    ] {
        let Verdict::Answer(answer) = unnamed(method, uri, to) else {
            panic!("{method} {uri}");
        };
        assert_eq!(&answer[8..11], code.as_bytes(), "{method} {uri}");
    }
    for method in ["ACK", "CANCEL"] {
        let verdict = unnamed(method, "sip:100@h", "");
        assert!(matches!(verdict, Verdict::Pass(_)), "{method}");
    }
}

#[test]
fn a_pbx_that_asks_whether_the_service_is_there_hears_that_it_is() {
    for method in ["OPTIONS", "NOTIFY"] {
        let Verdict::Answer(answer) = unnamed(method, "sip:h", "") else {
            panic!("{method}");
        };
        let answer = String::from_utf8(answer).expect("text");
        assert!(answer.starts_with("SIP/2.0 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\nAllow: INVITE, ACK"), "{answer}");
        assert!(answer.contains("To: <sip:b@h>;tag="), "{answer}");
    }
}

#[test]
fn a_flood_under_the_address_of_a_pbx_is_answered_seldom() {
    let known = Known::default();
    known.peers.add(IpAddr::from(PBX));
    let (border, mut now) = (Border::new(known), Instant::now());
    let mut answers = 0;
    for n in 0..15_000 {
        now += Duration::from_micros(200);
        let head = HEAD.replace("Call-ID: c", &format!("Call-ID: {n}"));
        let text = format!("INVITE sip:{n}@h SIP/2.0\r\n{head}Content-Length: 0\r\n\r\n");
        match judge(&border, now, PBX, text.as_bytes()) {
            Verdict::Answer(_) => answers += 1,
            Verdict::Drop(Drop::Stranger) => {}
            other => panic!("{other:?}"),
        }
    }
    // 500 at once, and 50 a second for three seconds.
    assert!((600..700).contains(&answers), "{answers}");
}

#[test]
fn a_scan_is_answered_a_few_times_and_then_finds_nobody() {
    let (border, mut now) = (Border::default(), Instant::now());
    let scan = |now, n: u32, method: &str| {
        let head = HEAD.replace("1 INVITE", &format!("{n} {method}"));
        let text = format!("{method} sip:{n}@h SIP/2.0\r\n{head}Content-Length: 0\r\n\r\n");
        match judge(&border, now, STRANGER, text.as_bytes()) {
            Verdict::Answer(answer) => Some(String::from_utf8_lossy(&answer)[8..11].to_owned()),
            Verdict::Drop(Drop::Stranger) => None,
            other => panic!("{other:?}"),
        }
    };
    let answers: Vec<_> = ["INVITE", "OPTIONS", "REGISTER", "BYE", "SUBSCRIBE", "X"]
        .iter()
        .map(|method| scan(now, 1, method))
        .collect();
    let codes = ["404", "404", "405", "481", "405", "501"];
    assert_eq!(answers, codes.map(|code| Some(code.to_owned())));
    let more = (0..100).filter(|n| scan(now, *n, "REGISTER").is_some());
    assert_eq!(more.count(), 4, "ten answers in all");
    now += Duration::from_secs(1);
    assert_eq!(scan(now, 1, "OPTIONS").as_deref(), Some("404"));
    assert_eq!(scan(now, 1, "ACK"), None);
}

#[test]
fn a_challenge_counts_only_from_a_pbx_where_its_request_went() {
    const OTHER: [u8; 4] = [192, 0, 2, 3];
    let known = Known::default();
    for ip in [PBX, OTHER] {
        known.peers.add(IpAddr::from(ip));
    }
    let (border, now) = (Border::new(known), Instant::now());
    let judged = |asked: [u8; 4], from, code: u16| {
        let branch = crate::mark::marked("z9hG4bK1", IpAddr::from(asked));
        let head = HEAD.replace("z9hG4bK1", &branch);
        let text = format!("SIP/2.0 {code} x\r\n{head}Content-Length: 0\r\n\r\n");
        match judge(&border, now, from, text.as_bytes()) {
            Verdict::Pass(_) => None,
            Verdict::Drop(reason) => Some(reason),
            other => panic!("{other:?}"),
        }
    };
    for code in [401, 407] {
        assert_eq!(judged(PBX, PBX, code), None);
        assert_eq!(judged(PBX, OTHER, code), Some(Drop::Stranger));
        // We hung up on a stranger's call.
        assert_eq!(judged(STRANGER, STRANGER, code), Some(Drop::Stranger));
    }
    // Others may come from another of the PBX's addresses.
    assert_eq!(judged(PBX, STRANGER, 200), None);
}
