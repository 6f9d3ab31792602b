//! A media thread: its clock, its commands, and the work of a tick.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender};
use std::time::{Duration, Instant};

use model::audio::Law;
use model::id::{BrowserId, CallId};
use str0m::net::Protocol;
use tokio::sync::mpsc::UnboundedSender;

use crate::browser::{Browser, Station};
use crate::call::{Call, Surroundings};
use crate::command::{Command, DATAGRAM, Datagram};
use crate::event::Event;
use crate::g711::FRAME;
use crate::meters::Meters;
use crate::recorder::Recorder;
use crate::route::{Names, Place, Router};
use crate::streams::Streams;
use crate::supervisor::Given;
use crate::talk::{self, Talk};

/// Sockets are read twice a frame, so that a handshake is not slow and no socket's buffer fills.
const HALF: Duration = Duration::from_millis(10);

/// Frames of calls are 20 ms: every second half.
const HALVES_A_TICK: u64 = 2;

/// Behind by more than this (the machine slept), the clock jumps instead of catching up.
const MOST_BEHIND: u64 = 100;

/// Datagrams that are read from the browsers' socket in a row.
const READ_AT_ONCE: usize = 4096;

/// Commands that are obeyed in a row once the next half is due: sound can't wait for all that come.
const OBEY_LATE: usize = 1024;

/// Halves between two handings-over of the counters: 1 s.
const METERS_EVERY: u64 = 100;

/// What a thread is made of.
pub(crate) struct Parts {
    pub index: usize,
    pub epoch: Instant,
    pub station: Arc<Station>,
    pub names: Names,
    pub commands: Receiver<Command>,
    pub threads: Vec<Sender<Command>>,
    /// Datagrams from the thread that reads the browsers' socket.
    pub datagrams: Receiver<Datagram>,
    /// On that thread: to all of them.
    pub forward: Option<Vec<SyncSender<Datagram>>>,
    /// On that thread: browsers that come over TCP.
    pub streams: Option<Streams>,
    pub recorder: Recorder,
    pub events: UnboundedSender<Event>,
}

/// A media thread's state.
pub(crate) struct Worker {
    index: usize,
    epoch: Instant,
    station: Arc<Station>,
    names: Names,
    commands: Receiver<Command>,
    threads: Vec<Sender<Command>>,
    datagrams: Receiver<Datagram>,
    forward: Option<(Router, Vec<SyncSender<Datagram>>)>,
    streams: Option<Streams>,
    recorder: Recorder,
    events: UnboundedSender<Event>,
    meters: Meters,
    calls: HashMap<CallId, Call>,
    browsers: HashMap<BrowserId, Browser>,
    /// Calls that were opened here and are now with their operator's browser on another thread.
    away: HashMap<CallId, Away>,
    half: u64,
}

/// Where a call is that was opened here. Only the thread where a call was opened moves it,
/// so its commands keep their order however often it is handed round.
enum Away {
    /// On this thread.
    At(usize),
    /// Called back; its commands wait for it.
    Returning(Vec<Command>),
}

/// The worker's parts that calls and browsers work with, borrowed apart from both.
macro_rules! with {
    ($worker:ident) => {
        &mut Surroundings {
            meters: &mut $worker.meters,
            recorder: &mut $worker.recorder,
            events: &$worker.events,
        }
    };
}

mod obey;

impl Worker {
    pub(crate) fn new(parts: Parts) -> Self {
        let names = parts.names;
        Self {
            index: parts.index,
            epoch: parts.epoch,
            station: parts.station,
            forward: parts.forward.map(|to| (Router::new(names.clone()), to)),
            streams: parts.streams,
            names,
            commands: parts.commands,
            threads: parts.threads,
            datagrams: parts.datagrams,
            recorder: parts.recorder,
            events: parts.events,
            meters: Meters::default(),
            calls: HashMap::new(),
            browsers: HashMap::new(),
            away: HashMap::new(),
            half: 0,
        }
    }

    /// Runs until it is told to stop.
    pub(crate) fn run(mut self) {
        loop {
            if self.idle() {
                self.meters.publish();
                let Ok(command) = self.commands.recv() else {
                    break;
                };
                if !self.obey(command) {
                    break;
                }
                self.half = self.now_half();
            }
            if !self.wait() {
                break;
            }
            let buffer = &mut [0; DATAGRAM];
            self.read(buffer);
            if self.half.is_multiple_of(HALVES_A_TICK) {
                self.tick();
            }
            self.recorder.flush();
            if self.half.is_multiple_of(METERS_EVERY) {
                self.meters.publish();
            }
            self.half += 1;
            let now = self.now_half();
            if now > self.half + MOST_BEHIND {
                tracing::warn!(behind_ms = (now - self.half) * 10, "the media clock jumps");
                self.half = now;
            }
        }
        self.stop();
    }

    fn idle(&mut self) -> bool {
        self.calls.is_empty()
            && self.browsers.is_empty()
            && (self.forward.is_none() || self.names.is_empty())
            && self.streams.as_ref().is_none_or(Streams::is_empty)
            && self.recorder.flush()
    }

    fn now_half(&self) -> u64 {
        (self.epoch.elapsed().as_millis() / HALF.as_millis()) as u64
    }

    fn now_tick(&self) -> u64 {
        self.half / HALVES_A_TICK
    }

    /// Obeys commands until the next half is due; false when told to stop.
    fn wait(&mut self) -> bool {
        let due = Duration::from_millis(self.half * HALF.as_millis() as u64);
        let mut late = 0;
        loop {
            let left = due.saturating_sub(self.epoch.elapsed());
            if left.is_zero() {
                late += 1;
                if late > OBEY_LATE {
                    return true;
                }
            }
            match self.commands.recv_timeout(left) {
                Ok(command) => {
                    if !self.obey(command) {
                        return false;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// Reads every socket of this thread.
    fn read(&mut self, buffer: &mut [u8; DATAGRAM]) {
        let (now, tick) = (Instant::now(), self.now_tick());
        if self.forward.is_some() {
            self.read_browsers(now, buffer);
            self.read_streams(now);
        }
        while let Ok(datagram) = self.datagrams.try_recv() {
            let bytes = &datagram.bytes[..datagram.length];
            let way = (datagram.way, datagram.from);
            self.receive(now, datagram.browser, way, bytes);
        }
        for call in self.calls.values_mut() {
            call.read(tick, now, buffer, with!(self));
            if let Some(colleague) = &mut call.colleague {
                colleague.leg.read(tick, now, buffer, with!(self));
            }
        }
    }

    fn read_browsers(&mut self, now: Instant, buffer: &mut [u8; DATAGRAM]) {
        for _ in 0..READ_AT_ONCE {
            let Ok((length, from)) = self.station.socket.recv_from(buffer) else {
                return;
            };
            let Some((router, _)) = &mut self.forward else {
                return;
            };
            let Some(place) = router.find(&buffer[..length], from, now) else {
                self.meters.strangers += 1;
                continue;
            };
            let way = (Protocol::Udp, from);
            self.hand(now, place, way, &buffer[..length]);
        }
    }

    /// The same of those who come over TCP.
    fn read_streams(&mut self, now: Instant) {
        let Some(mut streams) = self.streams.take() else {
            return;
        };
        streams.read(now, |place, from, datagram| {
            self.hand(now, place, (Protocol::Tcp, from), datagram);
        });
        self.streams = Some(streams);
    }

    /// Hands a datagram to its leg, on whichever thread.
    fn hand(&mut self, now: Instant, place: Place, way: (Protocol, SocketAddr), bytes: &[u8]) {
        if place.thread == self.index {
            return self.receive(now, place.browser, way, bytes);
        }
        let Some((_, threads)) = &self.forward else {
            return;
        };
        let mut datagram = Datagram {
            browser: place.browser,
            from: way.1,
            way: way.0,
            length: bytes.len(),
            bytes: [0; DATAGRAM],
        };
        datagram.bytes[..bytes.len()].copy_from_slice(bytes);
        if threads[place.thread].try_send(datagram).is_err() {
            self.meters.lost += 1;
        }
    }

    fn receive(
        &mut self,
        now: Instant,
        browser: BrowserId,
        way: (Protocol, SocketAddr),
        bytes: &[u8],
    ) {
        let tick = self.now_tick();
        if let Some(leg) = self.browsers.get_mut(&browser) {
            let station = &self.station;
            guarded(leg, with!(self), |leg, with| {
                leg.receive(tick, now, way, bytes, station, with);
            });
        }
    }

    /// One frame for each call and each browser.
    fn tick(&mut self) {
        let (now, tick) = (Instant::now(), self.now_tick());
        let station = &self.station;
        let (mut voice, mut caller) = ([0; FRAME], [0; FRAME]);
        for call in self.calls.values_mut() {
            let law = call.law();
            let two = call.colleague.is_none()
                && call.supervisor.is_none()
                && !call.rings()
                && matches!(call.talk, Talk::Apart | Talk::Operator);
            let mut leg = call
                .browser
                .and_then(|browser| self.browsers.get_mut(&browser));
            if let Some(leg) = &mut leg {
                leg.voice(law, &mut voice);
            }
            let operator = Some(&voice).filter(|_| leg.is_some() && !call.muted);
            if two {
                call.frame(tick, operator, &mut caller, None, with!(self));
            } else {
                talk::frame(call, tick, operator, &mut caller, with!(self));
            }
            let Some(leg) = leg else { continue };
            let sound = Some((law, &caller));
            guarded(leg, with!(self), |leg, with| {
                leg.frame(tick, now, sound, station, with)
            });
        }
        for leg in self.browsers.values_mut().filter(|leg| leg.call.is_none()) {
            // Where nobody hears it, its place in time goes on all the same.
            leg.voice(Law::A, &mut voice);
            let given = leg.ear.as_ref().map(|ear| ear.turn(&voice, &mut caller));
            let law = match given {
                Some(Given::Frame(law)) => Some(law),
                Some(Given::Gone) => {
                    leg.ear = None;
                    None
                }
                Some(Given::Nothing) | None => None,
            };
            guarded(leg, with!(self), |leg, with| {
                let own = leg.echoed(&voice, &mut caller, with);
                let law = law.or(own.then_some(Law::A));
                leg.frame(tick, now, law.map(|law| (law, &caller)), station, with)
            });
        }
    }

    fn stop(mut self) {
        let calls: Vec<CallId> = self.calls.keys().copied().collect();
        for call in calls {
            self.close(call);
        }
        let browsers: Vec<BrowserId> = self.browsers.keys().copied().collect();
        for browser in browsers {
            self.close_browser(browser);
        }
        self.recorder.finish();
        self.meters.publish();
    }
}

/// Works with a leg; a panic inside of it (a bug met by some packet) ends that leg and nothing else.
fn guarded(
    leg: &mut Browser,
    with: &mut Surroundings<'_>,
    work: impl FnOnce(&mut Browser, &mut Surroundings<'_>),
) {
    if catch_unwind(AssertUnwindSafe(|| work(leg, with))).is_err() {
        tracing::error!(browser = %leg.id, "a browser's leg panicked and is given up");
        leg.abandon(with);
    }
}
