//! Connection journals: what happened with a line's registration, and when.

use jiff::Timestamp;
use model::id::{CompanyId, LineId};
use model::journal::JournalEntry;

use crate::{Page, PageRequest, Result, Store};

/// An entry of a line's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalItem {
    /// When.
    pub at: Timestamp,
    /// What.
    pub entry: JournalEntry,
    /// Whether it is good news.
    pub ok: bool,
}

/// Connection journals.
#[derive(Clone, Copy)]
pub struct Journal<'a> {
    pub(crate) store: &'a Store,
}

impl Journal<'_> {
    /// Appends; of each line the newest 500 entries are kept. For the switchboard, not scoped.
    pub async fn append(
        &self,
        line: LineId,
        at: Timestamp,
        entry: &JournalEntry,
        ok: bool,
    ) -> Result<()> {
        let _ = (line, at, entry, ok);
        todo!()
    }

    /// The journal, the newest first.
    pub async fn list(
        &self,
        company: CompanyId,
        line: LineId,
        page: PageRequest,
    ) -> Result<Page<JournalItem>> {
        let _ = (company, line, page);
        todo!()
    }
}
