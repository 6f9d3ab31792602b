//! The doctor of connections at work: lends it telephones that really speak
//! and listen, and keeps its report. Its calls never reach the exchange: they
//! are no customers', so they are neither offered to operators nor listed.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use media::{Engine, Item, Peer, Program, Prompt};
use model::audio::{AudioStream, Digit};
use model::doctor::{Reply, Report};
use model::id::{CallId, CompanyId, LineId};
use model::language::Language;
use sip::{Examination, Observed, Patience, Side, Sound};
use store::Store;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::directory;

/// How long a person may speak into the telephone.
const PERSON_SPEAKS: Duration = Duration::from_secs(6);

/// Why no examination began.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// The line has no account, or is not there yet.
    #[error("the line has no account at a PBX")]
    NotConfigured,
    /// The line can't be read.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// All doctors at work; cheap to clone.
#[derive(Clone)]
pub(crate) struct Clinic(Arc<Inner>);

struct Inner {
    sip: sip::Endpoint,
    engine: Engine,
    store: Store,
    running: Mutex<HashMap<LineId, Running>>,
    /// The telephones of doctors, by their calls.
    telephones: Mutex<HashMap<CallId, (Side, mpsc::UnboundedSender<Observed>)>>,
    programs: AtomicU64,
}

struct Running {
    began_at: Timestamp,
    examination: Examination,
    stop: CancellationToken,
}

impl fmt::Debug for Clinic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clinic").finish_non_exhaustive()
    }
}

/// What is known of an examination that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it began.
    pub began_at: Timestamp,
    /// What was found so far.
    pub report: Report,
}

impl Clinic {
    pub(crate) fn new(sip: sip::Endpoint, engine: Engine, store: Store) -> Self {
        Self(Arc::new(Inner {
            sip,
            engine,
            store,
            running: Mutex::default(),
            telephones: Mutex::default(),
            programs: AtomicU64::new(1),
        }))
    }

    /// Begins to examine the line; one that is being examined goes on so.
    pub(crate) async fn examine(
        &self,
        company: CompanyId,
        line: LineId,
    ) -> Result<(), ExamineError> {
        let entry = directory::read(&self.0.store, line).await?;
        let (observe, observed) = mpsc::unbounded_channel();
        let telephones = Telephones {
            clinic: self.clone(),
            language: entry.company.language,
            calls: [CallId(uuid::Uuid::now_v7()), CallId(uuid::Uuid::now_v7())],
            observe,
        };
        let (stop, began_at) = (CancellationToken::new(), Timestamp::now());
        let mut report = {
            let mut running = lock(&self.0.running);
            if running.contains_key(&line) {
                return Ok(());
            }
            // Customers call a line that is connected.
            let strangers = !entry.line.connected;
            let patience = Patience::default();
            let sound = Arc::new(telephones);
            let examination = self
                .0
                .sip
                .examine(line, strangers, patience, sound, observed);
            let examination = examination.ok_or(ExamineError::NotConfigured)?;
            let report = examination.report.clone();
            running.insert(
                line,
                Running {
                    began_at,
                    examination,
                    stop: stop.clone(),
                },
            );
            report
        };
        let clinic = self.clone();
        tokio::spawn(async move {
            let done = tokio::select! {
                () = stop.cancelled() => None,
                done = report.wait_for(|report| report.done) => done.ok().map(|report| report.clone()),
            };
            if let Some(report) = done {
                let reports = clinic.0.store.line_reports();
                if let Err(error) = reports.put(company, line, began_at, &report).await {
                    tracing::warn!(%line, %error, "a doctor's report is not stored");
                }
            }
            // Stored first: whoever asks finds one of the two.
            lock(&clinic.0.running).remove(&line);
        });
        Ok(())
    }

    pub(crate) fn progress(&self, line: LineId) -> Option<Progress> {
        let running = lock(&self.0.running);
        running.get(&line).map(|running| Progress {
            began_at: running.began_at,
            report: running.examination.report.borrow().clone(),
        })
    }

    pub(crate) fn reply(&self, line: LineId, reply: Reply) {
        if let Some(running) = lock(&self.0.running).get(&line) {
            running.examination.reply(reply);
        }
    }

    pub(crate) fn stop(&self, line: LineId) {
        if let Some(running) = lock(&self.0.running).get(&line) {
            running.stop.cancel();
        }
    }

    /// Gives what the sound tells of a doctor's call to the doctor; whether it was one.
    pub(crate) fn takes(&self, event: &media::Event) -> bool {
        let (media::Event::Heard { call, .. }
        | media::Event::Digit { call, .. }
        | media::Event::Silent { call }) = event
        else {
            return false;
        };
        let telephones = lock(&self.0.telephones);
        let Some((side, observe)) = telephones.get(call) else {
            return false;
        };
        if let Some(seen) = observed(*side, event) {
            // A doctor that has ended listens no more.
            let _ = observe.send(seen);
        }
        true
    }
}

fn observed(side: Side, event: &media::Event) -> Option<Observed> {
    match event {
        media::Event::Heard { voice_ms, .. } => voice_ms.map(|ms| Observed::Voice { side, ms }),
        media::Event::Digit { digit, .. } => Some(Observed::Key {
            side,
            digit: *digit,
        }),
        _ => None,
    }
}

/// A doctor's two telephones.
struct Telephones {
    clinic: Clinic,
    language: Language,
    calls: [CallId; 2],
    observe: mpsc::UnboundedSender<Observed>,
}

impl Telephones {
    fn call(&self, side: Side) -> CallId {
        match side {
            Side::Calling => self.calls[0],
            Side::Called => self.calls[1],
        }
    }

    fn play(&self, side: Side, items: Vec<Item>) {
        let number = self.clinic.0.programs.fetch_add(1, Ordering::Relaxed);
        let engine = &self.clinic.0.engine;
        engine.hear(self.call(side), number, Program(items));
    }

    fn voice(&self) -> Item {
        Item::Prompt(self.language, Prompt::LineCheck)
    }
}

impl Sound for Telephones {
    fn open(
        &self,
        side: Side,
        towards: Option<IpAddr>,
        signalling: Option<IpAddr>,
    ) -> Option<SocketAddr> {
        let call = self.call(side);
        let peer = Peer {
            sound: towards,
            signalling,
        };
        let opened = self.clinic.0.engine.open_towards(call, None, peer);
        let address = opened.inspect_err(|error| {
            tracing::error!(%error, "no sound for a doctor's call");
        });
        let telephone = (side, self.observe.clone());
        lock(&self.clinic.0.telephones).insert(call, telephone);
        address.ok()
    }

    fn connect(&self, side: Side, remote: &AudioStream) {
        self.clinic.0.engine.connect(self.call(side), remote);
    }

    fn speak(&self, side: Side) {
        self.play(side, vec![self.voice()]);
    }

    fn ask(&self, side: Side) {
        self.play(side, vec![self.voice(), listening(PERSON_SPEAKS)]);
    }

    fn listen(&self, side: Side, within: Duration) {
        self.play(side, vec![listening(within)]);
    }

    fn press(&self, side: Side, digit: Digit) {
        self.clinic.0.engine.digit(self.call(side), digit);
    }

    fn close(&self, side: Side) {
        let call = self.call(side);
        self.clinic.0.engine.close(call);
        lock(&self.clinic.0.telephones).remove(&call);
    }
}

fn listening(time: Duration) -> Item {
    Item::Listen {
        max: time,
        begin_within: time,
        silence_ends_after: time,
    }
}

/// Nothing is left half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
