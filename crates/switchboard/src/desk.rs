//! What the operator's desk and the switchboard say to each other. The types
//! are the desk's WebSocket frames as they travel.

mod card;

use jiff::Timestamp;
use model::audio::Digit;
use model::call::Ending;
use model::id::{CallId, TaskId, UserId};
use model::operator::OperatorState;
use model::supervision::Supervision;
use model::transfer::{Colleague, Dialled, TransferFault};
use serde::{Deserialize, Serialize};

pub use card::{CallCard, CardCompany, CardDepartment, CardEmployee, EarlierCall, WorkingTime};

/// A frame from the desk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeskCommand {
    /// The browser offers its sound: at first, to renegotiate, or to restart ICE.
    SoundOffer {
        /// The WebRTC session description.
        sdp: String,
    },
    /// The operator chose a state.
    State {
        /// Which one.
        state: ChosenState,
    },
    /// «Ответить».
    Accept {
        /// The ringing call.
        call: CallId,
    },
    /// The operator lets another take it.
    Decline {
        /// The ringing call.
        call: CallId,
    },
    /// Hold, or back from it.
    Hold {
        /// The call.
        call: CallId,
        /// Whether the caller is to be on hold.
        on: bool,
    },
    /// The operator's voice off, or on again.
    Mute {
        /// The call.
        call: CallId,
        /// Whether the voice is to be off.
        on: bool,
    },
    /// A key for the other side.
    Digit {
        /// The call.
        call: CallId,
        /// The key.
        digit: Key,
    },
    /// «Сначала поговорить»: calls a colleague; the caller hears music.
    Consult {
        /// The call.
        call: CallId,
        /// Whom, out of the company's directory.
        to: Colleague,
    },
    /// «Перевести сразу»: the caller is handed over as soon as the colleague answers.
    Transfer {
        /// The call.
        call: CallId,
        /// To whom, out of the company's directory.
        to: Colleague,
    },
    /// «Соединить».
    HandOver {
        /// The call.
        call: CallId,
    },
    /// «Вернуться к звонящему».
    TakeBack {
        /// The call.
        call: CallId,
    },
    /// «Втроём», or the caller back on hold.
    Together {
        /// The call.
        call: CallId,
        /// Whether the caller is to hear both.
        on: bool,
    },
    /// The operator ends the call.
    HangUp {
        /// The call.
        call: CallId,
    },
    /// «Перезвонить»: calls the caller of a call that came in.
    CallBack {
        /// Which one.
        call: CallId,
    },
    /// «Позвонить»: calls the employee of a task that this operator has taken.
    CallTask {
        /// Which one.
        task: TaskId,
        /// At which number.
        dialled: Dialled,
    },
    /// «Постобработка» is over.
    WrapUpDone {
        /// The call that was finished.
        call: CallId,
    },
    /// A call to oneself: the operator hears what the caller would.
    SoundTest,
    /// Asks for a sign of life.
    Ping,
}

/// A telephone key as the desk writes it: one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "char")]
pub struct Key(pub Digit);

impl TryFrom<char> for Key {
    type Error = String;

    fn try_from(c: char) -> Result<Self, Self::Error> {
        Digit::from_char(c)
            .map(Self)
            .ok_or_else(|| format!("{c:?} is no telephone key"))
    }
}

/// States that an operator chooses; the others come about by calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenState {
    /// «Готов».
    Ready,
    /// «Перерыв».
    Break,
    /// «Обед».
    Lunch,
    /// «Не в сети».
    Offline,
}

/// A frame to the desk.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskEvent {
    /// The first frame.
    Welcome {
        /// Who signed in.
        operator: DeskOperator,
        /// Present state.
        state: OperatorState,
        /// How long an offer rings, in seconds.
        offer_seconds: u64,
        /// How long «Постобработка» may last, in seconds.
        wrap_up_seconds: u64,
    },
    /// The answer to the browser's offer.
    SoundAnswer {
        /// The WebRTC session description.
        sdp: String,
    },
    /// Whether sound can flow between browser and server.
    SoundState {
        /// `up` or `down`.
        state: SoundState,
    },
    /// How far a call to oneself has come.
    SoundTest {
        /// `listening`, `playing` or `done`.
        stage: SoundTestStage,
    },
    /// The operator's state.
    State {
        /// The state.
        state: OperatorState,
        /// Since when.
        since: Timestamp,
        /// When it ends by itself.
        deadline: Option<Timestamp>,
        /// Why it changed, where the operator did not choose it.
        reason: Option<StateReason>,
    },
    /// The queue.
    Queue(QueueFigures),
    /// A call rings at this desk.
    Ringing {
        /// What the operator is to know.
        call: Box<CallCard>,
        /// When the offer passes to the next.
        deadline: Timestamp,
    },
    /// The ringing call went elsewhere.
    Withdrawn {
        /// Which one.
        call: CallId,
        /// Why.
        why: Withdrawal,
    },
    /// The operator's call, sent whole on every change.
    Call {
        /// What the operator is to know.
        call: Box<CallCard>,
        /// The caller hears music.
        on_hold: bool,
        /// The operator's voice is off.
        muted: bool,
        /// How far a call is that is being placed; none once it was answered, and where it came in.
        placing: Option<Placing>,
        /// A colleague who is called or talks, or was not had.
        transfer: Option<DeskTransfer>,
        /// A supervisor whom the operator hears takes part.
        supervisor: Option<Supervision>,
        /// Since when they talk.
        answered_at: Option<Timestamp>,
        /// When it ended.
        ended_at: Option<Timestamp>,
        /// How it ended.
        ending: Option<Ending>,
    },
    /// The calls that operators owe have changed.
    Tasks,
    /// A command could not be carried out.
    Error {
        /// Machine's word.
        code: &'static str,
        /// A sentence for the operator.
        text: String,
    },
    /// The sign of life.
    Pong,
    /// The same operator signed in at another desk; this one is closed.
    Replaced,
}

/// How far a call is that is being placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Placing {
    /// The PBX was asked for the number.
    Calling,
    /// The telephone rings.
    Ringing,
}

/// What a call is placed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Errand {
    /// Somebody who had called is called back.
    CallBack {
        /// The call that came in.
        call: CallId,
    },
    /// A message is read to an employee.
    Task {
        /// The task.
        task: TaskId,
    },
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeskTransfer {
    /// To whom.
    pub colleague: Colleague,
    /// How far it is.
    pub stage: TransferStage,
    /// The caller is handed over at the answer.
    pub blind: bool,
    /// All three talk.
    pub together: bool,
    /// Why it failed.
    pub fault: Option<TransferFault>,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferStage {
    /// The PBX was asked for the colleague.
    Calling,
    /// The telephone rings.
    Ringing,
    /// The colleague answered.
    Answered,
    /// The colleague was not had, or has left.
    Failed,
}

/// The operator at the desk.
#[derive(Clone, Debug, Serialize)]
pub struct DeskOperator {
    /// Id.
    pub id: UserId,
    /// Name, as it is said in greetings.
    pub name: String,
}

/// Whether sound can flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SoundState {
    /// It can.
    Up,
    /// It can't.
    Down,
}

/// How far a call to oneself has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SoundTestStage {
    /// The operator speaks.
    Listening,
    /// And hears it.
    Playing,
    /// It is over.
    Done,
}

/// Why a state changed that the operator did not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StateReason {
    /// An offer was missed.
    OfferMissed,
    /// The connection or its sound was lost.
    Lost,
    /// A supervisor chose the state.
    Supervisor,
}

/// Why a ringing call is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// The caller gave up.
    CallerGaveUp,
    /// Not accepted in time.
    Missed,
    /// The operator declined: it is offered to another.
    Taken,
}

/// The queue in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueFigures {
    /// Calls that wait.
    pub waiting: usize,
    /// Since when the first one waits.
    pub longest_wait_since: Option<Timestamp>,
    /// How long one who calls now will wait, in seconds; none while that is not known.
    pub estimated_wait_s: Option<u64>,
    /// Operators by what they do.
    pub operators: OperatorFigures,
}

/// Operators by what they do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OperatorFigures {
    /// Ready or being offered a call.
    pub ready: usize,
    /// Talking.
    pub on_call: usize,
    /// Finishing a message.
    pub wrap_up: usize,
    /// On a break.
    pub away: usize,
}
