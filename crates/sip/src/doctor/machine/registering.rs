//! From the server's name to a registration that holds.

use std::time::{Duration, Instant};

use model::doctor::{Cause, Check};
use model::pbx::{Fault, Transport};

use super::{Input, Machine, Output, State};
use crate::digest::Challenge;
use crate::doctor::words::{Knock, Registered};
use crate::registration::Answer;

/// How long one REGISTER may stay unanswered; over UDP it is sent four times meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long all questions about a name may take, and a knock.
const FOUND_WITHIN: Duration = Duration::from_secs(12);
/// Challenges of one side that are answered: a first one, and a new nonce.
const MET_MAX: u32 = 2;
/// A registration shorter than this is renewed all the time, and lost in between.
const SHORT_S: u32 = 20;

/// What a REGISTER is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::doctor) enum Purpose {
    /// To see whether somebody is there; without a login.
    First,
    /// To register.
    Login,
    /// To see whether the login is right, by asking what is registered.
    Verify,
    /// To be challenged anew.
    Again,
    /// To answer that.
    AgainLogin,
}

impl Machine {
    pub(super) fn register_handle(&mut self, now: Instant, input: Input) {
        match (self.state.clone(), input) {
            (State::Resolving, Input::Resolved(Ok(servers))) => {
                let found: Vec<_> = servers.iter().map(ToString::to_string).collect();
                self.passed(Check::Name, found.join(", "));
                self.servers = servers;
                self.step(Check::Reach);
                self.register(now, Purpose::First);
            }
            (State::Resolving, Input::Resolved(Err(fault))) => {
                let cause = match (fault, self.subject.proxy) {
                    (Fault::AddressNotAllowed, _) => Cause::AddressNotAllowed,
                    (_, true) => Cause::ProxyNotResolved,
                    (_, false) => Cause::NameNotResolved,
                };
                self.failed(Check::Name, cause);
                self.finish();
            }
            (State::Registering { number, purpose }, Input::Registered(n, result))
                if n == number =>
            {
                match result {
                    Ok(registered) => self.registered(now, purpose, registered),
                    Err(fault) => self.broken(now, purpose, fault),
                }
            }
            (State::Knocking, Input::Knocked(knock)) => {
                let cause = match (knock, self.subject.transport) {
                    _ if self.subject.proxy => Cause::ProxyUnreachable,
                    (Knock::Closed, _) => Cause::PortClosed,
                    (Knock::Open, Transport::Tls) => Cause::PlainPort,
                    (Knock::Open | Knock::Silent, _) => Cause::NoAnswer,
                };
                self.failed(Check::Reach, cause);
                self.finish();
            }
            _ => {}
        }
    }

    pub(super) fn register_timed_out(&mut self, now: Instant) {
        match self.state {
            State::Registering { purpose, .. } => self.broken(now, purpose, Fault::NoAnswer),
            State::Knocking => self.register_handle(now, Input::Knocked(Knock::Silent)),
            _ => self.register_handle(now, Input::Resolved(Err(Fault::NameNotResolved))),
        }
    }

    fn register(&mut self, now: Instant, purpose: Purpose) {
        let Some(server) = self.server() else { return };
        self.numbers += 1;
        let number = self.numbers;
        let mut logins = Vec::new();
        if matches!(purpose, Purpose::First | Purpose::Again) {
            self.met = [0; 2];
        } else {
            for (challenge, answered) in self.challenges.iter_mut().flatten() {
                *answered += 1;
                logins.push((challenge.clone(), *answered));
            }
        }
        self.outputs.push_back(Output::Register {
            number,
            server,
            interval_s: self.subject.interval_s,
            logins,
            contact: purpose != Purpose::Verify,
        });
        self.state = State::Registering { number, purpose };
        self.wait(now, ANSWER_WITHIN);
    }

    fn broken(&mut self, now: Instant, purpose: Purpose, fault: Fault) {
        if purpose == Purpose::First {
            if self.at + 1 < self.servers.len() {
                self.at += 1;
                return self.register(now, Purpose::First);
            }
            let Some(server) = self.server() else { return };
            if let Fault::Certificate { flaw, .. } = fault {
                self.failed(Check::Reach, Cause::Certificate { flaw });
                return self.finish();
            }
            self.state = State::Knocking;
            self.outputs.push_back(Output::Knock { server });
            return self.wait(now, FOUND_WITHIN);
        }
        let check = match purpose {
            Purpose::Again | Purpose::AgainLogin => Check::Nonce,
            Purpose::First | Purpose::Login | Purpose::Verify => Check::Register,
        };
        self.failed(check, Cause::NoAnswer);
        self.finish();
    }

    fn registered(&mut self, now: Instant, purpose: Purpose, registered: Registered) {
        let answer = &registered.answer;
        if purpose == Purpose::First {
            let server = self.server().map(|server| server.to_string());
            self.passed(Check::Reach, server.unwrap_or_default());
            self.step(Check::Register);
        }
        match (purpose, answer.code) {
            (Purpose::First | Purpose::Login, 200..=299) => self.holds(now, &registered),
            (Purpose::Verify, 200..=299) => self.refused(Cause::RegistrationLimit),
            (Purpose::Again | Purpose::AgainLogin, 200..=299) => {
                self.passed(Check::Nonce, "");
                self.place(now);
            }
            (_, 401 | 407) => self.challenged(now, purpose, answer),
            (Purpose::Login, 403) => self.register(now, Purpose::Verify),
            (Purpose::Verify, _) => self.refused(Cause::WrongPassword),
            (Purpose::Again | Purpose::AgainLogin, code) => {
                self.failed(Check::Nonce, Cause::Refused { code });
                self.finish();
            }
            (_, 423) => match answer.min_expires_s {
                Some(min) if !self.lengthened => {
                    self.lengthened = true;
                    self.subject.interval_s = min;
                    self.register(now, Purpose::Login);
                }
                _ => self.refused(Cause::IntervalRefused),
            },
            (_, code @ (403 | 404 | 604)) => self.refused(Cause::UserRefused { code }),
            (_, code @ 500..=599) => self.refused(Cause::Unavailable { code }),
            (_, code) => self.refused(Cause::Refused { code }),
        }
    }

    fn refused(&mut self, cause: Cause) {
        self.failed(Check::Register, cause);
        self.finish();
    }

    fn challenged(&mut self, now: Instant, purpose: Purpose, answer: &Answer) {
        let Some(challenge) = Challenge::strongest(answer.challenges.clone()) else {
            return self.refused(Cause::UnknownChallenge);
        };
        let slot = usize::from(challenge.proxy);
        self.met[slot] += 1;
        if self.met[slot] > MET_MAX {
            if purpose == Purpose::AgainLogin {
                self.failed(Check::Nonce, Cause::NonceRefused);
                return self.finish();
            }
            return self.refused(Cause::WrongPassword);
        }
        self.challenges[slot] = Some((challenge, 0));
        let next = match purpose {
            Purpose::First | Purpose::Login => Purpose::Login,
            Purpose::Verify => Purpose::Verify,
            Purpose::Again | Purpose::AgainLogin => Purpose::AgainLogin,
        };
        self.register(now, next);
    }

    /// The PBX took the registration.
    fn holds(&mut self, now: Instant, registered: &Registered) {
        let answer = &registered.answer;
        if registered.lists && !answer.listed {
            return self.refused(Cause::ContactChanged);
        }
        let granted_s = answer.granted_s.unwrap_or(self.subject.interval_s);
        if granted_s < SHORT_S {
            self.warned(Check::Register, Cause::ShortLived { granted_s });
        } else {
            self.passed(Check::Register, format!("{granted_s} s"));
        }
        if self.challenges.iter().all(Option::is_none) {
            self.skipped(Check::Nonce);
            return self.place(now);
        }
        self.step(Check::Nonce);
        self.register(now, Purpose::Again);
    }
}
