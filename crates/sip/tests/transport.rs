//! How requests travel: by streams that stay open and are left when they lead
//! nowhere, from behind a NAT, and by TCP where they are too large for a datagram.

mod common;

use std::time::Duration;

use model::pbx::{Connection, Fault, Transport};
use sip::{Event, LegEnd};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use common::by_hand::{Asked, Pbx, asked_by};
use common::{PATIENCE, Service, account, contact, line, stream};

/// A nonce with which a request is too large for a datagram.
fn long_nonce() -> String {
    "n".repeat(900)
}

async fn say(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("sent");
}

async fn accepted(listener: &TcpListener) -> TcpStream {
    let accepted = tokio::time::timeout(PATIENCE, listener.accept()).await;
    accepted.expect("in time").expect("a stream").0
}

/// The response of a registrar that lists what is asked for.
fn granted(asked: &Asked) -> String {
    let contact = asked.header("Contact");
    asked.response(
        "200 OK",
        &format!("Contact: {contact}\r\nExpires: 3600\r\n"),
    )
}

#[tokio::test]
async fn a_stream_that_leads_nowhere_is_left_for_another() {
    let mut service = Service::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let server = listener.local_addr().expect("an address");
    service
        .endpoint
        .connect(line(), contact(), account("200", server, Transport::Tcp));
    let mut first = accepted(&listener).await;
    let asked = asked_by(&mut first).await;
    say(&mut first, &granted(&asked)).await;
    let held = Connection::Registered { granted_s: 3600 };
    assert_eq!(service.settled().await, held);
    // As behind a NAT that has forgotten it: it takes everything and says nothing.
    let mut second = accepted(&listener).await;
    let asked = asked_by(&mut second).await;
    assert_eq!(asked.method(), "REGISTER");
    say(&mut second, &granted(&asked)).await;
    loop {
        if service.settled().await == held {
            break;
        }
    }
    drop(first);
}

#[tokio::test]
async fn behind_a_nat_the_address_that_the_registrar_sees_is_registered() {
    let seen = |response: String| {
        let via = ";rport=40000;received=203.0.113.5";
        response.replacen(";rport", via, 1)
    };
    let own_and_seen = |asked: &Asked, own: &str, more: &str| {
        let token = own.split([':', '@']).nth(1).expect("a user").to_owned();
        let contact = asked.header("Contact");
        let new = format!("<sip:{token}@203.0.113.5:40000{more}>");
        // What nobody reaches is not left behind.
        assert_eq!(contact, format!("{new}, {own};expires=0"));
    };
    for transport in [Transport::Udp, Transport::Tcp] {
        let mut service = Service::start().await;
        let (pbx, listener) = Pbx::with_tcp().await;
        let account = account("200", pbx.address(), transport);
        service.endpoint.connect(line(), contact(), account);
        if transport == Transport::Udp {
            let mut known = Vec::new();
            let first = pbx.asked("REGISTER", &mut known).await;
            pbx.say(&seen(granted(&first)), first.from).await;
            let second = pbx.asked("REGISTER", &mut known).await;
            own_and_seen(&second, first.header("Contact"), "");
            pbx.say(&seen(granted(&second)), second.from).await;
        } else {
            let mut stream = accepted(&listener).await;
            let first = asked_by(&mut stream).await;
            say(&mut stream, &seen(granted(&first))).await;
            let second = asked_by(&mut stream).await;
            own_and_seen(&second, first.header("Contact"), ";transport=TCP");
            say(&mut stream, &seen(granted(&second))).await;
        }
        let held = Connection::Registered { granted_s: 3600 };
        assert_eq!(service.settled().await, held);
    }
}

#[tokio::test]
async fn behind_a_nat_the_challenge_tells_the_address_already() {
    let service = Service::start().await;
    let (pbx, mut known) = (Pbx::at([127, 0, 0, 1]).await, Vec::new());
    let account = account("200", pbx.address(), Transport::Udp);
    service.endpoint.connect(line(), contact(), account);
    let first = pbx.asked("REGISTER", &mut known).await;
    let challenge = first.challenge("abc");
    let via = ";rport=40000;received=203.0.113.5";
    pbx.say(&challenge.replacen(";rport", via, 1), first.from)
        .await;
    let second = pbx.asked("REGISTER", &mut known).await;
    let contact = second.header("Contact");
    assert!(contact.ends_with("@203.0.113.5:40000>"), "{contact}");
}

/// A service whose line is registered at the PBX, and what was asked so far.
async fn registered(pbx: &Pbx) -> (Service, model::id::LineId, Vec<String>) {
    let (mut service, line, mut known) = (Service::start().await, line(), Vec::new());
    let account = account("200", pbx.address(), Transport::Udp);
    service.endpoint.connect(line, contact(), account);
    let asked = pbx.asked("REGISTER", &mut known).await;
    pbx.say(&granted(&asked), asked.from).await;
    service.settled().await;
    (service, line, known)
}

#[tokio::test]
async fn an_invitation_too_large_for_a_datagram_goes_by_tcp_with_all_that_follows_it() {
    let (pbx, listener) = Pbx::with_tcp().await;
    let (mut service, line, mut known) = registered(&pbx).await;
    let leg = service.endpoint.place(line, "101", stream());
    let first = pbx.asked("INVITE", &mut known).await;
    pbx.say(&first.challenge(&long_nonce()), first.from).await;
    let mut large = accepted(&listener).await;
    let second = asked_by(&mut large).await;
    assert_eq!(second.method(), "INVITE");
    assert!(second.header("Via").starts_with("SIP/2.0/TCP "));
    assert!(second.text.len() > 1300 && !second.header("Authorization").is_empty());
    say(&mut large, &second.response("180 Ringing", "")).await;
    assert_eq!(service.call_event().await, Event::Ringing { leg });
    service.endpoint.hang_up(leg);
    let cancel = asked_by(&mut large).await;
    assert_eq!(cancel.method(), "CANCEL");
    assert_eq!(cancel.header("Via"), second.header("Via"));
    let cause = LegEnd::Released;
    assert_eq!(service.call_event().await, Event::Ended { leg, cause });
}

#[tokio::test]
async fn a_large_invitation_goes_by_udp_where_tcp_is_not_taken() {
    let (pbx, listener) = Pbx::with_tcp().await;
    drop(listener);
    let (mut service, line, mut known) = registered(&pbx).await;
    let leg = service.endpoint.place(line, "101", stream());
    let first = pbx.asked("INVITE", &mut known).await;
    pbx.say(&first.challenge(&long_nonce()), first.from).await;
    let second = pbx.asked("INVITE", &mut known).await;
    assert!(second.header("Via").starts_with("SIP/2.0/UDP "));
    assert!(second.text.len() > 1300);
    pbx.say(&second.response("486 Busy Here", ""), second.from)
        .await;
    let cause = LegEnd::Refused { code: 486 };
    assert_eq!(service.call_event().await, Event::Ended { leg, cause });
}

#[tokio::test]
async fn a_large_registration_goes_by_udp_where_nothing_came_back_by_tcp() {
    let service = Service::start().await;
    let (pbx, listener) = Pbx::with_tcp().await;
    let (mut known, nonce) = (Vec::new(), long_nonce());
    let account = account("200", pbx.address(), Transport::Udp);
    service.endpoint.connect(line(), contact(), account);
    let first = pbx.asked("REGISTER", &mut known).await;
    pbx.say(&first.challenge(&nonce), first.from).await;
    // It takes the stream, and says nothing on it.
    let mut mute = accepted(&listener).await;
    let second = asked_by(&mut mute).await;
    assert!(second.header("Via").starts_with("SIP/2.0/TCP "));
    let third = pbx.asked("REGISTER", &mut known).await;
    let large = match third.header("Authorization").is_empty() {
        false => third,
        true => {
            pbx.say(&third.challenge(&nonce), third.from).await;
            pbx.asked("REGISTER", &mut known).await
        }
    };
    assert!(large.text.len() > 1300 && large.header("Authorization").contains(&nonce));
    assert!(large.header("Via").starts_with("SIP/2.0/UDP "));
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let elsewhere = Pbx::at([127, 0, 0, 3]).await;
    let to = format!("Contact: <sip:101@{}>\r\n", elsewhere.address());
    let (mut service, line, mut known) = registered(&pbx).await;
    let leg = service.endpoint.place(line, "101", stream());
    let asked = pbx.asked("INVITE", &mut known).await;
    pbx.say(&asked.response("302 Moved Temporarily", &to), asked.from)
        .await;
    let cause = LegEnd::Refused { code: 302 };
    assert_eq!(service.call_event().await, Event::Ended { leg, cause });
    let heard = elsewhere.socket.try_recv(&mut [0; 2048]);
    assert!(heard.is_err(), "the other one was sent something");
}

#[tokio::test]
async fn within_a_call_requests_go_to_the_pbx_whatever_contact_and_routes_say() {
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let elsewhere = Pbx::at([127, 0, 0, 3]).await;
    let there = elsewhere.address();
    let (mut service, line, mut known) = registered(&pbx).await;
    let leg = service.endpoint.place(line, "101", stream());
    let asked = pbx.asked("INVITE", &mut known).await;
    let led = format!("Contact: <sip:101@{there}>\r\nRecord-Route: <sip:{there};lr>\r\n");
    let kind = "Content-Type: application/sdp\r\n";
    let answer = asked.response("200 OK", &format!("{led}{kind}"));
    let body = common::telephone::description("sendrecv");
    let answer = answer.replace(
        "Content-Length: 0\r\n",
        &format!("Content-Length: {}\r\n", body.len()),
    );
    pbx.say(&format!("{answer}{body}"), asked.from).await;
    pbx.asked("ACK", &mut known).await;
    let event = service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    service.endpoint.hang_up(leg);
    let bye = pbx.asked("BYE", &mut known).await;
    pbx.say(&bye.response("200 OK", ""), bye.from).await;
    let heard = elsewhere.socket.try_recv(&mut [0; 2048]);
    assert!(heard.is_err(), "the other one was sent something");
}

#[tokio::test]
async fn a_line_that_is_deleted_or_left_at_the_end_is_taken_back() {
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let (service, line, mut known) = registered(&pbx).await;
    for deleted in [true, false] {
        let leave = async {
            if deleted {
                service.endpoint.disconnect(line).await;
            } else {
                service.endpoint.shutdown().await;
            }
        };
        let answer = async {
            let asked = pbx.asked("REGISTER", &mut known).await;
            assert_eq!(asked.header("Expires"), "0");
            pbx.say(&asked.response("200 OK", ""), asked.from).await;
        };
        let both = async { tokio::join!(leave, answer) };
        let left = tokio::time::timeout(Duration::from_secs(30), both);
        left.await.expect("in time");
        if deleted {
            let account = account("200", pbx.address(), Transport::Udp);
            service.endpoint.connect(line, contact(), account);
            let asked = pbx.asked("REGISTER", &mut known).await;
            pbx.say(&granted(&asked), asked.from).await;
            service.endpoint.await_outcome(line, PATIENCE).await;
        }
    }
}

#[tokio::test]
async fn a_line_that_moves_to_another_port_is_taken_back_at_the_old_one() {
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let (mut service, line, user, mut known) =
        (Service::start().await, line(), contact(), Vec::new());
    let at = |pbx: &Pbx| account("200", pbx.address(), Transport::Udp);
    service.endpoint.connect(line, user.clone(), at(&pbx));
    let asked = pbx.asked("REGISTER", &mut known).await;
    pbx.say(&granted(&asked), asked.from).await;
    service.settled().await;
    let other = Pbx::at([127, 0, 0, 1]).await;
    service.endpoint.connect(line, user, at(&other));
    let asked = pbx.asked("REGISTER", &mut known).await;
    assert_eq!(asked.header("Expires"), "0");
    let asked = other.asked("REGISTER", &mut Vec::new()).await;
    assert_eq!(asked.header("Expires"), "120");
}

#[tokio::test]
async fn a_proxy_that_leads_to_our_neighbours_is_not_asked() {
    for (server, proxy) in [
        ("127.0.0.1", Some("10.0.0.1")),
        ("127.0.0.1", Some("[::ffff:10.0.0.1]:5060")),
        ("169.254.169.254", None),
    ] {
        let account = model::pbx::PbxAccount {
            server: server.into(),
            proxy: proxy.map(str::to_owned),
            ..account(
                "200",
                "127.0.0.1:5060".parse().expect("one"),
                Transport::Udp,
            )
        };
        let mut service = Service::start().await;
        service.endpoint.connect(line(), contact(), account);
        let fault = Fault::AddressNotAllowed;
        assert_eq!(service.settled().await, Connection::Failed { fault });
    }
}

#[tokio::test]
async fn the_interval_and_the_proxy_of_the_account_are_used() {
    let proxy = Pbx::at([127, 0, 0, 1]).await;
    let at = proxy.address();
    let account = model::pbx::PbxAccount {
        server: "pbx.example".into(),
        port: None,
        proxy: Some(at.to_string()),
        interval_s: 77,
        ..account("200", at, Transport::Udp)
    };
    let service = Service::start().await;
    service.endpoint.connect(line(), contact(), account);
    let asked = proxy.asked("REGISTER", &mut Vec::new()).await;
    assert!(asked.text.starts_with("REGISTER sip:pbx.example SIP/2.0"));
    assert_eq!(asked.header("Route"), format!("<sip:{at};lr>"));
    assert_eq!(asked.header("Expires"), "77");
}
