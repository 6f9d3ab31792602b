//! Stories told to the endpoint directly by a telephone that knows a line's
//! contact, as its PBX would.

mod common;

use model::audio::{Digit, Direction, Law};
use model::call::Caller;
use model::pbx::{Connection, Fault, Transport};
use sip::{Event, LegEnd, Refusal};
use tokio::net::UdpSocket;

use common::scene::Scene;
use common::telephone::{Telephone, description};
use common::{Service, account, contact, line, stream};

#[tokio::test]
async fn a_call_arrives_rings_is_answered_and_hung_up() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let event = scene.service.call_event().await;
    let Event::Incoming {
        leg,
        caller,
        audio: Some(audio),
        dialled: None,
        ..
    } = event
    else {
        panic!("{event:?}");
    };
    let name = Some("Анна (1)".to_owned());
    assert_eq!(
        caller,
        Caller {
            number: Some("89261234567".into()),
            name
        }
    );
    assert_eq!(audio.formats, [Law::A, Law::Mu].map(Into::into));
    assert_eq!(audio.dtmf, Some(101));
    scene.service.endpoint.ring(leg);
    let ringing = scene.telephone.provisional(180).await;
    assert!(
        ringing.header("to").contains(";tag="),
        "{}",
        ringing.header("to")
    );

    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    assert_eq!(answer.header("to"), ringing.header("to"));
    assert!(
        answer.body.contains("m=audio 49170 RTP/AVP 8 0 101\r\n"),
        "{}",
        answer.body
    );
    // It is repeated until it is acknowledged.
    assert_eq!(scene.telephone.response("INVITE").await.code(), Some(200));
    scene.telephone.ack(&answer, "").await;
    assert_eq!(
        scene.service.call_event().await,
        Event::Answered { leg, audio }
    );

    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_call_is_hung_up_from_this_side() {
    let (mut scene, leg) = Scene::talking().await;
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_caller_gives_up_while_it_rings() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    scene.telephone.provisional(180).await;
    scene.telephone.cancel().await;
    assert_eq!(scene.telephone.response("CANCEL").await.code(), Some(200));
    let ended = scene.telephone.response("INVITE").await;
    assert_eq!(ended.code(), Some(487));
    scene.telephone.ack(&ended, "").await;
    scene.ends(leg, LegEnd::Cancelled).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_call_is_refused_with_the_right_code() {
    for refusal in [Refusal::Busy, Refusal::Unavailable, Refusal::ServerError] {
        let mut scene = Scene::set().await;
        scene.telephone.invite().await;
        let leg = scene.arrives().await;
        scene.service.endpoint.refuse(leg, refusal);
        let response = scene.telephone.response("INVITE").await;
        assert_eq!(response.code(), Some(refusal.code()));
        scene.telephone.ack(&response, "").await;
        scene.ends(leg, LegEnd::Released).await;
        scene.nothing_is_left().await;
    }
}

#[tokio::test]
async fn an_answer_that_crosses_the_cancel_is_taken_back() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.answer(leg, stream());
    scene.telephone.cancel().await;
    let answer = scene.telephone.response("INVITE").await;
    // Whoever was first, there is one end and nothing is left.
    match answer.code() {
        Some(200) => {
            scene.telephone.ack(&answer, "").await;
            match scene.service.call_event().await {
                Event::Answered { .. } => {
                    scene.telephone.send("BYE", "", "").await;
                    scene.ends(leg, LegEnd::HungUp).await;
                }
                Event::Ended { cause, .. } => {
                    assert_eq!(cause, LegEnd::Cancelled);
                    scene.telephone.hung_up().await;
                }
                other => panic!("{other:?}"),
            }
        }
        Some(487) => {
            scene.telephone.ack(&answer, "").await;
            scene.ends(leg, LegEnd::Cancelled).await;
        }
        other => panic!("{other:?}"),
    }
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn hanging_up_before_the_ack_waits_for_it() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    scene.telephone.ack(&answer, "").await;
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn an_answer_that_nobody_confirms_ends_the_call() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.answer(leg, stream());
    let cause = LegEnd::NotConfirmed;
    assert_eq!(
        scene.service.call_event().await,
        Event::Ended { leg, cause }
    );
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn the_pbx_holds_moves_and_resumes_the_call() {
    let (mut scene, leg) = Scene::talking().await;
    for (text, direction, answer) in [
        ("sendonly", Direction::SendOnly, "a=recvonly"),
        ("inactive", Direction::Inactive, "a=inactive"),
        ("sendrecv", Direction::SendRecv, "a=sendrecv"),
    ] {
        scene.telephone.send("INVITE", "", &description(text)).await;
        let response = scene.telephone.response("INVITE").await;
        assert_eq!(response.code(), Some(200));
        assert!(response.body.contains(answer), "{}", response.body);
        scene.telephone.ack(&response, "").await;
        match scene.service.call_event().await {
            Event::Changed { audio, .. } => assert_eq!(audio.direction, direction),
            other => panic!("{other:?}"),
        }
    }
    // UPDATE does the same without an ACK; without a description it only refreshes.
    scene
        .telephone
        .send("UPDATE", "", &description("sendonly"))
        .await;
    assert_eq!(scene.telephone.response("UPDATE").await.code(), Some(200));
    assert!(matches!(
        scene.service.call_event().await,
        Event::Changed { .. }
    ));
    scene
        .telephone
        .send("UPDATE", "Supported: timer\r\nSession-Expires: 120\r\n", "")
        .await;
    let refreshed = scene.telephone.response("UPDATE").await;
    assert_eq!(refreshed.header("session-expires"), "120;refresher=uac");
    // What can't be talked changes nothing.
    scene
        .telephone
        .send(
            "INVITE",
            "",
            "v=0\r\nc=IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP 18\r\n",
        )
        .await;
    let refused = scene.telephone.response("INVITE").await;
    assert_eq!(refused.code(), Some(488));
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
}

#[tokio::test]
async fn whatever_else_is_said_within_a_call_is_answered() {
    let (mut scene, leg) = Scene::talking().await;
    let relay = "Content-Type: application/dtmf-relay\r\n";
    scene
        .telephone
        .send("INFO", relay, "Signal=7\r\nDuration=100\r\n")
        .await;
    assert_eq!(scene.telephone.response("INFO").await.code(), Some(200));
    let digit = Digit::from_char('7').expect("a key");
    assert_eq!(
        scene.service.call_event().await,
        Event::Digit { leg, digit }
    );
    for (method, code) in [
        ("OPTIONS", 200),
        ("NOTIFY", 200),
        ("MESSAGE", 405),
        ("REFER", 405),
    ] {
        scene.telephone.send(method, "", "").await;
        assert_eq!(
            scene.telephone.response(method).await.code(),
            Some(code),
            "{method}"
        );
    }
    // An old request is none.
    scene.telephone.seq -= 3;
    scene.telephone.send("INFO", relay, "Signal=8\r\n").await;
    assert_eq!(scene.telephone.response("INFO").await.code(), Some(500));
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

#[tokio::test]
async fn an_offer_left_to_us_is_answered_in_the_ack() {
    let mut scene = Scene::set().await;
    scene.telephone.send("INVITE", "", "").await;
    let event = scene.service.call_event().await;
    let Event::Incoming {
        leg, audio: None, ..
    } = event
    else {
        panic!("{event:?}")
    };
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    // A PBX that speaks Opus alone could not ask for it.
    assert!(
        answer
            .body
            .contains("m=audio 49170 RTP/AVP 8 0 9 111 101\r\n"),
        "{}",
        answer.body
    );
    scene.telephone.ack(&answer, &description("sendrecv")).await;
    match scene.service.call_event().await {
        Event::Answered { audio, .. } => assert_eq!(audio.address.port(), 46_000),
        other => panic!("{other:?}"),
    }
    // And so again within the call.
    scene.telephone.send("INVITE", "", "").await;
    let answer = scene.telephone.response("INVITE").await;
    scene.telephone.ack(&answer, &description("inactive")).await;
    match scene.service.call_event().await {
        Event::Changed { audio, .. } => assert_eq!(audio.direction, Direction::Inactive),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_common_codec_is_refused_without_a_call() {
    let mut scene = Scene::set().await;
    scene
        .telephone
        .send(
            "INVITE",
            "",
            "v=0\r\nc=IN IP4 1.1.1.1\r\nm=audio 9 RTP/AVP 18\r\n",
        )
        .await;
    assert_eq!(scene.telephone.response("INVITE").await.code(), Some(488));
    assert_eq!(scene.service.endpoint.legs(), 0);
}

#[tokio::test]
async fn strangers_and_nonsense_get_their_codes_and_the_endpoint_goes_on() {
    let mut scene = Scene::set().await;
    let to = scene.service.endpoint.address();
    let from = "<sip:x@y>";
    for (user, method, headers, code) in [
        ("1000", "INVITE", "", 404),
        ("1000", "OPTIONS", "", 404),
        ("1000", "BYE", "", 481),
        ("1000", "REGISTER", "", 405),
        ("1000", "SUBSCRIBE", "", 405),
        ("1000", "BREAKFAST", "", 501),
    ] {
        let mut stranger = Telephone::new([127, 0, 0, 2], to, user, from).await;
        stranger.send(method, headers, "").await;
        assert_eq!(
            stranger.response(method).await.code(),
            Some(code),
            "{method}"
        );
    }
    let stranger = Telephone::new([127, 0, 0, 2], to, "1000", from).await;
    for nonsense in [
        "hello\r\n\r\n",
        "INVITE sip:x SIP/2.0\r\n\r\n",
        "INVITE sip:x SIP/2.0\r\nVia: \r\nFrom: \r\nTo: \r\nCall-ID: \r\nCSeq: 1 INVITE\r\n\r\n",
        "INVITE sip: SIP/2.0\r\nVia: SIP/2.0/UDP\r\nFrom: <\r\nTo: >\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: x\r\nFrom: x\r\nTo: x\r\nCall-ID: x\r\nCSeq: x\r\n\r\n",
    ] {
        stranger.send_raw(nonsense).await;
    }
    scene
        .telephone
        .send(
            "INVITE",
            "Require: precondition, timer\r\n",
            &description("sendrecv"),
        )
        .await;
    let refused = scene.telephone.response("INVITE").await;
    assert_eq!(
        (refused.code(), refused.header("unsupported")),
        (Some(420), "precondition")
    );
    scene.telephone.send("OPTIONS", "", "").await;
    assert_eq!(scene.telephone.response("OPTIONS").await.code(), Some(200));
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

#[tokio::test]
async fn what_stops_a_registration_is_told() {
    let service = Service::start().await;
    let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let nobody = silent.local_addr().expect("an address");
    let outcome = async |account| {
        let line = line();
        service.endpoint.connect(line, contact(), account);
        service.endpoint.await_outcome(line, common::PATIENCE).await
    };
    let failed = |fault| Connection::Failed { fault };
    assert_eq!(
        outcome(account("1", nobody, Transport::Udp)).await,
        failed(Fault::NoAnswer)
    );
    assert_eq!(
        outcome(account("1", nobody, Transport::Tcp)).await,
        failed(Fault::ConnectionRefused)
    );
    let forbidden = "10.0.0.1:5060".parse().expect("an address");
    let forbidden = account("1", forbidden, Transport::Udp);
    assert_eq!(outcome(forbidden).await, failed(Fault::AddressNotAllowed));
    let mut nameless = account("1", nobody, Transport::Udp);
    nameless.server = "no-such-pbx.invalid".into();
    assert_eq!(outcome(nameless).await, failed(Fault::NameNotResolved));
    assert_eq!(
        service.endpoint.connection(line()),
        Connection::NotConfigured
    );
}
