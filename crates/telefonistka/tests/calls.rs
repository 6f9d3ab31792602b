//! Calls from a customer's PBX to robot operators, through the running program.

mod common;

use std::time::Duration;

use common::{World, spec};
use model::call::{CallResult, Ending, Happening, RecordingState};
use sim::audio::{self, Sound};
use sim::customer;
use sim::operator::{HangUp, Note, Script};
use store::CallFilter;

/// How alike a voice and its recording have to be.
const ALIKE: f64 = 0.6;

fn script(hang_up: HangUp, note: Option<&str>) -> Script {
    Script {
        answer_after: Duration::from_millis(100),
        voice: customer::operator_voice().expect("a voice"),
        speak_after: Duration::from_millis(200),
        note: note.map(|text| Note {
            recipient: None,
            caller_name: None,
            caller_phone: None,
            text: text.to_owned(),
        }),
        hang_up,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_calls_at_once_to_twenty_operators_lose_no_packet() {
    const CALLS: usize = 20;
    let world = World::start(CALLS, "").await;
    let mut operators = Vec::new();
    for number in 0..CALLS {
        let mut operator = world.operator(number).await;
        operators.push(tokio::spawn(async move {
            let served = operator
                .serve_one(script(HangUp::Never, Some("Перезвонить")))
                .await;
            served.expect("a call is served")
        }));
    }
    let talk = Duration::from_secs(10);
    let hang_up = || sim::pbx::HangUp::Answered(talk);
    let calls: Vec<_> = (0..CALLS).map(|_| world.call(spec(hang_up()))).collect();
    for call in &calls {
        call.ended().await;
        let packets = call.packets();
        assert_eq!(
            packets.lost, 0,
            "the caller's side lost packets: {packets:?}"
        );
        assert!(
            packets.received > 450,
            "ten seconds are 500 packets: {packets:?}"
        );
    }
    let mut served = Vec::new();
    for operator in operators {
        served.push(operator.await.expect("the operator's task"));
    }
    for one in &served {
        assert_eq!(
            one.packets.lost, 0,
            "the operator's side lost packets: {:?}",
            one.packets
        );
        assert!(one.packets.received > 450, "{:?}", one.packets);
    }
    let mut calls: Vec<_> = served.iter().map(|served| served.call).collect();
    calls.sort_unstable();
    calls.dedup();
    assert_eq!(calls.len(), CALLS, "each operator had a call of their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_longer_than_35_seconds_survives_and_both_voices_are_on_their_channels() {
    let world = World::start(1, "").await;
    let mut operator = world.operator(0).await;
    let serving = tokio::spawn(async move {
        operator
            .serve_one(script(HangUp::Never, Some("Долгий разговор")))
            .await
    });
    let call = world.call(spec(sim::pbx::HangUp::Answered(Duration::from_secs(38))));
    call.ended().await;
    let served = serving
        .await
        .expect("the task")
        .expect("the call is served");
    let store = world.store().await;
    let details = world.settled(&store, served.call).await;
    let call = &details.row.call;
    assert_eq!(call.ending, Some(Ending::CallerHungUp));
    assert_eq!(call.recording, RecordingState::Ready);
    assert!(
        (37_000..40_000).contains(&call.recording_ms),
        "{} ms",
        call.recording_ms
    );

    let path = world
        .recordings()
        .ogg_path(world.company, call.id, call.arrived_at);
    let wav = media::pack::wav(&std::fs::read(path).expect("the recording")).expect("a WAV");
    let channels = audio::channels(&wav).expect("two channels");
    let caller = customer::CALLERS[0].voice().expect("a voice");
    let operator = customer::operator_voice().expect("a voice");
    assert_voice(
        &caller,
        &channels[0],
        Duration::from_millis(500),
        "caller, left",
    );
    assert_voice(
        &operator,
        &channels[1],
        Duration::from_millis(200),
        "operator, right",
    );
    assert_eq!(
        audio::find(&caller, &channels[1]).filter(|f| f.strength > ALIKE),
        None
    );
    assert_eq!(
        audio::find(&operator, &channels[0]).filter(|f| f.strength > ALIKE),
        None
    );

    let mail = world.mail.await_mail(
        |m| m.text.contains("Долгий разговор"),
        Duration::from_secs(10),
    );
    assert_eq!(
        mail.await.expect("the letter").to,
        ["anna@romashka.example"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_caller_is_called_back_the_network_is_heard_and_both_are_recorded() {
    let world = World::start(1, "").await;
    let mut operator = world.operator(0).await;
    let patience = Duration::from_secs(1);
    let lost = world.call(spec(sim::pbx::HangUp::Ringing(patience)));
    lost.ended().await;
    let store = world.store().await;
    let all = CallFilter::default();
    let page = || store::PageRequest::default();
    let calls = store.calls().list(world.company, &all, page()).await;
    let lost = calls.expect("the calls").items[0].call.clone();

    let served = operator
        .call_back(lost.id, script(HangUp::Said(Duration::from_secs(10)), None))
        .await
        .expect("the caller is called back");
    assert_eq!(served.card["errand"]["call"], serde_json::json!(lost.id));
    let details = world.settled(&store, served.call).await;
    let call = &details.row.call;
    assert!(call.outgoing);
    assert_eq!(call.caller.number, lost.caller.number);
    assert_eq!(call.ending, Some(Ending::OperatorHungUp));
    assert_eq!(call.result, Some(CallResult::Reached));
    let told: Vec<_> = details
        .timeline
        .iter()
        .map(|t| &t.entry.happening)
        .collect();
    assert!(
        matches!(
            told[..],
            [
                Happening::Placed { .. },
                Happening::CalleeRinging,
                Happening::Answered { .. },
                Happening::Ended { .. }
            ]
        ),
        "{told:?}"
    );
    let path = world
        .recordings()
        .ogg_path(world.company, call.id, call.arrived_at);
    let wav = media::pack::wav(&std::fs::read(path).expect("the recording")).expect("a WAV");
    let channels = audio::channels(&wav).expect("two channels");
    let announced = sim::pbx::announcement().expect("a voice");
    let found = |channel| audio::find(&announced, channel).map_or(0.0, |found| found.strength);
    assert!(found(&served.heard_before) > ALIKE, "before the answer");
    assert!(found(&channels[0]) < ALIKE, "it is no part of the call");
    let operator = customer::operator_voice().expect("a voice");
    let at = Duration::from_millis(200);
    assert_voice(&operator, &channels[1], at, "operator, right");
    let ivan = customer::CALLERS[0].voice().expect("a voice");
    assert_voice(
        &ivan,
        &served.heard,
        Duration::from_secs(3),
        "who is called",
    );

    let lost = store.calls().get(world.company, lost.id).await;
    assert!(lost.expect("the lost call").row.call.called_back);
}

/// The voice is there, from about that moment on.
fn assert_voice(voice: &Sound, channel: &Sound, at: Duration, who: &str) {
    let found = audio::find(voice, channel).unwrap_or_else(|| panic!("{who}: silence"));
    assert!(found.strength > ALIKE, "{who}: {found:?}");
    let off = found.at.abs_diff(at);
    assert!(
        off < Duration::from_millis(600),
        "{who}: {found:?}, expected at {at:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_in_mid_call_the_recording_plays_up_to_the_kill_and_the_call_has_an_ending() {
    let mut world = World::start(1, "").await;
    let mut operator = world.operator(0).await;
    let serving =
        tokio::spawn(async move { operator.serve_one(script(HangUp::Never, None)).await });
    let call = world.call(spec(sim::pbx::HangUp::Never));
    let answered = call.answered().await.expect("the call is answered").at;
    call.until(|event| matches!(event, sim::pbx::CallEvent::Said))
        .await
        .expect("the caller speaks");
    world.kill().await;
    let talked = jiff::Timestamp::now().duration_since(answered);
    drop(call);
    serving.abort();

    world.start_server().await;
    let store = world.store().await;
    let page = store
        .calls()
        .list(
            world.company,
            &CallFilter::default(),
            store::PageRequest::default(),
        )
        .await
        .expect("the calls");
    let details = world.settled(&store, page.items[0].call.id).await;
    let call = &details.row.call;
    assert_eq!(call.ending, Some(Ending::ServerStopped));
    assert_eq!(call.recording, RecordingState::CutOff);
    let lost = talked.as_millis() - i128::from(call.recording_ms);
    assert!(
        lost <= 250,
        "{lost} ms of {} ms are lost",
        talked.as_millis()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_the_running_call_end_and_takes_no_other() {
    let mut world = World::start(1, "").await;
    let mut operator = world.operator(0).await;
    let serving =
        tokio::spawn(async move { operator.serve_one(script(HangUp::Never, None)).await });
    let talk = sim::pbx::HangUp::Answered(Duration::from_secs(4));
    let call = world.call(spec(talk));
    call.answered().await.expect("the call is answered");
    world.terminate();
    let other = world.call(spec(sim::pbx::HangUp::Never)).ended().await;
    assert!(other.code.is_some_and(|code| code >= 400), "{other:?}");
    let end = call.ended().await;
    assert_eq!(
        end.by,
        sim::pbx::EndedBy::Caller,
        "the running call goes on to its end"
    );
    assert!(world.left().await.success());
    // The desk is closed with the server; what the robot says of that does not matter here.
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_signed_in_a_voice_message_is_taken_and_delivered() {
    let world = World::start(1, "").await;
    let mut voice = spec(sim::pbx::HangUp::Said(Duration::from_secs(1)));
    // The prompt and its tone come first.
    voice.speak_after = Duration::from_secs(10);
    world.call(voice).ended().await;
    let within = Duration::from_secs(15);
    let mail = world
        .mail
        .await_mail(|m| m.text.contains("Голосовое сообщение"), within)
        .await;
    assert_eq!(mail.expect("the letter").to, ["anna@romashka.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_log_tells_a_number_or_a_password() {
    let world = World::start(1, "").await;
    let mut operator = world.operator(0).await;
    let serving = tokio::spawn(async move {
        operator
            .serve_one(script(
                HangUp::Answered(Duration::from_secs(2)),
                Some("Вопрос"),
            ))
            .await
    });
    world.call(spec(sim::pbx::HangUp::Never)).ended().await;
    serving
        .await
        .expect("the task")
        .expect("the call is served");
    let log = world.log();
    assert!(
        log.contains("a call arrives"),
        "the log tells of the call: {log}"
    );
    for secret in [
        "9261234567",
        common::PBX_PASSWORD,
        common::PASSWORD,
        "Digest username",
    ] {
        assert!(!log.contains(secret), "the log contains {secret}");
    }
}
