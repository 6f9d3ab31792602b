//! Calls that are placed through a line, whose PBX is played by hand.

mod common;

use model::audio::Direction;
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

#[tokio::test]
async fn sound_before_the_answer_is_no_answer() {
    let (mut scene, leg, invite) = Scene::placed().await;
    let early = description("sendrecv");
    scene.exchange.reply(&invite, 183, ELSEWHERE, &early).await;
    assert_eq!(scene.service.call_event().await, Event::Ringing { leg });
    // Another offer crosses ours, which has no answer yet.
    let offer = description("sendonly");
    scene.exchange.send("UPDATE", "", &offer).await;
    let refused = scene.exchange.response("UPDATE").await;
    assert_eq!(refused.code(), Some(491));
    scene.exchange.reply(&invite, 200, ELSEWHERE, &early).await;
    scene.exchange.request_of("ACK").await;
    let event = scene.service.call_event().await;
    assert!(matches!(event, Event::Answered { .. }), "{event:?}");
    scene.exchange.send("BYE", "", "").await;
    scene.ends(leg, LegEnd::HungUp).await;
    scene.nothing_is_left().await;
}
