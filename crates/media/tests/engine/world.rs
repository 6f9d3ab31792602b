//! An engine with what a test needs around it.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use media::{BrowserError, Engine, EngineConfig, Event, Program, Prompts, Recording, SoundStats};
use model::audio::{Codec, Law};
use model::id::{BrowserId, CallId};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::telephone::{Says, Telephone};
use crate::webrtc::Browser;

/// Each engine gets ports of its own, so that tests run side by side.
static PORTS: AtomicU16 = AtomicU16::new(0);

pub struct World {
    pub engine: Engine,
    pub prompts: Prompts,
    events: UnboundedReceiver<Event>,
    runtime: Runtime,
    pub folder: TempDir,
    told: Vec<Event>,
}

/// The id with this number.
pub fn call(number: u128) -> CallId {
    format!("{number:032x}").parse().expect("an id")
}

/// The id with this number.
pub fn browser(number: u128) -> BrowserId {
    format!("{number:032x}").parse().expect("an id")
}

impl World {
    pub fn new(threads: usize) -> Self {
        let here = "127.0.0.1".parse().expect("an address");
        Self::listening(threads, here, Vec::new())
    }

    /// With calls at this address, of which PBXs are told those.
    pub fn listening(threads: usize, listen: IpAddr, told: Vec<IpAddr>) -> Self {
        let (sender, events) = unbounded_channel();
        let first = 30_000 + 100 * PORTS.fetch_add(1, Ordering::Relaxed);
        let config = EngineConfig {
            rtp_listen: listen,
            rtp_external: told,
            rtp_ports: first..=first + 99,
            browser_listen: "127.0.0.1:0".parse().expect("an address"),
            browser_external: Vec::new(),
            threads,
        };
        let prompts = Prompts::load().expect("prompts");
        Self {
            engine: Engine::start(config, prompts.clone(), sender).expect("an engine"),
            prompts,
            events,
            runtime: Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime"),
            folder: tempfile::tempdir().expect("a folder"),
            told: Vec::new(),
        }
    }

    /// Where a call is recorded.
    pub fn raw(&self, id: CallId) -> PathBuf {
        self.folder.path().join(format!("{id}.wav"))
    }

    /// A connected call with a telephone.
    pub fn connected(&self, id: CallId, codec: impl Into<Codec>, says: Says) -> Telephone {
        let address = self.engine.open(id, Some(self.raw(id))).expect("a socket");
        let telephone = Telephone::start(address, codec, says);
        self.engine.connect(id, &telephone.described());
        telephone
    }

    /// A connected browser that says a tone.
    pub fn signed_in(&mut self, id: BrowserId, laws: &[Law], hz: f64) -> Browser {
        self.page(id, Browser::start(laws, hz))
    }

    /// The same over TCP.
    pub fn signed_in_over_tcp(&mut self, id: BrowserId, laws: &[Law], hz: f64) -> Browser {
        let server = self.engine.browser_address();
        self.page(id, Browser::start_over_tcp(server, laws, hz))
    }

    fn page(&mut self, id: BrowserId, page: Browser) -> Browser {
        let answer = self.offer(id, &page.offer(false)).expect("an answer");
        page.answer(answer);
        self.wait(&Event::BrowserUp { browser: id });
        page
    }

    pub fn offer(&self, id: BrowserId, offer: &str) -> Result<String, BrowserError> {
        self.runtime
            .block_on(self.engine.browser(id, offer.to_owned()))
    }

    /// The next event that is of interest; those before are kept.
    pub fn event<T>(&mut self, of_interest: impl Fn(&Event) -> Option<T>) -> T {
        if let Some((at, found)) = self
            .told
            .iter()
            .enumerate()
            .find_map(|(at, e)| Some((at, of_interest(e)?)))
        {
            self.told.remove(at);
            return found;
        }
        loop {
            let event = self.runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(20), self.events.recv()).await
            });
            let event = event
                .expect("an event within 20 s")
                .expect("the engine runs");
            match of_interest(&event) {
                Some(found) => return found,
                None => self.told.push(event),
            }
        }
    }

    pub fn wait(&mut self, event: &Event) {
        self.event(|told| (told == event).then_some(()));
    }

    /// Plays a program and waits for its end; what was said in it.
    pub fn play(&mut self, id: CallId, number: u64, program: Program) -> Option<u32> {
        self.engine.hear(id, number, program);
        self.heard(id, number)
    }

    pub fn heard(&mut self, id: CallId, number: u64) -> Option<u32> {
        self.event(|event| match event {
            Event::Heard {
                call,
                program,
                voice_ms,
            } if (*call, *program) == (id, number) => Some(*voice_ms),
            _ => None,
        })
    }

    /// How a call's sound fares at this moment.
    pub fn stats(&self, id: CallId) -> Option<SoundStats> {
        self.runtime.block_on(self.engine.stats(id))
    }

    /// How a closed call's sound fared.
    pub fn closed(&mut self, id: CallId) -> SoundStats {
        self.event(|event| match event {
            Event::Closed { call, stats } if *call == id => Some((**stats).clone()),
            _ => None,
        })
    }

    pub fn close(&mut self, id: CallId) -> Recording {
        self.engine.close(id);
        self.recorded(id)
    }

    pub fn recorded(&mut self, id: CallId) -> Recording {
        self.event(|event| match event {
            Event::Recorded { call, recording } if *call == id => Some(recording.clone()),
            _ => None,
        })
    }

    /// Ends the engine; what it still told.
    pub fn shut_down(&mut self) -> Vec<Event> {
        self.engine.shutdown();
        let mut told = std::mem::take(&mut self.told);
        while let Ok(event) = self.events.try_recv() {
            told.push(event);
        }
        told
    }
}

/// Both sides of a raw recording.
pub fn sides(path: &Path) -> (Vec<i16>, Vec<i16>) {
    let mut reader = hound::WavReader::open(path).expect("a recording");
    let samples: Vec<i16> = reader.samples().map(|s| s.expect("a sample")).collect();
    (
        samples.iter().step_by(2).copied().collect(),
        samples.iter().skip(1).step_by(2).copied().collect(),
    )
}
