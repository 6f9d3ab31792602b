//! Keeps one line registered with its PBX, as a machine without network or
//! clock: the driver in `line.rs` carries out what it asks for and tells what
//! came of it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use crate::digest::Challenge;
use crate::event::JournalEntry;

use outcome::Next;
use state::{Lists, Pause, Round, State};

mod outcome;
mod presence;
mod servers;
mod state;
#[cfg(test)]
mod story;
mod watch;
mod words;

pub(crate) use watch::Watch;
pub(crate) use words::{Answer, Finding, Input, News, Output, Question};

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
/// But once, where the line was held before: a PBX that has just started may
/// not have read its users yet.
const STUMBLED: Duration = Duration::from_secs(5);
/// Longest pause that a PBX can impose with Retry-After.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
/// A name whose servers are known is awaited so long: they are tried then.
const RESOLVE_WITHIN: Duration = Duration::from_secs(1);
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
/// Shortest registration that is asked for, as in the line's form.
const INTERVAL_MIN_S: u32 = 30;
/// Longest one, whatever Min-Expires says.
const INTERVAL_MAX_S: u32 = 86_400;

/// One line's registration.
#[derive(Debug)]
pub(crate) struct Registration {
    state: State,
    /// The state's time-out.
    wake: Option<Instant>,
    connection: Connection,
    interval_s: u32,
    shared_s: u32,
    servers: Vec<SocketAddr>,
    /// What the name led to when that was not awaited any more.
    located_late: Option<Vec<SocketAddr>>,
    /// The server in use.
    at: usize,
    /// Servers that failed since the last success.
    failed: usize,
    /// Those that asked for a pause, and until when.
    barred: Vec<(SocketAddr, Instant)>,
    /// Requests whose answer was not awaited for long, and servers that it came from later.
    hurried: Vec<(u64, SocketAddr)>,
    slow: Vec<SocketAddr>,
    /// The server of the last success, and since when nothing succeeded.
    held_by: Option<SocketAddr>,
    /// Until when the PBX may still have us in its list.
    bound_until: Option<Instant>,
    failing_since: Option<Instant>,
    failures: usize,
    /// It was refused since.
    refused: bool,
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
            interval_s: interval_s.clamp(INTERVAL_MIN_S, INTERVAL_MAX_S),
            shared_s: 0,
            servers: Vec::new(),
            located_late: None,
            at: 0,
            failed: 0,
            barred: Vec::new(),
            hurried: Vec::new(),
            slow: Vec::new(),
            held_by: None,
            bound_until: None,
            failing_since: None,
            failures: 0,
            refused: false,
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

    /// How often the PBX is asked from now on, where this line watches it, and
    /// the shortest registration that it can keep up for all its lines.
    pub(crate) fn shares(&mut self, watch_every: Duration, interval_s: u32) {
        self.watch_every = watch_every;
        self.shared_s = interval_s.min(INTERVAL_MAX_S);
    }

    /// The servers that the name leads to.
    pub(crate) fn servers(&self) -> &[SocketAddr] {
        &self.servers
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
            State::Asking { .. } => self.failure(now, Fault::NoAnswer, Next::Silent),
            State::Held {
                ask_at: Some(until),
                asked: Some(_),
                ..
            } if until <= now => self.unanswered(Fault::NoAnswer),
            State::Held { refresh_at, .. } if refresh_at <= now => self.renew(),
            State::Held { refresh_at, .. } => {
                self.round = Round::default();
                self.look(now, refresh_at);
            }
            // Where names can't be asked for, the PBX may be where it was.
            State::Resolving => self.located_before(now),
            State::Pausing(_) => self.resolve(now),
            State::Leaving { .. } => self.over(),
            State::Idle | State::Over => {}
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, input: Input) {
        match (self.state, input) {
            (State::Idle, Input::Start) => self.resolve(now),
            (State::Over, _) => {}
            (_, Input::Stop) => self.stop(now),
            (_, Input::Watching(on)) => self.watching(now, on),
            (_, Input::Asked(question)) => self.asked(now, question),
            (_, Input::Heard(server, news)) => self.heard(now, server, news),
            (State::Resolving, Input::Resolved(Ok(servers))) => self.located(now, servers),
            (State::Resolving, Input::Resolved(Err(Fault::NameNotResolved)))
                if !self.servers.is_empty() =>
            {
                self.located_before(now);
            }
            (State::Resolving, Input::Resolved(Err(fault))) => {
                self.failure(now, fault, Next::Soon);
            }
            (State::Queued, Input::Turn(at)) => {
                self.wake = Some(at);
                if at <= now {
                    self.send(now);
                }
            }
            (State::Asking { number }, Input::Answered(n, answer)) if n == number => {
                self.found(Finding::Answered);
                self.answered(now, answer);
            }
            (State::Asking { number }, Input::Broken(n, fault)) if n == number => {
                let next = match fault {
                    Fault::NoAnswer | Fault::ConnectionRefused => Next::Silent,
                    // Nobody mends a certificate within seconds.
                    Fault::Certificate { .. } => Next::Rarely,
                    _ => Next::Soon,
                };
                self.failure(now, fault, next);
            }
            (State::Asking { .. }, Input::ConnectionLost) => {
                self.failure(now, Fault::ConnectionRefused, Next::Silent);
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
                self.found(Finding::Answered);
                self.looked(now, refresh_at, late, answer);
            }
            (State::Held { asked, .. }, Input::Broken(n, fault)) if asked == Some(n) => {
                self.unanswered(fault);
            }
            (State::Held { .. }, Input::ConnectionLost) => {
                // Another connection is seen at another address.
                self.contact = None;
                self.renew();
            }
            (State::Leaving { number }, Input::Answered(n, answer)) if n == number => {
                if matches!(answer.code, 401 | 407) && self.challenged(answer.challenges).is_ok() {
                    self.leave(now);
                } else {
                    self.over();
                }
            }
            (State::Leaving { number }, Input::Broken(n, _)) if n == number => self.over(),
            (_, Input::Answered(n, _)) => self.answered_late(n),
            (_, Input::Resolved(Ok(servers))) => self.located_late = Some(servers),
            _ => {}
        }
    }

    fn resolve(&mut self, now: Instant) {
        self.wake = (!self.servers.is_empty()).then(|| now + RESOLVE_WITHIN);
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
        let number = self.register(self.interval_s.max(self.shared_s));
        self.wake = Some(now + self.patience(number));
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
            _ if self.bound_until.is_some_and(|until| until > now) => {
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

    /// The lines at this server are to know.
    fn found(&mut self, finding: Finding) {
        self.outputs.push_back(Output::Found(finding));
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

    /// Not less, and a tenth more at most.
    fn at_least(&mut self, duration: Duration) -> Duration {
        self.spread(duration).max(duration)
    }
}

#[cfg(test)]
mod return_tests;
#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
