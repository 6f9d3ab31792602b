//! Until a call arrives: the doctor's own, or one that a person was asked for.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::call::Caller;
use model::pbx::Transport;

use super::{Awaits, Cause, Check, Input, Machine, Output, Reply, Request, Side, State};
use crate::event::LegEnd;

/// Within this a call ends that is the other end of one that was hung up.
const TELLS_WITHIN: Duration = Duration::from_secs(2);
/// How long a PBX may take to forget a call that was hung up.
const CLEARS_WITHIN: Duration = Duration::from_millis(500);
/// How often a call that came may turn out to be somebody else's.
const DOUBTS_MAX: u32 = 2;

impl Machine {
    pub(super) fn place(&mut self, now: Instant) {
        self.step(Check::Arrival);
        self.own = true;
        let hidden = self.subject.strangers
            || (self.shown.as_ref()).is_some_and(|shown| shown.number.is_none());
        let unsure = self.shown.is_none() && self.doubts < DOUBTS_MAX;
        let own = self.own_call(hidden, unsure);
        self.outputs.extend([Output::Await(own), Output::Place]);
        self.state = State::Placing;
        self.wait(now, self.patience.arrival);
    }

    /// The call of the line to itself, as it will come back.
    pub(super) fn own_call(&self, hidden: bool, unsure: bool) -> Awaits {
        let number = (self.shown.as_ref()).and_then(|shown| shown.number.as_ref());
        Awaits::Own {
            number: number.unwrap_or(&self.subject.user).clone(),
            hidden,
            unsure,
        }
    }

    pub(super) fn persons_call(&self) -> Awaits {
        match self.subject.strangers {
            true => Awaits::All,
            false => Awaits::Extensions,
        }
    }

    /// A call came that may be the doctor's own. What is its own ends when it
    /// is hung up; a customer's does not, and then goes its way.
    fn doubt(&mut self, now: Instant, caller: Caller) {
        self.doubts += 1;
        self.doubted = Some(caller);
        self.outputs.push_back(Output::HangUp(Side::Calling));
        self.state = State::Telling;
        self.wait(now, TELLS_WITHIN);
    }

    /// The PBX forgets that call before the next one is placed.
    fn clear(&mut self, now: Instant) {
        self.state = State::Clearing;
        self.wait(now, CLEARS_WITHIN);
    }

    /// The doctor can't call itself here: somebody else has to.
    fn ask_for_call(&mut self, now: Instant) {
        self.own = false;
        let awaits = self.persons_call();
        self.outputs.push_back(Output::Await(awaits));
        self.state = State::Asking;
        self.ask(Request::Call);
        self.wait(now, self.patience.person);
    }

    pub(super) fn awaited(&mut self, now: Instant, input: Input) {
        match (self.state.clone(), input) {
            (State::Placing | State::Asking, Input::Arrived { caller, from }) => {
                self.arrived(now, &caller, from);
            }
            (State::Placing, Input::Held { caller }) => self.doubt(now, caller),
            (_, Input::Held { .. }) => self.outputs.push_back(Output::Release),
            (State::Placing | State::Asking, Input::Refused { code }) => {
                match code {
                    488 => {
                        self.passed(Check::Arrival, "");
                        self.failed(Check::Codec, Cause::NoCommonCodec);
                    }
                    code => self.failed(Check::Arrival, Cause::InvitationRefused { code }),
                }
                self.finish();
            }
            (
                State::Placing,
                Input::Ended {
                    side: Side::Calling,
                    cause,
                },
            ) => match cause {
                LegEnd::Refused {
                    code: 415 | 488 | 606,
                } => {
                    self.failed(Check::Codec, Cause::NoCommonCodec);
                    self.finish();
                }
                _ => self.ask_for_call(now),
            },
            (
                State::Telling,
                Input::Ended {
                    side: Side::Called, ..
                },
            ) => {
                self.shown = self.doubted.take();
                self.clear(now);
            }
            (State::Asking, Input::Replied(Reply::Skip)) => self.finish(),
            _ => {}
        }
    }

    pub(super) fn awaited_in_vain(&mut self, now: Instant) {
        match self.state {
            State::Placing => {
                self.outputs.push_back(Output::HangUp(Side::Calling));
                self.ask_for_call(now);
            }
            State::Telling => {
                self.outputs.push_back(Output::Release);
                self.clear(now);
            }
            State::Clearing => self.place(now),
            _ => {
                self.failed(Check::Arrival, Cause::NeverArrives);
                self.finish();
            }
        }
    }

    fn arrived(&mut self, now: Instant, caller: &Caller, from: SocketAddr) {
        let elsewhere = self.server().is_some_and(|server| {
            let known = |at: &SocketAddr| at.ip().to_canonical() == from.ip().to_canonical();
            let port = self.subject.transport == Transport::Udp && from.port() != server.port();
            !self.servers.iter().any(known) || port
        });
        if elsewhere {
            self.warned(
                Check::Arrival,
                Cause::ArrivesFromElsewhere { address: from },
            );
        } else {
            self.passed(Check::Arrival, from);
        }
        match &caller.number {
            None => self.warned(Check::Caller, Cause::CallerHidden),
            Some(number) if !self.own && *number == self.subject.user => {
                self.warned(Check::Caller, Cause::CallerIsLine);
            }
            Some(number) => self.passed(Check::Caller, number),
        }
        self.step(Check::Codec);
        self.outputs.push_back(Output::Answer);
        self.state = State::Agreeing;
        self.wait(now, self.patience.moment);
    }
}
