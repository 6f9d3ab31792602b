//! What is on its way: everything takes its time, and only what takes the
//! same way keeps its order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::{Duration, Instant};

use call::{Input, QueueInput};
use model::id::{CallId, UserId};

/// Something on its way.
#[derive(Clone, Debug)]
pub enum Event {
    ToCall(CallId, Input),
    ToQueue(QueueInput),
    DeskBack(UserId),
}

/// Ways that keep the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From the calls to the queue.
    CallsToQueue,
    /// From the queue to a call.
    QueueToCall(CallId),
    /// From an operator's desk to queue and calls.
    Desk(UserId),
    /// From a call's sound to the call.
    Sound(CallId),
    /// From a colleague's leg to the call.
    Colleague(CallId, u32),
}

/// All that is on its way, the earliest first.
#[derive(Default)]
pub struct Delays {
    heap: BinaryHeap<Reverse<(Instant, u64)>>,
    events: BTreeMap<u64, Event>,
    last_on: BTreeMap<Way, Instant>,
    count: u64,
}

impl Delays {
    /// Sends by no way in particular: it may overtake anything.
    pub fn send(&mut self, at: Instant, event: Event) {
        self.count += 1;
        self.heap.push(Reverse((at, self.count)));
        self.events.insert(self.count, event);
    }

    /// Sends by a way that keeps the order.
    pub fn send_by(&mut self, way: Way, now: Instant, delay: Duration, event: Event) {
        let at = (now + delay).max(self.last_on.get(&way).copied().unwrap_or(now));
        self.last_on.insert(way, at);
        self.send(at, event);
    }

    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub fn take(&mut self) -> Option<(Instant, Event)> {
        let Reverse((at, number)) = self.heap.pop()?;
        self.events.remove(&number).map(|event| (at, event))
    }
}
