//! Decides what is checked next and what the answers mean, without network,
//! sound or clock: the driver carries out what it asks for.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Digit};
use model::call::Caller;
use model::doctor::{Cause, Check, Finding, Reply, Report, Request, Verdict};
use model::pbx::Transport;

use super::words::{Input, Output};
use super::{Awaits, Patience, Side};
use crate::digest::Challenge;

mod placing;
mod registering;
mod talking;

use registering::Purpose;

/// Voice that a side has to hear until it counts as heard, in milliseconds.
const HEARD_MS: u32 = 200;
/// How often a person is told how long it still takes.
const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(super) enum State {
    Idle,
    Resolving,
    Registering {
        number: u64,
        purpose: Purpose,
    },
    Knocking,
    /// The doctor's own call is on its way to the line.
    Placing,
    /// The call that came may be that one: it is hung up, to see whether the other one ends.
    Telling,
    /// A call is being forgotten by the PBX before the next one is placed.
    Clearing,
    /// A person is asked for a call.
    Asking,
    /// Answered, and not confirmed yet.
    Agreeing,
    SoundIn,
    SoundOut,
    /// A key was pressed at the other side.
    Keys(Side),
    Holding(bool),
    Staying,
    /// Whether the PBX has told that it is at it.
    Transferring(bool),
    Over,
}

/// What is known of the account.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) user: String,
    pub(super) proxy: bool,
    pub(super) transport: Transport,
    pub(super) interval_s: u32,
    /// Whether everybody's call is taken for a person's.
    pub(super) strangers: bool,
}

/// One examination.
#[derive(Debug)]
pub(super) struct Machine {
    subject: Subject,
    patience: Patience,
    state: State,
    wake: Option<Instant>,
    /// When the time that is left is told anew, and until when a person has to stay.
    tick: Option<Instant>,
    stay_until: Option<Instant>,
    servers: Vec<SocketAddr>,
    at: usize,
    numbers: u64,
    /// Challenges of the registrar and of a proxy before it, and how often
    /// each was answered.
    challenges: [Option<(Challenge, u32)>; 2],
    /// Challenges met since the last REGISTER without a login.
    met: [u32; 2],
    lengthened: bool,
    /// The call is the doctor's own, not a person's.
    own: bool,
    /// As whom the PBX shows the line's own call, where that is not its number.
    shown: Option<Caller>,
    /// Who called in the call that may be the doctor's own, and how often there was such a doubt.
    doubted: Option<Caller>,
    doubts: u32,
    /// The PBX's sound at the called side, once agreed.
    called: Option<AudioStream>,
    calling: bool,
    agreed_at: Option<Instant>,
    report: Report,
    outputs: VecDeque<Output>,
}

impl Machine {
    pub(super) fn new(subject: Subject, patience: Patience) -> Self {
        Self {
            subject,
            patience,
            state: State::Idle,
            wake: None,
            tick: None,
            stay_until: None,
            servers: Vec::new(),
            at: 0,
            numbers: 0,
            challenges: [None, None],
            met: [0; 2],
            lengthened: false,
            own: false,
            shown: None,
            doubted: None,
            doubts: 0,
            called: None,
            calling: false,
            agreed_at: None,
            report: Report::default(),
            outputs: VecDeque::new(),
        }
    }

    pub(super) fn start(&mut self) {
        self.state = State::Resolving;
        self.step(Check::Name);
        self.outputs.push_back(Output::Resolve);
    }

    pub(super) fn report(&self) -> &Report {
        &self.report
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Over) && self.outputs.is_empty()
    }

    pub(super) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        [self.wake, self.tick].into_iter().flatten().min()
    }

    pub(super) fn handle(&mut self, now: Instant, input: Input) {
        match self.state {
            State::Idle | State::Over => {}
            State::Resolving | State::Registering { .. } | State::Knocking => {
                self.register_handle(now, input);
            }
            _ => self.call_handle(now, input),
        }
    }

    /// The moment of `poll_timeout` has come.
    pub(super) fn time_out(&mut self, now: Instant) {
        if self.tick.is_some_and(|at| at <= now) {
            self.tell_remaining(now);
        }
        if self.wake.is_none_or(|at| at > now) {
            return;
        }
        self.wake = None;
        match self.state {
            State::Idle | State::Over => {}
            State::Resolving | State::Registering { .. } | State::Knocking => {
                self.register_timed_out(now);
            }
            _ => self.call_timed_out(now),
        }
    }

    fn server(&self) -> Option<SocketAddr> {
        self.servers.get(self.at).copied()
    }

    fn wait(&mut self, now: Instant, time: Duration) {
        self.wake = Some(now + time);
    }

    fn step(&mut self, check: Check) {
        self.report.current = Some(check);
        self.report.request = None;
        self.stay_no_longer();
        self.outputs.push_back(Output::Changed);
    }

    fn stay_no_longer(&mut self) {
        (self.tick, self.stay_until, self.report.remaining_s) = (None, None, None);
    }

    /// Tells how long a person still has to stay on the line.
    fn tell_remaining(&mut self, now: Instant) {
        let Some(until) = self.stay_until else { return };
        let left = until.saturating_duration_since(now);
        let seconds = left.as_millis().div_ceil(1000);
        self.report.remaining_s = u32::try_from(seconds).ok();
        self.tick = (!left.is_zero()).then_some(now + SECOND);
        self.outputs.push_back(Output::Changed);
    }

    fn ask(&mut self, request: Request) {
        self.report.request = Some(request);
        self.outputs.push_back(Output::Changed);
    }

    fn found(
        &mut self,
        check: Check,
        verdict: Verdict,
        cause: Option<Cause>,
        detail: Option<String>,
    ) {
        if self.report.of(check).is_some() {
            return;
        }
        self.report.findings.push(Finding {
            check,
            verdict,
            cause,
            detail,
        });
        let place = |finding: &Finding| Check::ALL.iter().position(|c| *c == finding.check);
        self.report.findings.sort_by_key(place);
        self.outputs.push_back(Output::Changed);
    }

    /// With what was measured; nothing where there is nothing to tell.
    fn passed(&mut self, check: Check, detail: impl ToString) {
        let detail = Some(detail.to_string()).filter(|detail| !detail.is_empty());
        self.found(check, Verdict::Passed, None, detail);
    }

    fn warned(&mut self, check: Check, cause: Cause) {
        self.found(check, Verdict::Warned, Some(cause), None);
    }

    fn failed(&mut self, check: Check, cause: Cause) {
        self.found(check, Verdict::Failed, Some(cause), None);
    }

    fn skipped(&mut self, check: Check) {
        self.found(check, Verdict::Skipped, None, None);
    }

    /// Ends the examination: what was not told by now is left out.
    pub(super) fn finish(&mut self) {
        if matches!(self.state, State::Over) {
            return;
        }
        for check in Check::ALL {
            self.skipped(check);
        }
        self.state = State::Over;
        self.wake = None;
        (self.report.current, self.report.request) = (None, None);
        self.stay_no_longer();
        self.report.done = true;
        self.outputs.extend([
            Output::Await(Awaits::Nobody),
            Output::Release,
            Output::HangUp(Side::Calling),
            Output::HangUp(Side::Called),
            Output::Changed,
        ]);
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
