//! Calls through the PBX, against a line of another make.

use std::time::Duration;

use model::audio::Digit;
use model::secret::Secret;
use rsipstack::dialog::dialog::{DialogState, TerminatedReason};
use rsipstack::sip::prelude::HeadersExt;
use rsipstack::sip::{Header, StatusCode};
use sim::audio::{Sound, find};
use sim::customer;
use sim::pbx::{
    CallEnd, CallEvent, CallHandle, CallSpec, EndedBy, Extension, HangUp, Pbx, PbxConfig,
};

#[allow(dead_code)]
mod support;

use support::{CONTACT, Incoming, Line, SOON, sdp};

const QUICK: Duration = Duration::from_millis(20);

async fn start() -> (Pbx, Line) {
    start_over("udp").await
}

async fn start_over(transport: &str) -> (Pbx, Line) {
    let extension = Extension {
        user: "200".into(),
        password: Secret::new("secret"),
    };
    let any = "127.0.0.1:0".parse().expect("an address");
    let config = PbxConfig {
        forward_after: QUICK,
        tcp: transport == "tcp",
        ..PbxConfig::new(any, vec![extension])
    };
    let pbx = Pbx::start(config).await.expect("started");
    let line = Line::start().await;
    let server = format!("sip:{};transport={transport}", pbx.address());
    let answer = line.register(&server, "200", "secret", 60).await;
    assert_eq!(answer.status_code, StatusCode::OK);
    (pbx, line)
}

fn spec(hang_up: HangUp) -> CallSpec {
    CallSpec {
        caller_number: Some("+79261234567".into()),
        caller_name: Some("Иван \"Ваня\" Петров".into()),
        dialled: "101".into(),
        to_extension: "200".into(),
        voice: Sound::empty(),
        speak_after: Duration::ZERO,
        hang_up,
        patience: SOON,
    }
}

fn is_over(state: &DialogState) -> bool {
    matches!(state, DialogState::Terminated(..))
}

async fn rung(call: &CallHandle, incoming: &Incoming) {
    incoming.dialog.ringing(None, None).expect("rung");
    let rang = call.until(|event| *event == CallEvent::Rang).await;
    assert!(rang.is_some());
}

#[tokio::test]
async fn both_hear_each_other_and_the_caller_hangs_up() {
    let (pbx, mut line) = start().await;
    let voice = customer::CALLERS[2].voice().expect("a voice");
    let voice = Sound::new(&voice[4000..20_000]);
    let call = pbx.call(CallSpec {
        voice: voice.clone(),
        speak_after: Duration::from_millis(200),
        ..spec(HangUp::Said(Duration::from_millis(300)))
    });
    let mut incoming = line.next().await;
    let request = &incoming.request;
    assert_eq!(request.uri.auth.as_ref().expect("a user").user, CONTACT);
    let asserted = request.p_asserted_identity_header().expect("a header");
    assert!(asserted.value().contains("sip:+79261234567@"), "{asserted}");
    assert!(
        asserted.value().contains(r#""Иван \"Ваня\" Петров""#),
        "{asserted}"
    );
    let diverted = request.diversion_headers()[0].value();
    assert!(diverted.contains("sip:101@"), "{diverted}");
    assert!(diverted.ends_with(";reason=no-answer"), "{diverted}");
    rung(&call, &incoming).await;
    incoming.answer_with_echo().await;
    assert!(call.answered().await.is_some());
    call.press(Digit::from_char('7').expect("a key"));
    let seven =
        |event: &CallEvent| *event == CallEvent::Digit(Digit::from_char('7').expect("a key"));
    assert!(call.until(seven).await.is_some());
    let end = call.ended().await;
    assert_eq!((end.by, end.code), (EndedBy::Caller, None));
    let over = incoming.until(is_over).await;
    assert!(matches!(
        over,
        DialogState::Terminated(_, TerminatedReason::UacBye)
    ));
    let found = find(&voice, &call.heard()).expect("heard");
    assert!(found.strength > 0.9, "{found:?}");
    assert!(found.at >= Duration::from_millis(200), "{found:?}");
    assert!(found.at <= Duration::from_millis(600), "{found:?}");
    let packets = call.packets();
    assert_eq!((packets.lost, packets.late, packets.repeated), (0, 0, 0));
    assert!(
        packets.sent >= 125 && packets.received + 5 >= packets.sent,
        "{packets:?}"
    );
    let events: Vec<CallEvent> = call.events().iter().map(|h| h.event).collect();
    let expected = [
        CallEvent::Dialled,
        CallEvent::Forwarded,
        CallEvent::Rang,
        CallEvent::Answered,
        CallEvent::Digit(Digit::from_char('7').expect("a key")),
        CallEvent::Said,
        CallEvent::Ended(end),
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn the_line_hangs_up() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(spec(HangUp::Never));
    let mut incoming = line.next().await;
    incoming.answer_with_echo().await;
    assert!(call.answered().await.is_some());
    incoming.dialog.bye().await.expect("ended");
    let expected = CallEnd {
        by: EndedBy::Line,
        code: None,
    };
    assert_eq!(call.ended().await, expected);
}

#[tokio::test]
async fn the_caller_gives_up_while_it_rings() {
    let (pbx, mut line) = start().await;
    for (hang_up, by_hand) in [(HangUp::Ringing(QUICK), false), (HangUp::Never, true)] {
        let call = pbx.call(spec(hang_up));
        let mut incoming = line.next().await;
        rung(&call, &incoming).await;
        if by_hand {
            call.hang_up();
        }
        let over = incoming.until(is_over).await;
        assert!(matches!(
            over,
            DialogState::Terminated(_, TerminatedReason::UacCancel)
        ));
        assert_eq!(call.ended().await.by, EndedBy::Caller);
        assert!(call.answered().await.is_none());
    }
}

#[tokio::test]
async fn the_callers_patience_ends() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(CallSpec {
        patience: Duration::from_millis(100),
        ..spec(HangUp::Never)
    });
    let mut incoming = line.next().await;
    rung(&call, &incoming).await;
    incoming.until(is_over).await;
    assert_eq!(call.ended().await.by, EndedBy::Caller);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(spec(HangUp::Never));
    let incoming = line.next().await;
    (incoming.dialog.reject(Some(StatusCode::BusyHere), None)).expect("refused");
    let expected = CallEnd {
        by: EndedBy::Line,
        code: Some(486),
    };
    assert_eq!(call.ended().await, expected);
}

#[tokio::test]
async fn without_a_registration_the_call_can_not_be_forwarded() {
    let (pbx, _line) = start().await;
    let call = pbx.call(CallSpec {
        to_extension: "201".into(),
        ..spec(HangUp::Never)
    });
    let expected = CallEnd {
        by: EndedBy::Pbx,
        code: Some(480),
    };
    assert_eq!(call.ended().await, expected);
    let call = pbx.call(spec(HangUp::Never));
    call.hang_up();
    assert_eq!(call.ended().await.by, EndedBy::Caller);
}

#[tokio::test]
async fn a_hidden_caller_has_no_number() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(CallSpec {
        caller_number: None,
        caller_name: None,
        ..spec(HangUp::Never)
    });
    let incoming = line.next().await;
    let from = incoming.request.from_header().expect("a header").value();
    assert!(from.contains("anonymous@anonymous.invalid"), "{from}");
    assert!(incoming.request.p_asserted_identity_header().is_none());
    call.hang_up();
    assert_eq!(call.ended().await.by, EndedBy::Caller);
}

#[tokio::test]
async fn the_line_holds_and_moves_its_sound() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(spec(HangUp::Never));
    let mut incoming = line.next().await;
    let address = incoming.answer_with_echo().await;
    assert!(call.answered().await.is_some());
    let headers = || Some(vec![Header::ContentType("application/sdp".into())]);
    let hold = incoming
        .dialog
        .reinvite(headers(), Some(sdp(address, "sendonly")));
    let answer = hold.await.expect("sent").expect("an answer");
    assert_eq!(answer.status_code, StatusCode::OK);
    let body = String::from_utf8(answer.body).expect("text");
    assert!(body.contains("a=recvonly"), "{body}");
    assert!(
        call.until(|event| *event == CallEvent::Changed)
            .await
            .is_some()
    );
    let nonsense = incoming
        .dialog
        .reinvite(headers(), Some(b"v=0\r\n".to_vec()));
    let answer = nonsense.await.expect("sent").expect("an answer");
    assert_eq!(answer.status_code, StatusCode::NotAcceptableHere);
    call.hang_up();
    assert_eq!(call.ended().await.by, EndedBy::Caller);
}

#[tokio::test]
async fn a_pbx_that_goes_takes_its_calls_along() {
    let (pbx, mut line) = start().await;
    let call = pbx.call(spec(HangUp::Never));
    let mut incoming = line.next().await;
    incoming.answer_with_echo().await;
    assert!(call.answered().await.is_some());
    pbx.stop().await;
    let expected = CallEnd {
        by: EndedBy::Pbx,
        code: None,
    };
    assert_eq!(call.ended().await, expected);
}

#[tokio::test]
async fn a_line_that_registered_over_tcp_is_called_over_it() {
    let (pbx, mut line) = start_over("tcp").await;
    for by_line in [false, true] {
        let call = pbx.call(spec(HangUp::Never));
        let mut incoming = line.next().await;
        let via = incoming.request.via_header().expect("a header").value();
        assert!(via.starts_with("SIP/2.0/TCP"), "{via}");
        incoming.answer_with_echo().await;
        assert!(call.answered().await.is_some());
        if by_line {
            incoming.dialog.bye().await.expect("ended");
        } else {
            call.hang_up();
            incoming.until(is_over).await;
        }
        let by = call.ended().await.by;
        assert_eq!(by == EndedBy::Line, by_line);
    }
}
