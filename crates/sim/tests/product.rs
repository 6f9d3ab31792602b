//! The PBX and the robot operator at the two ends of the product's own
//! signalling and sound: both hear each other, and the recording holds both.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use media::{Engine, EngineConfig, Prompts};
use model::audio::{AudioStream, Direction, Law};
use model::id::{BrowserId, CallId, LegId, LineId};
use model::pbx::{Connection, PbxAccount, Transport};
use model::secret::Secret;
use serde_json::json;
use sim::audio::{Sound, channels, find};
use sim::customer;
use sim::operator::{HangUp as OperatorHangUp, RobotOperator, Script};
use sim::pbx::{CallSpec, EndedBy, Extension, HangUp, Pbx, PbxConfig};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use uuid::Uuid;

#[allow(dead_code)]
#[path = "support/desk.rs"]
mod desk;

const SOON: Duration = Duration::from_secs(30);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn registered(pbx: &Pbx) -> (sip::Endpoint, mpsc::Receiver<sip::Event>) {
    let (tell, events) = mpsc::channel(100);
    let config = sip::EndpointConfig {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..sip::EndpointConfig::at((LOOPBACK, 0).into())
    };
    let endpoint = sip::Endpoint::start(config, tell).await.expect("started");
    let account = PbxAccount {
        user: "200".into(),
        password: Secret::new("secret"),
        server: pbx.address().ip().to_string(),
        proxy: None,
        auth_name: None,
        port: Some(pbx.address().port()),
        transport: Transport::Udp,
        interval_s: 300,
        trust: model::pbx::Trust::default(),
        codecs: model::audio::Codec::ALL.to_vec(),
    };
    let line = LineId(Uuid::now_v7());
    endpoint.connect(line, "0123456789abcdef".into(), account);
    let outcome = endpoint.await_outcome(line, SOON).await;
    assert_eq!(outcome, Connection::Registered { granted_s: 300 });
    assert!(pbx.registered("200"));
    (endpoint, events)
}

/// The next event that the function takes.
async fn next<T>(
    events: &mut mpsc::Receiver<sip::Event>,
    take: impl Fn(sip::Event) -> Option<T>,
) -> T {
    let found = async {
        loop {
            if let Some(found) = take(events.recv().await.expect("the endpoint runs")) {
                return found;
            }
        }
    };
    timeout(SOON, found).await.expect("in time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caller_and_operator_hear_each_other_through_the_product() {
    let extension = Extension {
        user: "200".into(),
        password: Secret::new("secret"),
    };
    let pbx = Pbx::start(PbxConfig {
        forward_after: Duration::ZERO,
        ..PbxConfig::new((LOOPBACK, 0).into(), vec![extension])
    });
    let pbx = pbx.await.expect("started");
    let (endpoint, mut events) = registered(&pbx).await;

    let (tell, mut sounds) = mpsc::unbounded_channel();
    let config = EngineConfig {
        rtp_listen: LOOPBACK,
        rtp_external: Vec::new(),
        rtp_ports: 42_000..=42_999,
        browser_listen: (LOOPBACK, 0).into(),
        browser_external: Vec::new(),
        threads: 1,
    };
    let prompts = Prompts::load().expect("prompts");
    let engine = Engine::start(config, prompts, tell).expect("started");
    let browser = BrowserId(Uuid::now_v7());
    let (up, recorded) = (watch::Sender::new(false), watch::Sender::new(None));
    let (is_up, is_recorded) = (up.subscribe(), recorded.subscribe());
    tokio::spawn(async move {
        while let Some(event) = sounds.recv().await {
            match event {
                media::Event::BrowserUp { .. } => drop(up.send_replace(true)),
                media::Event::Recorded { recording, .. } => {
                    drop(recorded.send_replace(Some(recording)));
                }
                _ => {}
            }
        }
    });
    let answering: desk::Answering = {
        let engine = engine.clone();
        Arc::new(move |offer, tell| {
            let (engine, mut is_up) = (engine.clone(), is_up.clone());
            async move {
                let answer = engine.browser(browser, offer).await;
                tokio::spawn(async move {
                    is_up.wait_for(|up| *up).await.expect("the engine runs");
                    let _ = tell.send(json!({ "type": "sound_state", "state": "up" }));
                });
                answer.expect("an answer")
            }
            .boxed()
        })
    };
    let (origin, told) = desk::start_with(false, None, answering).await;
    let robot = RobotOperator::sign_in(&origin, "olga@example.org", "secret").await;
    let mut robot = robot.expect("signed in");

    let caller = customer::caller("sergey-orlov").expect("a caller");
    let asking = Sound::new(&caller.voice().expect("a voice")[..24_000]);
    let replying = Sound::new(&customer::operator_voice().expect("a voice")[..24_000]);
    let call = pbx.call(CallSpec {
        caller_number: Some(caller.number.into()),
        caller_name: Some(caller.name.into()),
        dialled: caller.dialled.into(),
        to_extension: "200".into(),
        voice: asking.clone(),
        speak_after: Duration::from_millis(500),
        hang_up: HangUp::Never,
        patience: SOON,
    });
    let (leg, from, dialled, audio) = next(&mut events, |event| match event {
        sip::Event::Incoming {
            leg,
            caller,
            dialled,
            audio,
            ..
        } => Some((leg, caller, dialled, audio)),
        _ => None,
    })
    .await;
    assert_eq!(from.number.as_deref(), Some(caller.number));
    assert_eq!(from.name.as_deref(), Some(caller.name));
    assert_eq!(dialled.as_deref(), Some(caller.dialled));
    let format = audio.expect("an offer").formats[0];
    assert_eq!(format, Law::A.into());
    endpoint.ring(leg);

    let served = tokio::spawn(async move {
        robot.ready().await.expect("ready");
        let script = Script {
            answer_after: Duration::from_millis(100),
            voice: replying.clone(),
            speak_after: Duration::from_millis(4000),
            note: None,
            hang_up: OperatorHangUp::Said(Duration::from_millis(500)),
        };
        (robot.serve_one(script).await.expect("served"), replying)
    });
    told.until("accept").await;
    let folder = tempfile::tempdir().expect("a folder");
    let call_id = CallId(Uuid::now_v7());
    let raw = folder.path().join("call.wav");
    let address = engine.open(call_id, Some(raw.clone())).expect("a port");
    let local = AudioStream {
        address,
        formats: vec![format],
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    };
    endpoint.answer(leg, local);
    let agreed = next(&mut events, |event| match event {
        sip::Event::Answered { audio, .. } => Some(audio),
        _ => None,
    });
    engine.connect(call_id, &agreed.await);
    engine.bridge(call_id, browser);
    assert!(call.answered().await.is_some());

    told.until("hang_up").await;
    endpoint.hang_up(leg);
    assert_eq!(call.ended().await.by, EndedBy::Line);
    let ended = |event| match event {
        sip::Event::Ended { leg, .. } => Some(leg),
        _ => None,
    };
    let over: LegId = next(&mut events, ended).await;
    assert_eq!(over, leg);
    engine.close(call_id);
    let (served, replying) = timeout(SOON, served)
        .await
        .expect("in time")
        .expect("served");

    let heard = find(&asking, &served.heard).expect("the operator heard");
    assert!(heard.strength > 0.9, "the operator heard {heard:?}");
    let heard = find(&replying, &call.heard()).expect("the caller heard");
    assert!(heard.strength > 0.9, "the caller heard {heard:?}");
    let (operators, callers) = (served.packets, call.packets());
    assert_eq!(
        (operators.lost, callers.lost),
        (0, 0),
        "{operators:?} {callers:?}"
    );

    let mut is_recorded = is_recorded;
    let recording = timeout(SOON, is_recorded.wait_for(Option::is_some)).await;
    let recording = recording.expect("in time").expect("recorded").clone();
    assert!(!recording.expect("a recording").cut_off);
    let sides = channels(&std::fs::read(&raw).expect("a file")).expect("a WAV");
    for (side, voice) in sides.iter().zip([&asking, &replying]) {
        let found = find(voice, side).expect("a voice");
        assert!(found.strength > 0.9, "{found:?}");
    }
    let crossed = find(&asking, &sides[1]).map_or(0.0, |found| found.strength);
    assert!(
        crossed < 0.5,
        "the caller is on the operator's side: {crossed}"
    );
    endpoint.shutdown().await;
    assert!(pbx.await_unregistered("200", SOON).await);
}
