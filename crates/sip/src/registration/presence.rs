//! Whether the PBX is there and knows the line: asked by the one that watches
//! it, heard by the others.

use std::time::Instant;

use super::{ANSWER_WITHIN, Answer, Lists, News, ON_ITS_OWN, Output, Registration, State};

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
            ask_at: Some(again),
            asked: None,
        };
        match (lists, code) {
            (Lists::No, _) => {
                // Another answer than before, or one that only a repeated
                // question brought: it may have been away.
                let before = self.pong.replace((code, late));
                let away = before.is_some_and(|(c, l)| c != code || (late && !l));
                match away {
                    true => self.forgotten(),
                    false => self.state = sound,
                }
            }
            (_, 200..=299) if answer.listed => {
                self.lists = Lists::Yes;
                self.state = sound;
            }
            (Lists::Yes, 200..=299) => {
                self.lists = Lists::Maybe;
                self.forgotten();
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
                self.begin();
            }
        }
    }

    /// The PBX began anew, and knows nobody.
    fn forgotten(&mut self) {
        self.outputs.push_back(Output::Tell(News::Forgot));
        self.begin();
    }

    pub(super) fn watching(&mut self, now: Instant, on: bool) {
        self.watching = on;
        let soon = now + self.spread(self.watch_every);
        match &mut self.state {
            State::Held { ask_at, asked, .. } => {
                *ask_at = on.then_some(soon);
                *asked = None;
            }
            // Nobody else tries for it now.
            State::Pausing { silent: true } if on && self.wake.is_some_and(|at| at > soon) => {
                self.wake = Some(soon);
            }
            _ => {}
        }
    }

    /// What the line that watches this PBX found.
    pub(super) fn heard(&mut self, now: Instant, news: News) {
        match (news, self.state) {
            (News::Forgot, State::Held { .. }) => self.begin(),
            (News::Back, State::Pausing { silent: true }) => self.resolve(),
            (News::Gone(fault), State::Held { .. } | State::Queued | State::Asking { .. }) => {
                let pause = self.spread(ON_ITS_OWN);
                self.failure(now, fault, Some(pause));
            }
            (News::Gone(_), State::Pausing { silent: true }) => {
                let later = now + self.spread(ON_ITS_OWN);
                self.wake = self.wake.max(Some(later));
            }
            _ => {}
        }
    }
}
