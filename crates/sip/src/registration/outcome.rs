//! What becomes of a REGISTER: the line is held, asks once more, or fails.

use std::time::{Duration, Instant};

use model::pbx::{Connection, Fault};

use super::{
    Answer, DIGESTS_MAX, EAGER, EAGER_FOR, Finding, INTERVAL_MAX_S, Lists, ON_ITS_OWN, PATIENT,
    Pause, REFUSED, RETRY_AFTER_MAX, Registration, STUMBLED, State,
};
use crate::digest::Challenge;
use crate::event::JournalEntry;

/// How an attempt that came to nothing goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// Nobody said a word: eagerly.
    Silent,
    /// Another line has the word that nobody answers, and goes on trying.
    Told,
    /// Eagerly.
    Soon,
    /// Somebody has to mend something first.
    Rarely,
    /// After the pause that was asked for.
    After(Duration),
}

impl Registration {
    pub(super) fn answered(&mut self, now: Instant, answer: Answer) {
        // Behind a NAT the PBX reaches us only at the address that it sees.
        let seen = answer
            .seen_as
            .filter(|seen| self.contact != Some(*seen) && !self.round.relocated);
        if seen.is_some() {
            self.contact = seen;
            self.round.relocated = true;
        }
        match answer.code {
            200..=299 if seen.is_some() => self.ask(true),
            200..=299 => self.success(now, &answer),
            401 | 407 => match self.challenged(answer.challenges) {
                Ok(()) => self.ask(true),
                Err(fault) => self.failure(now, fault, Next::Rarely),
            },
            423 => match answer.min_expires_s {
                Some(min) if !self.round.lengthened && min <= INTERVAL_MAX_S => {
                    self.round.lengthened = true;
                    self.interval_s = min;
                    self.ask(true);
                }
                _ => self.failure(now, Fault::RegistrationLimit, Next::Rarely),
            },
            403 if self.challenges.iter().any(Option::is_some) => {
                self.challenges = [None, None];
                self.failure(now, Fault::WrongPassword, Next::Rarely);
            }
            code @ (403 | 404 | 604) => {
                self.failure(now, Fault::UserRefused { code }, Next::Rarely);
            }
            // Whoever says so is there.
            408 => self.failure(now, Fault::NoAnswer, Next::Soon),
            code => {
                let pause = answer.retry_after_s.map(|s| Duration::from_secs(s.into()));
                let next = match pause.map(|pause| pause.min(RETRY_AFTER_MAX)) {
                    // The other servers are asked meanwhile.
                    Some(pause) if code >= 500 => {
                        self.bar(now, pause);
                        Next::Soon
                    }
                    Some(pause) => Next::After(pause),
                    None => Next::Soon,
                };
                self.failure(now, Fault::Refused { code }, next);
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
        let granted_s = answer
            .granted_s
            .unwrap_or(self.interval_s.max(self.shared_s))
            .max(1);
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
        self.refused = false;
        self.bound_until = Some(now + Duration::from_secs(granted_s.into()));
        // It was silent before: it may have begun anew.
        if std::mem::take(&mut self.doubted) {
            self.found(match self.lists {
                Lists::No => Finding::Restarted,
                Lists::Maybe | Lists::Yes => Finding::Lost,
            });
        }
        self.found(Finding::Registered);
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
    pub(super) fn failure(&mut self, now: Instant, fault: Fault, next: Next) {
        match next {
            Next::Silent => {
                self.doubted |= self.watching;
                self.found(Finding::Silent(fault.clone()));
            }
            Next::Told => {}
            Next::Soon | Next::Rarely | Next::After(_) => self.found(Finding::Refused),
        }
        self.failed += 1;
        let elsewhere = matches!(
            fault,
            Fault::NoAnswer | Fault::ConnectionRefused | Fault::Refused { code: 500.. }
        );
        if elsewhere && self.next_server(now) {
            return self.begin();
        }
        let first = next == Next::Rarely && !std::mem::replace(&mut self.refused, true);
        let stumbled = first && self.held_by.is_some();
        self.failing_since.get_or_insert(now);
        // Waiting for the answer was the pause.
        let waited = next == Next::Silent && fault == Fault::NoAnswer;
        let eager = self.eager(now, waited);
        let pause = match next {
            Next::Silent | Next::Soon => match self.all_barred_until(now) {
                Some(until) => until - now,
                None => eager,
            },
            Next::Told => self.spread(ON_ITS_OWN),
            Next::Rarely if stumbled => self.spread(STUMBLED),
            Next::Rarely => self.at_least(REFUSED),
            Next::After(pause) => self.at_least(pause),
        };
        self.failures += 1;
        let failed = Connection::Failed {
            fault: fault.clone(),
        };
        if self.connection != failed {
            self.change(failed, JournalEntry::Failed { fault });
        }
        self.wake = Some(now + pause);
        self.state = State::Pausing(match next {
            Next::Silent | Next::Told => Pause::Silent,
            _ if stumbled => Pause::Stumbled,
            _ => Pause::Refused,
        });
    }

    /// The pause of a line that is not told to wait.
    pub(super) fn eager(&mut self, now: Instant, waited: bool) -> Duration {
        let since = self.failing_since.unwrap_or(now);
        let pause = if now.duration_since(since) >= EAGER_FOR {
            PATIENT
        } else if waited {
            EAGER[0]
        } else {
            EAGER[self.failures.min(EAGER.len() - 1)]
        };
        self.spread(pause).min(pause)
    }
}
