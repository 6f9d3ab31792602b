//! A PBX with 500 lines, through simulated time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault, Transport};
use tokio::sync::mpsc;

use super::super::{Answer, Input, Output, Registration};
use super::Watch;
use crate::digest::Challenge;

/// Requests are sent so often while they are unanswered (RFC 3261, section 17.1.2.2).
const AGAIN: [u64; 4] = [0, 500, 1500, 3500];

/// What is on its way to the PBX.
struct Request {
    line: usize,
    number: u64,
    expires_s: Option<u32>,
    nonce: Option<String>,
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
struct Town {
    now: Instant,
    watch: Watch,
    lines: Vec<(Registration, mpsc::UnboundedReceiver<Input>)>,
    inputs: Vec<mpsc::UnboundedSender<Input>>,
    requests: VecDeque<Request>,
    up: bool,
    /// It answers REGISTERs that name no contact.
    lists: bool,
    epoch: u32,
    bound: BTreeMap<usize, Instant>,
    /// When a REGISTER arrived.
    registers: Vec<Instant>,
    asked: usize,
    failed: BTreeSet<usize>,
}

fn pbx() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 5060))
}

impl Town {
    fn with(lines: usize) -> Self {
        let mut town = Self {
            now: Instant::now(),
            watch: Watch::default(),
            lines: Vec::new(),
            inputs: Vec::new(),
            requests: VecDeque::new(),
            up: true,
            lists: true,
            epoch: 1,
            bound: BTreeMap::new(),
            registers: Vec::new(),
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

    /// Lets time pass, in steps of a millisecond where something happens.
    fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            for line in 0..self.lines.len() {
                self.serve(line);
            }
            self.answer();
            self.now += Duration::from_millis(1);
        }
    }

    fn serve(&mut self, line: usize) {
        let at = (pbx(), Transport::Udp);
        let (machine, inbox) = &mut self.lines[line];
        while let Ok(input) = inbox.try_recv() {
            machine.handle(self.now, input);
        }
        machine.time_out(self.now);
        while let Some(output) = machine.poll_output() {
            let mut request = |number, kind, expires_s, logins: Vec<(Challenge, u32)>| {
                self.requests.push_back(Request {
                    line,
                    number,
                    expires_s,
                    nonce: logins.first().map(|(c, _)| c.nonce.clone()),
                    kind,
                    since: self.now,
                });
            };
            match output {
                Output::Resolve => machine.handle(self.now, Input::Resolved(Ok(vec![pbx()]))),
                Output::Queue { goes_on, .. } => {
                    if !self.watch.knows(at, line as u64) {
                        self.watch.enter(at, line as u64, self.inputs[line].clone());
                    }
                    let turn = self.watch.turn(at, self.now, goes_on);
                    machine.handle(self.now, Input::Turn(turn));
                }
                Output::Register {
                    number,
                    expires_s,
                    logins,
                    ..
                } => request(number, Kind::Register, Some(expires_s), logins),
                Output::Fetch { number, logins, .. } => {
                    request(number, Kind::Fetch, None, logins);
                }
                Output::Ping { number, .. } => request(number, Kind::Ping, None, Vec::new()),
                Output::Tell(news) => self.watch.tell(at, line as u64, &news),
                Output::Fit(fit) => self.watch.fit(at, line as u64, fit),
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
            let age = (self.now - request.since).as_millis() as u64;
            if !AGAIN.contains(&age) {
                if age < 4000 {
                    self.requests.push_back(request);
                }
                continue;
            }
            if !self.up {
                self.requests.push_back(request);
                continue;
            }
            self.asked += usize::from(request.kind != Kind::Register);
            if request.kind != Kind::Ping {
                self.registers.push(self.now);
            }
            let nonce = format!("n{}", self.epoch);
            let answer = if request.kind == Kind::Ping {
                Answer {
                    code: 200,
                    ..Answer::default()
                }
            } else if request.nonce.as_ref() != Some(&nonce) {
                let text = format!("Digest realm=\"pbx\", nonce=\"{nonce}\", qop=\"auth\"");
                Answer {
                    code: 401,
                    challenges: Challenge::parse(&text, false),
                    ..Answer::default()
                }
            } else if request.kind == Kind::Fetch && !self.lists {
                Answer {
                    code: 400,
                    ..Answer::default()
                }
            } else {
                if let Some(expires_s) = request.expires_s {
                    let until = self.now + Duration::from_secs(expires_s.into());
                    self.bound.insert(request.line, until);
                }
                Answer {
                    code: 200,
                    listed: self.bound.contains_key(&request.line),
                    granted_s: request.expires_s,
                    ..Answer::default()
                }
            };
            let answered = Input::Answered(request.number, answer);
            self.inputs[request.line].send(answered).expect("a line");
        }
    }

    /// It stops, and knows nothing of what was when it starts.
    fn stops(&mut self) {
        self.up = false;
        self.bound.clear();
        self.epoch += 1;
    }

    fn starts(&mut self) {
        self.up = true;
        self.registers.clear();
    }

    /// Lets time pass until so many lines are bound.
    fn until_bound(&mut self, lines: usize) -> Duration {
        let since = self.now;
        while self.bound.len() < lines {
            self.pass(Duration::from_millis(10));
            assert!(self.now - since < Duration::from_secs(600), "never");
        }
        self.now - since
    }

    /// Most REGISTERs that arrived within one second.
    fn most_a_second(&self) -> usize {
        let all = &self.registers;
        let within = |from: Instant| {
            all.iter()
                .filter(|at| **at >= from && **at - from < Duration::from_secs(1))
                .count()
        };
        all.iter().map(|at| within(*at)).max().unwrap_or(0)
    }
}

#[test]
fn five_hundred_lines_are_found_again_within_30_s_at_50_registers_a_second() {
    let mut town = Town::with(500);
    let first = town.until_bound(500);
    assert!(first <= Duration::from_secs(30), "{first:?}");
    assert!(town.most_a_second() <= 50, "{}", town.most_a_second());
    town.pass(Duration::from_secs(20));
    for away in [2, 6, 40, 400] {
        town.stops();
        town.pass(Duration::from_secs(away));
        // The desk is told of all of them, not of the one that watches alone.
        let failed = if away > 10 { 500 } else { 0 };
        assert_eq!(town.failed.len(), failed, "after {away} s");
        town.starts();
        let one = town.until_bound(1);
        assert!(one <= Duration::from_secs(5), "{one:?} after {away} s");
        let all = one + town.until_bound(500);
        assert!(all <= Duration::from_secs(30), "{all:?} after {away} s");
        let most = town.most_a_second();
        assert!(most <= 50, "{most} after {away} s");
        town.pass(Duration::from_secs(1));
        assert!(town.failed.is_empty());
    }
}

#[test]
fn a_single_line_is_found_again_within_5_s_however_long_its_pbx_was_away() {
    for away_ms in [1, 100, 900, 3000, 8000, 60_000, 700_000] {
        let mut town = Town::with(1);
        town.until_bound(1);
        town.pass(Duration::from_millis(5000 + away_ms % 977));
        town.stops();
        town.pass(Duration::from_millis(away_ms));
        town.starts();
        let again = town.until_bound(1);
        assert!(again <= Duration::from_secs(5), "{again:?} after {away_ms}");
    }
}

#[test]
fn one_line_asks_for_all_and_another_one_takes_its_place() {
    let mut town = Town::with(100);
    town.until_bound(100);
    town.pass(Duration::from_secs(10));
    let before = town.asked;
    town.pass(Duration::from_secs(35));
    let asked = town.asked - before;
    assert!((9..=11).contains(&asked), "{asked}");
    // The one that asks is refused from now on: it can't tell for the others.
    town.watch.fit((pbx(), Transport::Udp), 0, false);
    town.stops();
    town.starts();
    let again = town.until_bound(1);
    assert!(again <= Duration::from_secs(5), "{again:?}");
}

#[test]
fn a_pbx_that_does_not_list_is_only_asked_whether_it_is_there() {
    let mut town = Town::with(3);
    town.lists = false;
    town.until_bound(3);
    town.pass(Duration::from_secs(30));
    let registers = town.registers.len();
    town.pass(Duration::from_secs(60));
    assert_eq!(
        town.registers.len(),
        registers,
        "no REGISTER until the refresh"
    );
    town.stops();
    town.pass(Duration::from_secs(5));
    town.starts();
    let again = town.until_bound(3);
    assert!(again <= Duration::from_secs(5), "{again:?}");
}

#[test]
fn what_one_found_is_told_to_the_others_at_the_same_server_only() {
    let mut watch = Watch::default();
    let other = (SocketAddr::from(([192, 0, 2, 2], 5060)), Transport::Udp);
    let here = (pbx(), Transport::Udp);
    let mut inboxes: Vec<_> = [here, here, other]
        .into_iter()
        .enumerate()
        .map(|(id, at)| {
            let (inputs, inbox) = mpsc::unbounded_channel();
            watch.enter(at, id as u64, inputs);
            inbox
        })
        .collect();
    let mut told =
        |id: usize| std::iter::from_fn(|| inboxes[id].try_recv().ok()).collect::<Vec<_>>();
    assert!(matches!(told(0)[..], [Input::Watching(true)]));
    assert!(told(1).is_empty());
    assert!(matches!(told(2)[..], [Input::Watching(true)]));
    watch.tell(here, 0, &super::News::Gone(Fault::NoAnswer));
    assert!(matches!(told(1)[..], [Input::Heard(_)]));
    assert!(told(0).is_empty() && told(2).is_empty());
    watch.leave(here, 0);
    assert!(matches!(told(1)[..], [Input::Watching(true)]));
    watch.leave(here, 1);
    watch.leave(other, 2);
    assert!(watch.posts.is_empty());
}

#[test]
fn however_many_pbxs_there_are_each_is_asked_before_a_nat_forgets() {
    let (inputs, _inbox) = mpsc::unbounded_channel();
    let mut watch = Watch::default();
    let mut asked_within = |pbxs: u32| {
        for n in 0..pbxs {
            let ip = std::net::Ipv4Addr::from_bits(n);
            let at = ((ip, 5060).into(), Transport::Udp);
            watch.enter(at, 1, inputs.clone());
        }
        watch.every()
    };
    assert_eq!(asked_within(500), super::WATCH_EVERY);
    assert_eq!(asked_within(5000), Duration::from_secs(10));
    assert_eq!(asked_within(50_000), super::WATCH_AT_LEAST);
}
