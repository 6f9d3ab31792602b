//! A call of ours: an operator calls somebody back, until that one answers.

use std::time::Instant;

use model::call::{Ending, Happening};
use model::id::{CallId, UserId};
use model::transfer::TransferFault;

use super::Call;
use crate::limits::Limits;
use crate::output::Output;
use crate::state::{Conversation, Leg, State};
use crate::timer::Timer;

impl Call {
    /// A call that an operator places. The queue counts the operator as at it already.
    pub fn place(now: Instant, id: CallId, operator: UserId, limits: Limits) -> Self {
        let conversation = Conversation {
            operator,
            begun: false,
            held: false,
            muted: false,
        };
        let state = State::Placing {
            conversation,
            ringing: false,
        };
        let mut call = Self::begun(id, limits, true, state, Leg::Preparing);
        call.record(Happening::Placed { operator });
        call.start_timer(now, Timer::LongestCall);
        call.start_timer(now, Timer::Confirm);
        call.sound = true;
        call.say(Output::OpenSound);
        call
    }

    /// The sound is there: the PBX is asked.
    pub(super) fn call_out(&mut self, now: Instant) {
        self.leg = Leg::Placed;
        self.timers.stop(Timer::Confirm);
        self.start_timer(now, Timer::Callee);
        self.say(Output::Place);
    }

    /// The operator hears the ringing as soon as there is some.
    pub(super) fn callee_ringing(&mut self) {
        if let State::Placing {
            conversation,
            ringing: false,
        } = self.state
            && self.leg == Leg::Placed
        {
            self.state = State::Placing {
                conversation,
                ringing: true,
            };
            self.record(Happening::CalleeRinging);
            self.join(Output::Bridge(conversation.operator));
        }
    }

    pub(super) fn callee_answered(&mut self, now: Instant, conversation: Conversation) {
        self.part();
        self.talk(now, conversation);
    }

    pub(super) fn callee_gone(&mut self, now: Instant, fault: TransferFault) {
        if !matches!(self.state, State::Placing { .. }) {
            return;
        }
        self.leg = Leg::Gone;
        let ending = match fault {
            TransferFault::NoAnswer => Ending::CalleeNoAnswer,
            TransferFault::Busy => Ending::CalleeBusy,
            TransferFault::NoNumber | TransferFault::Refused => Ending::CalleeRefused,
            TransferFault::Failed | TransferFault::Left => Ending::PbxFailed,
        };
        self.finish(now, ending);
    }

    /// Whoever answered now would hear nobody: the telephone stops ringing.
    pub(super) fn placing_operator_lost(&mut self, now: Instant, operator: UserId) {
        if self.state.conversation().map(|c| c.operator) == Some(operator) {
            self.record(Happening::OperatorLost { operator });
            self.finish(now, Ending::OperatorGaveUp);
        }
    }
}
