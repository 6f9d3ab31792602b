//! Offers: which call rings at whose desk.

use std::time::Instant;

use model::id::{CallId, UserId};

use super::operator::Stand;
use super::words::{Asks, QueueOutput, Reason, Why};
use super::{Queue, Waiting};
use crate::timer::QueueTimer;

/// How well an operator suits a call; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Knows the company and speaks its language.
    Known,
    /// Speaks the language.
    Spoken,
    /// Neither.
    Any,
}

impl Queue {
    /// Brings waiting calls and free operators together: the first call to the
    /// one who had the caller before, else to the most skilled, among those to
    /// the longest-free. One who declined a call is asked again after a pause,
    /// and only after all others.
    pub(super) fn offer(&mut self, now: Instant) {
        let mut free: Vec<(u64, UserId)> = self
            .operators
            .iter()
            .filter_map(|(id, operator)| match operator.stand {
                Stand::Ready { turn } => Some((turn, *id)),
                _ => None,
            })
            .collect();
        let mut offers = Vec::new();
        for place in 0..self.waiting.len() {
            if free.is_empty() {
                break;
            }
            let waiting = &self.waiting[place];
            if waiting.offered_to.is_some() {
                continue;
            }
            let widest = self.widest(now, waiting);
            let best = free
                .iter()
                .enumerate()
                .filter(|(_, (_, operator))| {
                    let pause = QueueTimer::AskAgain {
                        operator: *operator,
                        call: waiting.call,
                    };
                    let asked = waiting.declined_by.contains(operator);
                    self.fit(*operator, &waiting.asks) <= widest
                        && (!asked || self.timers.at(pause).is_none())
                })
                .min_by_key(|(_, (turn, operator))| {
                    let another = waiting.asks.before != Some(*operator);
                    let fit = self.fit(*operator, &waiting.asks);
                    let declined = waiting.declined_by.contains(operator);
                    (declined, another, fit, *turn)
                })
                .map(|(position, _)| position);
            if let Some(position) = best {
                let (turn, operator) = free.remove(position);
                let waiting = &mut self.waiting[place];
                waiting.offered_to = Some(operator);
                offers.push((waiting.call, operator, turn));
            }
        }
        for (call, operator, turn) in offers {
            let deadline = now + self.limits.offer;
            self.timers.start(QueueTimer::Offer { operator }, deadline);
            self.say(QueueOutput::Offer {
                call,
                operator,
                deadline,
            });
            self.stand_as(now, operator, Stand::Offered { call, turn }, None);
        }
    }

    /// Who comes into question for a call by now. A rung where nobody works is
    /// not waited on: those who are meant would not come.
    fn widest(&self, now: Instant, waiting: &Waiting) -> Fit {
        let waited = now.duration_since(waiting.since);
        let by_time = match waited {
            _ if waited < self.limits.widen => Fit::Known,
            _ if waited < self.limits.widen * 2 => Fit::Spoken,
            _ => return Fit::Any,
        };
        let working = self.operators.iter().filter(|(_, o)| o.stand.is_working());
        let best = working.map(|(id, _)| self.fit(*id, &waiting.asks)).min();
        best.map_or(by_time, |best| by_time.max(best))
    }

    fn fit(&self, operator: UserId, asks: &Asks) -> Fit {
        match self.skills.get(&operator) {
            Some(skills) if !skills.speaks(asks.language) => Fit::Any,
            Some(skills) if !skills.knows(asks.company) => Fit::Spoken,
            _ => Fit::Known,
        }
    }

    /// The call has waited a rung longer.
    pub(super) fn widen(&mut self, now: Instant, call: CallId) {
        let again = self
            .waiting
            .iter()
            .find(|waiting| waiting.call == call)
            .map(|waiting| waiting.since + self.limits.widen * 2);
        let timer = QueueTimer::Widen { call };
        if let Some(at) = again.filter(|at| *at > now) {
            self.timers.start(timer, at);
        }
    }

    pub(super) fn accept(&mut self, now: Instant, operator: UserId, call: CallId) {
        if let Some(Stand::Offered { call: own, turn }) = self.stand(operator)
            && own == call
        {
            self.remove_waiting(call);
            self.say(QueueOutput::Accepted { call, operator });
            self.stand_as(now, operator, Stand::OnCall { call, turn }, None);
        }
    }

    pub(super) fn decline(&mut self, now: Instant, operator: UserId, call: CallId) {
        match self.stand(operator) {
            Some(Stand::Offered { call: own, .. }) if own == call => {}
            _ => return,
        }
        self.take_offer_back(operator, call, Why::Declined);
        if let Some(waiting) = self.waiting_mut(call)
            && !waiting.declined_by.contains(&operator)
        {
            waiting.declined_by.push(operator);
        }
        let again = now + self.limits.ask_again;
        self.timers
            .start(QueueTimer::AskAgain { operator, call }, again);
        let last = self.ready_last();
        self.stand_as(now, operator, last, None);
    }

    /// Nobody sits at that desk, it seems: on a break, until the operator says otherwise.
    pub(super) fn offer_missed(&mut self, now: Instant, operator: UserId) {
        if let Some(Stand::Offered { call, .. }) = self.stand(operator) {
            self.take_offer_back(operator, call, Why::Missed);
            self.stand_as(now, operator, Stand::Break, Some(Reason::OfferMissed));
        }
    }

    pub(super) fn take_offer_back(&mut self, operator: UserId, call: CallId, why: Why) {
        if let Some(waiting) = self.waiting_mut(call) {
            waiting.offered_to = None;
        }
        self.say(QueueOutput::Withdraw {
            call,
            operator,
            why,
        });
    }

    /// A call leaves: the desk where it rings, or which took it just now, is told.
    pub(super) fn leave(&mut self, now: Instant, call: CallId) {
        let waited = self.remove_waiting(call);
        let concerned = self
            .operators
            .iter()
            .find_map(|(id, operator)| match operator.stand {
                Stand::Offered { call: own, turn } | Stand::OnCall { call: own, turn }
                    if own == call =>
                {
                    Some((*id, turn, operator.stand))
                }
                _ => None,
            });
        let Some((operator, turn, stand)) = concerned else {
            return;
        };
        self.say(QueueOutput::Withdraw {
            call,
            operator,
            why: Why::CallLeft,
        });
        if waited.is_some() && matches!(stand, Stand::Offered { .. }) {
            self.stand_as(now, operator, Stand::Ready { turn }, None);
        } else {
            self.taken_in_vain(now, operator, turn);
        }
    }

    fn waiting_mut(&mut self, call: CallId) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.call == call)
    }

    fn remove_waiting(&mut self, call: CallId) -> Option<Waiting> {
        let position = self.waiting.iter().position(|w| w.call == call)?;
        self.timers.stop_where(|timer| {
            matches!(timer, QueueTimer::AskAgain { call: other, .. } | QueueTimer::Widen { call: other } if other == call)
        });
        self.waiting.remove(position)
    }
}
