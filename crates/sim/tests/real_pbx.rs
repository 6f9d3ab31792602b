//! Sound and keys with a real Asterisk as the PBX, in each codec alone: its
//! coders, not ours, are at the other end.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use media::{Engine, EngineConfig, Item, Program, Prompts};
use model::audio::{AudioStream, Codec, Digit, Direction};
use model::id::{CallId, LegId, LineId};
use model::pbx::{Connection, PbxAccount, Transport, Trust};
use model::secret::Secret;
use sip::Event;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

#[allow(dead_code)]
#[path = "../../sip/tests/common/asterisk.rs"]
mod asterisk;

use asterisk::Asterisk;

/// Longer than anything awaited takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// A PBX whose extension 200 is our line, and the engine.
struct Scene {
    pbx: Asterisk,
    line: LineId,
    endpoint: sip::Endpoint,
    events: mpsc::Receiver<Event>,
    engine: Engine,
    sounds: mpsc::UnboundedReceiver<media::Event>,
    folder: TempDir,
}

/// A call that stands.
struct Standing {
    call: CallId,
    leg: LegId,
    audio: AudioStream,
}

impl Scene {
    /// `extra` is more of the extension's configuration.
    async fn set(extra: &str) -> Self {
        Self::set_with_plan(extra, "").await
    }

    /// `plan` is more of the dial plan.
    async fn set_with_plan(extra: &str, plan: &str) -> Self {
        let extra = format!("[200](+)\n{extra}\n");
        let pbx = Asterisk::start_with_plan(1, &extra, plan);
        let here = pbx.address.ip();
        let (tell, mut events) = mpsc::channel(100);
        let config = sip::EndpointConfig {
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
            ..sip::EndpointConfig::at((here, 0).into())
        };
        let endpoint = sip::Endpoint::start(config, tell).await.expect("started");
        let account = PbxAccount {
            user: "200".into(),
            password: Secret::new("secret200"),
            server: here.to_string(),
            proxy: None,
            auth_name: None,
            port: Some(pbx.address.port()),
            transport: Transport::Udp,
            interval_s: 120,
            trust: Trust::Public,
            codecs: Codec::ALL.to_vec(),
        };
        let line = LineId(Uuid::now_v7());
        endpoint.connect(line, Uuid::new_v4().simple().to_string(), account);
        let outcome = endpoint.await_outcome(line, SOON).await;
        assert!(
            matches!(outcome, Connection::Registered { .. }),
            "{outcome:?}"
        );
        let registered = events.recv().await.expect("the endpoint runs");
        assert!(matches!(registered, Event::Line { .. }), "{registered:?}");
        let (tell, sounds) = mpsc::unbounded_channel();
        // Lower than the PBX's, and apart from those of other tests.
        let first = 42_000 + std::process::id() as u16 % 50 * 40;
        let engine = EngineConfig {
            rtp_listen: here,
            rtp_external: Vec::new(),
            rtp_ports: first..=first + 39,
            browser_listen: (here, 0).into(),
            browser_external: Vec::new(),
            threads: 1,
        };
        let prompts = Prompts::load().expect("prompts");
        Self {
            pbx,
            line,
            endpoint,
            events,
            engine: Engine::start(engine, prompts, tell).expect("an engine"),
            sounds,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// The PBX calls the line, and connects it to one of its applications.
    async fn called_by(&mut self, application: &str) -> Standing {
        self.called(&format!("application {application}")).await
    }

    /// The PBX calls the line, and connects it so.
    async fn called(&mut self, with: &str) -> Standing {
        self.pbx.cli(&format!("channel originate PJSIP/200 {with}"));
        let (leg, offered) = match self.event().await {
            Event::Incoming { leg, audio, .. } => (leg, audio.expect("an offer")),
            other => panic!("no call but {other:?}"),
        };
        let call = CallId(Uuid::now_v7());
        let raw = self.folder.path().join("call.wav");
        let address = self.engine.open(call, Some(raw)).expect("a socket");
        self.engine.connect(call, &offered);
        self.endpoint.answer(leg, ours(address));
        let audio = match self.event().await {
            Event::Answered { audio, .. } => audio,
            other => panic!("no answer but {other:?}"),
        };
        self.engine.connect(call, &audio);
        Standing { call, leg, audio }
    }

    async fn event(&mut self) -> Event {
        let event = timeout(SOON, self.events.recv()).await;
        event.expect("an event in time").expect("the endpoint runs")
    }

    /// The next of the engine's events that is of interest.
    async fn sound<T>(&mut self, of_interest: impl Fn(media::Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.sounds.recv().await.expect("the engine runs");
                if let Some(found) = of_interest(event) {
                    return found;
                }
            }
        };
        timeout(SOON, found).await.expect("an event in time")
    }

    async fn plays(&mut self, call: CallId, program: Program) {
        self.engine.hear(call, 1, program);
        self.sound(|event| matches!(event, media::Event::Heard { .. }).then_some(()))
            .await;
    }

    /// Hangs up; how the sound fared, and both sides of the recording.
    async fn over(&mut self, standing: &Standing) -> (media::SoundStats, Vec<i16>, Vec<i16>) {
        self.endpoint.hang_up(standing.leg);
        while !matches!(self.event().await, Event::Ended { .. }) {}
        self.engine.close(standing.call);
        let stats = self
            .sound(|event| match event {
                media::Event::Closed { stats, .. } => Some(*stats),
                _ => None,
            })
            .await;
        let raw = self
            .sound(|event| match event {
                media::Event::Recorded { recording, .. } => Some(recording.raw),
                _ => None,
            })
            .await;
        let samples = samples(&raw);
        let side = |skip: usize| samples.iter().skip(skip).step_by(2).copied().collect();
        (stats, side(0), side(1))
    }

    async fn end(self) {
        self.endpoint.shutdown().await;
        let engine = self.engine;
        let stopped = tokio::task::spawn_blocking(move || engine.shutdown());
        stopped.await.expect("shut down");
    }
}

/// Our side of a call's sound.
fn ours(address: SocketAddr) -> AudioStream {
    AudioStream {
        address,
        formats: Codec::ALL.map(Into::into).to_vec(),
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    }
}

fn samples(path: &Path) -> Vec<i16> {
    let reader = hound::WavReader::open(path).expect("a recording");
    let samples = reader.into_samples().map_while(Result::ok);
    samples.collect()
}

/// The strength of a frequency and of everything, in dB of full scale.
fn levels_db(sound: &[i16], hz: f64) -> (f64, f64) {
    let turn = std::f64::consts::TAU * hz / 8000.0;
    let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
    for (n, sample) in sound.iter().enumerate() {
        let share = f64::from(*sample) / 32_768.0;
        re += share * (turn * n as f64).cos();
        im += share * (turn * n as f64).sin();
        all += share * share;
    }
    let length = sound.len() as f64;
    let tone = 2.0 * re.hypot(im) / length;
    // A sine of full scale is 0 dB in both.
    (20.0 * tone.log10(), 10.0 * (2.0 * all / length).log10())
}

/// The cleanest quarter of a second of where the tone is loud: a busy machine tears holes into the rest.
fn clean(sound: &[i16], hz: f64) -> (f64, f64) {
    let windows = sound.windows(12 * 160).step_by(160);
    let levels = windows.map(|window| levels_db(window, hz));
    let loud = levels.filter(|(tone, _)| *tone > -25.0);
    let noise = |(tone, all): &(f64, f64)| all - tone;
    let cleanest = loud.min_by(|one, other| noise(one).total_cmp(&noise(other)));
    cleanest.expect("a quarter of a second of the tone")
}

/// Both directions of one codec.
async fn talks(codec: Codec) {
    let name = codec.name().to_ascii_lowercase();
    let asterisks = match codec {
        Codec::Pcma => "alaw",
        Codec::Pcmu => "ulaw",
        Codec::G722 | Codec::Opus => &name,
    };
    let mut scene = Scene::set(&format!("disallow = all\nallow = {asterisks}")).await;

    // Its milliwatt: 1004 Hz at 0 dBm0, which is 3.14 dB below full scale.
    let standing = scene.called_by("Milliwatt").await;
    assert_eq!(standing.audio.formats.len(), 1, "{:?}", standing.audio);
    assert_eq!(standing.audio.formats[0].codec, codec);
    let listen = Item::Listen {
        max: Duration::from_secs(2),
        begin_within: Duration::from_secs(2),
        silence_ends_after: Duration::from_secs(2),
    };
    scene.plays(standing.call, Program(vec![listen])).await;
    let (stats, left, right) = scene.over(&standing).await;
    assert_eq!((stats.codec, stats.lost), (Some(codec), 0), "{stats:?}");
    assert!(stats.received >= 50 && stats.sent >= 50, "{stats:?}");
    let (tone, all) = clean(&left, 1004.0);
    assert!((-5.0..-1.5).contains(&tone), "{tone} dB");
    assert!(all - tone < 0.3, "{tone} dB of {all} dB: the rest is noise");
    assert!(
        right.iter().all(|sample| sample.unsigned_abs() < 40),
        "nobody spoke"
    );

    // Our beep, 1 kHz at a quarter of full scale, as the PBX records it.
    let file = scene.folder.path().join("heard.wav");
    let record = format!("Record {},0,20,qk", file.display());
    let standing = scene.called_by(&record).await;
    let pause = || Item::Silence(Duration::from_millis(500));
    let program = vec![pause(), Item::Beep, Item::Beep, pause()];
    scene.plays(standing.call, Program(program)).await;
    scene.over(&standing).await;
    // The file is whole once the channel is gone.
    let gone = async {
        while !scene
            .pbx
            .cli("core show channels count")
            .contains("0 active channels")
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, gone)
        .await
        .expect("the call is over at the PBX");
    let heard = samples(&file);
    let (tone, all) = clean(&heard, 1000.0);
    assert!((-14.0..-10.5).contains(&tone), "{tone} dB");
    assert!(all - tone < 0.5, "{tone} dB of {all} dB: the rest is noise");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mu_law_alone() {
    talks(Codec::Pcmu).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g722_alone() {
    talks(Codec::G722).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opus_alone() {
    talks(Codec::Opus).await;
}

/// Keys in the sound and by INFO, where the PBX is set to that.
async fn keys(mode: &str) {
    let extra = format!("disallow = all\nallow = alaw\ndtmf_mode = {mode}");
    let mut scene = Scene::set(&extra).await;
    let standing = scene.called_by("SendDTMF 15#,300,200").await;
    assert_eq!(standing.audio.dtmf, None, "it offers no events");
    let mut told = String::new();
    while told.len() < 3 {
        let digit: Digit = tokio::select! {
            event = scene.events.recv() => match event.expect("the endpoint runs") {
                Event::Digit { digit, .. } => digit,
                Event::Ended { .. } => break,
                _ => continue,
            },
            event = scene.sounds.recv() => match event.expect("the engine runs") {
                media::Event::Digit { digit, .. } => digit,
                _ => continue,
            },
        };
        told.push(digit.as_char());
    }
    assert_eq!(told, "15#", "{mode}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_in_the_sound() {
    keys("inband").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_by_info() {
    keys("info").await;
}

/// Keys of ours, where the PBX takes no events: it hangs up after the right ones.
async fn pressed(mode: &str) {
    let extra = format!("disallow = all\nallow = alaw\ndtmf_mode = {mode}");
    let plan = "[keys]\nexten => s,1,WaitExten(20)\nexten => 159,1,Hangup()\n\
        exten => t,1,Wait(3600)\nexten => i,1,Wait(3600)\n";
    let mut scene = Scene::set_with_plan(&extra, plan).await;
    let standing = scene.called("extension s@keys").await;
    assert_eq!(standing.audio.dtmf, None, "it offers no events");
    for key in ['1', '5', '9'] {
        let digit = Digit::from_char(key).expect("a key");
        scene.endpoint.press(standing.leg, digit);
    }
    let (leg, cause) = (standing.leg, sip::LegEnd::HungUp);
    assert_eq!(scene.event().await, Event::Ended { leg, cause }, "{mode}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_by_info() {
    pressed("info").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_by_info_to_one_that_would_hear_them_too() {
    pressed("inband").await;
}

/// A tone that the PBX lets be heard before its answer.
async fn announced(extra: &str) {
    let plan = "[from-office]\nexten => 620,1,Progress()\n same => n,Milliwatt()\n\
        exten => 621,1,Progress()\n same => n,Wait(1)\n same => n,Answer()\n same => n,Echo()\n";
    let mut scene = Scene::set_with_plan(extra, plan).await;
    let call = CallId(Uuid::now_v7());
    let address = scene.engine.open(call, None).expect("a socket");
    let place = |scene: &Scene, to| scene.endpoint.place(scene.line, to, ours(address));
    let leg = place(&scene, "620");
    assert_eq!(scene.event().await, Event::Ringing { leg });
    match scene.event().await {
        Event::Early { audio, .. } => scene.engine.connect_early(call, &audio),
        other => panic!("{other:?}"),
    }
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let until = looks.tick().await + SOON;
    loop {
        let now = looks.tick().await;
        let stats = scene.engine.stats(call).await.expect("a call");
        if stats.received >= 50 {
            break;
        }
        assert!(now < until, "no sound before the answer: {stats:?}");
    }
    scene.endpoint.hang_up(leg);
    let cause = sip::LegEnd::Released;
    assert_eq!(scene.event().await, Event::Ended { leg, cause });

    let leg = place(&scene, "621");
    assert_eq!(scene.event().await, Event::Ringing { leg });
    let early = scene.event().await;
    assert!(matches!(early, Event::Early { .. }), "{early:?}");
    let answered = scene.event().await;
    assert!(matches!(answered, Event::Answered { .. }), "{answered:?}");
    scene.endpoint.hang_up(leg);
    assert_eq!(scene.event().await, Event::Ended { leg, cause });
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_the_answer_is_heard() {
    announced("").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_the_answer_is_heard_where_that_has_to_be_confirmed() {
    announced("100rel = required").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pbx_that_speaks_opus_alone_is_called() {
    let mut scene = Scene::set("disallow = all\nallow = opus").await;
    let call = CallId(Uuid::now_v7());
    let address = scene.engine.open(call, None).expect("a socket");
    let leg = scene.endpoint.place(scene.line, "601", ours(address));
    let audio = loop {
        match scene.event().await {
            Event::Answered { audio, .. } => break audio,
            Event::Ringing { .. } | Event::Early { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(audio.formats[0].codec, Codec::Opus);
    scene.endpoint.hang_up(leg);
    let cause = sip::LegEnd::Released;
    assert_eq!(scene.event().await, Event::Ended { leg, cause });
    scene.end().await;
}
