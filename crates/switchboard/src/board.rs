//! What «Табло» and the switchboard say to each other. The types are the
//! frames of the board's WebSocket as they travel.

use jiff::Timestamp;
use model::id::{CallId, CompanyId, UserId};
use model::operator::OperatorState;
use model::supervision::Supervision;
use serde::{Deserialize, Serialize};

use crate::desk::{ChosenState, SoundState};

/// A frame from the board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoardCommand {
    /// The browser offers its sound: at first, to renegotiate, or to restart ICE.
    SoundOffer {
        /// The WebRTC session description.
        sdp: String,
    },
    /// The supervisor takes part in an operator's call, or changes how.
    Supervise {
        /// Whose call.
        operator: UserId,
        /// How.
        how: Supervision,
    },
    /// The supervisor takes part no more.
    Leave,
    /// The supervisor changes an operator's state.
    State {
        /// Whose.
        operator: UserId,
        /// Which one.
        state: ChosenState,
    },
    /// Asks for a sign of life.
    Ping,
}

/// A frame to the board.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BoardEvent {
    /// The first frame.
    Welcome {
        /// Who watches.
        supervisor: UserId,
    },
    /// What goes on, sent whole on every change.
    Board(BoardView),
    /// The call that the supervisor takes part in; none where it is over.
    Supervision {
        /// See above.
        at: Option<Attendance>,
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
    /// A command could not be carried out.
    Error {
        /// Machine's word.
        code: &'static str,
        /// A sentence for the supervisor.
        text: String,
    },
    /// The sign of life.
    Pong,
}

/// A supervisor's part in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// Which call.
    pub call: CallId,
    /// Whose.
    pub operator: UserId,
    /// How.
    pub how: Supervision,
}

/// What goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoardView {
    /// Calls that wait.
    pub waiting: usize,
    /// Since when the first of them waits.
    pub longest_wait_since: Option<Timestamp>,
    /// How long a caller who came now would wait, in seconds; none where nothing tells.
    pub estimated_wait_s: Option<u64>,
    /// Operators who have been at their desks since the server began, by name.
    pub operators: Vec<BoardOperator>,
    /// Companies that somebody waits for, the longest wait first.
    pub companies: Vec<BoardCompany>,
}

/// An operator on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardOperator {
    /// Who.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// What the operator is doing.
    pub state: OperatorState,
    /// Since when.
    pub since: Timestamp,
    /// The call that they have.
    pub call: Option<BoardCall>,
}

/// An operator's call on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardCall {
    /// Id.
    pub id: CallId,
    /// Name of the company.
    pub company_name: String,
    /// Since when they talk.
    pub answered_at: Option<Timestamp>,
    /// The caller hears music.
    pub on_hold: bool,
    /// The supervisor who takes part.
    pub supervisor: Option<BoardSupervisor>,
}

/// A supervisor who takes part in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardSupervisor {
    /// Name.
    pub name: String,
    /// How.
    pub how: Supervision,
}

/// A company on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardCompany {
    /// Id.
    pub id: CompanyId,
    /// Name as operators say it.
    pub name: String,
    /// Its calls that wait.
    pub waiting: usize,
    /// Since when the first of them waits.
    pub longest_wait_since: Timestamp,
}
