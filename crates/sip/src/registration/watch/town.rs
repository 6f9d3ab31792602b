//! A PBX with its lines, through simulated time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault, Transport};
use tokio::sync::mpsc;

use super::super::{Answer, Finding, Input, Output, Registration};
use super::Watch;
use crate::digest::Challenge;

/// Requests are sent so often while they are unanswered (RFC 3261, section 17.1.2.2).
const AGAIN: [u64; 4] = [0, 500, 1500, 3500];

/// What is on its way to the PBX.
struct Request {
    line: usize,
    server: SocketAddr,
    number: u64,
    expires_s: Option<u32>,
    nonce: Option<String>,
    contact: Option<SocketAddr>,
    kind: Kind,
    since: Instant,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Register,
    Fetch,
    Ping,
}

/// The lines of one PBX, the clock, and the PBX.
pub(super) struct Town {
    pub(super) now: Instant,
    pub(super) watch: Watch,
    lines: Vec<(Registration, mpsc::UnboundedReceiver<Input>)>,
    inputs: Vec<mpsc::UnboundedSender<Input>>,
    requests: VecDeque<Request>,
    pub(super) up: bool,
    /// What its name leads to, and which of that is never there.
    pub(super) servers: Vec<SocketAddr>,
    pub(super) dead: BTreeSet<SocketAddr>,
    /// Where each line stands.
    posts: Vec<Option<SocketAddr>>,
    /// It answers REGISTERs that name no contact.
    pub(super) lists: bool,
    /// It is reached over streams, from behind a NAT.
    pub(super) streams: bool,
    /// Lines that it does not hear, and those that get this answer alone.
    pub(super) unheard: BTreeSet<usize>,
    pub(super) refused: BTreeMap<usize, u16>,
    /// Lines that others throw out as soon as they are bound.
    pub(super) thrown_out: BTreeSet<usize>,
    epoch: u32,
    bound: BTreeMap<usize, Instant>,
    /// When a REGISTER arrived.
    pub(super) registers: Vec<Instant>,
    /// Lines that were bound, as often as that happened.
    pub(super) bindings: Vec<usize>,
    pub(super) asked: usize,
    pub(super) failed: BTreeSet<usize>,
}

pub(super) fn pbx() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 5060))
}

impl Town {
    pub(super) fn with(lines: usize) -> Self {
        let mut town = Self {
            now: Instant::now(),
            watch: Watch::default(),
            lines: Vec::new(),
            inputs: Vec::new(),
            requests: VecDeque::new(),
            up: true,
            servers: vec![pbx()],
            dead: BTreeSet::new(),
            posts: vec![None; lines],
            lists: true,
            streams: false,
            unheard: BTreeSet::new(),
            refused: BTreeMap::new(),
            thrown_out: BTreeSet::new(),
            epoch: 1,
            bound: BTreeMap::new(),
            registers: Vec::new(),
            bindings: Vec::new(),
            asked: 0,
            failed: BTreeSet::new(),
        };
        for line in 0..lines {
            let (inputs, inbox) = mpsc::unbounded_channel();
            inputs.send(Input::Start).expect("a line");
            town.inputs.push(inputs);
            town.lines
                .push((Registration::new(300, line as u64), inbox));
        }
        town
    }

    /// Lets time pass, from one event to the next in steps of milliseconds.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            for line in 0..self.lines.len() {
                self.serve(line);
            }
            self.answer();
            let step = self.until_next().as_micros().div_ceil(1000).max(1);
            let step = Duration::from_millis(step.try_into().expect("soon"));
            self.now += step.min(until - self.now);
        }
    }

    /// How long nothing happens.
    fn until_next(&self) -> Duration {
        if self.lines.iter().any(|(_, inbox)| !inbox.is_empty()) {
            return Duration::ZERO;
        }
        let again = |request: &Request| {
            let again = AGAIN.map(|after| request.since + Duration::from_millis(after));
            again.into_iter().find(|at| *at > self.now)
        };
        let due = self
            .lines
            .iter()
            .filter_map(|(line, _)| line.poll_timeout());
        let sent = self.requests.iter().filter_map(again);
        let next = due.chain(sent).min();
        next.map_or(Duration::from_secs(1), |at| {
            at.saturating_duration_since(self.now)
        })
    }

    fn serve(&mut self, line: usize) {
        let id = line as u64;
        let (machine, inbox) = &mut self.lines[line];
        while let Ok(input) = inbox.try_recv() {
            machine.handle(self.now, input);
        }
        machine.time_out(self.now);
        while let Some(output) = machine.poll_output() {
            let server = self.posts[line].unwrap_or_else(pbx);
            let at = (server, Transport::Udp);
            let mut request = |number, kind, expires_s, logins: Vec<(Challenge, u32)>, contact| {
                self.requests.push_back(Request {
                    line,
                    server,
                    number,
                    expires_s,
                    nonce: logins.first().map(|(c, _)| c.nonce.clone()),
                    contact,
                    kind,
                    since: self.now,
                });
            };
            match output {
                Output::Resolve => {
                    machine.handle(self.now, Input::Resolved(Ok(self.servers.clone())));
                }
                Output::Queue { server, goes_on } => {
                    let to = (server, Transport::Udp);
                    if self.posts[line] != Some(server) {
                        self.watch.leave(at, id);
                        self.posts[line] = Some(server);
                        self.watch.enter(to, id, self.inputs[line].clone());
                    }
                    let turn = self.watch.turn(to, id, self.now, goes_on);
                    machine.handle(self.now, Input::Turn(turn));
                }
                Output::Register {
                    number,
                    expires_s,
                    logins,
                    contact,
                    ..
                } => request(number, Kind::Register, Some(expires_s), logins, contact),
                Output::Fetch { number, logins, .. } => {
                    request(number, Kind::Fetch, None, logins, None);
                }
                Output::Ping { number, .. } => request(number, Kind::Ping, None, Vec::new(), None),
                Output::Found(finding) => {
                    if finding == Finding::Registered {
                        self.watch.returned(machine.servers(), Transport::Udp);
                    }
                    self.watch.found(at, id, self.now, finding);
                }
                Output::Changed(Connection::Failed { .. }, _) => {
                    self.failed.insert(line);
                }
                Output::Changed(..) => {
                    self.failed.remove(&line);
                }
                Output::Done => {}
            }
        }
    }

    fn answer(&mut self) {
        for request in std::mem::take(&mut self.requests) {
            if self.streams && !self.up {
                let broken = Input::Broken(request.number, Fault::ConnectionRefused);
                self.inputs[request.line].send(broken).expect("a line");
                continue;
            }
            let age = (self.now - request.since).as_millis() as u64;
            if !AGAIN.contains(&age) {
                if age < 4000 {
                    self.requests.push_back(request);
                }
                continue;
            }
            if !self.up
                || self.dead.contains(&request.server)
                || self.unheard.contains(&request.line)
            {
                self.requests.push_back(request);
                continue;
            }
            self.asked += usize::from(request.kind != Kind::Register);
            if request.kind != Kind::Ping {
                self.registers.push(self.now);
            }
            let answer = Answer {
                seen_as: self.streams.then(|| self.seen()),
                ..self.answer_to(&request)
            };
            let answered = Input::Answered(request.number, answer);
            self.inputs[request.line].send(answered).expect("a line");
        }
    }

    /// The NAT's address, another one for each connection.
    fn seen(&self) -> SocketAddr {
        SocketAddr::from(([203, 0, 113, 5], 40_000 + self.epoch as u16))
    }

    fn answer_to(&mut self, request: &Request) -> Answer {
        let code = |code| Answer {
            code,
            ..Answer::default()
        };
        if let Some(refused) = self.refused.get(&request.line) {
            return code(*refused);
        }
        if request.kind == Kind::Ping {
            return code(200);
        }
        let nonce = format!("n{}", self.epoch);
        if request.nonce.as_ref() != Some(&nonce) {
            let text = format!("Digest realm=\"pbx\", nonce=\"{nonce}\", qop=\"auth\"");
            return Answer {
                challenges: Challenge::parse(&text, false),
                ..code(401)
            };
        }
        if request.kind == Kind::Fetch && !self.lists {
            return code(400);
        }
        if let Some(expires_s) = request.expires_s {
            let until = self.now + Duration::from_secs(expires_s.into());
            self.bindings.push(request.line);
            let reached = !self.streams || request.contact == Some(self.seen());
            if reached && !self.thrown_out.contains(&request.line) {
                self.bound.insert(request.line, until);
            }
        }
        Answer {
            listed: self.bound.contains_key(&request.line),
            granted_s: request.expires_s,
            ..code(200)
        }
    }

    /// It stops, and knows nothing of what was when it starts.
    pub(super) fn stops(&mut self) {
        self.up = false;
        self.bound.clear();
        self.epoch += 1;
        if self.streams {
            for line in &self.inputs {
                line.send(Input::ConnectionLost).expect("a line");
            }
        }
    }

    /// It forgets one line alone.
    pub(super) fn forget(&mut self, line: usize) {
        self.bound.remove(&line);
    }

    pub(super) fn starts(&mut self) {
        self.up = true;
        self.registers.clear();
    }

    /// Lets time pass until so many lines are bound.
    pub(super) fn until_bound(&mut self, lines: usize) -> Duration {
        let since = self.now;
        while self.bound.len() < lines {
            self.pass(Duration::from_millis(10));
            assert!(self.now - since < Duration::from_secs(600), "never");
        }
        self.now - since
    }

    /// Most REGISTERs that arrived within one second.
    pub(super) fn most_a_second(&self) -> usize {
        let all = &self.registers;
        let within = |from: Instant| {
            all.iter()
                .filter(|at| **at >= from && **at - from < Duration::from_secs(1))
                .count()
        };
        all.iter().map(|at| within(*at)).max().unwrap_or(0)
    }
}
