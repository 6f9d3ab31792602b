//! What the switchboard's own helpers tell it when they are done.

use std::sync::Arc;

use model::id::{CallId, LineId};
use store::StoreError;

use crate::card::Surroundings;
use crate::directory::Entry;
use crate::handle::DeskId;

/// Word from a task that the switchboard had started.
#[derive(Debug)]
pub(crate) enum Note {
    /// A line was read from the store.
    LineRead {
        line: LineId,
        entry: Result<Arc<Entry>, StoreError>,
    },
    /// A line was read and is being registered anew already.
    LineTried { entry: Arc<Entry> },
    /// What the database adds to a call's card.
    Surroundings { call: CallId, around: Surroundings },
    /// A browser's offer was answered, or can't be.
    SoundAnswer {
        desk: DeskId,
        answer: Result<String, media::BrowserError>,
    },
}
