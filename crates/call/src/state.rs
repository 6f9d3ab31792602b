//! Where a call stands.

use std::time::{Duration, Instant};

use model::call::Ending;
use model::id::UserId;
use model::transfer::{Colleague, TransferWay, Ways};

/// What the call is about at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The sound check.
    LineCheck,
    /// Waits for an operator, in the queue.
    Waiting {
        /// An operator was lost in mid-call before.
        dropped: bool,
    },
    /// An operator has somebody called, who has not answered yet.
    Placing {
        /// The operator's part.
        conversation: Conversation,
        /// It rings there.
        ringing: bool,
    },
    /// An operator took it; the leg is being answered.
    Connecting(Conversation),
    /// Operator and caller talk, or the caller is on hold.
    Talking(Conversation),
    /// The operator is lost; the place is kept for a short time.
    Dropped(Conversation),
    /// A colleague is called or has answered; the caller hears music, or all three talk.
    Consulting(Consultation),
    /// The PBX was asked to connect the caller elsewhere; the caller hears music.
    Referring(Handing),
    /// Caller and colleague talk through this side, without an operator.
    Transferred(Colleague),
    /// A voice message is being taken, or is about to.
    VoiceMessage {
        /// Voice heard so far.
        voice: Duration,
    },
    /// Hung up in the midst of a voice message; how much was said into it is
    /// still to be told.
    Closing {
        /// How the call ends if that was nothing.
        ending: Ending,
        /// Voice heard so far.
        voice: Duration,
    },
    /// Over.
    Ended(Ending),
}

impl State {
    /// The conversation, where there is one.
    pub fn conversation(&self) -> Option<&Conversation> {
        match self {
            Self::Placing { conversation, .. }
            | Self::Connecting(conversation)
            | Self::Talking(conversation)
            | Self::Dropped(conversation) => Some(conversation),
            Self::Consulting(consultation) => Some(&consultation.conversation),
            Self::Referring(handing) => Some(&handing.conversation),
            Self::LineCheck
            | Self::Waiting { .. }
            | Self::Transferred(_)
            | Self::VoiceMessage { .. }
            | Self::Closing { .. }
            | Self::Ended(_) => None,
        }
    }
}

/// An operator's part in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Who.
    pub operator: UserId,
    /// Whether they have talked, or the operator was lost before they could.
    pub begun: bool,
    /// The caller is on hold.
    pub held: bool,
    /// The operator's voice is kept from the caller.
    pub muted: bool,
}

/// A colleague beside operator and caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consultation {
    /// The operator's part.
    pub conversation: Conversation,
    /// Who is called.
    pub colleague: Colleague,
    /// How far that is.
    pub stage: ColleagueStage,
    /// The caller is handed over as soon as the colleague answers.
    pub blind: bool,
    /// «Втроём»: the caller hears both.
    pub together: bool,
    /// Blind, what is tried where this way fails.
    pub ways: Ways,
    /// The PBX is asked to take both over once they are connected.
    pub replace: bool,
}

impl Consultation {
    /// Whether the operator and the colleague talk with each other alone.
    pub(crate) fn is_between_two(&self, operator: UserId) -> bool {
        self.conversation.operator == operator
            && self.stage == ColleagueStage::Answered
            && !self.blind
            && !self.together
    }
}

/// A caller whom the PBX is to connect with a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handing {
    /// The operator's part.
    pub conversation: Conversation,
    /// Whom with.
    pub colleague: Colleague,
    /// How the PBX was asked.
    pub way: TransferWay,
    /// What is tried where that fails.
    pub ways: Ways,
    /// When the last of the code's keys is pressed: before that the PBX can't
    /// know whom to connect with.
    pub pressed_at: Option<Instant>,
}

/// How far a colleague's leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColleagueStage {
    /// The PBX was asked for it.
    Calling,
    /// The telephone rings.
    Ringing,
    /// Sound flows.
    Answered,
}

/// How far the leg of the caller, or of the one who is called, is. Apart from [`State`], since who will speak to
/// the caller may change while the leg is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// Not answered; may be refused.
    Early,
    /// The sound is being opened for the answer.
    Opening,
    /// The same for a call of ours: there is no leg yet.
    Preparing,
    /// The PBX was asked for it, and it is not answered.
    Placed,
    /// The answer was given, its confirmation is awaited.
    Answering,
    /// Sound flows.
    Answered,
    /// Hung up, refused, or broken.
    Gone,
}
