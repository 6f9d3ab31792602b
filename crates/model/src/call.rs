//! A call as it is told afterwards.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CallId, CompanyId, LineId, UserId};
use crate::transfer::{Colleague, TransferFault};

/// The other side: who calls, as the PBX tells it, or who is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Number as it came; none where it is hidden.
    pub number: Option<String>,
    /// Display name, where one came.
    pub name: Option<String>,
}

/// How a call ended, and whose doing it was. Every call has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The caller hung up after talking with an operator.
    CallerHungUp,
    /// The operator hung up.
    OperatorHungUp,
    /// Placed here: the one who was called is busy, or declined.
    CalleeBusy,
    /// Placed here: it rang, and nobody answered.
    CalleeNoAnswer,
    /// Placed here: the PBX does not know the number, or does not let the line call it.
    CalleeRefused,
    /// Placed here: the operator hung up, or was gone, before the answer.
    OperatorGaveUp,
    /// The caller was handed over to a colleague; what came after is between the two.
    Transferred,
    /// The caller gave up while it rang.
    CallerGaveUpRinging,
    /// The caller gave up in the queue, after prompts had begun.
    CallerGaveUpQueued,
    /// The caller gave up while an operator's browser was lost and nobody else had taken over.
    CallerGaveUpDropped,
    /// A voice message was taken.
    VoiceMessageLeft,
    /// The voice message's prompt was heard, and nothing was said.
    VoiceMessageEmpty,
    /// Busy, for it came outside of working hours.
    OutsideHours,
    /// Busy, for the company has put the caller on its black list.
    Blocked,
    /// The sound check ran to its end.
    LineCheckDone,
    /// The caller left the sound check early.
    LineCheckLeft,
    /// The PBX's side broke: no confirmation of our answer, connection lost.
    PbxFailed,
    /// No sound came for too long.
    SoundLost,
    /// This side could not serve it (no port, no resources).
    ServerFailed,
    /// The server stopped or died in mid-call.
    ServerStopped,
    /// The call reached the longest time allowed.
    TooLong,
}

/// What became of a call, as the cabinet shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    /// «Сообщение принято».
    MessageTaken,
    /// «Переведён».
    Transferred,
    /// «Ошиблись номером».
    WrongNumber,
    /// «Сброс»: answered, and nothing came of it.
    Dropped,
    /// «Спам».
    Spam,
    /// «Голосовое сообщение».
    VoiceMessage,
    /// «Потерян».
    Lost,
    /// «Нерабочее время».
    OutsideHours,
    /// «Тестовый звонок».
    TestCall,
    /// «Дозвонились»: placed here, and answered.
    Reached,
    /// «Не дозвонились»: placed here, and not answered.
    NotReached,
}

impl Ending {
    /// What became of a call that was placed here, where the operator said
    /// nothing else and no message came of it.
    pub fn result_placed(self, answered: bool) -> CallResult {
        match self {
            Self::Transferred => CallResult::Transferred,
            _ if answered => CallResult::Reached,
            _ => CallResult::NotReached,
        }
    }

    /// What became of a call that came in, where the operator said nothing else.
    pub fn result(self) -> CallResult {
        match self {
            Self::CallerHungUp | Self::OperatorHungUp | Self::TooLong => CallResult::Dropped,
            Self::CallerGaveUpRinging
            | Self::CallerGaveUpQueued
            | Self::CallerGaveUpDropped
            | Self::VoiceMessageEmpty
            | Self::PbxFailed
            | Self::SoundLost
            | Self::ServerFailed
            | Self::ServerStopped => CallResult::Lost,
            Self::Transferred => CallResult::Transferred,
            Self::VoiceMessageLeft => CallResult::VoiceMessage,
            Self::OutsideHours => CallResult::OutsideHours,
            Self::Blocked => CallResult::Spam,
            Self::LineCheckDone | Self::LineCheckLeft => CallResult::TestCall,
            Self::CalleeBusy
            | Self::CalleeNoAnswer
            | Self::CalleeRefused
            | Self::OperatorGaveUp => CallResult::NotReached,
        }
    }
}

/// Something that happened in a call, with who did it where that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    /// The call arrived.
    Arrived,
    /// An operator has it placed, through the line.
    Placed {
        /// Who.
        operator: UserId,
    },
    /// It rings at the one who is called.
    CalleeRinging,
    /// It was offered to an operator.
    Offered {
        /// To whom.
        operator: UserId,
    },
    /// The operator did not take it in time.
    OfferMissed {
        /// Who.
        operator: UserId,
    },
    /// The operator declined it.
    OfferDeclined {
        /// Who.
        operator: UserId,
    },
    /// The call was answered by prompts, its place in the queue kept.
    QueueAnswered,
    /// An operator answered; or, where the operator had it placed, the one who was called.
    Answered {
        /// Who.
        operator: UserId,
    },
    /// The operator put the caller on hold.
    Held,
    /// The operator came back from hold.
    Resumed,
    /// The operator's browser was lost; the caller hears music.
    OperatorLost {
        /// Who.
        operator: UserId,
    },
    /// The operator's browser came back to the call.
    OperatorBack {
        /// Who.
        operator: UserId,
    },
    /// A colleague is called, to be handed the caller.
    TransferBegun {
        /// By whom.
        operator: UserId,
        /// Whom.
        colleague: Colleague,
        /// Without a word between the two before.
        blind: bool,
    },
    /// The colleague's telephone rings.
    TransferRinging {
        /// Whose.
        colleague: Colleague,
    },
    /// The colleague answered.
    TransferAnswered {
        /// Who.
        colleague: Colleague,
    },
    /// The colleague was not had, or has left.
    TransferFailed {
        /// Who.
        colleague: Colleague,
        /// Why.
        fault: TransferFault,
    },
    /// The operator took the call back before it was handed over.
    TakenBack {
        /// Who.
        operator: UserId,
    },
    /// Caller, operator and colleague talk, all three.
    TalkingTogether {
        /// Who has joined them.
        colleague: Colleague,
    },
    /// Caller and colleague talk; the operator is free.
    Transferred {
        /// Who took the caller.
        colleague: Colleague,
    },
    /// A supervisor talks with caller and operator.
    SupervisorJoined {
        /// Who.
        operator: UserId,
    },
    /// The supervisor is heard by the caller no more.
    SupervisorLeft {
        /// Who.
        operator: UserId,
    },
    /// A voice message is being taken.
    VoiceMessageStarted,
    /// The sound check began.
    LineCheckStarted,
    /// The call ended.
    Ended {
        /// How.
        ending: Ending,
    },
}

/// A happening with its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub happening: Happening,
}

/// How a call's recording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    /// There is none: the call was never answered.
    None,
    /// Being written, or being packed after the call.
    InProgress,
    /// Whole.
    Ready,
    /// Cut off: the disk was full or the server died; what is there plays.
    CutOff,
}

/// A call as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Id.
    pub id: CallId,
    /// Whose it is.
    pub company: CompanyId,
    /// On which line.
    pub line: LineId,
    /// Whether it was placed here: an operator calls somebody back.
    pub outgoing: bool,
    /// Who calls, or is called.
    pub caller: Caller,
    /// When it arrived, or was placed.
    pub arrived_at: Timestamp,
    /// When an operator answered, or the one who was called.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended; none while it runs.
    pub ending: Option<Ending>,
    /// What became of it; none while it runs.
    pub result: Option<CallResult>,
    /// The operator who answered, or had it placed.
    pub operator: Option<UserId>,
    /// How the recording stands.
    pub recording: RecordingState,
    /// Length of the recording in milliseconds.
    pub recording_ms: u32,
    /// Whether somebody called a lost caller back.
    pub called_back: bool,
}
