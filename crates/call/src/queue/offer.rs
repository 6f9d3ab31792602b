//! Offers: which call rings at whose desk.

use std::time::Instant;

use model::id::{CallId, UserId};

use super::operator::Stand;
use super::words::{QueueOutput, Reason, Why};
use super::{Queue, Waiting};
use crate::timer::QueueTimer;

impl Queue {
    /// Brings waiting calls and free operators together: the first call to the
    /// longest-free operator. One who declined a call is asked again after a
    /// pause, and only after all others.
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
        for waiting in self.waiting.iter_mut().filter(|w| w.offered_to.is_none()) {
            if free.is_empty() {
                break;
            }
            let best = free
                .iter()
                .enumerate()
                .filter(|(_, (_, operator))| {
                    let pause = QueueTimer::AskAgain {
                        operator: *operator,
                        call: waiting.call,
                    };
                    !waiting.declined_by.contains(operator) || self.timers.at(pause).is_none()
                })
                .min_by_key(|(_, (turn, operator))| (waiting.declined_by.contains(operator), *turn))
                .map(|(position, _)| position);
            if let Some(position) = best {
                let (turn, operator) = free.remove(position);
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
        self.timers.stop_where(
            |timer| matches!(timer, QueueTimer::AskAgain { call: other, .. } if other == call),
        );
        self.waiting.remove(position)
    }
}
