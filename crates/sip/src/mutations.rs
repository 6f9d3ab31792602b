//! Whatever comes from outside, changed at random a hundred thousand times:
//! nothing panics, nothing takes long. The seed is fixed, so that a failure
//! comes again; its number tells which input it was.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Codec, Direction};
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use rsipstack::sip::{Headers, SipMessage};

use crate::border::{Border, Verdict};
use crate::digest::{Challenge, Guarded, Login};
use crate::known::Known;
use crate::sdp::{Local, Remote};
use crate::{identity, wire};

/// Optimized, they take some seconds.
const INPUTS: u64 = if cfg!(debug_assertions) {
    5_000
} else {
    100_000
};
/// What no input may cost: a hundred times what the most costly one takes where
/// nothing else runs, so that a busy machine fails nobody.
const AT_MOST: Duration = Duration::from_millis(100);
/// What a datagram can hold.
const SIZE_MAX: usize = 8192;

const SDP: &[u8] = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1/127\r\nt=0 0\r\n\
    a=inactive\r\nm=audio 46000/2 RTP/AVP 8 0 101 102\r\nc=IN IP6 2001:db8::1\r\n\
    a=rtpmap:8 PCMA/8000/1\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n\
    a=sendonly\r\nm=video 0 RTP/AVP 31\r\nm=audio 4 RTP/SAVP 0\r\na=crypto:1 x inline:y\r\n";
const CHALLENGE: &[u8] = b"Basic realm=\"x\", Digest realm=\"r, \\\"one\\\"\", nonce=\"n1\", \
    algorithm=MD5-sess, opaque=\"o\", stale=true, Digest realm=r, nonce=\"n2\", \
    algorithm=SHA-256, qop=\"auth,auth-int\", Digest realm=\"r\", nonce=\"\xd0\xb0\", algorithm=X";
const CHALLENGED: &[u8] = b"SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;\
    branch=z9hG4bK1;rport=62000;received=[2001:db8::1]\r\nFrom: <sip:200@h>;tag=1\r\n\
    To: <sip:200@h>;tag=2\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@h>;expires=60\r\n\
    WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";
const CALL: &[u8] = b"INVITE sip:line@192.0.2.1 SIP/2.0\r\n\
    Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\n\
    From: \"Bell, \\\"A\\\" <1>\" <sip:+79261234567;x=y:secret@pbx:5060;user=phone>;tag=1\r\n\
    To: <sip:line@192.0.2.1>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:pbx@192.0.2.2>\r\n\
    P-Asserted-Identity: \"Ivan, P\" <sip:alice%40corp@pbx>, <tel:+7-926-123-45-67;ext=1>\r\n\
    Remote-Party-ID: \"R\" <sip:222@pbx>;party=calling;privacy=off\r\nPrivacy: id;critical\r\n\
    Diversion: <sip:200@pbx>;reason=cfu, \"x\" <sip:74950000001@pbx>;reason=no-answer\r\n\
    History-Info: <sip:1@pbx?Reason=SIP%3Bcause%3D302>;index=1, <sip:2@pbx>;index=1.1\r\n\
    Session-Expires: 1800;refresher=uac\r\nContent-Type: application/sdp\r\n\
    Content-Length: 40\r\n\r\nv=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 0\r\n";

/// What to begin from.
fn seeds() -> Vec<Vec<u8>> {
    let folder = format!("{}/tests/torture", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["rfc4475", "rfc5118"]
        .iter()
        .flat_map(|rfc| std::fs::read_dir(format!("{folder}/{rfc}")).expect("the messages"))
        .map(|entry| entry.expect("a message").path())
        .collect();
    paths.sort();
    let mut seeds: Vec<_> = [SDP, CHALLENGE, CHALLENGED, CALL]
        .map(<[u8]>::to_vec)
        .into();
    seeds.extend(
        paths
            .iter()
            .map(|path| std::fs::read(path).expect("a message")),
    );
    assert_eq!(seeds.len(), 4 + 49 + 12, "no message is forgotten");
    seeds
}

/// Bytes at which parsers turn.
const MARKS: &[u8] = b"\r\n \t\"\\<>;,:=@?%[]/&*.-0159\0\xff\xd0\xf0";
/// Words at which they turn.
const WORDS: [&[u8]; 16] = [
    b"\r\n\r\n",
    b"\r\n ",
    b"SIP/2.0",
    b"sip:",
    b"tel:",
    b";tag=",
    b"%00",
    b"%",
    b"\"",
    b"Content-Length: ",
    b"99999999999999999999",
    b"-1",
    b"m=audio 1 RTP/AVP 0\r\n",
    b"a=rtpmap:",
    b"Digest ",
    "\u{10ffff}\u{301}".as_bytes(),
];

fn mutate(random: &mut SmallRng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut text = seeds[random.random_range(0..seeds.len())].clone();
    for _ in 0..random.random_range(1..=8) {
        let at = random.random_range(0..=text.len());
        let end = (at + random.random_range(0..=64)).min(text.len());
        match random.random_range(0..9) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..end)),
            2 => text.insert(at, MARKS[random.random_range(0..MARKS.len())]),
            3 => text.insert(at, random.random()),
            4 if at < text.len() => text[at] = MARKS[random.random_range(0..MARKS.len())],
            5 if at < text.len() => text[at] ^= 1 << random.random_range(0..8),
            6 => {
                let word = WORDS[random.random_range(0..WORDS.len())];
                text.splice(at..at, word.iter().copied());
            }
            7 => {
                // The same again and again: what is quadratic shows.
                let piece = text[at..end].to_vec();
                let times = random.random_range(1..=400);
                text.splice(at..at, piece.repeat(times));
            }
            _ => {
                let other = &seeds[random.random_range(0..seeds.len())];
                let from = random.random_range(0..=other.len());
                text.truncate(at);
                text.extend_from_slice(&other[from..]);
            }
        }
    }
    text.truncate(SIZE_MAX);
    text
}

/// Everything that reads what comes from outside.
fn read(border: &Border, at: Instant, input: &[u8]) {
    let source = SocketAddr::from(([192, 0, 2, 2], 5060));
    if let Verdict::Pass(passed) = border.judge(at, source, input)
        && let Ok(message) = SipMessage::try_from(passed.as_ref())
    {
        let headers = match &message {
            SipMessage::Request(request) => &request.headers,
            SipMessage::Response(response) => {
                let _ = wire::challenges(response);
                let _ = wire::seen_as(response, source);
                &response.headers
            }
        };
        identify(headers);
    }
    let text = String::from_utf8_lossy(input);
    describe(input);
    challenge(&text);
    // The whole input as one header's value.
    let names = [
        "From",
        "P-Asserted-Identity",
        "Remote-Party-ID",
        "Diversion",
    ];
    let value = || text.clone().into_owned();
    let headers = names.map(|name| rsipstack::sip::headers::make_header(name, value()));
    identify(&Headers::from(headers.to_vec()));
}

fn describe(input: &[u8]) {
    let local = AudioStream {
        address: SocketAddr::from(([127, 0, 0, 1], 4000)),
        formats: Codec::ALL.map(Into::into).to_vec(),
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    };
    if let Ok(remote) = Remote::parse(input)
        && let Ok(answer) = Local::new(1, [0; 30], false).answer(&remote, &local)
    {
        assert!(Remote::parse(answer.as_bytes()).is_ok(), "{answer}");
    }
}

fn challenge(text: &str) {
    let challenges = Challenge::parse(text, false);
    assert!(challenges.len() <= 16);
    if let Some(challenge) = Challenge::strongest(challenges) {
        let login = Login {
            user: "200",
            password: "secret",
        };
        let request = Guarded {
            method: "REGISTER",
            uri: "sip:h",
            body: b"",
            cnonce: "c",
            count: 1,
        };
        let answer = challenge.answer(&login, &request);
        assert!(!answer.contains("secret"));
    }
}

fn identify(headers: &Headers) {
    let caller = identity::caller(headers);
    let dialled = identity::dialled(headers);
    for text in [caller.number, caller.name, dialled].into_iter().flatten() {
        assert!(text.chars().count() <= 128 && !text.contains(char::is_control));
    }
    for header in headers.iter() {
        let _ = wire::parse_uri(header.value());
        let _ = wire::tag(header.value());
    }
}

#[test]
fn no_input_panics_or_takes_long() {
    let known = Known::default();
    known.peers.add(IpAddr::from([192, 0, 2, 2]));
    let (border, seeds) = (Border::new(known), seeds());
    let mut random = SmallRng::seed_from_u64(2026);
    // Slow enough for the border never to say that it is too many.
    let mut at = Instant::now();
    let (mut passed, mut longest) = (0, (Duration::ZERO, 0));
    for number in 0..INPUTS {
        let input = mutate(&mut random, &seeds);
        at += Duration::from_millis(1);
        let begun = Instant::now();
        let went = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            read(&border, at, &input);
        }));
        let mut took = begun.elapsed();
        assert!(went.is_ok(), "input {number}: {}", input.escape_ascii());
        if took > AT_MOST {
            // Where another program had the processor, it was not the input.
            let begun = Instant::now();
            read(&border, at, &input);
            took = took.min(begun.elapsed());
        }
        assert!(took <= AT_MOST, "input {number} took {took:?}");
        longest = longest.max((took, number));
        let source = SocketAddr::from(([192, 0, 2, 2], 5060));
        passed += u64::from(matches!(border.judge(at, source, &input), Verdict::Pass(_)));
    }
    println!("{passed} of {INPUTS} pass the border; the longest took {longest:?}");
    // Changes that left nothing to read would prove nothing.
    assert!(passed > INPUTS / 20, "{passed}");
}

#[test]
fn no_message_of_any_size_takes_long() {
    let (border, at) = (Border::default(), Instant::now());
    let head = "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
    for piece in [
        "\"",
        "\\",
        "<",
        ">",
        ";",
        ",",
        "%",
        "%4",
        "@",
        ":",
        "[",
        "=",
        "\r\n ",
        " ",
        "a,b;",
        "\"\\\"",
        "X: y\r\n",
        "From: \"<\r\n",
        "\u{301}",
    ] {
        for start in [
            "From: ",
            "Via: SIP/2.0/UDP h;",
            "Contact: ",
            "To: \"",
            "CSeq: 1",
            "X",
        ] {
            let many = piece.repeat(60_000 / piece.len());
            for text in [
                format!("{head}{start}{many}\r\n\r\n"),
                format!("v=0\r\nm=audio 1 RTP/AVP {many}"),
                format!("Digest {start}{many}"),
            ] {
                // Where another program had the processor, it was not the input.
                let took = (0..3).map(|_| {
                    let begun = Instant::now();
                    read(&border, at, text.as_bytes());
                    begun.elapsed()
                });
                let quick = { took }.any(|took| took <= AT_MOST);
                assert!(quick, "{start} {piece:?} takes more than {AT_MOST:?}");
            }
        }
    }
}
