//! Lines that are registered at the same PBX: one of them watches it for all,
//! and their REGISTERs wait for one another.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::pbx::Transport;
use tokio::sync::mpsc;

use super::{Input, News, WATCH_EVERY};

/// Time between two REGISTERs of a lane: with two lanes and the watching
/// line's own question a PBX gets 50 a second at most.
const APART: Duration = Duration::from_millis(42);

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

/// The lines at one PBX.
#[derive(Debug, Default)]
struct Post {
    members: BTreeMap<u64, Member>,
    watching: Option<u64>,
    /// When the next REGISTER may go: one that begins, and one that goes on.
    turns: [Option<Instant>; 2],
}

#[derive(Debug)]
struct Member {
    inputs: mpsc::UnboundedSender<Input>,
    /// It can tell how the PBX is: it was not refused.
    fit: bool,
}

impl Member {
    fn tell(&self, input: Input) {
        // One that ended meanwhile leaves by itself.
        let _ = self.inputs.send(input);
    }
}

impl Post {
    /// Where nobody watches, the first that is fit does.
    fn elect(&mut self) {
        if self.watching.is_none()
            && let Some((id, member)) = self.members.iter().find(|(_, member)| member.fit)
        {
            self.watching = Some(*id);
            member.tell(Input::Watching(true));
        }
    }
}

impl Watch {
    /// A line goes to a PBX.
    pub(crate) fn enter(&mut self, at: Place, id: u64, inputs: mpsc::UnboundedSender<Input>) {
        let post = self.posts.entry(at).or_default();
        post.members.insert(id, Member { inputs, fit: true });
        post.elect();
    }

    /// It leaves; it is told that it does not watch any more.
    pub(crate) fn leave(&mut self, at: Place, id: u64) {
        let Some(post) = self.posts.get_mut(&at) else {
            return;
        };
        let left = post.members.remove(&id);
        if post.watching == Some(id) {
            post.watching = None;
            if let Some(member) = left {
                member.tell(Input::Watching(false));
            }
            post.elect();
        }
        if post.members.is_empty() {
            self.posts.remove(&at);
        }
    }

    /// Whether the line can watch from now on.
    pub(crate) fn fit(&mut self, at: Place, id: u64, fit: bool) {
        let Some(post) = self.posts.get_mut(&at) else {
            return;
        };
        let Some(member) = post.members.get_mut(&id) else {
            return;
        };
        member.fit = fit;
        if !fit && post.watching == Some(id) {
            member.tell(Input::Watching(false));
            post.watching = None;
        }
        post.elect();
    }

    /// Tells all lines at the PBX but the one that found it.
    pub(crate) fn tell(&self, at: Place, id: u64, news: &News) {
        let members = self.posts.get(&at).map(|post| post.members.iter());
        for (_, member) in members.into_iter().flatten().filter(|(m, _)| **m != id) {
            member.tell(Input::Heard(news.clone()));
        }
    }

    /// From when on a REGISTER may be sent there.
    pub(crate) fn turn(&mut self, at: Place, now: Instant, goes_on: bool) -> Instant {
        let Some(post) = self.posts.get_mut(&at) else {
            return now;
        };
        let lane = &mut post.turns[usize::from(goes_on)];
        let turn = lane.map_or(now, |next| next.max(now));
        *lane = Some(turn + APART);
        turn
    }

    /// How often a PBX is asked whether it still knows its lines.
    pub(crate) fn every(&self) -> Duration {
        let all = u32::try_from(self.posts.len() / QUESTIONS_A_SECOND).unwrap_or(u32::MAX);
        Duration::from_secs(all.into()).clamp(WATCH_EVERY, WATCH_AT_LEAST)
    }
}

#[cfg(test)]
impl Watch {
    /// Whether the line stands there.
    fn knows(&self, at: Place, id: u64) -> bool {
        (self.posts.get(&at)).is_some_and(|post| post.members.contains_key(&id))
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
