//! Which of a name's servers is asked, and how long for an answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::{ANSWER_WITHIN, Lists, Registration};

/// The least that each of several servers is waited for: the second sending of
/// a request has to find it there.
const ANSWER_LEAST: Duration = Duration::from_millis(800);

impl Registration {
    pub(super) fn server(&self) -> Option<SocketAddr> {
        self.servers.get(self.at).copied()
    }

    /// The name led to these servers.
    pub(super) fn located(&mut self, now: Instant, servers: Vec<SocketAddr>) {
        // The server in use stays, where the name still leads to it.
        let current = self.server().filter(|_| self.failed == 0);
        let at = (servers.iter().position(|s| Some(*s) == current))
            .or_else(|| servers.iter().position(|s| !self.is_barred(*s, now)));
        (self.failed, self.located_late) = (0, None);
        self.turn_to(servers, at.unwrap_or(0));
        self.begin();
    }

    /// Where the name leads is not known now: the servers are tried that it led to last.
    pub(super) fn located_before(&mut self, now: Instant) {
        let late = self.located_late.take();
        self.located(now, late.unwrap_or_else(|| self.servers.clone()));
    }

    /// Turns to the next server that was not asked yet, if there is one.
    pub(super) fn next_server(&mut self, now: Instant) -> bool {
        let all = self.servers.len();
        let next = (1..=all.saturating_sub(self.failed))
            .map(|step| (step, (self.at + step) % all))
            .find(|(_, at)| !self.is_barred(self.servers[*at], now));
        let Some((step, at)) = next else {
            return false;
        };
        self.failed += step - 1;
        self.turn_to(self.servers.clone(), at);
        true
    }

    fn turn_to(&mut self, servers: Vec<SocketAddr>, at: usize) {
        let before = self.server();
        (self.servers, self.at) = (servers, at);
        if before != self.server() {
            // Another one sees us at another address, and may list what this one does not.
            self.contact = None;
            (self.lists, self.pong, self.doubted) = (Lists::Maybe, None, false);
        }
    }

    /// The server in use asks to be left alone.
    pub(super) fn bar(&mut self, now: Instant, pause: Duration) {
        let until = now + self.at_least(pause);
        let server = self.server();
        self.barred
            .retain(|(barred, until)| Some(*barred) != server && *until > now);
        self.barred.extend(server.map(|server| (server, until)));
    }

    fn is_barred(&self, server: SocketAddr, now: Instant) -> bool {
        let mut barred = self.barred.iter();
        barred.any(|(barred, until)| *barred == server && *until > now)
    }

    /// When the first server may be asked again, where all of them ask to be left alone.
    pub(super) fn all_barred_until(&self, now: Instant) -> Option<Instant> {
        let until = |server: &SocketAddr| {
            let mut barred = self.barred.iter();
            let found = barred.find(|(barred, until)| barred == server && *until > now);
            found.map(|(_, until)| *until)
        };
        let all: Option<Vec<Instant>> = self.servers.iter().map(until).collect();
        all?.into_iter().min()
    }

    /// How long the answer to this request is awaited. Where all servers were
    /// silent they share the time, so that each of them is asked again soon.
    pub(super) fn patience(&mut self, number: u64) -> Duration {
        let Some(server) = self.server() else {
            return ANSWER_WITHIN;
        };
        if self.failures == 0 || self.servers.len() == 1 || self.slow.contains(&server) {
            return ANSWER_WITHIN;
        }
        self.hurried.retain(|(_, to)| *to != server);
        self.hurried.push((number, server));
        let all = u32::try_from(self.servers.len()).unwrap_or(u32::MAX);
        (ANSWER_WITHIN / all).max(ANSWER_LEAST)
    }

    /// The answer came when it was not awaited any more: the server has more time from now on.
    pub(super) fn answered_late(&mut self, number: u64) {
        let late = self.hurried.iter().find(|(n, _)| *n == number);
        let late = late.map(|(_, server)| *server);
        self.slow
            .extend(late.filter(|server| !self.slow.contains(server)));
    }
}
