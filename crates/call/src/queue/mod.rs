//! The queue: which calls wait, which operators are free, who is offered what.
//! One for all companies, owned by one task.

mod estimate;
mod offer;
mod operator;
#[cfg(test)]
mod stories;
mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use model::id::{CallId, UserId};
use model::line::Priority;
use model::operator::OperatorState;
use model::skills::Skills;

use self::estimate::Pace;
pub use self::estimate::estimated_wait;
use self::operator::Operator;
pub use self::words::{
    Asks, Figures, OperatorView, QueueInput, QueueOutput, Reason, Snapshot, WaitingCall, Why, Wish,
};
use crate::limits::Limits;
use crate::timer::{QueueTimer, Timers};

/// The queue as a state machine.
#[derive(Debug)]
pub struct Queue {
    limits: Limits,
    waiting: VecDeque<Waiting>,
    operators: BTreeMap<UserId, Operator>,
    /// What those are good at of whom it is known.
    skills: BTreeMap<UserId, Skills>,
    /// How long calls keep their operators.
    pace: Pace,
    /// Counts who became free, for their order.
    turn: u64,
    timers: Timers<QueueTimer>,
    outputs: VecDeque<QueueOutput>,
    /// The figures as they were said last.
    figures: Figures,
}

#[derive(Debug)]
struct Waiting {
    call: CallId,
    since: Instant,
    front: bool,
    asks: Asks,
    offered_to: Option<UserId>,
    declined_by: Vec<UserId>,
    /// It was told that nobody is signed in.
    told: bool,
}

impl Waiting {
    /// Its place: the lower, the sooner. Calls of one rank are taken as they came.
    fn rank(&self) -> (bool, bool, Reverse<Priority>) {
        (!self.front, !self.asks.vip, Reverse(self.asks.priority))
    }
}

impl Queue {
    /// An empty queue without operators.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            waiting: VecDeque::new(),
            operators: BTreeMap::new(),
            skills: BTreeMap::new(),
            pace: Pace::default(),
            turn: 0,
            timers: Timers::new(),
            outputs: VecDeque::new(),
            figures: Figures::default(),
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, now: Instant, input: QueueInput) {
        match input {
            QueueInput::TimePassed => {
                while let Some(timer) = self.timers.take_due(now) {
                    self.fire(now, timer);
                }
            }
            QueueInput::Enqueue { call, front, asks } => self.enqueue(now, call, front, asks),
            QueueInput::Leave { call } => self.leave(now, call),
            QueueInput::SignIn { operator } => self.sign_in(now, operator),
            QueueInput::Skilled { operator, skills } => {
                self.skills.insert(operator, skills);
            }
            QueueInput::SignOut { operator } => self.sign_out(now, operator),
            QueueInput::SetState { operator, wish } => self.choose(now, operator, wish),
            QueueInput::Accept { operator, call } => self.accept(now, operator, call),
            QueueInput::Decline { operator, call } => self.decline(now, operator, call),
            QueueInput::Engage { operator, call } => self.engage(now, operator, call),
            QueueInput::CallOver { operator, call } => self.call_over(now, operator, call),
            QueueInput::WrapUpDone { operator } => self.wrap_up_done(now, operator),
            QueueInput::Lost { operator } => self.lost(now, operator),
        }
        self.offer(now);
        self.tell_those_who_wait_in_vain();
        self.tell_figures();
    }

    /// What the queue decided next, until there is nothing.
    pub fn poll_output(&mut self) -> Option<QueueOutput> {
        self.outputs.pop_front()
    }

    /// When [`QueueInput::TimePassed`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// The queue as it is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            waiting: self
                .waiting
                .iter()
                .map(|waiting| WaitingCall {
                    call: waiting.call,
                    since: waiting.since,
                    asks: waiting.asks,
                    offered_to: waiting.offered_to,
                })
                .collect(),
            operators: self
                .operators
                .keys()
                .filter_map(|operator| self.view(*operator))
                .collect(),
            figures: self.count(),
        }
    }

    fn fire(&mut self, now: Instant, timer: QueueTimer) {
        match timer {
            QueueTimer::Offer { operator } => self.offer_missed(now, operator),
            QueueTimer::WrapUp { operator } => self.wrap_up_done(now, operator),
            QueueTimer::Absent { operator } => self.absent_too_long(now, operator),
            // The pause is over by the timer's being gone: the offers that follow see it.
            QueueTimer::AskAgain { .. } => {}
            QueueTimer::Widen { call } => self.widen(now, call),
        }
    }

    fn enqueue(&mut self, now: Instant, call: CallId, front: bool, asks: Asks) {
        if self.waiting.iter().any(|waiting| waiting.call == call) {
            return;
        }
        let waiting = Waiting {
            call,
            since: now,
            front,
            asks,
            offered_to: None,
            declined_by: Vec::new(),
            told: false,
        };
        let rank = waiting.rank();
        let place = self.waiting.partition_point(|w| w.rank() <= rank);
        self.waiting.insert(place, waiting);
        self.timers
            .start(QueueTimer::Widen { call }, now + self.limits.widen);
    }

    fn tell_those_who_wait_in_vain(&mut self) {
        let somebody = self
            .operators
            .keys()
            .any(|operator| self.is_signed_in(*operator));
        for waiting in &mut self.waiting {
            if !somebody && !waiting.told {
                self.outputs
                    .push_back(QueueOutput::NobodySignedIn { call: waiting.call });
            }
            waiting.told = !somebody;
        }
    }

    fn tell_figures(&mut self) {
        let figures = self.count();
        if figures != self.figures {
            self.figures = figures;
            self.say(QueueOutput::Figures(figures));
        }
    }

    fn count(&self) -> Figures {
        let mut figures = Figures {
            waiting: self.waiting.len(),
            longest_since: self.waiting.iter().map(|waiting| waiting.since).min(),
            ..Figures::default()
        };
        for operator in self.operators.values() {
            match operator.stand.state() {
                OperatorState::Ready | OperatorState::Offered => figures.ready += 1,
                OperatorState::OnCall => figures.on_call += 1,
                OperatorState::WrapUp => figures.wrap_up += 1,
                OperatorState::Break | OperatorState::Lunch => figures.away += 1,
                OperatorState::Offline => {}
            }
        }
        figures.estimated_wait = self.pace.mean().and_then(|mean| {
            let working = figures.ready + figures.on_call + figures.wrap_up;
            estimated_wait(figures.waiting, working, figures.ready, mean)
        });
        figures
    }

    fn say(&mut self, output: QueueOutput) {
        self.outputs.push_back(output);
    }
}
