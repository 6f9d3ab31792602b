//! The doctor's two telephones, which really speak and listen.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use media::{Engine, EngineConfig, Item, Peer, Program, Prompt, Prompts};
use model::audio::{AudioStream, Digit};
use model::id::CallId;
use model::language::Language;
use sip::{Observed, Side, Sound};
use tokio::sync::mpsc;
use uuid::Uuid;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The doctor's two telephones.
pub struct Telephones {
    pub engine: Engine,
    calls: Mutex<[CallId; 2]>,
    programs: AtomicU64,
}

impl Telephones {
    fn call(&self, side: Side) -> CallId {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)[index(side)]
    }

    fn play(&self, side: Side, items: Vec<Item>) {
        let number = self.programs.fetch_add(1, Ordering::Relaxed);
        self.engine.hear(self.call(side), number, Program(items));
    }
}

fn index(side: Side) -> usize {
    match side {
        Side::Calling => 0,
        Side::Called => 1,
    }
}

fn listening(time: Duration) -> Item {
    Item::Listen {
        max: time,
        begin_within: time,
        silence_ends_after: time,
    }
}

impl Sound for Telephones {
    fn open(
        &self,
        side: Side,
        towards: Option<IpAddr>,
        signalling: Option<IpAddr>,
    ) -> Option<SocketAddr> {
        let peer = Peer {
            sound: towards,
            signalling,
        };
        self.engine.open_towards(self.call(side), None, peer).ok()
    }

    fn connect(&self, side: Side, remote: &AudioStream) {
        self.engine.connect(self.call(side), remote);
    }

    fn speak(&self, side: Side) {
        self.play(side, vec![Item::Prompt(Language::Ru, Prompt::LineCheck)]);
    }

    fn ask(&self, side: Side) {
        self.play(side, vec![Item::Beep, listening(Duration::from_secs(3))]);
    }

    fn listen(&self, side: Side, within: Duration) {
        self.play(side, vec![listening(within)]);
    }

    fn press(&self, side: Side, digit: Digit) {
        self.engine.digit(self.call(side), digit);
    }

    fn close(&self, side: Side) {
        self.engine.close(self.call(side));
    }
}

/// They, and what their sound tells.
pub fn telephones() -> (Arc<Telephones>, mpsc::UnboundedReceiver<Observed>) {
    let (tell, mut events) = mpsc::unbounded_channel();
    let config = EngineConfig {
        rtp_listen: HERE,
        rtp_external: Vec::new(),
        rtp_ports: 20_000..=59_999,
        browser_listen: (HERE, 0).into(),
        browser_external: Vec::new(),
        threads: 1,
    };
    let engine = Engine::start(config, Prompts::load().expect("prompts"), tell).expect("an engine");
    let calls = [CallId(Uuid::now_v7()), CallId(Uuid::now_v7())];
    let (observe, observed) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let side = |call| match call == calls[0] {
            true => Side::Calling,
            false => Side::Called,
        };
        while let Some(event) = events.recv().await {
            let seen = match event {
                media::Event::Heard {
                    call,
                    voice_ms: Some(ms),
                    ..
                } => Observed::Voice {
                    side: side(call),
                    ms,
                },
                media::Event::Digit { call, digit } => Observed::Key {
                    side: side(call),
                    digit,
                },
                _ => continue,
            };
            let _ = observe.send(seen);
        }
    });
    let telephones = Telephones {
        engine,
        calls: Mutex::new(calls),
        programs: AtomicU64::new(1),
    };
    (Arc::new(telephones), observed)
}
