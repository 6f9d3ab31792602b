//! Operators and their states.

use std::time::Instant;

use model::id::{CallId, UserId};
use model::operator::OperatorState;

use super::Queue;
use super::words::{OperatorView, QueueOutput, Reason, Why, Wish};
use crate::timer::QueueTimer;

/// An operator who has signed in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) stand: Stand,
    since: Instant,
    /// Since when a call keeps the operator from others.
    busy_since: Option<Instant>,
    reason: Option<Reason>,
    connected: bool,
    /// Signs out as soon as the call is over.
    leaving: bool,
    /// Chosen during a call; takes effect after the work that follows it.
    next: Option<Wish>,
}

/// What an operator is doing, with what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Offline,
    /// The lower the turn, the longer free.
    Ready {
        turn: u64,
    },
    Offered {
        call: CallId,
        turn: u64,
    },
    OnCall {
        call: CallId,
        turn: u64,
    },
    WrapUp,
    Break,
    Lunch,
}

impl Stand {
    pub(super) fn state(self) -> OperatorState {
        match self {
            Self::Offline => OperatorState::Offline,
            Self::Ready { .. } => OperatorState::Ready,
            Self::Offered { .. } => OperatorState::Offered,
            Self::OnCall { .. } => OperatorState::OnCall,
            Self::WrapUp => OperatorState::WrapUp,
            Self::Break => OperatorState::Break,
            Self::Lunch => OperatorState::Lunch,
        }
    }

    /// At the desk for calls: free, or with one.
    pub(super) fn is_working(self) -> bool {
        match self {
            Self::Ready { .. } | Self::Offered { .. } | Self::OnCall { .. } | Self::WrapUp => true,
            Self::Offline | Self::Break | Self::Lunch => false,
        }
    }

    fn call(self) -> Option<CallId> {
        match self {
            Self::Offered { call, .. } | Self::OnCall { call, .. } => Some(call),
            Self::Offline | Self::Ready { .. } | Self::WrapUp | Self::Break | Self::Lunch => None,
        }
    }
}

impl Queue {
    pub(super) fn stand(&self, operator: UserId) -> Option<Stand> {
        self.operators.get(&operator).map(|known| known.stand)
    }

    pub(super) fn is_signed_in(&self, operator: UserId) -> bool {
        self.stand(operator)
            .is_some_and(|stand| stand != Stand::Offline)
    }

    /// A desk that connects tells who it is; what it is doing stays.
    pub(super) fn sign_in(&mut self, now: Instant, operator: UserId) {
        self.timers.stop(QueueTimer::Absent { operator });
        let known = self.operators.entry(operator).or_insert(Operator {
            stand: Stand::Offline,
            since: now,
            busy_since: None,
            reason: None,
            connected: true,
            leaving: false,
            next: None,
        });
        known.connected = true;
        known.leaving = false;
        self.say_state(operator);
    }

    pub(super) fn sign_out(&mut self, now: Instant, operator: UserId) {
        self.choose(now, operator, Wish::Offline);
        let Some(known) = self.operators.get_mut(&operator) else {
            return;
        };
        known.connected = false;
        known.leaving = true;
        if known.stand == Stand::Offline {
            self.forget(operator);
        }
    }

    pub(super) fn choose(&mut self, now: Instant, operator: UserId, wish: Wish) {
        let Some(known) = self.operators.get_mut(&operator) else {
            return;
        };
        match (known.stand, wish) {
            (Stand::OnCall { .. }, _) => known.next = Some(wish),
            (Stand::Ready { .. } | Stand::Offered { .. }, Wish::Ready)
            | (Stand::Break, Wish::Break)
            | (Stand::Lunch, Wish::Lunch)
            | (Stand::Offline, Wish::Offline) => {}
            (Stand::Offered { call, .. }, _) => {
                self.decline(now, operator, call);
                self.become_wished(now, operator, wish);
            }
            _ => self.become_wished(now, operator, wish),
        }
    }

    fn become_wished(&mut self, now: Instant, operator: UserId, wish: Wish) {
        let connected = self
            .operators
            .get(&operator)
            .is_some_and(|known| known.connected);
        let stand = match wish {
            _ if !connected => {
                return self.stand_as(now, operator, Stand::Offline, Some(Reason::Lost));
            }
            Wish::Ready => self.ready_last(),
            Wish::Break => Stand::Break,
            Wish::Lunch => Stand::Lunch,
            Wish::Offline => Stand::Offline,
        };
        self.stand_as(now, operator, stand, None);
    }

    /// Free, after all who are free already.
    pub(super) fn ready_last(&mut self) -> Stand {
        Stand::Ready {
            turn: self.next_turn(),
        }
    }

    fn next_turn(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }

    /// Nobody to ring at: out at once. With work in hand, or on a break, the
    /// page may just be reloading: the state is kept for a short time.
    pub(super) fn lost(&mut self, now: Instant, operator: UserId) {
        let Some(known) = self.operators.get_mut(&operator) else {
            return;
        };
        if !std::mem::take(&mut known.connected) {
            return;
        }
        match known.stand {
            Stand::Offline => {}
            Stand::Ready { .. } => self.stand_as(now, operator, Stand::Offline, Some(Reason::Lost)),
            Stand::Offered { call, .. } => {
                self.take_offer_back(operator, call, Why::Lost);
                self.stand_as(now, operator, Stand::Offline, Some(Reason::Lost));
            }
            Stand::OnCall { .. } | Stand::WrapUp | Stand::Break | Stand::Lunch => {
                let until = now + self.limits.operator_grace;
                self.timers.start(QueueTimer::Absent { operator }, until);
            }
        }
    }

    /// At a call it is the call that decides how long the place is kept.
    pub(super) fn absent_too_long(&mut self, now: Instant, operator: UserId) {
        match self.stand(operator) {
            None | Some(Stand::OnCall { .. }) => {}
            Some(_) => self.stand_as(now, operator, Stand::Offline, Some(Reason::Lost)),
        }
    }

    /// Nobody is kept from a call that rings already. After it a break goes on.
    pub(super) fn engage(&mut self, now: Instant, operator: UserId, call: CallId) {
        let known = self.operators.get_mut(&operator);
        let free = known.filter(|known| known.connected && !known.leaving);
        let Some(known) = free else {
            return self.say(QueueOutput::Declined { call, operator });
        };
        let turn = match known.stand {
            Stand::Ready { turn } => Some(turn),
            Stand::WrapUp => None,
            Stand::Break => {
                known.next = Some(Wish::Break);
                None
            }
            Stand::Lunch => {
                known.next = Some(Wish::Lunch);
                None
            }
            Stand::Offline | Stand::Offered { .. } | Stand::OnCall { .. } => {
                return self.say(QueueOutput::Declined { call, operator });
            }
        };
        let turn = turn.unwrap_or_else(|| self.next_turn());
        self.say(QueueOutput::Engaged { call, operator });
        self.stand_as(now, operator, Stand::OnCall { call, turn }, None);
    }

    pub(super) fn call_over(&mut self, now: Instant, operator: UserId, call: CallId) {
        let Some(known) = self.operators.get(&operator).copied() else {
            return;
        };
        match known.stand {
            Stand::OnCall { call: own, .. } if own == call => {}
            _ => return,
        }
        if known.leaving {
            self.stand_as(now, operator, Stand::Offline, None);
        } else if !known.connected && self.timers.at(QueueTimer::Absent { operator }).is_none() {
            self.stand_as(now, operator, Stand::Offline, Some(Reason::Lost));
        } else {
            let until = now + self.limits.wrap_up;
            self.timers.start(QueueTimer::WrapUp { operator }, until);
            self.stand_as(now, operator, Stand::WrapUp, None);
        }
    }

    pub(super) fn wrap_up_done(&mut self, now: Instant, operator: UserId) {
        if self.stand(operator) == Some(Stand::WrapUp) {
            let next = self
                .operators
                .get_mut(&operator)
                .and_then(|known| known.next.take());
            self.become_wished(now, operator, next.unwrap_or(Wish::Ready));
        }
    }

    /// The call left before it could hear who had taken it: the operator
    /// keeps the turn, for there was nothing to do.
    pub(super) fn taken_in_vain(&mut self, now: Instant, operator: UserId, turn: u64) {
        let Some(known) = self.operators.get_mut(&operator) else {
            return;
        };
        match known.next.take() {
            None | Some(Wish::Ready) if known.connected => {
                self.stand_as(now, operator, Stand::Ready { turn }, None);
            }
            wish => self.become_wished(now, operator, wish.unwrap_or(Wish::Ready)),
        }
    }

    /// The one place where an operator's state changes.
    pub(super) fn stand_as(
        &mut self,
        now: Instant,
        operator: UserId,
        stand: Stand,
        reason: Option<Reason>,
    ) {
        let Some(known) = self.operators.get_mut(&operator) else {
            return;
        };
        let finished = known.stand == Stand::WrapUp && stand != Stand::WrapUp;
        if let Some(since) = known.busy_since.filter(|_| finished) {
            self.pace.note(now.duration_since(since));
        }
        known.busy_since = match stand {
            Stand::Offered { .. } => Some(now),
            Stand::OnCall { .. } | Stand::WrapUp if !finished => known.busy_since,
            _ => None,
        };
        known.stand = stand;
        known.since = now;
        known.reason = reason;
        let leaving = known.leaving;
        if !matches!(stand, Stand::OnCall { .. } | Stand::WrapUp) {
            known.next = None;
        }
        if stand != Stand::WrapUp {
            self.timers.stop(QueueTimer::WrapUp { operator });
        }
        if !matches!(stand, Stand::Offered { .. }) {
            self.timers.stop(QueueTimer::Offer { operator });
        }
        if stand == Stand::Offline {
            self.timers.stop(QueueTimer::Absent { operator });
        }
        self.say_state(operator);
        if leaving && stand == Stand::Offline {
            self.forget(operator);
        }
    }

    fn forget(&mut self, operator: UserId) {
        self.operators.remove(&operator);
        self.skills.remove(&operator);
        self.timers.stop(QueueTimer::Absent { operator });
    }

    fn say_state(&mut self, operator: UserId) {
        if let Some(view) = self.view(operator) {
            self.outputs.push_back(QueueOutput::StateChanged {
                operator,
                state: view.state,
                deadline: view.deadline,
                reason: view.reason,
            });
        }
    }

    pub(super) fn view(&self, operator: UserId) -> Option<OperatorView> {
        let known = self.operators.get(&operator)?;
        Some(OperatorView {
            operator,
            state: known.stand.state(),
            since: known.since,
            deadline: match known.stand {
                Stand::Offered { .. } => self.timers.at(QueueTimer::Offer { operator }),
                Stand::WrapUp => self.timers.at(QueueTimer::WrapUp { operator }),
                _ => None,
            },
            reason: known.reason,
            call: known.stand.call(),
            connected: known.connected,
        })
    }
}
