//! What those get who are nobody's PBX: nothing worth having.

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::id::LineId;
use model::pbx::{Connection, Transport};
use sip::{Event, LegEnd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream, UdpSocket};

use common::by_hand::Pbx;
use common::flood::{Flood, Streams, resident};
use common::telephone::{Message, Telephone};
use common::{PATIENCE, Service, account, contact, line, stream};

#[tokio::test]
async fn only_the_lines_own_server_gets_an_answer_to_its_challenge() {
    let mut service = Service::start().await;
    let (pbx, rogue) = (Pbx::at([127, 0, 0, 1]).await, Pbx::at([127, 0, 0, 3]).await);
    let server = pbx.socket.local_addr().expect("an address");
    let mut seen = Vec::new();
    service
        .endpoint
        .connect(line(), contact(), account("200", server, Transport::Udp));
    let first = pbx.asked("REGISTER", &mut seen).await;
    assert_eq!(first.header("Authorization"), "");
    // Somebody who has seen the request answers before the PBX does.
    rogue.say(&first.challenge("rogue"), first.from).await;
    pbx.say(&first.challenge("own"), first.from).await;
    let second = pbx.asked("REGISTER", &mut seen).await;
    let answer = second.header("Authorization");
    assert!(answer.contains("nonce=\"own\""), "{answer}");
    let granted = second.response("200 OK", "Expires: 60\r\n");
    pbx.say(&granted, second.from).await;
    assert_eq!(
        service.settled().await,
        Connection::Registered { granted_s: 60 }
    );
    let mut buffer = [0; 2048];
    let heard = rogue.socket.try_recv(&mut buffer);
    assert!(heard.is_err(), "the other one was sent something");
}

#[tokio::test]
async fn a_registrar_that_is_never_content_gets_two_answers() {
    let mut service = Service::start().await;
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let server = pbx.socket.local_addr().expect("an address");
    let mut seen = Vec::new();
    service
        .endpoint
        .connect(line(), contact(), account("200", server, Transport::Udp));
    for (nonce, answered) in [("1", false), ("2", true), ("3", true)] {
        let asked = pbx.asked("REGISTER", &mut seen).await;
        assert_eq!(!asked.header("Authorization").is_empty(), answered);
        pbx.say(&asked.challenge(nonce), asked.from).await;
    }
    let connection = service.settled().await;
    assert!(
        matches!(connection, Connection::Failed { .. }),
        "{connection:?}"
    );
}

#[tokio::test]
async fn a_registrar_that_repeats_its_challenge_gets_one_answer() {
    let mut service = Service::start().await;
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let server = pbx.socket.local_addr().expect("an address");
    let mut seen = Vec::new();
    service
        .endpoint
        .connect(line(), contact(), account("200", server, Transport::Udp));
    for answered in [false, true] {
        let asked = pbx.asked("REGISTER", &mut seen).await;
        assert_eq!(!asked.header("Authorization").is_empty(), answered);
        pbx.say(&asked.challenge("same"), asked.from).await;
    }
    let connection = service.settled().await;
    assert!(
        matches!(connection, Connection::Failed { .. }),
        "{connection:?}"
    );
}

#[tokio::test]
async fn a_call_that_is_challenged_again_and_again_gets_two_answers() {
    let mut service = Service::start().await;
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let server = pbx.socket.local_addr().expect("an address");
    let (mut seen, line) = (Vec::new(), line());
    service
        .endpoint
        .connect(line, contact(), account("200", server, Transport::Udp));
    let asked = pbx.asked("REGISTER", &mut seen).await;
    let granted = asked.response("200 OK", "Expires: 60\r\n");
    pbx.say(&granted, asked.from).await;
    service.settled().await;
    let leg = service.endpoint.place(line, "101", stream());
    for (nonce, answered) in [("1", false), ("2", true), ("3", true)] {
        let asked = pbx.asked("INVITE", &mut seen).await;
        assert_eq!(!asked.header("Authorization").is_empty(), answered);
        pbx.say(&asked.challenge(nonce), asked.from).await;
    }
    let cause = LegEnd::Refused { code: 401 };
    assert_eq!(service.call_event().await, Event::Ended { leg, cause });
}

/// A line that is registered at the PBX; its contact.
async fn registered(service: &mut Service, line: LineId, pbx: &Pbx) -> String {
    let (token, account) = (contact(), account("200", pbx.address(), Transport::Udp));
    service.endpoint.connect(line, token.clone(), account);
    let asked = pbx.asked("REGISTER", &mut Vec::new()).await;
    let granted = asked.response("200 OK", "Expires: 3600\r\n");
    pbx.say(&granted, asked.from).await;
    service.settled().await;
    token
}

#[tokio::test]
async fn a_bye_that_is_challenged_again_answers_the_last_challenge_alone() {
    let mut service = Service::start().await;
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let line = line();
    registered(&mut service, line, &pbx).await;
    let leg = service.endpoint.place(line, "101", stream());
    let mut seen = Vec::new();
    let asked = pbx.asked("INVITE", &mut seen).await;
    let body = common::telephone::description("sendrecv");
    let described = format!(
        "Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = asked.response("200 OK", "");
    let answer = answer.replace("Content-Length: 0\r\n\r\n", &described);
    pbx.say(&answer, asked.from).await;
    let event = service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    service.endpoint.hang_up(leg);
    for (nonce, answered) in [
        ("1", None),
        ("2", Some("nonce=\"1\"")),
        ("3", Some("nonce=\"2\"")),
    ] {
        let asked = pbx.asked("BYE", &mut seen).await;
        let times = asked.text.matches("\r\nAuthorization: ").count();
        assert_eq!(times, usize::from(answered.is_some()), "{}", asked.text);
        let answer = asked.header("Authorization");
        assert!(answer.contains(answered.unwrap_or_default()), "{answer}");
        pbx.say(&asked.challenge(nonce), asked.from).await;
    }
    service.call_event().await;
}

#[tokio::test]
async fn another_pbx_that_calls_the_contact_gets_no_login() {
    let mut service = Service::start().await;
    let to = service.endpoint.address();
    let (own, other) = (Pbx::at([127, 0, 0, 1]).await, Pbx::at([127, 0, 0, 3]).await);
    let token = registered(&mut service, line(), &own).await;
    registered(&mut service, line(), &other).await;
    let mut caller = Telephone::new([127, 0, 0, 3], to, &token, "<sip:1@pbx>").await;
    caller.invite().await;
    let event = service.call_event().await;
    let Event::Incoming { leg, .. } = event else {
        panic!("{event:?}");
    };
    service.endpoint.answer(leg, stream());
    let answer = caller.response("INVITE").await;
    caller.ack(&answer, "").await;
    service.endpoint.hang_up(leg);
    let bye = caller.request_of("BYE").await;
    let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\"\r\n";
    caller.reply(&bye, 401, challenge, "").await;
    let over = async {
        while service.endpoint.legs() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let over = tokio::time::timeout(PATIENCE, over).await;
    over.expect("the call is over");
    let login = |message: &Message| !message.header("authorization").is_empty();
    let waiting = caller.waiting();
    assert!(!waiting.iter().any(login), "{waiting:?}");
}

#[tokio::test]
async fn a_scan_is_answered_a_few_times_and_a_call_comes_through_it() {
    let mut service = Service::start().await;
    let (to, token) = (service.endpoint.address(), contact());
    let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let pbx = account("200", silent.local_addr().expect("address"), Transport::Udp);
    service.endpoint.connect(line(), token.clone(), pbx);
    let scanner = UdpSocket::bind("127.0.0.4:0").await.expect("a socket");
    for n in 0..300 {
        let method = ["INVITE", "REGISTER", "OPTIONS"][n % 3];
        let text = format!(
            "{method} sip:{n}@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{n}\r\n\
             From: <sip:{n}@h>;tag=1\r\nTo: <sip:{n}@h>\r\nCall-ID: {n}\r\n\
             CSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
        );
        scanner.send_to(text.as_bytes(), to).await.expect("sent");
    }
    // One who knows the contact is heard, wherever the call comes from.
    let mut caller = Telephone::new([127, 0, 0, 5], to, &token, "<sip:1@pbx>").await;
    caller.invite().await;
    let event = service.call_event().await;
    let Event::Incoming { leg, .. } = event else {
        panic!("{event:?}");
    };
    let (mut answers, mut buffer) = (0, [0; 2048]);
    while scanner.try_recv(&mut buffer).is_ok() {
        answers += 1;
    }
    // Ten at once; one more for each second that a busy machine may have taken.
    assert!((10..20).contains(&answers), "{answers}");
    assert_eq!(service.endpoint.legs(), 1);
    service.endpoint.hang_up(leg);
}

#[tokio::test]
async fn streams_pass_the_border_too() {
    let service = Service::start().await;
    let to = service.endpoint.address();
    let mut scanner = TcpStream::connect(to).await.expect("a connection");
    let request = |method: &str, cseq: &str| {
        format!(
            "{method} sip:100@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n\
             From: <sip:100@h>;tag=1\r\nTo: <sip:100@h>\r\nCall-ID: 1\r\nCSeq: {cseq}\r\n\
             Content-Length: 0\r\n\r\n"
        )
    };
    for (method, cseq, code) in [
        ("INVITE", "1 INVITE", "404"),
        ("OPTIONS", "1 INVITE", "400"),
        ("REGISTER", "1 REGISTER", "405"),
    ] {
        let text = request(method, cseq);
        scanner.write_all(text.as_bytes()).await.expect("sent");
        let mut buffer = [0; 2048];
        let read = tokio::time::timeout(PATIENCE, scanner.read(&mut buffer));
        let length = read.await.expect("in time").expect("a response");
        let answer = String::from_utf8_lossy(&buffer[..length]);
        assert!(answer.starts_with(&format!("SIP/2.0 {code} ")), "{answer}");
    }
    // The ninth connection of somebody whom nobody knows is closed.
    let mut more = Vec::new();
    for _ in 0..8 {
        more.push(TcpStream::connect(to).await.expect("a connection"));
    }
    let mut last = more.pop().expect("the last");
    let closed = tokio::time::timeout(PATIENCE, last.read(&mut [0; 8])).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "{closed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_come_through_a_flood_and_it_leaves_nothing_behind() {
    const LASTS: Duration = Duration::from_secs(3);
    /// Seldom enough that their own traces, which stay for half a minute, don't count.
    const CALL_EVERY: Duration = Duration::from_millis(50);
    const MEMORY: usize = 64 << 20;
    let mut service = Service::start().await;
    let (to, pbx) = (service.endpoint.address(), Pbx::at([127, 0, 0, 1]).await);
    let token = registered(&mut service, line(), &pbx).await;
    let before = resident();
    let over = tokio_util::sync::CancellationToken::new();
    // From everywhere, and under the PBX's own address.
    let (mut flood, mut spoofed) = (Flood::of(50).await, Flood::under(pbx.address().ip()).await);
    let flooding = tokio::spawn(over.clone().run_until_cancelled_owned(async move {
        loop {
            flood.send(50, to).await;
            spoofed.send(50, to).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }));
    let since = Instant::now();
    let mut calls = tokio::time::interval(CALL_EVERY);
    while since.elapsed() < LASTS {
        calls.tick().await;
        let mut caller = Telephone::new([127, 0, 0, 1], to, &token, "<sip:1@pbx>").await;
        // A datagram may be lost in the crowd; a telephone repeats itself.
        caller.invite().await;
        let body = common::telephone::description("sendrecv");
        let leg = loop {
            tokio::select! {
                event = service.call_event() => match event {
                    Event::Incoming { leg, .. } => break leg,
                    event => panic!("{event:?}"),
                },
                () = tokio::time::sleep(Duration::from_millis(500)) => {
                    caller.repeat("INVITE", &body).await;
                }
            }
        };
        service.endpoint.hang_up(leg);
        while !matches!(service.call_event().await, Event::Ended { leg: ended, .. } if ended == leg)
        {
        }
    }
    over.cancel();
    flooding.await.expect("a flood");
    let grown = resident().saturating_sub(before);
    assert!(grown <= MEMORY, "{} KiB more than before", grown >> 10);
    let none_left = async {
        while service.endpoint.legs() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let left = tokio::time::timeout(PATIENCE, none_left).await;
    left.expect("no leg is left");
}

#[tokio::test]
async fn streams_of_strangers_are_few_and_soon_closed_and_a_pbx_comes_through() {
    let mut service = Service::start().await;
    let (to, pbx) = (service.endpoint.address(), Pbx::at([127, 0, 0, 1]).await);
    let token = registered(&mut service, line(), &pbx).await;
    let mut strangers = Streams::default();
    strangers.open(400, to).await;
    let held = |most: usize| {
        let strangers = &strangers;
        async move {
            while strangers.held() > most {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    };
    let few = tokio::time::timeout(PATIENCE, held(128)).await;
    few.expect("the first ones gave way");
    // One who knows the contact is kept, whoever it is.
    let socket = TcpSocket::new_v4().expect("a socket");
    let from = SocketAddr::from(([127, 0, 0, 6], 0));
    socket.bind(from).expect("an address");
    let mut caller = socket.connect(to).await.expect("a connection");
    answers(&mut caller, &token, 1).await;
    let none = tokio::time::timeout(PATIENCE, held(0)).await;
    none.expect("none is left");
    answers(&mut caller, &token, 2).await;
}

/// Asks on the stream whether the contact is there: it is.
async fn answers(stream: &mut TcpStream, contact: &str, n: u32) {
    let text = format!(
        "OPTIONS sip:{contact}@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK{n}\r\n\
         From: <sip:1@h>;tag=1\r\nTo: <sip:1@h>\r\nCall-ID: {n}\r\nCSeq: 1 OPTIONS\r\n\
         Content-Length: 0\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut buffer = [0; 2048];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut buffer));
    let length = read.await.expect("in time").expect("a response");
    let answer = String::from_utf8_lossy(&buffer[..length]);
    assert!(answer.starts_with("SIP/2.0 200 "), "{answer}");
}
