//! Lines that are registered at the same PBX: one of them watches it for all,
//! and their REGISTERs wait for one another.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::Transport;
use tokio::sync::mpsc;

use super::{Finding, Input, News, Question, WATCH_EVERY};

mod doubt;
mod post;
#[cfg(test)]
mod town;

use post::Post;

/// Questions a second that all PBXs together are asked; where there are more
/// PBXs than that allows, each is asked less often.
const QUESTIONS_A_SECOND: usize = 500;

/// Longest pause between two questions: a NAT may forget what is silent for
/// longer (RFC 5626, section 4.4.2).
const WATCH_AT_LEAST: Duration = Duration::from_secs(24);

/// A PBX, as far as lines share it.
pub(crate) type Place = (SocketAddr, Transport);

/// All PBXs and the lines there.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    posts: HashMap<Place, Post>,
}

impl Watch {
    /// A line goes to a PBX.
    pub(crate) fn enter(&mut self, at: Place, id: u64, inputs: mpsc::UnboundedSender<Input>) {
        let post = self.posts.entry(at).or_insert_with(|| Post::new(at.0));
        post.enter(id, inputs);
    }

    /// It leaves; it is told that it does not watch any more.
    pub(crate) fn leave(&mut self, at: Place, id: u64) {
        if let Some(post) = self.posts.get_mut(&at) {
            post.leave(id);
            if post.is_empty() {
                self.posts.remove(&at);
            }
        }
    }

    /// What a line found out about its PBX.
    pub(crate) fn found(&mut self, at: Place, id: u64, now: Instant, finding: Finding) {
        if let Some(post) = self.posts.get_mut(&at) {
            post.found(id, now, finding);
        }
    }

    /// One of these servers of a PBX takes its lines again: those that wait at
    /// another one of them are told, too.
    pub(crate) fn returned(&mut self, servers: &[SocketAddr], transport: Transport) {
        // Where there is one alone its own lines tell one another.
        for server in servers.iter().filter(|_| servers.len() > 1) {
            if let Some(post) = self.posts.get_mut(&(*server, transport)) {
                post.returned();
            }
        }
    }

    /// The shortest registration that can be renewed in time for all lines there.
    pub(crate) fn interval_s(&self, at: Place) -> u32 {
        self.posts.get(&at).map_or(0, Post::interval_s)
    }

    /// From when on a line's REGISTER may be sent there.
    pub(crate) fn turn(&mut self, at: Place, id: u64, now: Instant, goes_on: bool) -> Instant {
        (self.posts.get_mut(&at)).map_or(now, |post| post.turn(id, now, goes_on))
    }

    /// How often a PBX is asked whether it still knows its lines.
    pub(crate) fn every(&self) -> Duration {
        let all = u32::try_from(self.posts.len() / QUESTIONS_A_SECOND).unwrap_or(u32::MAX);
        Duration::from_secs(all.into()).clamp(WATCH_EVERY, WATCH_AT_LEAST)
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
