//! What happens to one registration, told step by step.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::{Answer, Input, Output, Registration};
use crate::digest::Challenge;
use crate::event::JournalEntry;

/// A registration, the clock it lives by, and what it asked for.
pub(super) struct Story {
    pub(super) machine: Registration,
    pub(super) now: Instant,
    pub(super) start: Instant,
    /// Outputs that were looked at and are still to be taken.
    pub(super) seen: Vec<Output>,
}

pub(super) fn server(n: u8) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, n], 5060))
}

pub(super) fn challenge(nonce: &str) -> Vec<Challenge> {
    Challenge::parse(
        &format!("Digest realm=\"pbx\", nonce=\"{nonce}\", qop=\"auth\""),
        false,
    )
}

impl Story {
    pub(super) fn begin(interval_s: u32, servers: &[SocketAddr]) -> Self {
        let now = Instant::now();
        let mut story = Self {
            machine: Registration::new(interval_s, 7),
            now,
            start: now,
            seen: Vec::new(),
        };
        story.tell(Input::Start);
        assert_eq!(story.outputs(), [Output::Resolve]);
        story.tell(Input::Watching(true));
        story.tell(Input::Resolved(Ok(servers.to_vec())));
        story
    }

    /// Whoever queues has the turn at once.
    pub(super) fn tell(&mut self, input: Input) {
        self.machine.handle(self.now, input);
        self.take();
    }

    pub(super) fn take(&mut self) {
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::Queue { .. } => self.machine.handle(self.now, Input::Turn(self.now)),
                // What the other lines are told is the story of `watch_tests.rs`.
                Output::Found(_) => {}
                other => self.seen.push(other),
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        let number = self.machine.numbers;
        self.tell(Input::Answered(number, answer));
    }

    pub(super) fn code(&mut self, code: u16) {
        self.answer(Answer {
            code,
            ..Answer::default()
        });
    }

    pub(super) fn granted(&mut self, seconds: u32) {
        self.answer(Answer {
            code: 200,
            granted_s: Some(seconds),
            ..Answer::default()
        });
    }

    pub(super) fn challenged(&mut self, nonce: &str) {
        self.answer(Answer {
            code: 401,
            challenges: challenge(nonce),
            ..Answer::default()
        });
    }

    /// Lets the time run to the next time-out.
    pub(super) fn wait(&mut self) -> Duration {
        let at = self.machine.poll_timeout().expect("a time-out");
        let waited = at - self.now;
        self.now = at;
        self.machine.time_out(at);
        self.take();
        waited
    }

    pub(super) fn outputs(&mut self) -> Vec<Output> {
        self.take();
        std::mem::take(&mut self.seen)
    }

    /// The REGISTER that is asked for now: server, expiry, nonce answered, contact.
    pub(super) fn register(
        &mut self,
    ) -> (SocketAddr, u32, Option<(String, u32)>, Option<SocketAddr>) {
        match self.outputs().pop() {
            Some(Output::Register {
                server,
                expires_s,
                logins,
                contact,
                ..
            }) => {
                let login = logins.first().map(|(c, count)| (c.nonce.clone(), *count));
                (server, expires_s, login, contact)
            }
            other => panic!("no REGISTER but {other:?}"),
        }
    }

    pub(super) fn changes(&mut self) -> Vec<JournalEntry> {
        let outputs = self.outputs();
        let entry = |output| match output {
            Output::Changed(_, entry) => Some(entry),
            _ => None,
        };
        outputs.into_iter().filter_map(entry).collect()
    }

    /// Answers what the PBX is asked until something else is asked for; how long that took.
    pub(super) fn until_refresh(&mut self) -> Duration {
        self.outputs();
        let since = self.now;
        loop {
            self.wait();
            match self.seen.first() {
                Some(Output::Fetch { number, .. }) => {
                    let number = *number;
                    self.outputs();
                    let answer = Answer {
                        code: 200,
                        listed: true,
                        ..Answer::default()
                    };
                    self.tell(Input::Answered(number, answer));
                }
                _ => return self.now - since,
            }
        }
    }
}
