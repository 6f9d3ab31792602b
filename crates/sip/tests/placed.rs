//! Calls that are placed through a line, whose PBX is played by hand.

mod common;

use model::audio::{AudioStream, Direction};
use model::id::LegId;
use sip::{Event, LegEnd};

use common::scene::Scene;
use common::telephone::description;

/// Nobody is there, as behind a NAT.
const ELSEWHERE: &str = "Contact: <sip:600@127.0.0.9:9>\r\n";

#[tokio::test]
async fn an_answer_is_acknowledged_where_it_came_from_as_often_as_it_comes() {
    let (mut scene, leg, invite) = Scene::placed().await;
    assert_eq!(invite.header("session-expires"), "1800");
    scene.exchange.reply(&invite, 180, "", "").await;
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    let headers = format!("{ELSEWHERE}Record-Route: <sip:p2;lr>, <sip:p1;lr>\r\n");
    for _ in 0..3 {
        let answer = description("sendrecv");
        scene.exchange.reply(&invite, 200, &headers, &answer).await;
        let ack = scene.exchange.request_of("ACK").await;
        assert_eq!(ack.first, "ACK sip:600@127.0.0.9:9 SIP/2.0");
        assert_eq!(ack.header("route"), "<sip:p1;lr>");
        assert_eq!(ack.header("cseq"), "1 ACK");
    }
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    // They hold the call.
    let offer = description("sendonly");
    scene.exchange.send("INVITE", "", &offer).await;
    let answer = scene.exchange.response("INVITE").await;
    assert!(answer.body.contains("a=recvonly"), "{}", answer.body);
    scene.exchange.ack(&answer, "").await;
    assert_eq!(scene.changes().await.direction, Direction::SendOnly);
    scene.exchange.send("BYE", "", "").await;
    assert_eq!(scene.exchange.response("BYE").await.code(), Some(200));
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn only_the_first_of_several_answers_is_talked_to() {
    let (mut scene, leg, invite) = Scene::placed().await;
    let answer = description("sendrecv");
    for tag in ["called", "other"] {
        let pbx = &scene.exchange;
        pbx.reply_as(tag, &invite, 200, ELSEWHERE, &answer).await;
        let ack = pbx.request_of("ACK").await;
        assert!(ack.header("to").ends_with(&format!(";tag={tag}")));
    }
    let bye = scene.exchange.request_of("BYE").await;
    assert!(bye.header("to").ends_with(";tag=other"), "{bye:?}");
    scene.exchange.reply(&bye, 200, "", "").await;
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    scene.exchange.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
}

#[tokio::test]
async fn an_invitation_asks_for_as_long_a_session_as_the_pbx_wants() {
    let (mut scene, leg, invite) = Scene::placed().await;
    let brief = "Min-SE: 3600\r\n";
    scene.exchange.reply(&invite, 422, brief, "").await;
    let invite = scene.exchange.called().await;
    assert_eq!(invite.header("cseq"), "2 INVITE");
    assert_eq!(invite.header("session-expires"), "3600");
    assert_eq!(invite.header("min-se"), "3600");
    // And not in a circle.
    scene.exchange.reply(&invite, 422, brief, "").await;
    scene.ends(leg, LegEnd::Refused { code: 422 }).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn an_answer_that_crosses_the_cancel_is_hung_up() {
    let (mut scene, leg, invite) = Scene::placed().await;
    scene.exchange.reply(&invite, 180, "", "").await;
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    let cancel = scene.exchange.request_of("CANCEL").await;
    assert_eq!(cancel.header("via"), invite.header("via"));
    scene.exchange.reply(&cancel, 200, "", "").await;
    let answer = description("sendrecv");
    scene.exchange.reply(&invite, 200, ELSEWHERE, &answer).await;
    scene.exchange.request_of("ACK").await;
    let bye = scene.exchange.request_of("BYE").await;
    scene.exchange.reply(&bye, 200, "", "").await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_cancel_that_nobody_heeds_is_over_in_time_and_a_late_answer_is_hung_up() {
    let (mut scene, leg, invite) = Scene::placed().await;
    scene.exchange.reply(&invite, 180, "", "").await;
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    let cancel = scene.exchange.request_of("CANCEL").await;
    scene.exchange.reply(&cancel, 200, "", "").await;
    scene.nothing_is_left().await;
    let answer = description("sendrecv");
    scene.exchange.reply(&invite, 200, ELSEWHERE, &answer).await;
    scene.exchange.request_of("ACK").await;
    let bye = scene.exchange.request_of("BYE").await;
    scene.exchange.reply(&bye, 200, "", "").await;
}

#[tokio::test]
async fn an_answer_without_a_common_codec_is_hung_up() {
    let (mut scene, leg, invite) = Scene::placed().await;
    let other = "v=0\r\nc=IN IP4 127.0.0.9\r\nm=audio 9 RTP/AVP 18\r\n";
    scene.exchange.reply(&invite, 200, ELSEWHERE, other).await;
    scene.exchange.request_of("ACK").await;
    scene.ends(leg, LegEnd::Failed).await;
    let bye = scene.exchange.request_of("BYE").await;
    scene.exchange.reply(&bye, 200, "", "").await;
    scene.nothing_is_left().await;
}

/// Where sound comes from before the answer.
async fn heard_early(scene: &mut Scene, leg: LegId) -> AudioStream {
    match scene.service.call_event().await {
        Event::Early { leg: early, audio } if early == leg => audio,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn sound_before_the_answer_is_no_answer() {
    let (mut scene, leg, invite) = Scene::placed().await;
    let early = description("sendrecv");
    // It comes again, as it does each minute that it rings.
    for _ in 0..2 {
        scene.exchange.reply(&invite, 183, ELSEWHERE, &early).await;
    }
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    let audio = heard_early(&mut scene, leg).await;
    assert_eq!(audio.address, "127.0.0.9:46000".parse().expect("address"));
    // Another offer crosses ours, whose answer is not certain yet.
    let offer = description("sendonly");
    scene.exchange.send("UPDATE", "", &offer).await;
    let refused = scene.exchange.response("UPDATE").await;
    assert_eq!(refused.code(), Some(491));
    // Another telephone of the same call is heard from elsewhere.
    let other = early.replace("46000", "46002");
    let pbx = &scene.exchange;
    pbx.reply_as("other", &invite, 183, ELSEWHERE, &other).await;
    assert_eq!(heard_early(&mut scene, leg).await.address.port(), 46_002);
    // What the answer says is what counts.
    let answer = early.replace("46000", "46004");
    scene.exchange.reply(&invite, 200, ELSEWHERE, &answer).await;
    scene.exchange.request_of("ACK").await;
    match scene.service.call_event().await {
        Event::Answered { audio, .. } => assert_eq!(audio.address.port(), 46_004),
        other => panic!("{other:?}"),
    }
    scene.exchange.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn what_a_pbx_wants_confirmed_is_confirmed_once_and_in_order() {
    let (mut scene, leg, invite) = Scene::placed().await;
    assert!(invite.header("supported").contains("100rel"), "{invite:?}");
    let described = description("sendrecv");
    let reliable = |rseq| format!("{ELSEWHERE}Require: 100rel\r\nRSeq: {rseq}\r\n");
    // The first comes twice, and the third before the second.
    for (rseq, body) in [(5, described.as_str()), (5, &described), (7, ""), (6, "")] {
        let headers = reliable(rseq);
        scene.exchange.reply(&invite, 183, &headers, body).await;
    }
    for (rack, cseq) in [("5 1 INVITE", "2 PRACK"), ("6 1 INVITE", "3 PRACK")] {
        let prack = scene.exchange.request_of("PRACK").await;
        assert_eq!((prack.header("rack"), prack.header("cseq")), (rack, cseq));
        assert_eq!(prack.first, "PRACK sip:600@127.0.0.9:9 SIP/2.0");
        assert!(prack.header("to").ends_with(";tag=called"), "{prack:?}");
        scene.exchange.reply(&prack, 200, "", "").await;
    }
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    assert_eq!(heard_early(&mut scene, leg).await.address.port(), 46_000);
    // Our offer has its answer by then: they may make another one.
    let moved = described.replace("46000", "46002");
    scene.exchange.send("UPDATE", "", &moved).await;
    let agreed = scene.exchange.response("UPDATE").await;
    assert_eq!(agreed.code(), Some(200));
    assert!(agreed.body.contains("m=audio 49170 "), "{}", agreed.body);
    assert_eq!(heard_early(&mut scene, leg).await.address.port(), 46_002);
    // Their answer was given: the 200 need not repeat it.
    scene.exchange.reply(&invite, 200, ELSEWHERE, "").await;
    scene.exchange.request_of("ACK").await;
    match scene.service.call_event().await {
        Event::Answered { audio, .. } => assert_eq!(audio.address.port(), 46_002),
        other => panic!("{other:?}"),
    }
    scene.service.endpoint.hang_up(leg);
    scene.ends(leg, LegEnd::Released).await;
    let bye = scene.exchange.request_of("BYE").await;
    assert_eq!(bye.header("cseq"), "4 BYE");
    scene.exchange.reply(&bye, 200, "", "").await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn each_telephone_of_a_forked_call_is_confirmed_by_itself() {
    let (mut scene, leg, invite) = Scene::placed().await;
    for (tag, rseq) in [("called", 1), ("other", 9)] {
        let reliable = format!("{ELSEWHERE}Require: 100rel\r\nRSeq: {rseq}\r\n");
        let pbx = &scene.exchange;
        pbx.reply_as(tag, &invite, 180, &reliable, "").await;
        let prack = pbx.request_of("PRACK").await;
        assert!(prack.header("to").ends_with(&format!(";tag={tag}")));
        assert_eq!(prack.header("rack"), format!("{rseq} 1 INVITE"));
        assert_eq!(prack.header("cseq"), "2 PRACK");
        pbx.reply(&prack, 200, "", "").await;
    }
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    scene.exchange.reply(&invite, 486, "", "").await;
    scene.ends(leg, LegEnd::Refused { code: 486 }).await;
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_pbx_that_takes_none_of_the_usual_codecs_is_offered_opus_too() {
    for code in [415, 488, 606] {
        let (mut scene, leg, invite) = Scene::placed().await;
        let usual = "m=audio 49170 RTP/AVP 8 0 9 101\r\n";
        assert!(invite.body.contains(usual), "{}", invite.body);
        scene.exchange.reply(&invite, code, "", "").await;
        let invite = scene.exchange.called().await;
        assert_eq!(invite.header("cseq"), "2 INVITE");
        let all = "m=audio 49170 RTP/AVP 8 0 9 111 101\r\n";
        assert!(invite.body.contains(all), "{}", invite.body);
        // And not in a circle.
        scene.exchange.reply(&invite, code, "", "").await;
        scene.ends(leg, LegEnd::Refused { code }).await;
        scene.nothing_is_left().await;
    }
}
