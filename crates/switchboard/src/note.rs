//! What the switchboard's own helpers tell it when they are done.

use std::sync::Arc;

use model::caller::Mark;
use model::id::{CallId, CompanyId, LineId, UserId};
use model::pbx::Connection;
use model::skills::Skills;
use store::StoreError;
use tokio::sync::oneshot;

use crate::card::Surroundings;
use crate::directory::Entry;
use crate::handle::{BoardId, DeskId};
use crate::placing::Callee;

/// Word from a task that the switchboard had started.
#[derive(Debug)]
pub(crate) enum Note {
    /// A line was read from the store.
    LineRead {
        line: LineId,
        read: u64,
        entry: Result<Arc<Entry>, StoreError>,
    },
    /// A line was read to be registered anew; somebody waits for what comes of it.
    LineTried {
        read: u64,
        entry: Arc<Entry>,
        outcome: oneshot::Sender<Connection>,
    },
    /// Numbers of a company that are met otherwise than all.
    Marked {
        company: CompanyId,
        marked: Vec<(String, Mark)>,
    },
    /// What an operator is good at.
    Skilled { operator: UserId, skills: Skills },
    /// What the database adds to a call's card.
    Surroundings { call: CallId, around: Surroundings },
    /// Whom the operator at a desk wants to call; none where nobody may.
    Callee {
        desk: DeskId,
        callee: Result<Option<Callee>, StoreError>,
    },
    /// A browser's offer was answered, or can't be.
    SoundAnswer {
        desk: DeskId,
        answer: Result<String, media::BrowserError>,
    },
    /// The same at a board.
    BoardSoundAnswer {
        board: BoardId,
        answer: Result<String, media::BrowserError>,
    },
}
