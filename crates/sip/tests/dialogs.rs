//! Dialogs with a PBX that does everything the RFCs allow, and some of what
//! they don't.

mod common;

use model::audio::{Digit, Direction};
use sip::{Event, LegEnd, Refusal};

use common::scene::Scene;
use common::stream;
use common::telephone::description;

const TIMER: &str = "Supported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n";

#[tokio::test]
async fn hold_is_understood_in_every_spelling() {
    let (mut scene, leg) = Scene::talking().await;
    let zero = |direction| description(direction).replace("IP4 127.0.0.9", "IP4 0.0.0.0");
    let of_session = description("x").replace("t=0 0\r\n", "t=0 0\r\na=sendonly\r\n");
    for (offer, direction, answer) in [
        (description("sendonly"), Direction::SendOnly, "recvonly"),
        (description("inactive"), Direction::Inactive, "inactive"),
        (description("recvonly"), Direction::RecvOnly, "sendonly"),
        (of_session, Direction::SendOnly, "recvonly"),
        (zero("sendrecv"), Direction::SendOnly, "recvonly"),
        (zero("sendonly"), Direction::SendOnly, "recvonly"),
        (zero("inactive"), Direction::Inactive, "inactive"),
        (zero("recvonly"), Direction::Inactive, "inactive"),
        (description("sendrecv"), Direction::SendRecv, "sendrecv"),
    ] {
        for method in ["INVITE", "UPDATE"] {
            scene.telephone.send(method, "", &offer).await;
            let response = scene.telephone.response(method).await;
            assert_eq!(response.code(), Some(200), "{method} {offer}");
            let wanted = format!("a={answer}\r\n");
            assert!(response.body.contains(&wanted), "{}", response.body);
            if method == "INVITE" {
                scene.telephone.ack(&response, "").await;
            }
            assert_eq!(scene.changes().await.direction, direction, "{offer}");
        }
    }
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_call_that_begins_on_hold_is_told_so() {
    let mut scene = Scene::set().await;
    let offer = description("sendrecv").replace("IP4 127.0.0.9", "IP4 0.0.0.0");
    scene.telephone.send("INVITE", "", &offer).await;
    match scene.service.call_event().await {
        Event::Incoming {
            audio: Some(audio), ..
        } => assert_eq!(audio.direction, Direction::SendOnly),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn streams_keep_their_places_when_the_offer_is_left_to_us() {
    let (mut scene, leg) = Scene::talking().await;
    let with_video = description("sendrecv").replace("m=audio", "m=video 9 RTP/AVP 99\r\nm=audio");
    scene.telephone.send("INVITE", "", &with_video).await;
    let response = scene.telephone.response("INVITE").await;
    scene.telephone.ack(&response, "").await;
    scene.changes().await;
    scene.telephone.send("INVITE", "", "").await;
    let offer = scene.telephone.response("INVITE").await;
    let kinds: Vec<_> = offer.body.lines().filter(|l| l.starts_with("m=")).collect();
    assert_eq!(
        kinds,
        ["m=video 0 RTP/AVP 99", "m=audio 49170 RTP/AVP 8 0 9 101"]
    );
    // Until it is answered, nothing else can be offered.
    scene
        .telephone
        .send("UPDATE", "", &description("inactive"))
        .await;
    assert_eq!(scene.telephone.response("UPDATE").await.code(), Some(491));
    scene.telephone.seq -= 1;
    scene.telephone.ack(&offer, &description("recvonly")).await;
    assert_eq!(scene.changes().await.direction, Direction::RecvOnly);
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

#[tokio::test]
async fn an_offer_left_to_us_begins_with_the_codec_that_is_spoken() {
    let mut scene = Scene::set().await;
    let opus =
        description("sendrecv").replace("8 0 101\r\n", "107 101\r\na=rtpmap:107 opus/48000/2\r\n");
    scene.telephone.send("INVITE", "", &opus).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    scene.telephone.ack(&answer, "").await;
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    scene.telephone.send("INVITE", "", "").await;
    let offer = scene.telephone.response("INVITE").await;
    let stream = "m=audio 49170 RTP/AVP 107 8 0 9 101\r\n";
    assert!(offer.body.contains(stream), "{}", offer.body);
    scene.telephone.ack(&offer, &opus).await;
    scene.changes().await;
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
}

#[tokio::test]
async fn keys_go_by_info_one_after_another_and_come_back_where_they_are_not_taken() {
    let key = |c| Digit::from_char(c).expect("a key");
    let (mut scene, leg, _) = Scene::talking_with("Allow: INVITE, ACK, BYE, INFO\r\n").await;
    for c in ['5', '#', '1'] {
        scene.service.endpoint.press(leg, key(c));
    }
    let telephone = &scene.telephone;
    let info = telephone.request_of("INFO").await;
    assert_eq!(info.header("content-type"), "application/dtmf-relay");
    assert_eq!(info.body, "Signal=5\r\nDuration=160\r\n");
    let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"1\", qop=\"auth\"\r\n";
    telephone.reply(&info, 401, challenge, "").await;
    let info = telephone.request_of("INFO").await;
    assert!(info.header("authorization").contains("nonce=\"1\""));
    assert!(info.body.starts_with("Signal=5\r\n"), "{}", info.body);
    telephone.reply(&info, 200, "", "").await;
    let info = telephone.request_of("INFO").await;
    assert!(info.body.starts_with("Signal=#\r\n"), "{}", info.body);
    telephone.reply(&info, 415, "", "").await;
    // It wants no more of them, so none is sent in vain.
    scene.service.endpoint.press(leg, key('2'));
    for c in ['#', '1', '2'] {
        let digit = key(c);
        let event = scene.service.call_event().await;
        assert_eq!(event, Event::NotPressed { leg, digit });
    }
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;

    let (mut scene, leg) = Scene::talking().await;
    scene.service.endpoint.press(leg, key('5'));
    let digit = key('5');
    let event = scene.service.call_event().await;
    assert_eq!(event, Event::NotPressed { leg, digit }, "it allows no INFO");
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
}

#[tokio::test]
async fn too_short_a_session_is_refused_and_the_call_goes_on() {
    let mut scene = Scene::set().await;
    let brief = "Supported: timer\r\nSession-Expires: 60\r\n";
    let offer = description("sendrecv");
    scene.telephone.send("INVITE", brief, &offer).await;
    let refused = scene.telephone.response("INVITE").await;
    assert_eq!(
        (refused.code(), refused.header("min-se")),
        (Some(422), "90")
    );
    scene.telephone.ack(&refused, "").await;

    let (mut scene, leg, answer) =
        Scene::talking_with("Supported: timer\r\nSession-Expires: 1800\r\n").await;
    assert_eq!(answer.header("session-expires"), "1800;refresher=uac");
    assert_eq!(answer.header("require"), "timer");
    for method in ["INVITE", "UPDATE"] {
        scene.telephone.send(method, brief, &offer).await;
        let refused = scene.telephone.response(method).await;
        assert_eq!(
            (refused.code(), refused.header("min-se")),
            (Some(422), "90")
        );
        if method == "INVITE" {
            scene.telephone.ack(&refused, "").await;
        }
    }
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
}

async fn a_session_is_refreshed_by_update_whatever_the_pbx_says_first() {
    let headers = format!("{TIMER}Session-Expires: 90;refresher=uas\r\n");
    let (mut scene, leg, answer) = Scene::talking_with(&headers).await;
    assert_eq!(answer.header("session-expires"), "90;refresher=uas");
    let telephone = &scene.telephone;
    let update = telephone.request_of("UPDATE").await;
    assert_eq!(update.header("session-expires"), "90;refresher=uac");
    assert_eq!(update.header("supported"), "timer");
    assert!(update.body.is_empty());
    telephone.reply(&update, 422, "Min-SE: 120\r\n", "").await;
    let update = telephone.request_of("UPDATE").await;
    assert_eq!(update.header("session-expires"), "120;refresher=uac");
    assert_eq!(update.header("min-se"), "120");
    telephone.reply(&update, 491, "", "").await;
    let update = telephone.request_of("UPDATE").await;
    let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"1\", qop=\"auth\"\r\n";
    telephone.reply(&update, 401, challenge, "").await;
    let update = telephone.request_of("UPDATE").await;
    assert!(update.header("authorization").contains("nonce=\"1\""));
    // One that does not know UPDATE after all.
    telephone.reply(&update, 405, "", "").await;
    let invite = telephone.request_of("INVITE").await;
    assert_eq!(invite.header("session-expires"), "120;refresher=uac");
    assert_eq!(invite.body, answer.body);
    assert!(invite.header("authorization").contains("nc=00000002"));
    // A change of theirs crosses it.
    let offer = description("sendonly");
    scene.telephone.send("INVITE", "", &offer).await;
    let crossed = scene.telephone.response_only("INVITE").await;
    assert_eq!(crossed.code(), Some(491));
    scene.telephone.ack(&crossed, "").await;
    let granted = "Contact: <sip:moved@127.0.0.9:9>\r\nSession-Expires: 120;refresher=uac\r\n";
    for _ in 0..2 {
        // The answer is acknowledged as often as it comes, at where it came from.
        let telephone = &scene.telephone;
        telephone.reply(&invite, 200, granted, &offer).await;
        let ack = telephone.request_of("ACK").await;
        assert_eq!(ack.first, "ACK sip:moved@127.0.0.9:9 SIP/2.0");
        assert!(ack.header("authorization").contains("nc=00000002"));
    }
    assert_eq!(scene.changes().await.direction, Direction::SendOnly);
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    let bye = scene.telephone.request_of("BYE").await;
    assert_eq!(bye.first, "BYE sip:moved@127.0.0.9:9 SIP/2.0");
    scene.telephone.reply(&bye, 200, "", "").await;
    scene.nothing_is_left().await;
}

async fn a_refresh_that_finds_no_call_ends_it() {
    let headers = format!("{TIMER}Session-Expires: 90;refresher=uas\r\n");
    let (mut scene, leg, _) = Scene::talking_with(&headers).await;
    let update = scene.telephone.request_of("UPDATE").await;
    scene.telephone.reply(&update, 481, "", "").await;
    scene.ends(leg, LegEnd::Failed).await;
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

async fn a_session_that_is_not_refreshed_ends_in_time() {
    let headers = format!("{TIMER}Session-Expires: 90;refresher=uac\r\n");
    let (mut scene, leg, _) = Scene::talking_with(&headers).await;
    let begin = std::time::Instant::now();
    let cause = LegEnd::Failed;
    let event = tokio::time::timeout(2 * common::PATIENCE, scene.service.events.recv());
    let mut event = event.await.expect("an end in time");
    while matches!(event, Some(Event::Line { .. })) {
        event = scene.service.events.recv().await;
    }
    assert_eq!(event, Some(Event::Ended { leg, cause }));
    assert!(begin.elapsed().as_secs() < 90, "{:?}", begin.elapsed());
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn ringing_is_repeated_until_its_prack_where_that_is_required() {
    let mut scene = Scene::set().await;
    let offer = description("sendrecv");
    let required = "Require: 100rel\r\n";
    scene.telephone.send("INVITE", required, &offer).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    let first = scene.telephone.provisional(180).await;
    let again = scene.telephone.provisional(180).await;
    assert_eq!(first.header("require"), "100rel");
    assert_eq!(first.header("rseq"), again.header("rseq"));
    scene.telephone.enter(&first);
    let rseq: u32 = first.header("rseq").parse().expect("a number");
    for (rack, code) in [
        ("RAck: 1 1 BYE\r\n".to_owned(), 481),
        (String::new(), 400),
        (format!("RAck: {rseq} 1 INVITE\r\n"), 200),
        (format!("RAck: {rseq} 1 INVITE\r\n"), 481),
    ] {
        scene.telephone.send("PRACK", &rack, "").await;
        let response = scene.telephone.response("PRACK").await;
        assert_eq!(response.code(), Some(code), "{rack}");
    }
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    assert_eq!(answer.code(), Some(200));
    scene.telephone.ack_of(1, &answer).await;
    assert!(matches!(
        scene.service.call_event().await,
        Event::Answered { .. }
    ));
    scene.telephone.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn an_answer_need_not_wait_for_the_prack() {
    let mut scene = Scene::set().await;
    let offer = description("sendrecv");
    let required = "Require: 100rel\r\n";
    scene.telephone.send("INVITE", required, &offer).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    let ringing = scene.telephone.provisional(180).await;
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    scene.telephone.ack(&answer, "").await;
    assert!(matches!(
        scene.service.call_event().await,
        Event::Answered { .. }
    ));
    let rack = format!("RAck: {} 1 INVITE\r\n", ringing.header("rseq"));
    scene.telephone.send("PRACK", &rack, "").await;
    assert_eq!(scene.telephone.response("PRACK").await.code(), Some(200));
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

async fn ringing_that_nobody_confirms_ends_the_call() {
    let mut scene = Scene::set().await;
    let offer = description("sendrecv");
    let required = "Require: 100rel\r\n";
    scene.telephone.send("INVITE", required, &offer).await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    scene.ends(leg, LegEnd::Failed).await;
    assert_eq!(scene.telephone.response("INVITE").await.code(), Some(504));
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn an_invitation_that_comes_twice_rings_once() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    let offer = description("sendrecv");
    scene.telephone.send_copy("INVITE", &offer).await;
    let merged = scene.telephone.response("INVITE").await;
    assert_eq!(merged.code(), Some(482));
    scene.service.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(scene.telephone.response("INVITE").await.code(), Some(486));
    scene.ends(leg, LegEnd::Released).await;
    // A PBX that hunts may come back with the same call.
    scene.nothing_is_left().await;
    scene.telephone.send_copy("INVITE", &offer).await;
    let again = scene.arrives().await;
    scene.service.endpoint.hang_up(again);
    scene.ends(again, LegEnd::Released).await;
}

#[tokio::test]
async fn an_invitation_that_is_repeated_gets_the_same_answers() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene
        .telephone
        .repeat("INVITE", &description("sendrecv"))
        .await;
    scene.telephone.provisional(100).await;
    scene.service.endpoint.ring(leg);
    let ringing = scene.telephone.provisional(180).await;
    scene
        .telephone
        .repeat("INVITE", &description("sendrecv"))
        .await;
    let again = scene.telephone.provisional(180).await;
    assert_eq!(again.header("to"), ringing.header("to"));
    scene.service.endpoint.answer(leg, stream());
    let answer = scene.telephone.response("INVITE").await;
    scene.telephone.ack(&answer, "").await;
    assert!(matches!(
        scene.service.call_event().await,
        Event::Answered { .. }
    ));
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

async fn a_change_that_nobody_confirms_ends_the_call() {
    let (mut scene, leg) = Scene::talking().await;
    scene
        .telephone
        .send("INVITE", "", &description("inactive"))
        .await;
    scene.changes().await;
    scene.ends(leg, LegEnd::NotConfirmed).await;
    scene.telephone.hung_up().await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn changes_wait_for_the_answer_and_for_its_ack() {
    let mut scene = Scene::set().await;
    scene.telephone.invite().await;
    let leg = scene.arrives().await;
    scene.service.endpoint.ring(leg);
    let ringing = scene.telephone.provisional(180).await;
    scene.telephone.enter(&ringing);
    let offer = description("sendonly");
    for method in ["INVITE", "UPDATE"] {
        scene.telephone.send(method, "", &offer).await;
        let refused = scene.telephone.response(method).await;
        assert_eq!(refused.code(), Some(500), "{method}");
        let after: u32 = refused.header("retry-after").parse().expect("seconds");
        assert!(after <= 10, "{after}");
    }
    scene.telephone.send("UPDATE", "", "").await;
    assert_eq!(scene.telephone.response("UPDATE").await.code(), Some(200));
    scene.service.endpoint.answer(leg, stream());
    let answer = loop {
        let answer = scene.telephone.response("INVITE").await;
        if answer.code() == Some(200) {
            break answer;
        }
    };
    for method in ["INVITE", "UPDATE"] {
        scene.telephone.send(method, "", &offer).await;
        let refused = loop {
            let response = scene.telephone.response(method).await;
            let seq = format!("{} {method}", scene.telephone.seq);
            if response.header("cseq") == seq {
                break response;
            }
        };
        assert_eq!(refused.code(), Some(491), "{method}");
    }
    scene.telephone.ack_of(1, &answer).await;
    assert!(matches!(
        scene.service.call_event().await,
        Event::Answered { .. }
    ));
    scene.telephone.send("UPDATE", "", &offer).await;
    assert_eq!(scene.telephone.response("UPDATE").await.code(), Some(200));
    assert_eq!(scene.changes().await.direction, Direction::SendOnly);
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
}

#[tokio::test]
async fn what_does_not_belong_into_the_call_is_refused() {
    let (mut scene, leg) = Scene::talking().await;
    let relay = "Content-Type: application/dtmf\r\n";
    scene.telephone.send("INFO", relay, "#").await;
    assert_eq!(scene.telephone.response("INFO").await.code(), Some(200));
    let digit = Digit::from_char('#').expect("a key");
    let event = scene.service.call_event().await;
    assert_eq!(event, Event::Digit { leg, digit });
    for (method, headers, code) in [
        ("OPTIONS", "", 200),
        ("OPTIONS", "Require: breakfast\r\n", 420),
        ("PRACK", "RAck: 1 1 INVITE\r\n", 481),
        ("SUBSCRIBE", "", 405),
        ("BREAKFAST", "", 501),
    ] {
        scene.telephone.send(method, headers, "").await;
        let response = scene.telephone.response(method).await;
        assert_eq!(response.code(), Some(code), "{method} {headers}");
    }
    // The same call by another's tag, and another call by ours.
    let theirs = scene.telephone.from.clone();
    scene.telephone.from = theirs.replace("tag=t1", "tag=t2");
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(481));
    scene.telephone.from = theirs;
    // One that comes late is told so; the call goes on.
    scene.telephone.seq = 1;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(500));
    scene.telephone.seq = 100;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(200));
    scene.ends(leg, LegEnd::HungUp).await;
    scene.telephone.send("BYE", "", "").await;
    assert_eq!(scene.telephone.response("BYE").await.code(), Some(481));
}

#[tokio::test]
async fn requests_of_ours_go_the_way_that_the_invitation_came() {
    for (routes, first, rest) in [
        (
            "<sip:p1;lr>, <sip:p2:5070;lr=on>",
            "BYE sip:telephone@",
            ["<sip:p1;lr>", "<sip:p2:5070;lr=on>"],
        ),
        (
            "<sip:p1:5070>, <sip:p2;lr>",
            "BYE sip:p1:5070 SIP/2.0",
            ["<sip:p2;lr>", "<sip:telephone@"],
        ),
    ] {
        let recorded = format!("Record-Route: {routes}\r\n");
        let (mut scene, leg, answer) = Scene::talking_with(&recorded).await;
        assert_eq!(answer.header("record-route"), routes);
        scene.service.endpoint.hang_up(leg);
        let bye = scene.telephone.request_of("BYE").await;
        assert!(bye.first.starts_with(first), "{}", bye.first);
        let found: Vec<_> = bye.headers.iter().filter(|(n, _)| n == "route").collect();
        assert_eq!(found.len(), 2);
        for ((_, found), wanted) in found.iter().zip(rest) {
            assert!(found.starts_with(wanted), "{found}");
        }
        scene.telephone.reply(&bye, 200, "", "").await;
        scene.ends(leg, LegEnd::Released).await;
        scene.nothing_is_left().await;
    }
}

/// Each of these waits for a minute or less; together they do too.
#[tokio::test]
async fn a_call_lasts_as_long_as_it_is_refreshed_and_confirmed() {
    tokio::join!(
        a_session_is_refreshed_by_update_whatever_the_pbx_says_first(),
        a_refresh_that_finds_no_call_ends_it(),
        a_session_that_is_not_refreshed_ends_in_time(),
        ringing_that_nobody_confirms_ends_the_call(),
        a_change_that_nobody_confirms_ends_the_call(),
    );
}
