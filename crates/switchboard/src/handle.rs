//! The switchboard's handle: what the rest of the program may ask of it.

use std::sync::Arc;
use std::time::Duration;

use call::{Limits, Prompt};
use model::doctor::Reply;
use model::id::{CompanyId, LineId, UserId};
use model::language::Language;
use model::operator::OperatorState;
use model::pbx::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::board::{BoardCommand, BoardEvent};
use crate::check::Check;
use crate::desk::{DeskCommand, DeskEvent};
use crate::doctor::{Clinic, ExamineError, Progress};
use crate::shared::{Figures, Shared};
use crate::translate;

/// Frames that wait for a desk before it counts as dead.
pub(crate) const DESK_BACKLOG: usize = 256;

/// What the switchboard is asked.
#[derive(Debug)]
pub(crate) enum Request {
    DeskOpened {
        operator: UserId,
        name: String,
        frames: mpsc::Sender<DeskEvent>,
        desk: oneshot::Sender<DeskId>,
    },
    Desk {
        desk: DeskId,
        command: DeskCommand,
    },
    DeskClosed {
        desk: DeskId,
    },
    SkillsChanged {
        operator: UserId,
    },
    BoardOpened {
        supervisor: UserId,
        name: String,
        frames: mpsc::Sender<BoardEvent>,
        board: oneshot::Sender<BoardId>,
    },
    Board {
        board: BoardId,
        command: BoardCommand,
    },
    BoardClosed {
        board: BoardId,
    },
    TryLine {
        line: LineId,
        outcome: oneshot::Sender<Connection>,
    },
    Drain {
        limit: Duration,
        done: oneshot::Sender<()>,
    },
}

/// One desk's connection; a desk that reconnects gets a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeskId(pub(crate) u64);

/// A desk that is connected.
#[derive(Debug)]
pub struct Desk {
    /// Its name towards the switchboard.
    pub id: DeskId,
    /// Frames to send to the browser; ends when another desk took over, or at shutdown.
    pub frames: mpsc::Receiver<DeskEvent>,
}

/// One board's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BoardId(pub(crate) u64);

/// A board that is connected.
#[derive(Debug)]
pub struct Board {
    /// Its name towards the switchboard.
    pub id: BoardId,
    /// Frames to send to the browser; ends at shutdown.
    pub frames: mpsc::Receiver<BoardEvent>,
}

/// The switchboard went away: the program is stopping.
#[derive(Debug, thiserror::Error)]
#[error("the switchboard has stopped")]
pub struct Stopped;

/// Reaches the running switchboard; cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    pub(crate) requests: mpsc::UnboundedSender<Request>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) limits: Limits,
    pub(crate) traces: sip::Traces,
    pub(crate) clinic: Clinic,
}

impl Handle {
    /// An operator's browser connected. A desk of the same operator that was
    /// there before is closed; a call in progress goes on here.
    pub async fn open_desk(&self, operator: UserId, name: String) -> Result<Desk, Stopped> {
        let (sender, frames) = mpsc::channel(DESK_BACKLOG);
        let (reply, id) = oneshot::channel();
        self.ask(Request::DeskOpened {
            operator,
            name,
            frames: sender,
            desk: reply,
        })?;
        Ok(Desk {
            id: id.await.map_err(|_| Stopped)?,
            frames,
        })
    }

    /// A frame came from the desk.
    pub fn command(&self, desk: DeskId, command: DeskCommand) -> Result<(), Stopped> {
        self.ask(Request::Desk { desk, command })
    }

    /// The desk's connection ended.
    pub fn close_desk(&self, desk: DeskId) {
        // A switchboard that has stopped knows no desks.
        let _ = self.ask(Request::DeskClosed { desk });
    }

    /// What the operator is good at was changed in the store.
    pub fn skills_changed(&self, operator: UserId) {
        // A switchboard that has stopped offers nothing.
        let _ = self.ask(Request::SkillsChanged { operator });
    }

    /// A supervisor's «Табло» connected; there may be several of one supervisor.
    pub async fn open_board(&self, supervisor: UserId, name: String) -> Result<Board, Stopped> {
        let (sender, frames) = mpsc::channel(DESK_BACKLOG);
        let (reply, id) = oneshot::channel();
        self.ask(Request::BoardOpened {
            supervisor,
            name,
            frames: sender,
            board: reply,
        })?;
        Ok(Board {
            id: id.await.map_err(|_| Stopped)?,
            frames,
        })
    }

    /// A frame came from the board.
    pub fn board_command(&self, board: BoardId, command: BoardCommand) -> Result<(), Stopped> {
        self.ask(Request::Board { board, command })
    }

    /// The board's connection ended.
    pub fn close_board(&self, board: BoardId) {
        // A switchboard that has stopped knows no boards.
        let _ = self.ask(Request::BoardClosed { board });
    }

    /// «Сохранить и проверить»: registers the line anew with what the store
    /// holds, and tells the first outcome, within 12 seconds.
    pub async fn try_line(&self, line: LineId) -> Result<Connection, Stopped> {
        let (outcome, told) = oneshot::channel();
        self.ask(Request::TryLine { line, outcome })?;
        told.await.map_err(|_| Stopped)
    }

    /// How long things may take in the calls that it runs.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// What callers hear of a prompt: a WAV file.
    pub fn prompt(language: Language, prompt: Prompt) -> &'static [u8] {
        media::Prompts::file(language, translate::prompt(prompt))
    }

    /// How the line's connection stands.
    pub fn connection(&self, line: LineId) -> Connection {
        self.shared.connection(line)
    }

    /// The messages of the line's last calls and registrations.
    pub fn traces(&self) -> &sip::Traces {
        &self.traces
    }

    /// «Проверить соединение»: begins to examine the line. One that is being
    /// examined goes on so.
    pub async fn examine(&self, company: CompanyId, line: LineId) -> Result<(), ExamineError> {
        self.clinic.examine(company, line).await
    }

    /// How the line's examination stands; none where none goes on.
    pub fn examination(&self, line: LineId) -> Option<Progress> {
        self.clinic.progress(line)
    }

    /// A person answers to what the doctor asks for.
    pub fn reply_to_doctor(&self, line: LineId, reply: Reply) {
        self.clinic.reply(line, reply);
    }

    /// Ends the line's examination without a report.
    pub fn stop_examination(&self, line: LineId) {
        self.clinic.stop(line);
    }

    /// What goes on.
    pub fn figures(&self) -> Figures {
        self.shared.figures()
    }

    /// What the operator is doing.
    pub fn operator_state(&self, operator: UserId) -> OperatorState {
        self.shared.operator_state(operator)
    }

    /// Whether everything is in order to serve calls. The database is asked by the caller.
    pub fn checks(&self) -> Vec<Check> {
        self.shared.checks()
    }

    /// Takes no more calls, lets the running ones end within the limit, ends
    /// the rest, unregisters all lines.
    pub async fn drain(&self, limit: Duration) {
        let (done, drained) = oneshot::channel();
        if self.ask(Request::Drain { limit, done }).is_ok() {
            let _ = drained.await;
        }
    }

    fn ask(&self, request: Request) -> Result<(), Stopped> {
        self.requests.send(request).map_err(|_| Stopped)
    }
}
