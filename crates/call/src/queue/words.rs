//! What the queue is told, and what it says.

use std::time::{Duration, Instant};

use model::id::{CallId, CompanyId, UserId};
use model::language::Language;
use model::line::Priority;
use model::operator::OperatorState;
use model::skills::Skills;

/// Something that happened. Every input may come at any time, and late: one
/// that means nothing any more changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueInput {
    /// The time of [`crate::Queue::poll_timeout`] has come.
    TimePassed,
    /// A call waits from now on.
    Enqueue {
        /// Which one.
        call: CallId,
        /// Before all that came in the usual way.
        front: bool,
        /// What it asks of whoever is to answer.
        asks: Asks,
    },
    /// A call does not wait any more.
    Leave {
        /// Which one.
        call: CallId,
    },
    /// An operator's desk connected: for the first time, or again.
    SignIn {
        /// Who.
        operator: UserId,
    },
    /// It is known what an operator is good at. Until then everything is expected.
    Skilled {
        /// Who.
        operator: UserId,
        /// At what.
        skills: Skills,
    },
    /// An operator leaves the desk.
    SignOut {
        /// Who.
        operator: UserId,
    },
    /// An operator chooses a state.
    SetState {
        /// Who.
        operator: UserId,
        /// Which one.
        wish: Wish,
    },
    /// An operator takes the call that rings at the desk.
    Accept {
        /// Who.
        operator: UserId,
        /// Which call.
        call: CallId,
    },
    /// An operator does not want it.
    Decline {
        /// Who.
        operator: UserId,
        /// Which call.
        call: CallId,
    },
    /// An operator wants to place a call: answered by one `Engaged` or `Declined`.
    Engage {
        /// Who.
        operator: UserId,
        /// The call that would be placed.
        call: CallId,
    },
    /// A call let its operator go.
    CallOver {
        /// Who.
        operator: UserId,
        /// Which call.
        call: CallId,
    },
    /// The operator has finished the work after the call.
    WrapUpDone {
        /// Who.
        operator: UserId,
    },
    /// The operator's desk, or its sound, is lost.
    Lost {
        /// Who.
        operator: UserId,
    },
}

/// What a call asks of whoever is to answer, and how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// Whose call it is.
    pub company: CompanyId,
    /// In which language callers are answered.
    pub language: Language,
    /// How soon calls of this line are taken.
    pub priority: Priority,
    /// The caller goes before all who are not, whatever the line.
    pub vip: bool,
    /// Who talked with the caller before, and is asked first where free.
    pub before: Option<UserId>,
}

/// A state that an operator may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// «Готов».
    Ready,
    /// «Перерыв».
    Break,
    /// «Обед».
    Lunch,
    /// «Не в сети».
    Offline,
}

/// Something that the queue decided. Every offer ends in one `Accepted` or one `Withdraw`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOutput {
    /// The call rings at the operator's desk from now on.
    Offer {
        /// Which call.
        call: CallId,
        /// At whose desk.
        operator: UserId,
        /// Until when.
        deadline: Instant,
    },
    /// It does not ring there any more. Comes even after `Accepted`, where
    /// the call left before it could hear of that: then there is no call.
    Withdraw {
        /// Which call.
        call: CallId,
        /// At whose desk.
        operator: UserId,
        /// Why.
        why: Why,
    },
    /// The operator took the call; it has left the queue.
    Accepted {
        /// Which call.
        call: CallId,
        /// Who.
        operator: UserId,
    },
    /// The operator is at the call that is to be placed.
    Engaged {
        /// Which call.
        call: CallId,
        /// Who.
        operator: UserId,
    },
    /// The operator can't place a call now: at another one, being offered one, or not there.
    Declined {
        /// Which call is not placed.
        call: CallId,
        /// Who.
        operator: UserId,
    },
    /// The call waits in vain: no operator is signed in.
    NobodySignedIn {
        /// Which call.
        call: CallId,
    },
    /// An operator's state, as the desk is to show it.
    StateChanged {
        /// Whose.
        operator: UserId,
        /// Which one.
        state: OperatorState,
        /// When it ends by itself.
        deadline: Option<Instant>,
        /// Why, where it was not the operator's own choice.
        reason: Option<Reason>,
    },
    /// The figures have changed.
    Figures(Figures),
}

/// Why an offer was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The call does not wait any more.
    CallLeft,
    /// The operator did not take it in time.
    Missed,
    /// The operator did not want it, or chose another state.
    Declined,
    /// The operator's desk was lost.
    Lost,
}

/// Why an operator is in a state that he did not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// On a break, for an offer was missed.
    OfferMissed,
    /// Offline, for the desk or its sound was lost.
    Lost,
}

/// How the queue fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Calls that wait, those that ring at a desk among them.
    pub waiting: usize,
    /// Since when the longest of them waits.
    pub longest_since: Option<Instant>,
    /// Operators who are free, or at whose desk a call rings.
    pub ready: usize,
    /// Operators at a call.
    pub on_call: usize,
    /// Operators who finish the work after a call.
    pub wrap_up: usize,
    /// Operators on a break or at lunch.
    pub away: usize,
    /// How long a usual call that came now would wait, to five seconds; none
    /// while nobody works or nothing is known.
    pub estimated_wait: Option<Duration>,
}

/// The queue at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Calls that wait, the next one first.
    pub waiting: Vec<WaitingCall>,
    /// All operators who have signed in, whatever their state.
    pub operators: Vec<OperatorView>,
    /// The figures.
    pub figures: Figures,
}

/// A call that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingCall {
    /// Which one.
    pub call: CallId,
    /// Since when.
    pub since: Instant,
    /// What it asks.
    pub asks: Asks,
    /// At whose desk it rings.
    pub offered_to: Option<UserId>,
}

/// An operator, seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorView {
    /// Who.
    pub operator: UserId,
    /// In which state.
    pub state: OperatorState,
    /// Since when.
    pub since: Instant,
    /// When it ends by itself.
    pub deadline: Option<Instant>,
    /// Why, where it was not the operator's own choice.
    pub reason: Option<Reason>,
    /// The call that rings at the desk, or that the operator is at.
    pub call: Option<CallId>,
    /// Whether the desk is connected.
    pub connected: bool,
}
