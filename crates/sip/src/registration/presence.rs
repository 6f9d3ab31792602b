//! Whether the PBX is there and knows the line: asked by the one that watches
//! it, heard by the others.

use std::net::SocketAddr;
use std::time::Instant;

use model::pbx::Fault;

use super::outcome::Next;
use super::{
    ANSWER_WITHIN, Answer, Finding, Lists, News, ON_ITS_OWN, Output, Pause, Question, Registration,
    Round, State,
};

impl Registration {
    /// Asks the PBX whether it is there and knows us.
    pub(super) fn look(&mut self, now: Instant, refresh_at: Instant) {
        let number = self.number();
        let Some(server) = self.server() else { return };
        let output = match self.lists {
            Lists::No => Output::Ping { number, server },
            Lists::Maybe | Lists::Yes => Output::Fetch {
                number,
                server,
                logins: self.logins(),
            },
        };
        self.outputs.push_back(output);
        self.state = State::Held {
            refresh_at,
            ask_at: Some(now + ANSWER_WITHIN),
            asked: Some(number),
        };
    }

    /// What the PBX says to being asked.
    pub(super) fn looked(&mut self, now: Instant, refresh_at: Instant, late: bool, answer: Answer) {
        let (lists, code) = (self.lists, answer.code);
        let again = now + self.spread(self.watch_every);
        let sound = State::Held {
            refresh_at,
            ask_at: self.watching.then_some(again),
            asked: None,
        };
        match (lists, code) {
            (Lists::No, _) => {
                // Another answer than before, or one that only a repeated
                // question brought: it may have been away.
                let before = self.pong.replace((code, late));
                if before.is_some_and(|(c, l)| c != code || (late && !l)) {
                    self.found(Finding::Restarted);
                    self.begin();
                } else {
                    self.found(Finding::Unsure);
                    self.state = sound;
                }
            }
            (_, 200..=299) if answer.listed => {
                self.lists = Lists::Yes;
                self.found(Finding::Listed);
                self.state = sound;
            }
            (Lists::Yes, 200..=299) => {
                self.lists = Lists::Maybe;
                self.found(Finding::Lost);
                self.begin();
            }
            (_, 401 | 407) if self.challenged(answer.challenges.clone()).is_ok() => {
                self.look(now, refresh_at);
            }
            // It lists nothing, or does not like to be asked; where it was gone
            // meanwhile, the one REGISTER that follows mends that.
            _ => {
                self.lists = match lists {
                    Lists::Yes => Lists::Maybe,
                    Lists::Maybe | Lists::No => Lists::No,
                };
                self.found(Finding::Unsure);
                self.begin();
            }
        }
    }

    /// The question was not answered: whether the PBX lost us only a REGISTER can tell.
    pub(super) fn unanswered(&mut self, fault: Fault) {
        self.doubted = true;
        self.found(Finding::Silent(fault));
        self.begin();
    }

    /// Registers anew; what was being asked is not awaited.
    pub(super) fn renew(&mut self) {
        if matches!(self.state, State::Held { asked: Some(_), .. }) {
            self.found(Finding::Unsure);
        }
        self.begin();
    }

    pub(super) fn watching(&mut self, now: Instant, on: bool) {
        self.watching = on;
        match self.state {
            // What it is asked already is as good.
            State::Held { asked: Some(_), .. } => {}
            State::Held { refresh_at, .. } => {
                let soon = now + self.spread(self.watch_every);
                self.state = State::Held {
                    refresh_at,
                    ask_at: on.then_some(soon),
                    asked: None,
                };
            }
            // Nobody else tries for it now.
            State::Pausing(Pause::Silent) if on => {
                let soon = now + self.eager(now, true);
                self.wake = self.wake.map(|wake| wake.min(soon));
            }
            _ => {}
        }
    }

    /// Another line found something: what does this one find?
    pub(super) fn asked(&mut self, now: Instant, question: Question) {
        match (question, self.state) {
            (_, State::Held { asked: Some(_), .. }) | (Question::There, State::Asking { .. }) => {}
            (_, State::Held { refresh_at, .. }) => {
                self.round = Round::default();
                self.look(now, refresh_at);
            }
            (Question::There, State::Queued) => self.send(now),
            (Question::There, State::Pausing(Pause::Silent)) => {
                self.found(Finding::Silent(Fault::NoAnswer));
            }
            _ => self.found(Finding::Unsure),
        }
    }

    /// What the line that watches the PBX there found.
    pub(super) fn heard(&mut self, now: Instant, server: SocketAddr, news: News) {
        if self.server() != Some(server) {
            return;
        }
        match (news, self.state) {
            (News::Lists, _) if self.lists == Lists::Maybe => self.lists = Lists::Yes,
            (News::Forgot, State::Held { .. }) => self.renew(),
            (News::Back, State::Pausing(Pause::Silent | Pause::Stumbled)) => self.resolve(now),
            (News::Gone(fault), State::Held { .. } | State::Queued | State::Asking { .. }) => {
                self.failure(now, fault, Next::Told);
            }
            (News::Gone(_), State::Pausing(Pause::Silent)) => {
                let later = now + self.spread(ON_ITS_OWN);
                self.wake = self.wake.max(Some(later));
            }
            _ => {}
        }
    }
}
