//! Keeps one line registered with its PBX, as a machine without network or
//! clock: the driver in `line.rs` carries out what it asks for and tells what
//! came of it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use crate::digest::Challenge;
use crate::event::JournalEntry;

/// How long one request may stay unanswered. Over UDP it is sent four times meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// Pauses between the first attempts; the last one goes on until [`EAGER_FOR`].
const EAGER: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(5),
];
/// A PBX that is away this long is not coming back at once.
const EAGER_FOR: Duration = Duration::from_secs(120);
/// The pause afterwards.
const PATIENT: Duration = Duration::from_secs(30);
/// A refused login is not repeated eagerly: PBXs lock accounts out.
const REFUSED: Duration = Duration::from_secs(60);
/// Longest pause that a PBX can impose with Retry-After.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
/// While registered, the PBX is asked this often whether it is there; it also
/// keeps the way through a NAT open (RFC 5626 advises less than 30 s for UDP).
const PING_EVERY: Duration = Duration::from_secs(20);
/// Digests tried in one round for each challenger: the second one only because
/// PBXs change the nonce without saying that the old one is stale.
const DIGESTS_MAX: u32 = 2;
/// Longest registration that is asked for, whatever Min-Expires says.
const INTERVAL_MAX_S: u32 = 86_400;

/// What happens to a registration.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// The account is to be registered.
    Start,
    /// The registration is to be taken back.
    Stop,
    /// What the server's name led to; never an empty list.
    Resolved(Result<Vec<SocketAddr>, Fault>),
    /// A response to the numbered request.
    Answered(u64, Answer),
    /// The numbered request could not be sent, or was cut off.
    Broken(u64, Fault),
    /// The stream to the PBX closed.
    ConnectionLost,
}

/// A final response, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// Seconds granted to our contact (200).
    pub(crate) granted_s: Option<u32>,
    /// Min-Expires (423).
    pub(crate) min_expires_s: Option<u32>,
    /// Retry-After.
    pub(crate) retry_after_s: Option<u32>,
    /// Challenges that can be answered (401, 407).
    pub(crate) challenges: Vec<Challenge>,
    /// The address that the request was seen to come from (UDP).
    pub(crate) seen_as: Option<SocketAddr>,
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    /// Find the server's addresses: `Input::Resolved`.
    Resolve,
    /// Send a REGISTER: `Input::Answered` or `Input::Broken`.
    Register {
        number: u64,
        server: SocketAddr,
        expires_s: u32,
        /// What to answer, and how often each nonce was answered, this time included.
        logins: Vec<(Challenge, u32)>,
        /// The address to register instead of our own.
        contact: Option<SocketAddr>,
    },
    /// Ask whether the PBX is there: any response is an answer.
    Ping { number: u64, server: SocketAddr },
    /// The connection changed.
    Changed(Connection, JournalEntry),
    /// The registration is taken back, or was never held.
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Idle,
    Resolving,
    /// A REGISTER is under way.
    Asking {
        number: u64,
    },
    /// Registered until refreshed.
    Held {
        refresh_at: Instant,
        ping_at: Instant,
        ping: Option<u64>,
    },
    /// The next attempt waits.
    Pausing,
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
            numbers: 0,
            jitter: seed,
            outputs: VecDeque::new(),
        }
    }

    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `time_out` is to be called.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Held {
                refresh_at,
                ping_at,
                ..
            } => Some(refresh_at.min(ping_at)),
            _ => self.wake,
        }
    }

    /// The moment of `poll_timeout` has come.
    pub(crate) fn time_out(&mut self, now: Instant) {
        if self.poll_timeout().is_none_or(|at| at > now) {
            return;
        }
        match self.state {
            State::Asking { .. } => self.failure(now, Fault::NoAnswer, None),
            State::Held { refresh_at, .. } if refresh_at <= now => self.begin(now),
            // Unanswered: whether the PBX lost us only a REGISTER can tell.
            State::Held { ping: Some(_), .. } => self.begin(now),
            State::Held { refresh_at, .. } => {
                let number = self.number();
                self.outputs
                    .extend(self.server().map(|server| Output::Ping { number, server }));
                let ping_at = now + ANSWER_WITHIN;
                self.state = State::Held {
                    refresh_at,
                    ping_at,
                    ping: Some(number),
                };
            }
            State::Pausing => self.resolve(),
            State::Leaving { .. } => self.over(),
            State::Idle | State::Resolving | State::Over => {}
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, input: Input) {
        match (self.state, input) {
            (State::Idle, Input::Start) => self.resolve(),
            (State::Over, _) => {}
            (_, Input::Stop) => self.stop(now),
            (State::Resolving, Input::Resolved(Ok(servers))) => {
                // The server in use stays, where the name still leads to it.
                let current = self.server().filter(|_| self.failed == 0);
                self.at = servers
                    .iter()
                    .position(|s| Some(*s) == current)
                    .unwrap_or(0);
                self.servers = servers;
                self.failed = 0;
                self.begin(now);
            }
            (State::Resolving, Input::Resolved(Err(fault))) => self.failure(now, fault, None),
            (State::Asking { number }, Input::Answered(n, answer)) if n == number => {
                self.answered(now, answer);
            }
            (State::Asking { number }, Input::Broken(n, fault)) if n == number => {
                self.failure(now, fault, None);
            }
            (State::Asking { .. }, Input::ConnectionLost) => {
                self.failure(now, Fault::ConnectionRefused, None);
            }
            (
                State::Held {
                    refresh_at, ping, ..
                },
                Input::Answered(n, _),
            ) if ping == Some(n) => {
                let ping_at = now + self.spread(PING_EVERY);
                self.state = State::Held {
                    refresh_at,
                    ping_at,
                    ping: None,
                };
            }
            (State::Held { ping, .. }, Input::Broken(n, _)) if ping == Some(n) => self.begin(now),
            (State::Held { .. }, Input::ConnectionLost) => self.begin(now),
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

    fn answered(&mut self, now: Instant, answer: Answer) {
        match answer.code {
            200..=299 => self.success(now, &answer),
            401 | 407 => match self.challenged(answer.challenges) {
                Ok(()) => self.ask(now),
                Err(fault) => self.failure(now, fault, Some(REFUSED)),
            },
            423 => match answer.min_expires_s {
                Some(min) if !self.round.lengthened && min <= INTERVAL_MAX_S => {
                    self.round.lengthened = true;
                    self.interval_s = min;
                    self.ask(now);
                }
                _ => self.failure(now, Fault::RegistrationLimit, Some(REFUSED)),
            },
            403 if self.challenges.iter().any(Option::is_some) => {
                self.challenges = [None, None];
                self.failure(now, Fault::WrongPassword, Some(REFUSED));
            }
            code @ (403 | 404 | 604) => {
                self.failure(now, Fault::UserRefused { code }, Some(REFUSED));
            }
            408 => self.failure(now, Fault::NoAnswer, None),
            code => {
                let pause = answer.retry_after_s.map(|s| Duration::from_secs(s.into()));
                let fault = Fault::Refused { code };
                self.failure(now, fault, pause.map(|pause| pause.min(RETRY_AFTER_MAX)));
            }
        }
    }

    /// Takes the challenge to answer, unless answering it again leads nowhere.
    fn challenged(&mut self, challenges: Vec<Challenge>) -> Result<(), Fault> {
        let challenge = Challenge::strongest(challenges).ok_or(Fault::UnknownChallenge)?;
        let slot = usize::from(challenge.proxy);
        let refused = self.challenges[slot]
            .as_ref()
            .is_some_and(|(old, _)| old.nonce == challenge.nonce);
        let digests = &mut self.round.digests[slot];
        // An answer given unasked may have been refused for the age of its nonce.
        if *digests >= DIGESTS_MAX || (refused && *digests > 0) {
            self.challenges = [None, None];
            return Err(Fault::WrongPassword);
        }
        *digests += 1;
        self.challenges[slot] = Some((challenge, 0));
        Ok(())
    }

    fn success(&mut self, now: Instant, answer: &Answer) {
        let Some(server) = self.server() else { return };
        // Behind a NAT the PBX reaches us only at the address that it sees.
        if let Some(seen) = answer.seen_as
            && self.contact != Some(seen)
            && !self.round.relocated
        {
            self.round.relocated = true;
            self.contact = Some(seen);
            return self.ask(now);
        }
        let granted_s = answer.granted_s.unwrap_or(self.interval_s).max(1);
        let was_held = matches!(self.connection, Connection::Registered { .. });
        let changed = self.held_by.replace(server).filter(|old| *old != server);
        let connection = Connection::Registered { granted_s };
        if !was_held {
            self.change(connection, JournalEntry::Registered { granted_s, server });
        } else if changed.is_some() {
            self.change(connection, JournalEntry::ServerChanged { server });
        } else {
            self.connection = connection;
        }
        (self.failures, self.failed, self.failing_since) = (0, 0, None);
        // Early enough for the retransmissions of one whole attempt.
        let margin = (granted_s / 10).clamp(1, 30);
        let refresh = Duration::from_secs((granted_s - margin.min(granted_s - 1)).into());
        let refresh_at = now + self.spread(refresh).min(refresh);
        let ping_at = now + self.spread(PING_EVERY);
        self.wake = None;
        self.state = State::Held {
            refresh_at,
            ping_at,
            ping: None,
        };
    }

    /// This attempt came to nothing: the next server at once, after the last
    /// one a pause.
    fn failure(&mut self, now: Instant, fault: Fault, pause: Option<Duration>) {
        let reachable = !matches!(fault, Fault::NoAnswer | Fault::ConnectionRefused)
            && !matches!(fault, Fault::Refused { code: 500.. });
        self.failed += 1;
        if !reachable && self.failed < self.servers.len() {
            self.at = (self.at + 1) % self.servers.len();
            return self.begin(now);
        }
        let since = *self.failing_since.get_or_insert(now);
        let pause = pause.unwrap_or_else(|| {
            if now.duration_since(since) >= EAGER_FOR {
                self.spread(PATIENT)
            } else if fault == Fault::NoAnswer {
                // Waiting for the answer was the pause.
                EAGER[0]
            } else {
                EAGER[self.failures.min(EAGER.len() - 1)]
            }
        });
        self.failures += 1;
        let failed = Connection::Failed {
            fault: fault.clone(),
        };
        if self.connection != failed {
            self.change(failed, JournalEntry::Failed { fault });
        }
        self.wake = Some(now + pause);
        self.state = State::Pausing;
    }

    fn resolve(&mut self) {
        self.wake = None;
        self.state = State::Resolving;
        self.outputs.push_back(Output::Resolve);
    }

    fn begin(&mut self, now: Instant) {
        self.round = Round::default();
        self.ask(now);
    }

    fn ask(&mut self, now: Instant) {
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
        let mut logins = Vec::new();
        for (challenge, answered) in self.challenges.iter_mut().flatten() {
            *answered += 1;
            logins.push((challenge.clone(), *answered));
        }
        let contact = self.contact;
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

    fn stop(&mut self, now: Instant) {
        match self.state {
            State::Leaving { .. } => {}
            // Whether an attempt under way succeeds is not known, so it is taken back too.
            State::Held { .. } | State::Asking { .. } => {
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
