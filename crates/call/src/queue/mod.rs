//! The queue: which calls wait, which operators are free, who is offered what.
//! One for all companies, owned by one task.

mod offer;
mod operator;
#[cfg(test)]
mod stories;
mod words;

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use model::id::{CallId, UserId};
use model::operator::OperatorState;

use self::operator::Operator;
pub use self::words::{
    Figures, OperatorView, QueueInput, QueueOutput, Reason, Snapshot, WaitingCall, Why, Wish,
};
use crate::limits::Limits;
use crate::timer::{QueueTimer, Timers};

/// The queue as a state machine.
#[derive(Debug)]
pub struct Queue {
    limits: Limits,
    waiting: VecDeque<Waiting>,
    operators: BTreeMap<UserId, Operator>,
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
    offered_to: Option<UserId>,
    declined_by: Vec<UserId>,
    /// It was told that nobody is signed in.
    told: bool,
}

impl Queue {
    /// An empty queue without operators.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            waiting: VecDeque::new(),
            operators: BTreeMap::new(),
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
            QueueInput::Enqueue { call, front } => self.enqueue(now, call, front),
            QueueInput::Leave { call } => self.leave(now, call),
            QueueInput::SignIn { operator } => self.sign_in(now, operator),
            QueueInput::SignOut { operator } => self.sign_out(now, operator),
            QueueInput::SetState { operator, wish } => self.choose(now, operator, wish),
            QueueInput::Accept { operator, call } => self.accept(now, operator, call),
            QueueInput::Decline { operator, call } => self.decline(now, operator, call),
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
        }
    }

    fn enqueue(&mut self, now: Instant, call: CallId, front: bool) {
        if self.waiting.iter().any(|waiting| waiting.call == call) {
            return;
        }
        let waiting = Waiting {
            call,
            since: now,
            front,
            offered_to: None,
            declined_by: Vec::new(),
            told: false,
        };
        if front {
            let behind_front = self.waiting.iter().take_while(|w| w.front).count();
            self.waiting.insert(behind_front, waiting);
        } else {
            self.waiting.push_back(waiting);
        }
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
        figures
    }

    fn say(&mut self, output: QueueOutput) {
        self.outputs.push_back(output);
    }
}
