use std::borrow::Cow;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::{Drop, Sources, Verdict, inspect};

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
        invite("Via: x\r\n", "\r\n"),
        format!("ACK sip:b@h SIP/3.0\r\n{HEAD}\r\n").into_bytes(),
        b"INVITE sip:b@h SIP/2.0\r\n folded: first\r\n\r\n".to_vec(),
        lines.into_bytes(),
        vec![0xff; 500],
    ] {
        assert_eq!(inspect(&datagram), Verdict::Drop(Drop::Malformed));
    }
    assert_eq!(inspect(&[b'a'; 9000]), Verdict::Drop(Drop::TooLarge));
}

#[test]
fn a_flood_from_one_source_is_stopped_and_another_is_not() {
    let (mut sources, mut now) = (Sources::default(), Instant::now());
    let source = |n: u8| IpAddr::from([192, 0, 2, n]);
    let admitted = (0..1000)
        .filter(|_| sources.admit(now, source(1), false))
        .count();
    assert_eq!(admitted, 400);
    assert!(sources.admit(now, source(2), false));
    now += Duration::from_secs(1);
    let admitted = (0..1000)
        .filter(|_| sources.admit(now, source(1), false))
        .count();
    assert_eq!(admitted, 100);
    let admitted = (0..1000)
        .filter(|_| sources.admit(now, source(3), true))
        .count();
    assert_eq!(admitted, 1000, "a PBX may send more");
}

#[test]
fn the_sources_remembered_are_bounded() {
    let (mut sources, now) = (Sources::default(), Instant::now());
    for n in 0..120_000_u32 {
        assert!(sources.admit(now, IpAddr::V4(n.into()), false));
    }
    assert!(sources.buckets.len() <= super::SOURCES_MAX);
}
