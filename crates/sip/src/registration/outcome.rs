//! What becomes of a REGISTER: the line is held, asks once more, or fails.

use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use super::{
    Answer, DIGESTS_MAX, EAGER, EAGER_FOR, INTERVAL_MAX_S, News, Output, PATIENT, REFUSED,
    RETRY_AFTER_MAX, Registration, State,
};
use crate::digest::Challenge;
use crate::event::JournalEntry;

impl Registration {
    pub(super) fn answered(&mut self, now: Instant, answer: Answer) {
        match answer.code {
            200..=299 => self.success(now, &answer),
            401 | 407 => match self.challenged(answer.challenges) {
                Ok(()) => self.ask(true),
                Err(fault) => self.failure(now, fault, Some(REFUSED)),
            },
            423 => match answer.min_expires_s {
                Some(min) if !self.round.lengthened && min <= INTERVAL_MAX_S => {
                    self.round.lengthened = true;
                    self.interval_s = min;
                    self.ask(true);
                }
                _ => self.failure(now, Fault::RegistrationLimit, Some(REFUSED)),
            },
            403 if self.challenges.iter().any(Option::is_some) => {
                self.challenges = [None, None];
                self.failure(now, Fault::WrongPassword, Some(REFUSED));
            }
            code @ (403 | 404 | 604) => {
                self.failure(now, Fault::UserRefused { code }, Some(REFUSED));
            }
            408 => self.failure(now, Fault::NoAnswer, None),
            code => {
                let pause = answer.retry_after_s.map(|s| Duration::from_secs(s.into()));
                let fault = Fault::Refused { code };
                self.failure(now, fault, pause.map(|pause| pause.min(RETRY_AFTER_MAX)));
            }
        }
    }

    /// Takes the challenge to answer, unless answering it again leads nowhere.
    pub(super) fn challenged(&mut self, challenges: Vec<Challenge>) -> Result<(), Fault> {
        let challenge = Challenge::strongest(challenges).ok_or(Fault::UnknownChallenge)?;
        let slot = usize::from(challenge.proxy);
        let refused = self.challenges[slot]
            .as_ref()
            .is_some_and(|(old, _)| old.nonce == challenge.nonce);
        let digests = &mut self.round.digests[slot];
        // An answer given unasked may have been refused for the age of its nonce.
        if *digests >= DIGESTS_MAX || (refused && *digests > 0) {
            self.challenges = [None, None];
            return Err(Fault::WrongPassword);
        }
        *digests += 1;
        self.challenges[slot] = Some((challenge, 0));
        Ok(())
    }

    fn success(&mut self, now: Instant, answer: &Answer) {
        let Some(server) = self.server() else { return };
        // Behind a NAT the PBX reaches us only at the address that it sees.
        if let Some(seen) = answer.seen_as
            && self.contact != Some(seen)
            && !self.round.relocated
        {
            self.round.relocated = true;
            self.contact = Some(seen);
            return self.ask(true);
        }
        let granted_s = answer.granted_s.unwrap_or(self.interval_s).max(1);
        let was_held = matches!(self.connection, Connection::Registered { .. });
        let changed = self.held_by.replace(server).filter(|old| *old != server);
        let connection = Connection::Registered { granted_s };
        if !was_held {
            self.change(connection, JournalEntry::Registered { granted_s, server });
        } else if changed.is_some() {
            self.change(connection, JournalEntry::ServerChanged { server });
        } else {
            self.connection = connection;
        }
        (self.failures, self.failed, self.failing_since) = (0, 0, None);
        self.outputs.push_back(Output::Fit(true));
        let doubted = std::mem::take(&mut self.doubted);
        if self.watching && !was_held {
            self.outputs.push_back(Output::Tell(News::Back));
        } else if self.watching && doubted {
            self.outputs.push_back(Output::Tell(News::Forgot));
        }
        // Early enough for the retransmissions of one whole attempt.
        let margin = (granted_s / 10).clamp(1, 30);
        let refresh = Duration::from_secs((granted_s - margin.min(granted_s - 1)).into());
        let refresh_at = now + self.spread(refresh).min(refresh);
        let soon = now + self.spread(self.watch_every);
        self.wake = None;
        self.state = State::Held {
            refresh_at,
            ask_at: self.watching.then_some(soon),
            asked: None,
        };
    }

    /// This attempt came to nothing: the next server at once, after the last
    /// one a pause.
    pub(super) fn failure(&mut self, now: Instant, fault: Fault, pause: Option<Duration>) {
        let silent = matches!(fault, Fault::NoAnswer | Fault::ConnectionRefused);
        let reachable = !silent && !matches!(fault, Fault::Refused { code: 500.. });
        if self.watching && silent {
            self.outputs
                .push_back(Output::Tell(News::Gone(fault.clone())));
        } else if !silent {
            // Whoever is refused can't tell for the others.
            self.outputs.push_back(Output::Fit(false));
        }
        self.failed += 1;
        if !reachable && self.failed < self.servers.len() {
            self.at = (self.at + 1) % self.servers.len();
            return self.begin();
        }
        let since = *self.failing_since.get_or_insert(now);
        let pause = pause.unwrap_or_else(|| {
            if now.duration_since(since) >= EAGER_FOR {
                self.spread(PATIENT)
            } else if fault == Fault::NoAnswer {
                // Waiting for the answer was the pause.
                EAGER[0]
            } else {
                EAGER[self.failures.min(EAGER.len() - 1)]
            }
        });
        self.failures += 1;
        let failed = Connection::Failed {
            fault: fault.clone(),
        };
        if self.connection != failed {
            self.change(failed, JournalEntry::Failed { fault });
        }
        self.wake = Some(now + pause);
        self.state = State::Pausing { silent };
    }
}
