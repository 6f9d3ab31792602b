//! The handle of the media threads.

mod colleague;
mod supervisor;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use model::audio::{AudioStream, Digit};
use model::id::{BrowserId, CallId};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::browser::Station;
use crate::call::Call;
use crate::command::Command;
use crate::error::{BrowserError, OpenError, StartError};
use crate::event::Event;
use crate::ports::{Ports, bind};
use crate::program::Program;
use crate::prompt::Prompts;
use crate::recorder;
use crate::route::Names;
use crate::stats::SoundStats;
use crate::streams::{Outs, Streams};
use crate::talk::Talk;
use crate::worker::{Parts, Worker};

/// Datagrams that may wait for another thread: some ticks of a hundred browsers.
const FORWARDED: usize = 512;

/// Ports that are tried until one is free for UDP and TCP alike.
const FREE_PORT_TRIES: usize = 16;

/// Where the engine listens, and how much of it there is.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Address that RTP sockets are bound to.
    pub rtp_listen: IpAddr,
    /// Addresses that the PBX is told instead, behind NAT: one of a family at most.
    pub rtp_external: Vec<IpAddr>,
    /// Ports for RTP; the even ones are used, one a call.
    pub rtp_ports: RangeInclusive<u16>,
    /// The one address of all browsers, for UDP and, where the port is free, TCP. Port 0 takes a free one.
    pub browser_listen: SocketAddr,
    /// Addresses that browsers are told, with the port above; empty tells the one listened on.
    pub browser_external: Vec<IpAddr>,
    /// Media threads; 0 takes one a core.
    pub threads: usize,
}

/// What is known of a call's PBX before its sound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peer {
    /// Where its sound comes from, at a guess: by its description, or else by where it is.
    pub sound: Option<IpAddr>,
    /// Where the call is signalled from: whatever the description says, sound
    /// that comes from there is the PBX's.
    pub signalling: Option<IpAddr>,
}

/// The media engine's handle; cheap to clone. Commands return at once, and one
/// for a call or browser that is not there is ignored: its end may have crossed.
/// The threads end with [`Engine::shutdown`] or with the last handle.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    threads: Vec<Sender<Command>>,
    running: Mutex<Vec<JoinHandle<()>>>,
    directory: Mutex<Directory>,
    ports: Ports,
    rtp_addresses: Vec<IpAddr>,
    browser_address: SocketAddr,
    prompts: Prompts,
    alarm: Arc<AtomicBool>,
}

/// Who lives on which thread. A call's commands go to the thread where it was
/// opened, which alone moves it, and passes them on: so they keep their order.
#[derive(Default)]
struct Directory {
    calls: HashMap<CallId, usize>,
    browsers: HashMap<BrowserId, usize>,
    next: usize,
    stopped: bool,
}

impl Directory {
    fn turn(&mut self, threads: usize) -> usize {
        self.next += 1;
        self.next % threads
    }
}

impl Engine {
    /// Binds the browsers' port and starts the threads.
    pub fn start(
        config: EngineConfig,
        prompts: Prompts,
        events: UnboundedSender<Event>,
    ) -> Result<Self, StartError> {
        let mut rtp_addresses = config.rtp_external;
        if rtp_addresses.is_empty() {
            rtp_addresses.push(config.rtp_listen);
        }
        if rtp_addresses.iter().any(IpAddr::is_unspecified) {
            return Err(StartError::RtpAddressUnknown);
        }
        let ports =
            Ports::new(config.rtp_listen, &config.rtp_ports).ok_or(StartError::NoRtpPorts)?;
        let (socket, listener) =
            bind_browsers(config.browser_listen).map_err(StartError::BrowserPort)?;
        let bound = socket.local_addr().map_err(StartError::BrowserPort)?;
        let mut told = config.browser_external;
        if told.is_empty() {
            told.push(bound.ip());
        }
        if told.iter().any(IpAddr::is_unspecified) {
            return Err(StartError::BrowserAddressUnknown);
        }
        let candidates: Vec<_> = told
            .iter()
            .map(|ip| SocketAddr::new(*ip, bound.port()))
            .collect();
        let certificate = str0m::crypto::from_feature_flags()
            .dtls_provider
            .generate_certificate();
        let certificate = certificate.ok_or(StartError::Certificate)?;
        let browser_address = candidates[0];
        let streams = listener.is_some().then(Outs::default);
        let station = Arc::new(Station {
            socket,
            streams: streams.clone(),
            candidates,
            certificate,
        });

        let count = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        };
        let alarm = Arc::new(AtomicBool::new(false));
        let (recorder, writer) =
            recorder::start(events.clone(), Arc::clone(&alarm)).map_err(StartError::Thread)?;
        let (threads, commands): (Vec<_>, Vec<_>) = (0..count).map(|_| channel()).unzip();
        let (forward, datagrams): (Vec<_>, Vec<_>) = (0..count)
            .map(|_| sync_channel(if count > 1 { FORWARDED } else { 1 }))
            .unzip();
        let (names, epoch) = (Names::default(), Instant::now());
        let mut streams = listener
            .zip(streams)
            .map(|(listener, outs)| Streams::new(listener, names.clone(), outs));
        let mut running = Vec::with_capacity(count + 1);
        for (index, (commands, datagrams)) in commands.into_iter().zip(datagrams).enumerate() {
            let worker = Worker::new(Parts {
                index,
                epoch,
                station: Arc::clone(&station),
                names: names.clone(),
                commands,
                threads: threads.clone(),
                datagrams,
                forward: (index == 0).then(|| forward.clone()),
                streams: streams.take(),
                recorder: recorder.another(),
                events: events.clone(),
            });
            let thread = std::thread::Builder::new().name(format!("media {index}"));
            running.push(
                thread
                    .spawn(move || worker.run())
                    .map_err(StartError::Thread)?,
            );
        }
        // The writer ends when the last media thread has: it is joined after them.
        running.push(writer);
        let inner = Inner {
            threads,
            running: Mutex::new(running),
            directory: Mutex::default(),
            ports,
            rtp_addresses,
            browser_address,
            prompts,
            alarm,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Opens a call's RTP socket and returns the address for the session
    /// description. The recording starts with the first [`Engine::connect`].
    pub fn open(&self, call: CallId, record_to: Option<PathBuf>) -> Result<SocketAddr, OpenError> {
        self.open_towards(call, record_to, Peer::default())
    }

    /// The same, for a PBX of which this is known: the address told is of the
    /// family of its sound's, where there is one.
    pub fn open_towards(
        &self,
        call: CallId,
        record_to: Option<PathBuf>,
        peer: Peer,
    ) -> Result<SocketAddr, OpenError> {
        let mut directory = self.inner.directory();
        if directory.stopped {
            return Err(OpenError::Stopped);
        }
        if directory.calls.contains_key(&call) {
            return Err(OpenError::AlreadyOpen);
        }
        let socket = self.inner.ports.bind()?;
        let port = socket.local_addr().map_err(OpenError::Bind)?.port();
        let thread = directory.turn(self.inner.threads.len());
        directory.calls.insert(call, thread);
        let sound = Call::new(call, socket, record_to).signalled_from(peer.signalling);
        self.inner.send(thread, Command::Open(Box::new(sound)));
        Ok(SocketAddr::new(self.inner.rtp_address(peer.sound), port))
    }

    /// Connects the call to what the PBX described; again on each change of it.
    /// A program that was set before begins with it.
    pub fn connect(&self, call: CallId, remote: &AudioStream) {
        self.inner
            .to_call(call, Command::Connect(call, remote.clone()));
    }

    /// Lets the operator hear what the PBX sends before somebody who is called
    /// has answered: the network's ringing, an announcement. It is not recorded,
    /// and need not come. [`Engine::connect`] follows with the answer.
    pub fn connect_early(&self, call: CallId, remote: &AudioStream) {
        let command = Command::ConnectEarly(call, remote.clone());
        self.inner.to_call(call, command);
    }

    /// What the caller hears from now on; replaces what ran. In a bridged call
    /// it is heard instead of the operator, who is heard again when it ends.
    /// `number` comes back in [`Event::Heard`].
    pub fn hear(&self, call: CallId, number: u64, program: Program) {
        let steps = self.inner.prompts.steps(&program);
        self.inner.to_call(call, Command::Hear(call, number, steps));
    }

    /// Lets the caller and an operator's browser hear each other, and ends a
    /// program that runs. A browser hears one call: the one before is unbridged.
    /// The operator hears ringing until the call is connected, or something is
    /// heard of what was connected early.
    pub fn bridge(&self, call: CallId, browser: BrowserId) {
        self.join(call, browser, Talk::Operator);
    }

    /// Parts the call from its browser: both hear silence, until [`Engine::hear`] says otherwise.
    pub fn unbridge(&self, call: CallId) {
        self.inner.to_call(call, Command::Unbridge(call));
    }

    /// Switches the operator's voice off, or on again.
    pub fn mute(&self, call: CallId, on: bool) {
        self.inner.to_call(call, Command::Mute(call, on));
    }

    /// Sends a key to the PBX (RFC 4733; as tones where the PBX did not offer that); keys queue up.
    pub fn digit(&self, call: CallId, digit: Digit) {
        self.inner.to_call(call, Command::Digit(call, digit));
    }

    /// How the call's sound fares at this moment; none where there is no such call.
    pub async fn stats(&self, call: CallId) -> Option<SoundStats> {
        let (reply, stats) = oneshot::channel();
        self.inner.to_call(call, Command::Stats(call, reply));
        stats.await.ok()
    }

    /// Ends the call's sound; [`Event::Closed`] follows, and [`Event::Recorded`] where it is recorded.
    pub fn close(&self, call: CallId) {
        let thread = self.inner.directory().calls.remove(&call);
        if let Some(thread) = thread {
            self.inner.send(thread, Command::Close(call));
        }
    }

    /// Answers a browser's offer: a new leg, or a renegotiation or ICE restart
    /// of the one it has. A bridged call stays bridged.
    pub async fn browser(
        &self,
        browser: BrowserId,
        sdp_offer: String,
    ) -> Result<String, BrowserError> {
        let (reply, answer) = oneshot::channel();
        {
            let mut directory = self.inner.directory();
            if directory.stopped {
                return Err(BrowserError::Stopped);
            }
            let threads = self.inner.threads.len();
            let thread = match directory.browsers.get(&browser) {
                Some(thread) => *thread,
                None => directory.turn(threads),
            };
            directory.browsers.insert(browser, thread);
            self.inner
                .send(thread, Command::Browser(browser, sdp_offer, reply));
        }
        let answer = answer.await.unwrap_or(Err(BrowserError::Stopped));
        // The thread that reads the browsers' port sleeps while there is no browser.
        self.inner.send(0, Command::Wake);
        answer
    }

    /// Ends a browser's leg; a call bridged with it is unbridged. No event follows.
    pub fn close_browser(&self, browser: BrowserId) {
        let thread = self.inner.directory().browsers.remove(&browser);
        if let Some(thread) = thread {
            self.inner.send(thread, Command::CloseBrowser(browser));
        }
    }

    /// Lets a browser that has no call hear itself: it is listened to for a
    /// while, and then played back. [`Event::Echo`] tells how far that has come.
    pub fn echo(&self, browser: BrowserId) {
        let thread = self.inner.directory().browsers.get(&browser).copied();
        if let Some(thread) = thread {
            self.inner.send(thread, Command::Echo(browser));
        }
    }

    /// Whether recordings can't be written at present (a full disk); clears once writing works again.
    pub fn recording_alarm(&self) -> bool {
        self.inner.alarm.load(Ordering::Relaxed)
    }

    /// The address that browsers' sound arrives at.
    pub fn browser_address(&self) -> SocketAddr {
        self.inner.browser_address
    }

    /// Closes every call and browser and waits until all recordings are
    /// written. Blocks: not for an async task.
    pub fn shutdown(&self) {
        self.inner.directory().stopped = true;
        self.inner.stop();
        let mut running = self
            .inner
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for thread in running.drain(..) {
            // A thread that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }
}

/// The browsers' port, for UDP and for TCP, which some networks let through where they let no UDP.
/// Where somebody else has it for TCP, browsers come by UDP alone.
fn bind_browsers(address: SocketAddr) -> std::io::Result<(UdpSocket, Option<TcpListener>)> {
    for _ in 1..FREE_PORT_TRIES {
        let socket = bind(address)?;
        match listen(socket.local_addr()?) {
            Ok(listener) => return Ok((socket, Some(listener))),
            // A port that is free for one of them may be taken for the other.
            Err(_) if address.port() == 0 => {}
            Err(error) => {
                tracing::warn!(%address, %error, "browsers can't come over TCP");
                return Ok((socket, None));
            }
        }
    }
    Ok((bind(address)?, None))
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Inner {
    /// The address that a PBX is told to send to.
    fn rtp_address(&self, peer: Option<IpAddr>) -> IpAddr {
        let all = &self.rtp_addresses;
        let alike = |ip: &&IpAddr| peer.is_some_and(|peer| peer.is_ipv4() == ip.is_ipv4());
        all.iter().find(alike).copied().unwrap_or(all[0])
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        // Every change under this lock is one insertion or removal: nothing can be half done.
        self.directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, thread: usize, command: Command) {
        // A thread that is gone has closed its calls already.
        let _ = self.threads[thread].send(command);
    }

    fn to_call(&self, call: CallId, command: Command) {
        let thread = self.directory().calls.get(&call).copied();
        if let Some(thread) = thread {
            self.send(thread, command);
        }
    }

    fn stop(&self) {
        for thread in 0..self.threads.len() {
            self.send(thread, Command::Stop);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop();
    }
}
