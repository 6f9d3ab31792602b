//! Keeps one line registered with its PBX, as a machine without network or
//! clock: the driver in `line.rs` carries out what it asks for and tells what
//! came of it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use crate::digest::Challenge;
use crate::event::JournalEntry;

mod outcome;
mod presence;
mod watch;
mod words;

pub(crate) use watch::Watch;
pub(crate) use words::{Answer, Input, News, Output};

/// How long one request may stay unanswered. Over UDP it is sent four times meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// An answer that took longer was brought by a repeated question (RFC 3261, T1).
const REPEATED: Duration = Duration::from_millis(450);
/// Pauses between the first attempts; the last one goes on until [`EAGER_FOR`].
const EAGER: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
];
/// A PBX that is away this long has moved out.
const EAGER_FOR: Duration = Duration::from_secs(24 * 3600);
/// The pause afterwards.
const PATIENT: Duration = Duration::from_secs(30);
/// A refused login is not repeated eagerly: PBXs lock accounts out.
const REFUSED: Duration = Duration::from_secs(60);
/// Longest pause that a PBX can impose with Retry-After.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
/// A line that another one watches the PBX for tries by itself this often.
const ON_ITS_OWN: Duration = Duration::from_secs(300);
/// While registered, one line of each PBX asks it this often whether it is
/// there and still knows its registrations: so a PBX that was started anew
/// finds its lines again within 5 s. It also keeps the way through a NAT open
/// (RFC 5626 advises less than 30 s for UDP).
pub(crate) const WATCH_EVERY: Duration = Duration::from_millis(3500);
/// Digests tried in one round for each challenger: the second one only because
/// PBXs change the nonce without saying that the old one is stale.
const DIGESTS_MAX: u32 = 2;
/// Longest registration that is asked for, whatever Min-Expires says.
const INTERVAL_MAX_S: u32 = 86_400;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Idle,
    Resolving,
    /// A REGISTER waits for its turn at the server.
    Queued,
    /// A REGISTER is under way.
    Asking {
        number: u64,
    },
    /// Registered until refreshed.
    Held {
        refresh_at: Instant,
        /// When the PBX is asked next; where it was, until when it may answer.
        ask_at: Option<Instant>,
        asked: Option<u64>,
    },
    /// The next attempt waits; for a PBX that was silent, where it is not for
    /// one that refused.
    Pausing {
        silent: bool,
    },
    /// The last REGISTER, with expiry 0, is under way.
    Leaving {
        number: u64,
    },
    Over,
}

/// What was tried since a registration or refresh began.
#[derive(Debug, Default)]
struct Round {
    digests: [u32; 2],
    relocated: bool,
    lengthened: bool,
}

/// Whether the PBX tells what is registered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lists {
    /// Not asked yet.
    Maybe,
    /// It has listed our contact.
    Yes,
    /// It does not: then only whether it answers can be asked.
    No,
}

/// One line's registration.
#[derive(Debug)]
pub(crate) struct Registration {
    state: State,
    /// The state's time-out.
    wake: Option<Instant>,
    connection: Connection,
    interval_s: u32,
    servers: Vec<SocketAddr>,
    /// The server in use.
    at: usize,
    /// Servers that failed since the last success.
    failed: usize,
    /// The server of the last success, and since when nothing succeeded.
    held_by: Option<SocketAddr>,
    failing_since: Option<Instant>,
    failures: usize,
    /// The latest challenges of the registrar and of a proxy before it, kept
    /// to answer them before they are put again.
    challenges: [Option<(Challenge, u32)>; 2],
    contact: Option<SocketAddr>,
    round: Round,
    lists: Lists,
    /// What it answers with where it is only asked whether it is there, and
    /// whether that came late.
    pong: Option<(u16, bool)>,
    /// This line watches the PBX for all lines there.
    watching: bool,
    watch_every: Duration,
    /// It did not answer the last question: it may have begun anew.
    doubted: bool,
    numbers: u64,
    jitter: u64,
    outputs: VecDeque<Output>,
}

impl Registration {
    /// `interval_s` is asked for; `seed` spreads the lines over time.
    pub(crate) fn new(interval_s: u32, seed: u64) -> Self {
        Self {
            state: State::Idle,
            wake: None,
            connection: Connection::Connecting,
            interval_s: interval_s.clamp(60, INTERVAL_MAX_S),
            servers: Vec::new(),
            at: 0,
            failed: 0,
            held_by: None,
            failing_since: None,
            failures: 0,
            challenges: [None, None],
            contact: None,
            round: Round::default(),
            lists: Lists::Maybe,
            pong: None,
            watching: false,
            watch_every: WATCH_EVERY,
            doubted: false,
            numbers: 0,
            jitter: seed,
            outputs: VecDeque::new(),
        }
    }

    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// How often the PBX is asked from now on, where this line watches it.
    pub(crate) fn watch_every(&mut self, pause: Duration) {
        self.watch_every = pause;
    }

    /// When `time_out` is to be called.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Held {
                refresh_at, ask_at, ..
            } => Some(ask_at.map_or(refresh_at, |at| at.min(refresh_at))),
            _ => self.wake,
        }
    }

    /// The moment of `poll_timeout` has come.
    pub(crate) fn time_out(&mut self, now: Instant) {
        if self.poll_timeout().is_none_or(|at| at > now) {
            return;
        }
        match self.state {
            State::Queued => self.send(now),
            State::Asking { .. } => self.failure(now, Fault::NoAnswer, None),
            // Unanswered: whether the PBX lost us only a REGISTER can tell.
            State::Held { asked: Some(_), .. } => {
                self.doubted = true;
                self.begin();
            }
            State::Held { refresh_at, .. } if refresh_at <= now => self.begin(),
            State::Held { refresh_at, .. } => {
                self.round = Round::default();
                self.look(now, refresh_at);
            }
            State::Pausing { .. } => self.resolve(),
            State::Leaving { .. } => self.over(),
            State::Idle | State::Resolving | State::Over => {}
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, input: Input) {
        match (self.state, input) {
            (State::Idle, Input::Start) => self.resolve(),
            (State::Over, _) => {}
            (_, Input::Stop) => self.stop(now),
            (_, Input::Watching(on)) => self.watching(now, on),
            (_, Input::Heard(news)) => self.heard(now, news),
            (State::Resolving, Input::Resolved(Ok(servers))) => {
                // The server in use stays, where the name still leads to it.
                let current = self.server().filter(|_| self.failed == 0);
                self.at = servers
                    .iter()
                    .position(|s| Some(*s) == current)
                    .unwrap_or(0);
                self.servers = servers;
                self.failed = 0;
                self.begin();
            }
            (State::Resolving, Input::Resolved(Err(fault))) => self.failure(now, fault, None),
            (State::Queued, Input::Turn(at)) => {
                self.wake = Some(at);
                if at <= now {
                    self.send(now);
                }
            }
            (State::Asking { number }, Input::Answered(n, answer)) if n == number => {
                self.answered(now, answer);
            }
            (State::Asking { number }, Input::Broken(n, fault)) if n == number => {
                // Nobody mends a certificate within seconds.
                let pause = matches!(fault, Fault::Certificate { .. }).then_some(REFUSED);
                self.failure(now, fault, pause);
            }
            (State::Asking { .. }, Input::ConnectionLost) => {
                self.failure(now, Fault::ConnectionRefused, None);
            }
            (
                State::Held {
                    refresh_at,
                    ask_at,
                    asked,
                },
                Input::Answered(n, answer),
            ) if asked == Some(n) => {
                let late = ask_at.is_some_and(|until| until < now + ANSWER_WITHIN - REPEATED);
                self.looked(now, refresh_at, late, answer);
            }
            (State::Held { asked, .. }, Input::Broken(n, _)) if asked == Some(n) => self.begin(),
            (State::Held { .. }, Input::ConnectionLost) => {
                // Another connection is seen at another address.
                self.contact = None;
                self.begin();
            }
            (State::Leaving { number }, Input::Answered(n, answer)) if n == number => {
                if matches!(answer.code, 401 | 407) && self.challenged(answer.challenges).is_ok() {
                    self.leave(now);
                } else {
                    self.over();
                }
            }
            (State::Leaving { number }, Input::Broken(n, _)) if n == number => self.over(),
            _ => {}
        }
    }

    fn resolve(&mut self) {
        self.wake = None;
        self.state = State::Resolving;
        self.outputs.push_back(Output::Resolve);
    }

    fn begin(&mut self) {
        self.round = Round::default();
        self.ask(false);
    }

    /// Queues a REGISTER.
    fn ask(&mut self, goes_on: bool) {
        self.wake = None;
        self.state = State::Queued;
        self.outputs.extend(
            self.server()
                .map(|server| Output::Queue { server, goes_on }),
        );
    }

    fn send(&mut self, now: Instant) {
        let number = self.register(self.interval_s);
        self.wake = Some(now + ANSWER_WITHIN);
        self.state = State::Asking { number };
    }

    fn leave(&mut self, now: Instant) {
        let number = self.register(0);
        self.wake = Some(now + ANSWER_WITHIN);
        self.state = State::Leaving { number };
    }

    fn register(&mut self, expires_s: u32) -> u64 {
        let number = self.number();
        let (logins, contact) = (self.logins(), self.contact);
        self.outputs
            .extend(self.server().map(|server| Output::Register {
                number,
                server,
                expires_s,
                logins,
                contact,
            }));
        number
    }

    /// What to answer unasked.
    fn logins(&mut self) -> Vec<(Challenge, u32)> {
        let mut logins = Vec::new();
        for (challenge, answered) in self.challenges.iter_mut().flatten() {
            *answered += 1;
            logins.push((challenge.clone(), *answered));
        }
        logins
    }

    fn stop(&mut self, now: Instant) {
        match self.state {
            State::Leaving { .. } => {}
            // Whether an attempt under way succeeds is not known, so it is taken back too.
            State::Held { .. } | State::Queued | State::Asking { .. } => {
                self.round = Round::default();
                self.leave(now);
            }
            _ => self.over(),
        }
    }

    fn over(&mut self) {
        if matches!(self.connection, Connection::Registered { .. }) {
            self.change(Connection::NotConfigured, JournalEntry::Unregistered);
        }
        self.wake = None;
        self.state = State::Over;
        self.outputs.push_back(Output::Done);
    }

    fn change(&mut self, connection: Connection, entry: JournalEntry) {
        self.connection = connection.clone();
        self.outputs.push_back(Output::Changed(connection, entry));
    }

    fn server(&self) -> Option<SocketAddr> {
        self.servers.get(self.at).copied()
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A tenth less to a tenth more (splitmix64).
    fn spread(&mut self, duration: Duration) -> Duration {
        self.jitter = self.jitter.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.jitter;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let percent = (z ^ (z >> 31)) % 21;
        duration * (90 + u32::try_from(percent).unwrap_or(10)) / 100
    }
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
