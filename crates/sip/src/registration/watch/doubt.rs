//! What the watching line found, while others are asked whether it is so: the
//! trouble of one line is not to become that of all.

use super::{News, Question};

/// Most lines that are asked.
const ASKED_MAX: usize = 3;

/// What the watching line found, and who else is asked about it.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) by: u64,
    pub(super) news: News,
    /// Those whose answer is awaited.
    asked: Vec<u64>,
    /// Those that can be asked next.
    spare: Vec<u64>,
}

impl Doubt {
    /// Some of the others are asked, far from one another: neighbours may be
    /// lines of one company, and share its trouble.
    pub(super) fn new(by: u64, news: News, others: &[u64]) -> Self {
        let apart = others.len().div_ceil(ASKED_MAX).max(1);
        let spare = others.iter().skip(apart / 2).step_by(apart).copied();
        Self {
            by,
            news,
            asked: Vec::new(),
            spare: spare.collect(),
        }
    }

    pub(super) fn question(&self) -> Question {
        match self.news {
            News::Gone(_) => Question::There,
            News::Forgot | News::Back | News::Lists => Question::Known,
        }
    }

    /// Whoever is to be asked now: about silence all at once, for it takes its
    /// time; else one, for a PBX that begins anew has enough to do.
    pub(super) fn next(&mut self) -> Vec<u64> {
        let at_once = match self.question() {
            Question::There => ASKED_MAX,
            Question::Known => 1,
        };
        let next = self.spare.drain(..at_once.min(self.spare.len()));
        let next: Vec<u64> = next.collect();
        self.asked.extend(&next);
        next
    }

    pub(super) fn was_asked(&self, id: u64) -> bool {
        self.asked.contains(&id)
    }

    /// Nothing is expected of this line any more; whether it was asked.
    pub(super) fn strike(&mut self, id: u64) -> bool {
        self.spare.retain(|spare| *spare != id);
        let before = self.asked.len();
        self.asked.retain(|asked| *asked != id);
        self.asked.len() < before
    }

    /// Nobody is left to contradict.
    pub(super) fn is_over(&self) -> bool {
        self.asked.is_empty() && self.spare.is_empty()
    }
}
