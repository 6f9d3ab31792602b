//! Life with each PBX of the zoo: the line registers, a call arrives with who
//! calls, both sides hear each other, keys come, and the call ends.

use std::collections::{HashMap, HashSet};
use std::f64::consts::TAU;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use media::{Engine, EngineConfig, Item, Program, Prompts};
use model::audio::{AudioStream, Codec, Digit, Direction};
use model::id::{CallId, LineId};
use model::pbx::{PbxAccount, Transport, Trust};
use model::secret::Secret;
use sim::audio::{FRAME, RATE, Sound, duration};
use sim::pbx::{
    Animal, CallEvent, CallSpec, EndedBy, Extension, HangUp, Keys, Pbx, Referrals, ZOO,
};
use sip::{Event, LegEnd, Referral, Refusal};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

/// Longer than anything awaited takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(60);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const NUMBER: &str = "+79261234567";

/// How many lives are led side by side: most of each is waiting for sound.
const SIDE_BY_SIDE: usize = 8;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Lives that have begun; none in place of one whose test has come.
type Lives = HashMap<&'static str, Option<JoinHandle<()>>>;
static BEGUN: LazyLock<Mutex<Lives>> = LazyLock::new(Mutex::default);

static PROMPTS: LazyLock<Prompts> = LazyLock::new(|| Prompts::load().expect("prompts"));

/// What the caller says: a second of 1 kHz. It is known again even where a busy
/// machine tears holes into it.
static TONE: LazyLock<Sound> = LazyLock::new(|| {
    let sample = |n: u32| ((f64::from(n) * TAU / 8.0).sin() * 8000.0) as i16;
    Sound::new(&(0..RATE).map(sample).collect::<Vec<_>>())
});

/// How much of the sound is the tone, by the power at 1 kHz in each frame.
fn tone_in(sound: &[i16]) -> Duration {
    let is_tone = |frame: &&[i16]| {
        let (mut sine, mut cosine, mut all) = (0.0, 0.0, 0.0);
        for (n, sample) in (0..).zip(*frame) {
            let (sample, angle) = (f64::from(*sample), f64::from(n) * TAU / 8.0);
            sine += sample * angle.sin();
            cosine += sample * angle.cos();
            all += sample * sample;
        }
        let tone = (sine * sine + cosine * cosine) * 2.0 / frame.len() as f64;
        all > 160.0 * 1000.0 * 1000.0 && tone > 0.8 * all
    };
    let frames = sound.chunks_exact(FRAME).filter(is_tone).count();
    duration(frames * FRAME)
}

/// A test for each animal, named like it.
macro_rules! live_with {
    ($($test:ident => $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                lives($name);
            }
        )*

        const LIVED_WITH: &[&str] = &[$($name),*];
    };
}

live_with! {
    plain => "plain",
    other_login => "other-login",
    sha_256 => "sha-256",
    sha_512_256 => "sha-512-256",
    old_digest => "old-digest",
    auth_int => "auth-int",
    many_challenges => "many-challenges",
    proxy_login => "proxy-login",
    nonce_once => "nonce-once",
    short_leash => "short-leash",
    long_leash => "long-leash",
    busy_first => "busy-first",
    tells_nothing => "tells-nothing",
    hides_contacts => "hides-contacts",
    decorator => "decorator",
    answers_aside => "answers-aside",
    two_servers => "two-servers",
    qualifier => "qualifier",
    tcp_only => "tcp-only",
    mu_law => "mu-law",
    asserted => "asserted",
    remote_party => "remote-party",
    from_only => "from-only",
    disputed => "disputed",
    telephone_uri => "telephone-uri",
    private => "private",
    eight => "eight",
    seven => "seven",
    names_itself => "names-itself",
    ten_digits => "ten-digits",
    historian => "historian",
    thorough => "thorough",
    angular => "angular",
    cyrillic => "cyrillic",
    compact => "compact",
    lower_case => "lower-case",
    folder => "folder",
    no_length => "no-length",
    backwards => "backwards",
    ornate => "ornate",
    keeps_alive => "keeps-alive",
    stutterer => "stutterer",
    lost_ack => "lost-ack",
    no_events => "no-events",
    info_relay => "info-relay",
    info => "info",
    tones => "tones",
    chatty => "chatty",
    opus_first => "opus-first",
    long_packets => "long-packets",
    behind_nat => "behind-nat",
    moves => "moves",
    renews => "renews",
    updates => "updates",
    nudges => "nudges",
    asks => "asks",
    notifies => "notifies",
    holder => "holder",
    silent_holder => "silent-holder",
    updating_holder => "updating-holder",
    old_holder => "old-holder",
    clockwork => "clockwork",
    winds_by_update => "winds-by-update",
    winds_by_invite => "winds-by-invite",
    insists => "insists",
    asterisk_like => "asterisk-like",
    freeswitch_like => "freeswitch-like",
    like_3cx => "3cx-like",
    mango_like => "mango-like",
    g722_only => "g722-only",
    opus_only => "opus-only",
    connects => "connects",
    returns => "returns",
    refuses_refer => "refuses-refer",
    refer_202_then_silence => "refer-202-then-silence",
    refer_notify_503 => "refer-notify-503",
    never_itself => "never-itself",
    codes_only => "codes-only",
    announces => "announces",
}

/// Awaits the life with this animal; those whose tests come next begin as well.
fn lives(name: &str) {
    let life = {
        let mut order = LIVED_WITH.to_vec();
        order.sort_unstable();
        let at = order.partition_point(|other| *other < name);
        let mut begun = BEGUN.lock().expect("lives");
        for next in order.into_iter().skip(at).take(SIDE_BY_SIDE) {
            begun
                .entry(next)
                .or_insert_with(|| Some(RUNTIME.spawn(live(next))));
        }
        let life = begun.get_mut(name).and_then(Option::take);
        life.expect("a life that has begun")
    };
    if let Err(failed) = RUNTIME.block_on(life) {
        // It was printed where the life was led, beside whatever test ran then.
        panic!("{:?}", failed.into_panic().downcast::<String>());
    }
}

#[test]
fn every_animal_is_lived_with_and_has_a_name_of_its_own() {
    let names: Vec<_> = ZOO.iter().map(|animal| animal.name).collect();
    assert_eq!(names, LIVED_WITH);
    let different: HashSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len());
    assert!(names.len() >= 15);
}

/// What a life waits for.
#[derive(Debug, PartialEq)]
enum Happens {
    PlayedBack,
    Key(Digit),
}

/// The PBX's last word on a REFER.
async fn referral(events: &mut mpsc::Receiver<Event>) -> Referral {
    loop {
        let event = timeout(SOON, events.recv()).await.expect("in time");
        match event.expect("the endpoint runs") {
            Event::Referred {
                referral: Referral::Going,
                ..
            }
            | Event::Line { .. }
            | Event::Changed { .. } => {}
            Event::Referred { referral, .. } => return referral,
            other => panic!("{other:?}"),
        }
    }
}

async fn live(name: &str) {
    let extension = Extension {
        user: "200".into(),
        password: Secret::new("secret"),
    };
    let animal = Animal::named(name).expect("an animal");
    let mut config = animal.config((LOOPBACK, 0).into(), vec![extension]);
    config.forward_after = Duration::ZERO;
    // Others are asked to renew only after the life.
    let renews = config.expires_max_s < 10;
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

    let call = pbx.call(CallSpec {
        caller_number: Some(NUMBER.into()),
        caller_name: Some("Яна".into()),
        dialled: "101".into(),
        to_extension: "200".into(),
        voice: TONE.clone(),
        // What the PBX changes is over then.
        speak_after: Duration::from_millis(if quirks.change.is_some() { 1500 } else { 200 }),
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
            let number = (!quirks.private).then(|| match quirks.shows_dialled {
                true => "101".to_owned(),
                false => quirks.dialling.spelt(NUMBER),
            });
            assert_eq!(caller.number, number);
            let told = !quirks.no_diversion || quirks.history;
            assert_eq!(dialled.as_deref(), told.then_some("101"));
            let spelt_plainly = quirks.style.is_empty() && quirks.display.is_none();
            if spelt_plainly && !quirks.private {
                assert_eq!(caller.name.as_deref(), Some("Яна"));
            }
            (leg, audio.expect("an offer"))
        }
        other => panic!("no call but {other:?}"),
    };

    endpoint.ring(leg);
    let rang = call.until(|event| *event == CallEvent::Rang).await;
    assert!(rang.is_some(), "{:?}", call.events());

    let (tell, mut sounds) = mpsc::unbounded_channel();
    let config = EngineConfig {
        rtp_listen: LOOPBACK,
        rtp_external: Vec::new(),
        rtp_ports: 43_000..=43_999,
        browser_listen: (LOOPBACK, 0).into(),
        browser_external: Vec::new(),
        threads: 1,
    };
    let engine = Engine::start(config, PROMPTS.clone(), tell).expect("started");
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
        silence_ends_after: Duration::from_millis(500),
    };
    engine.hear(id, 1, Program(vec![listen, Item::PlayBack]));
    let happens = async |events: &mut mpsc::Receiver<Event>,
                         sounds: &mut mpsc::UnboundedReceiver<media::Event>| loop {
        tokio::select! {
            event = events.recv() => match event.expect("the endpoint runs") {
                Event::Changed { audio, .. } => engine.connect(id, &audio),
                Event::Line { .. } => {}
                Event::Digit { digit, .. } => return Happens::Key(digit),
                other => panic!("{other:?}"),
            },
            sound = sounds.recv() => match sound.expect("the engine runs") {
                media::Event::Digit { digit, .. } => return Happens::Key(digit),
                media::Event::Heard { program: 1, .. } => return Happens::PlayedBack,
                _ => {}
            },
        }
    };
    let played = timeout(SOON, happens(&mut events, &mut sounds)).await;
    assert_eq!(played.expect("played back"), Happens::PlayedBack);
    let heard = tone_in(&call.heard());
    assert!(heard > Duration::from_millis(500), "{heard:?}");

    if quirks.change.is_some() {
        let said = call.until(|event| matches!(event, CallEvent::Agreed | CallEvent::Declined(_)));
        let said = said.await.map(|happened| happened.event);
        assert_eq!(said, Some(CallEvent::Agreed));
    }
    if quirks.keys != Keys::Events || !quirks.no_events {
        let five = Digit::from_char('5').expect("a key");
        call.press(five);
        let pressed = timeout(SOON, happens(&mut events, &mut sounds)).await;
        assert_eq!(pressed.expect("in time"), Happens::Key(five));
    }
    if let Some(seconds) = quirks.session_s {
        // The line has taken it on itself to refresh the session.
        let agreed = format!("Session-Expires: {seconds};refresher=uas");
        let traces = endpoint.traces();
        let heads = traces.of_line(line).into_iter();
        let messages = heads.flat_map(|head| traces.messages(line, head.id));
        let mut answers = messages.filter(|m| m.outgoing && m.label == "200 OK");
        assert!(answers.any(|answer| answer.text.contains(&agreed)));
    }
    if renews {
        let renewed = pbx.await_registrations("200", 2, SOON).await;
        renewed.expect("registered again");
    }
    if quirks.refuses_itself {
        let own = endpoint.place(line, "200", offered.clone());
        match next(&mut events).await {
            Event::Ended { leg, cause } => {
                assert_eq!((leg, cause), (own, LegEnd::Refused { code: 404 }));
            }
            other => panic!("no refusal but {other:?}"),
        }
    }
    let handed_over = if let Some(code) = quirks.transfer_code {
        for key in format!("{code}101").chars() {
            engine.digit(id, Digit::from_char(key).expect("a key"));
        }
        let taken = call.until(|event| *event == CallEvent::Transferred).await;
        assert!(taken.is_some(), "{:?}", call.events());
        false
    } else {
        endpoint.refer(leg, "101");
        let referral = match quirks.referrals {
            // Silence leaves the call as it was.
            Referrals::Silent => {
                let referred = call.until(|event| *event == CallEvent::Referred).await;
                assert!(referred.is_some(), "{:?}", call.events());
                let seven = Digit::from_char('7').expect("a key");
                call.press(seven);
                let pressed = timeout(SOON, happens(&mut events, &mut sounds)).await;
                assert_eq!(pressed.expect("in time"), Happens::Key(seven));
                None
            }
            _ => Some(referral(&mut events).await),
        };
        let wanted = match quirks.referrals {
            Referrals::Unknown => Some(Referral::Refused { code: 501 }),
            Referrals::Refused => Some(Referral::Refused { code: 403 }),
            Referrals::Silent => None,
            Referrals::Failing => Some(Referral::NotConnected { code: 503 }),
            Referrals::Connecting | Referrals::Returning => Some(Referral::Connected),
        };
        assert_eq!(referral, wanted);
        referral == Some(Referral::Connected)
    };
    if handed_over {
        endpoint.hang_up(leg);
    } else {
        call.hang_up();
    }
    let wanted = match handed_over {
        true => (LegEnd::Released, EndedBy::Line),
        false => (LegEnd::HungUp, EndedBy::Caller),
    };
    match next(&mut events).await {
        Event::Ended { cause, .. } => assert_eq!(cause, wanted.0),
        other => panic!("no end but {other:?}"),
    }
    if quirks.referrals == Referrals::Returning {
        match next(&mut events).await {
            Event::Incoming { leg, caller, .. } => {
                assert_eq!(caller.number.as_deref(), Some(NUMBER));
                endpoint.refuse(leg, Refusal::Busy);
            }
            other => panic!("nobody came back but {other:?}"),
        }
    }
    assert_eq!(call.ended().await.by, wanted.1);
    endpoint.shutdown().await;
    tokio::task::spawn_blocking(move || engine.shutdown())
        .await
        .expect("shut down");
}
