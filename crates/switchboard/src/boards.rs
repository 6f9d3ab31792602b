//! The boards that are connected: as many as there are screens.

use std::collections::HashMap;

use model::id::{BrowserId, CallId, UserId};
use model::operator::OperatorState;
use tokio::sync::mpsc;

use crate::board::{Attendance, BoardEvent, BoardView};
use crate::handle::BoardId;

/// A board that is connected.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) id: BoardId,
    pub(crate) supervisor: UserId,
    pub(crate) name: String,
    /// The supervisor's leg, apart from that of an own desk: a board is not rung at.
    pub(crate) browser: BrowserId,
    pub(crate) sound_up: bool,
    /// The call that the supervisor takes part in.
    pub(crate) at: Option<Attendance>,
    /// What it was shown last.
    shown: Option<BoardView>,
    frames: mpsc::Sender<BoardEvent>,
}

impl Board {
    pub(crate) fn new(
        id: BoardId,
        supervisor: UserId,
        name: String,
        frames: mpsc::Sender<BoardEvent>,
    ) -> Self {
        Self {
            id,
            supervisor,
            name,
            browser: BrowserId(uuid::Uuid::new_v4()),
            sound_up: false,
            at: None,
            shown: None,
            frames,
        }
    }

    /// Sends a frame. A board that does not take its frames is as good as gone:
    /// its connection ends by the socket's own liveness check.
    pub(crate) fn send(&self, event: BoardEvent) {
        if self.frames.try_send(event).is_err() {
            tracing::debug!(supervisor = %self.supervisor, "a board does not take its frames");
        }
    }

    pub(crate) fn error(&self, code: &'static str, text: &str) {
        let text = text.to_owned();
        self.send(BoardEvent::Error { code, text });
    }

    pub(crate) fn tell_attendance(&self) {
        self.send(BoardEvent::Supervision { at: self.at });
    }

    /// Shows what goes on, where that is news.
    pub(crate) fn show(&mut self, view: &BoardView) {
        if self.shown.as_ref() != Some(view) {
            self.shown = Some(view.clone());
            self.send(BoardEvent::Board(view.clone()));
        }
    }
}

/// All boards, and what they need to know of operators.
#[derive(Debug, Default)]
pub(crate) struct Boards {
    all: Vec<Board>,
    last: u64,
    /// Names of those who have been at a desk.
    pub(crate) names: HashMap<UserId, String>,
    /// States that a supervisor chose and that have not come about yet.
    pub(crate) chosen: HashMap<UserId, OperatorState>,
}

impl Boards {
    pub(crate) fn next_id(&mut self) -> BoardId {
        self.last += 1;
        BoardId(self.last)
    }

    pub(crate) fn put(&mut self, board: Board) {
        self.all.push(board);
    }

    pub(crate) fn take(&mut self, id: BoardId) -> Option<Board> {
        let place = self.all.iter().position(|board| board.id == id)?;
        Some(self.all.swap_remove(place))
    }

    pub(crate) fn by_id(&mut self, id: BoardId) -> Option<&mut Board> {
        self.all.iter_mut().find(|board| board.id == id)
    }

    pub(crate) fn by_browser(&mut self, browser: BrowserId) -> Option<&mut Board> {
        self.all.iter_mut().find(|board| board.browser == browser)
    }

    /// The board whose supervisor takes part in the call.
    pub(crate) fn at(&self, call: CallId) -> Option<&Board> {
        let mut all = self.all.iter();
        all.find(|board| board.at.is_some_and(|at| at.call == call))
    }

    pub(crate) fn all(&mut self) -> &mut [Board] {
        &mut self.all
    }
}
