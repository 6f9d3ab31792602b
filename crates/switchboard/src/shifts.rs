//! What operators do, as the facts that their shifts are summed up from.

use std::time::Duration;

use call::Why;
use model::id::{CallId, UserId};
use model::operator::OperatorState;
use model::shift::OfferOutcome;
use uuid::Uuid;

use crate::exchange::Exchange;
use crate::facts::Fact;
use crate::moment::Moment;

/// How often it is noted that states last: what a server that dies loses of a shift at the most.
const NOTED_EVERY: Duration = Duration::from_secs(60);

impl Exchange {
    /// An operator is in another state from now on.
    pub(crate) fn note_state(&self, operator: UserId, state: OperatorState, now: Moment) {
        self.facts.tell(Fact::OperatorState {
            id: Uuid::now_v7(),
            operator,
            state,
            at: now.wall,
        });
    }

    /// Notes once a minute that all states last.
    pub(crate) fn note_shifts(&mut self, now: Moment) {
        let due = self
            .shifts_noted
            .is_none_or(|noted| now.steady.duration_since(noted) >= NOTED_EVERY);
        let mut states = self.told.values().map(|told| told.state);
        if due && states.any(|state| state != OperatorState::Offline) {
            self.shifts_noted = Some(now.steady);
            self.facts.tell(Fact::OperatorsLast { at: now.wall });
        }
    }

    /// A call that was offered went elsewhere.
    pub(crate) fn note_withdrawn(&self, call: CallId, operator: UserId, why: Why, now: Moment) {
        let outcome = match why {
            Why::CallLeft => OfferOutcome::CallerLeft,
            Why::Missed | Why::Lost => OfferOutcome::Missed,
            Why::Declined => OfferOutcome::Declined,
        };
        // A call that left after it had been taken was told as answered.
        let rings = self.desks.of(operator).and_then(|desk| desk.ringing);
        if why != Why::CallLeft || rings.is_some_and(|(ringing, _)| ringing == call) {
            self.note_offer(call, operator, outcome, now);
        }
    }

    /// What became of a call that was offered.
    pub(crate) fn note_offer(
        &self,
        call: CallId,
        operator: UserId,
        outcome: OfferOutcome,
        now: Moment,
    ) {
        self.facts.tell(Fact::Offer {
            id: Uuid::now_v7(),
            operator,
            call,
            outcome,
            at: now.wall,
        });
    }
}
