//! Life with each PBX of the zoo: the line registers, a call arrives with who
//! calls, both sides hear each other, keys come, and the call ends.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use media::{Engine, EngineConfig, Item, Program, Prompts};
use model::audio::{AudioStream, Codec, Digit, Direction};
use model::id::{CallId, LineId};
use model::pbx::{PbxAccount, Transport, Trust};
use model::secret::Secret;
use sim::audio::{Sound, find};
use sim::customer;
use sim::pbx::{Animal, CallSpec, EndedBy, Extension, HangUp, Pbx, ZOO};
use sip::{Event, LegEnd};
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

/// Longer than anything awaited takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(60);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const NUMBER: &str = "+79261234567";

/// A test for each animal, named like it.
macro_rules! live_with {
    ($($test:ident => $name:literal),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                live($name).await;
            }
        )*

        const LIVED_WITH: &[&str] = &[$($name),*];
    };
}

live_with! {
    plain => "plain",
    other_login => "other-login",
    sha_256 => "sha-256",
    nonce_once => "nonce-once",
    short_leash => "short-leash",
    long_leash => "long-leash",
    busy_first => "busy-first",
    tells_nothing => "tells-nothing",
    tcp_only => "tcp-only",
    mu_law => "mu-law",
    asserted => "asserted",
    remote_party => "remote-party",
    from_only => "from-only",
    historian => "historian",
    angular => "angular",
    cyrillic => "cyrillic",
    compact => "compact",
    lower_case => "lower-case",
    folder => "folder",
    no_length => "no-length",
    stutterer => "stutterer",
    lost_ack => "lost-ack",
    no_events => "no-events",
    chatty => "chatty",
    behind_nat => "behind-nat",
    renews => "renews",
    holder => "holder",
    old_holder => "old-holder",
    clockwork => "clockwork",
    g722_only => "g722-only",
    opus_only => "opus-only",
}

#[test]
fn every_animal_is_lived_with_and_has_a_name_of_its_own() {
    let names: Vec<_> = ZOO.iter().map(|animal| animal.name).collect();
    assert_eq!(names, LIVED_WITH);
    let different: std::collections::HashSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len());
    assert!(names.len() >= 15);
}

async fn live(name: &str) {
    let extension = Extension {
        user: "200".into(),
        password: Secret::new("secret"),
    };
    let animal = Animal::named(name).expect("an animal");
    let mut config = animal.config((LOOPBACK, 0).into(), vec![extension]);
    config.forward_after = Duration::ZERO;
    let quirks = config.quirks.clone();
    let transport = match config.udp {
        true => Transport::Udp,
        false => Transport::Tcp,
    };
    let pbx = Pbx::start(config).await.expect("started");
    let (tell, mut events) = mpsc::channel(100);
    let endpoint = sip::EndpointConfig {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..sip::EndpointConfig::at((LOOPBACK, 0).into())
    };
    let endpoint = sip::Endpoint::start(endpoint, tell).await.expect("started");
    let account = PbxAccount {
        user: "200".into(),
        password: Secret::new("secret"),
        server: pbx.address().to_string(),
        proxy: None,
        auth_name: quirks.auth_name.map(str::to_owned),
        port: None,
        transport,
        interval_s: 300,
        trust: Trust::Public,
        codecs: Codec::ALL.to_vec(),
    };
    let line = LineId(Uuid::now_v7());
    endpoint.connect(line, Uuid::new_v4().simple().to_string(), account);
    pbx.await_registered("200", SOON).await.expect("registered");

    let voice = &customer::CALLERS[0].voice().expect("a voice");
    let voice = Sound::new(&voice[..12_000]);
    let call = pbx.call(CallSpec {
        caller_number: Some(NUMBER.into()),
        caller_name: Some("Яна".into()),
        dialled: "101".into(),
        to_extension: "200".into(),
        voice: voice.clone(),
        speak_after: Duration::from_millis(1500),
        hang_up: HangUp::Never,
        patience: SOON,
    });
    let next = async |events: &mut mpsc::Receiver<Event>| loop {
        let event = timeout(SOON, events.recv()).await.expect("in time");
        match event.expect("the endpoint runs") {
            Event::Line { .. } => {}
            event => return event,
        }
    };
    let (leg, offered) = match next(&mut events).await {
        Event::Incoming {
            leg,
            caller,
            dialled,
            audio,
            ..
        } => {
            assert_eq!(caller.number.as_deref(), Some(NUMBER));
            let told = !quirks.no_diversion || quirks.history;
            assert_eq!(dialled.as_deref(), told.then_some("101"));
            if quirks.style.is_empty() && quirks.display.is_none() {
                assert_eq!(caller.name.as_deref(), Some("Яна"));
            }
            (leg, audio.expect("an offer"))
        }
        other => panic!("no call but {other:?}"),
    };

    let (tell, mut sounds) = mpsc::unbounded_channel();
    let config = EngineConfig {
        rtp_listen: LOOPBACK,
        rtp_external: Vec::new(),
        rtp_ports: 43_000..=43_999,
        browser_listen: (LOOPBACK, 0).into(),
        browser_external: Vec::new(),
        threads: 1,
    };
    let engine = Engine::start(config, Prompts::load().expect("prompts"), tell).expect("started");
    let id = CallId(Uuid::now_v7());
    let address = engine.open(id, None).expect("a port");
    engine.connect(id, &offered);
    endpoint.answer(
        leg,
        AudioStream {
            address,
            formats: offered.formats.clone(),
            dtmf: offered.dtmf,
            direction: Direction::SendRecv,
            keys: None,
        },
    );
    match next(&mut events).await {
        Event::Answered { audio, .. } => engine.connect(id, &audio),
        other => panic!("no answer but {other:?}"),
    }
    // What the caller says is played back.
    let listen = Item::Listen {
        max: Duration::from_secs(6),
        begin_within: Duration::from_secs(20),
        silence_ends_after: Duration::from_millis(700),
    };
    engine.hear(id, 1, Program(vec![listen, Item::PlayBack]));
    let sound_event =
        async |events: &mut mpsc::Receiver<Event>,
               sounds: &mut mpsc::UnboundedReceiver<media::Event>| loop {
            tokio::select! {
                event = events.recv() => match event.expect("the endpoint runs") {
                    Event::Changed { audio, .. } => engine.connect(id, &audio),
                    Event::Line { .. } => {}
                    other => panic!("{other:?}"),
                },
                sound = sounds.recv() => return sound.expect("the engine runs"),
            }
        };
    let played = timeout(SOON, async {
        while !matches!(
            sound_event(&mut events, &mut sounds).await,
            media::Event::Heard { program: 1, .. }
        ) {}
    });
    played.await.expect("played back");
    let heard = find(&voice, &call.heard()).expect("the caller heard something");
    assert!(heard.strength > 0.6, "{heard:?}");

    if !quirks.no_events {
        let five = Digit::from_char('5').expect("a key");
        call.press(five);
        let pressed = timeout(SOON, async {
            loop {
                if let media::Event::Digit { digit, .. } =
                    sound_event(&mut events, &mut sounds).await
                {
                    return digit;
                }
            }
        });
        assert_eq!(pressed.await.expect("in time"), five);
    }
    call.hang_up();
    match next(&mut events).await {
        Event::Ended { cause, .. } => assert_eq!(cause, LegEnd::HungUp),
        other => panic!("no end but {other:?}"),
    }
    assert_eq!(call.ended().await.by, EndedBy::Caller);
    endpoint.shutdown().await;
    tokio::task::spawn_blocking(move || engine.shutdown())
        .await
        .expect("shut down");
}
