//! The lines at one PBX.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::doubt::Doubt;
use super::{Finding, Input, News, Question};

/// Time between two REGISTERs of a lane: with two lanes, the watching line's
/// own requests and those of one that confirms what it found, a PBX gets 50 a
/// second at most.
const APART: Duration = Duration::from_millis(46);

/// Lines that are told all at once begin a little later, while the PBX still
/// answers those that were asked before.
const BREATH: Duration = Duration::from_millis(250);

/// Registrations that are renewed in a second, where there are many lines:
/// fewer than the lanes let through, for some are asked for a login again.
const RENEWED_A_SECOND: usize = 30;

/// How a line stands with the PBX.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    /// Nothing is known of it yet.
    Open,
    Held,
    /// It was refused, or heard nothing where another one was answered: it
    /// can't tell how the PBX is.
    Unfit,
}

#[derive(Debug)]
struct Member {
    inputs: mpsc::UnboundedSender<Input>,
    standing: Standing,
    /// When the PBX took it last, and when it was last known there.
    taken: Option<Instant>,
    known: Option<Instant>,
}

impl Member {
    fn tell(&self, input: Input) {
        // One that ended meanwhile leaves by itself.
        let _ = self.inputs.send(input);
    }
}

/// The lines at one PBX.
#[derive(Debug)]
pub(super) struct Post {
    server: SocketAddr,
    members: BTreeMap<u64, Member>,
    watching: Option<u64>,
    /// The PBX lists what is registered.
    lists: bool,
    /// It can't be reached, and all were told.
    gone: bool,
    doubt: Option<Doubt>,
    /// When the next REGISTER may go: one that begins, and one that goes on.
    turns: [Option<Instant>; 2],
    /// All were told to begin, and none has a turn yet.
    all_begin: bool,
}

impl Post {
    pub(super) fn new(server: SocketAddr) -> Self {
        Self {
            server,
            members: BTreeMap::new(),
            watching: None,
            lists: false,
            gone: false,
            doubt: None,
            turns: [None, None],
            all_begin: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn enter(&mut self, id: u64, inputs: mpsc::UnboundedSender<Input>) {
        let member = Member {
            inputs,
            standing: Standing::Open,
            taken: None,
            known: None,
        };
        self.members.insert(id, member);
        self.elect();
    }

    pub(super) fn leave(&mut self, id: u64) {
        if self.watching == Some(id) {
            self.watching = None;
            self.say(id, Input::Watching(false));
        }
        self.members.remove(&id);
        self.unsure(id);
        self.elect();
    }

    pub(super) fn found(&mut self, id: u64, now: Instant, finding: Finding) {
        match finding {
            Finding::Answered => self.answered(id),
            Finding::Registered => self.registered(id, now),
            Finding::Refused => self.refused(id),
            Finding::Silent(fault) => self.silent(id, News::Gone(fault)),
            Finding::Listed => {
                self.lists = true;
                if let Some(member) = self.members.get_mut(&id) {
                    member.known = Some(now);
                }
                if self.was_asked(id, Question::Known) {
                    self.deny(id);
                }
            }
            Finding::Lost if self.was_asked(id, Question::Known) => self.believe(),
            Finding::Lost if self.watching == Some(id) || self.doubt.is_none() => self.lost(id),
            Finding::Restarted if self.watching == Some(id) => self.tell_all_but(id, &News::Forgot),
            Finding::Lost | Finding::Restarted | Finding::Unsure => self.unsure(id),
        }
    }

    /// From when on a line's REGISTER may be sent.
    pub(super) fn turn(&mut self, id: u64, now: Instant, goes_on: bool) -> Instant {
        // All others wait for what it finds.
        if self.watching == Some(id) {
            return now;
        }
        if std::mem::take(&mut self.all_begin) {
            let later =
                |lane: Option<Instant>| Some(lane.map_or(now, |next| next.max(now)) + BREATH);
            self.turns = self.turns.map(later);
        }
        let free = |lane: Option<Instant>| lane.is_none_or(|next| next <= now);
        // Where none goes on, one more can begin.
        let second = goes_on || (!free(self.turns[0]) && free(self.turns[1]));
        let lane = &mut self.turns[usize::from(second)];
        let turn = lane.map_or(now, |next| next.max(now));
        *lane = Some(turn + APART);
        turn
    }

    /// The PBX takes its lines again at another server; whether it does here is
    /// found out anew.
    pub(super) fn returned(&mut self) {
        if std::mem::take(&mut self.gone) {
            self.tell(&News::Back, |_| true);
        }
    }

    pub(super) fn interval_s(&self) -> u32 {
        u32::try_from(self.members.len() / RENEWED_A_SECOND).unwrap_or(u32::MAX)
    }

    fn answered(&mut self, id: u64) {
        match &self.doubt {
            Some(doubt) if doubt.question() == Question::There => {
                if doubt.by == id {
                    self.doubt = None;
                } else {
                    self.deny(id);
                    // It may have begun anew all the same.
                    self.say(id, Input::Asked(Question::Known));
                }
            }
            _ => {}
        }
    }

    fn registered(&mut self, id: u64, now: Instant) {
        if let Some(member) = self.members.get_mut(&id) {
            member.standing = Standing::Held;
            (member.taken, member.known) = (Some(now), Some(now));
        }
        if std::mem::take(&mut self.gone) {
            self.appoint(id);
            self.tell_all_but(id, &News::Back);
        }
        self.elect();
    }

    fn refused(&mut self, id: u64) {
        self.stands(id, Standing::Unfit);
        if self.watching == Some(id) {
            self.watching = None;
            self.say(id, Input::Watching(false));
        }
        self.unsure(id);
        self.elect();
    }

    fn silent(&mut self, id: u64, gone: News) {
        if self.standing(id) == Some(Standing::Held) {
            self.stands(id, Standing::Open);
        }
        let watching = self.watching == Some(id);
        if self.gone {
            // The others take turns at trying: what keeps one of them from the
            // PBX need not keep all.
            if watching && let Some(next) = self.next_after(id) {
                self.appoint(next);
            }
            if self.watching != Some(id) {
                self.say(id, Input::Heard(self.server, gone));
            }
        } else if watching && !self.doubts(Question::There) {
            let held = self.others(id, |member| member.standing == Standing::Held);
            let open = || self.others(id, |member| member.standing == Standing::Open);
            let others = if held.is_empty() { open() } else { held };
            self.ask(Doubt::new(id, gone, &others));
        } else {
            self.unsure(id);
        }
    }

    /// The PBX does not know this line, or may have begun anew.
    fn lost(&mut self, id: u64) {
        // All begin anew as it is.
        if self.gone {
            return;
        }
        // One that it took since then tells nothing of what was before.
        let known = self.members.get(&id).and_then(|member| member.known);
        let others = self.others(id, |member| {
            member.standing == Standing::Held && member.taken <= known
        });
        if !others.is_empty() {
            self.ask(Doubt::new(id, News::Forgot, &others));
        } else if self.watching == Some(id) {
            self.tell_all_but(id, &News::Forgot);
        }
    }

    fn others(&self, id: u64, which: impl Fn(&Member) -> bool) -> Vec<u64> {
        let others = self.members.iter();
        let others = others.filter(|(other, member)| **other != id && which(member));
        others.map(|(other, _)| *other).collect()
    }

    /// Before the word of a line is taken for something, others are asked.
    fn ask(&mut self, doubt: Doubt) {
        self.doubt = Some(doubt);
        self.ask_next();
    }

    /// Asks whoever is to be asked now; where nobody is left, the word is taken.
    fn ask_next(&mut self) {
        let Some(doubt) = &mut self.doubt else { return };
        let question = doubt.question();
        let asked = doubt.next();
        if asked.is_empty() && doubt.is_over() {
            return self.believe();
        }
        for id in asked {
            self.say_what_it_lists(id);
            self.say(id, Input::Asked(question));
        }
    }

    /// This line can't tell what it was asked, or has heard nothing either.
    fn unsure(&mut self, id: u64) {
        if let Some(doubt) = &mut self.doubt
            && doubt.strike(id)
        {
            self.ask_next();
        }
    }

    /// The word of the watching line is taken.
    fn believe(&mut self) {
        let Some(Doubt { by, news, .. }) = self.doubt.take() else {
            return;
        };
        if let News::Gone(_) = news {
            self.gone = true;
            // Whoever waits for its turn waits no longer.
            self.turns = [None, None];
            for member in self.members.values_mut() {
                if member.standing == Standing::Held {
                    member.standing = Standing::Open;
                }
            }
        }
        self.tell_all_but(by, &news);
        // One that watches in its place meanwhile goes on trying.
        if let Some(id) = self.watching.filter(|id| *id != by) {
            self.say(id, Input::Watching(true));
        }
    }

    /// This line knows better: it watches from now on.
    fn deny(&mut self, id: u64) {
        if let Some(doubt) = self.doubt.take() {
            self.stands(doubt.by, Standing::Unfit);
            if self.watching == Some(doubt.by) {
                self.appoint(id);
            }
        }
    }

    /// Where nobody watches, the first that is fit does.
    fn elect(&mut self) {
        if self.watching.is_none() {
            let of = |standing| {
                let mut members = self.members.iter();
                let found = members.find(|(_, member)| member.standing == standing);
                found.map(|(id, _)| *id)
            };
            if let Some(id) = of(Standing::Held).or_else(|| of(Standing::Open)) {
                self.appoint(id);
            }
        }
    }

    fn appoint(&mut self, id: u64) {
        if self.watching == Some(id) {
            return;
        }
        if let Some(before) = self.watching.replace(id) {
            self.say(before, Input::Watching(false));
        }
        self.say_what_it_lists(id);
        self.say(id, Input::Watching(true));
    }

    /// A line that was never listed knows then that it is not any more.
    fn say_what_it_lists(&self, id: u64) {
        if self.lists {
            self.say(id, Input::Heard(self.server, News::Lists));
        }
    }

    /// The one that watches after this one, where the lines take turns.
    fn next_after(&self, id: u64) -> Option<u64> {
        let after = self.members.range(id + 1..);
        let mut others = after.chain(self.members.range(..id));
        let next = others.find(|(_, member)| member.standing != Standing::Unfit);
        next.map(|(id, _)| *id)
    }

    fn doubts(&self, question: Question) -> bool {
        (self.doubt.as_ref()).is_some_and(|doubt| doubt.question() == question)
    }

    fn was_asked(&self, id: u64, question: Question) -> bool {
        (self.doubt.as_ref())
            .is_some_and(|doubt| doubt.question() == question && doubt.was_asked(id))
    }

    fn standing(&self, id: u64) -> Option<Standing> {
        self.members.get(&id).map(|member| member.standing)
    }

    fn stands(&mut self, id: u64, standing: Standing) {
        if let Some(member) = self.members.get_mut(&id) {
            member.standing = standing;
        }
    }

    fn say(&self, id: u64, input: Input) {
        if let Some(member) = self.members.get(&id) {
            member.tell(input);
        }
    }

    fn tell_all_but(&mut self, id: u64, news: &News) {
        self.tell(news, |other| other != id);
    }

    fn tell(&mut self, news: &News, whom: impl Fn(u64) -> bool) {
        self.all_begin = !matches!(news, News::Gone(_));
        for (_, member) in self.members.iter().filter(|(id, _)| whom(**id)) {
            member.tell(Input::Heard(self.server, news.clone()));
        }
    }
}
