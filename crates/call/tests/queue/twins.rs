//! The queue and its model side by side: after every step both have to say the same.

use std::time::{Duration, Instant};

use call::{Asks, Limits, Queue, QueueInput, QueueOutput};
use model::id::{CallId, CompanyId, UserId};
use model::operator::OperatorState;
use uuid::Uuid;

use crate::model::Model;

pub struct Twins {
    pub queue: Queue,
    pub model: Model,
    pub now: Instant,
    vain: usize,
}

impl Twins {
    #[expect(
        clippy::disallowed_methods,
        reason = "a simulated clock has to start somewhere"
    )]
    pub fn new() -> Self {
        let (limits, now) = (Limits::default(), Instant::now());
        Self {
            queue: Queue::new(limits),
            model: Model::new(limits, now),
            now,
            vain: 0,
        }
    }

    /// Lets the time pass until then, and gives back what the queue said, and when.
    pub fn pass(&mut self, until: Instant) -> Vec<(Instant, QueueOutput)> {
        let mut said = Vec::new();
        while let Some(at) = self.queue.poll_timeout().filter(|at| *at <= until) {
            said.extend(self.step(at, QueueInput::TimePassed));
        }
        self.now = until;
        said
    }

    /// Something happens after so much time.
    pub fn tell(&mut self, at: Instant, input: QueueInput) -> Vec<(Instant, QueueOutput)> {
        let mut said = self.pass(at);
        said.extend(self.step(at, input));
        said
    }

    fn step(&mut self, at: Instant, input: QueueInput) -> Vec<(Instant, QueueOutput)> {
        self.now = at;
        self.model.handle(at, &input);
        self.queue.handle(at, input);
        let said: Vec<_> = std::iter::from_fn(|| self.queue.poll_output())
            .map(|output| (at, output))
            .collect();
        self.compare(&said);
        said
    }

    fn compare(&mut self, said: &[(Instant, QueueOutput)]) {
        let snapshot = self.queue.snapshot();
        let waiting = snapshot.waiting.iter();
        let waiting = waiting.map(|w| (w.call, w.since, w.offered_to));
        let expected = self.model.in_order();
        let expected = expected.iter();
        let expected = expected.map(|c| (c.call, c.since, c.rings.map(|(who, _)| who)));
        assert!(
            waiting.clone().eq(expected.clone()),
            "calls stand in the queue\n{:?}\nand by the rules\n{:?}",
            waiting.collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
        let people = snapshot.operators.iter();
        let people = people.map(|o| (o.operator, o.state, o.since, o.call));
        let people: Vec<_> = people.collect();
        let mut expected: Vec<_> = self.model.people.iter().collect();
        expected.sort_by_key(|p| p.id);
        let expected = expected.iter().map(|p| (p.id, p.state, p.since, p.call));
        let expected: Vec<_> = expected.collect();
        assert_eq!(people, expected, "operators are, and should be");
        let vain = said.iter().filter_map(|(_, output)| match output {
            QueueOutput::NobodySignedIn { call } => Some(*call),
            _ => None,
        });
        let vain: Vec<CallId> = vain.collect();
        assert_eq!(vain, self.model.vain[self.vain..], "who waits in vain");
        self.vain = self.model.vain.len();
    }

    /// Nothing waits and nobody is at work: whatever began has ended.
    pub fn assert_all_is_over(&self) {
        let snapshot = self.queue.snapshot();
        assert!(snapshot.waiting.is_empty(), "{:?}", snapshot.waiting);
        for operator in snapshot.operators {
            let stuck = [
                OperatorState::Offered,
                OperatorState::OnCall,
                OperatorState::WrapUp,
            ];
            assert!(!stuck.contains(&operator.state), "{operator:?}");
        }
        assert_eq!(self.queue.poll_timeout(), None, "a timer is left");
    }
}

pub fn who(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

pub fn call(n: u128) -> CallId {
    CallId(Uuid::from_u128(n))
}

pub fn company(n: u128) -> CompanyId {
    CompanyId(Uuid::from_u128(n))
}

/// A call's place among others by the rules, the lower the sooner.
pub fn rank(front: bool, asks: &Asks) -> u8 {
    use model::line::Priority::{High, Low, Usual};
    let by_line = match asks.priority {
        High => 1,
        Usual => 2,
        Low => 3,
    };
    match (front, asks.vip) {
        (true, _) => 0,
        (false, true) => by_line,
        (false, false) => 3 + by_line,
    }
}

pub fn seconds(s: f64) -> Duration {
    Duration::from_secs_f64(s)
}
