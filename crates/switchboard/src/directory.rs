//! Lines, companies and their hours as the switchboard knows them: read ahead,
//! so a call finds its plan even while the database is away.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use model::caller::Mark;
use model::company::Company;
use model::hours::WorkingHours;
use model::id::{CompanyId, LineId};
use model::line::Line;
use model::transfer::TransferWay;
use store::{Store, StoreError};

/// A line with what its calls need to know.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) line: Line,
    pub(crate) company: Company,
    pub(crate) hours: WorkingHours,
    /// Ways of handing callers over that failed here.
    pub(crate) failed_ways: Vec<(TransferWay, Timestamp)>,
}

impl Entry {
    /// Whether it is working time; hours that can't be read count as open, so nobody is turned away.
    pub(crate) fn open_at(&self, now: Timestamp) -> bool {
        self.hours.open_at(now).unwrap_or_else(|error| {
            tracing::warn!(company = %self.company.id, %error, "working hours can't be read");
            true
        })
    }
}

/// Reads one line with its company.
pub(crate) async fn read(store: &Store, line: LineId) -> Result<Entry, StoreError> {
    let line = store.lines().by_id(line).await?;
    of(store, line).await
}

/// Reads every line that has an account.
pub(crate) async fn read_all(store: &Store) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    for line in store.lines().all_configured().await? {
        entries.push(of(store, line).await?);
    }
    Ok(entries)
}

async fn of(store: &Store, line: Line) -> Result<Entry, StoreError> {
    let company = store.companies().get(line.company).await?.value;
    let hours = store.companies().hours(line.company).await?.value;
    let failed_ways = store.lines().failed_ways(line.id).await?;
    Ok(Entry {
        line,
        company,
        hours,
        failed_ways,
    })
}

/// The lines by id.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    lines: HashMap<LineId, Arc<Entry>>,
    /// Counts reads of lines, in the order in which they begin.
    reads: u64,
    /// Which read of each line was taken last.
    taken: HashMap<LineId, u64>,
    /// Numbers of each company that are met otherwise than all.
    marked: HashMap<CompanyId, HashMap<String, Mark>>,
}

impl Directory {
    pub(crate) fn get(&self, line: LineId) -> Option<&Arc<Entry>> {
        self.lines.get(&line)
    }

    /// The number of a read that begins.
    pub(crate) fn begin_read(&mut self) -> u64 {
        self.reads += 1;
        self.reads
    }

    /// Whether what a read brought is to be taken: one that began earlier may
    /// come later, and know less.
    pub(crate) fn takes(&mut self, line: LineId, read: u64) -> bool {
        let last = self.taken.entry(line).or_default();
        let newer = read > *last;
        *last = read.max(*last);
        newer
    }

    pub(crate) fn put(&mut self, entry: Arc<Entry>) {
        self.lines.insert(entry.line.id, entry);
    }

    pub(crate) fn remove(&mut self, line: LineId) -> Option<Arc<Entry>> {
        self.lines.remove(&line)
    }

    /// How calls of the number are met at the company.
    pub(crate) fn mark(&self, company: CompanyId, number: Option<&str>) -> Mark {
        let marked = self.marked.get(&company);
        let mark = number.and_then(|number| marked?.get(number).copied());
        mark.unwrap_or_default()
    }

    pub(crate) fn has_marked(&self, company: CompanyId) -> bool {
        self.marked.contains_key(&company)
    }

    /// They may have changed unheard, and are to be read again.
    pub(crate) fn forget_marked(&mut self) {
        self.marked.clear();
    }

    pub(crate) fn put_marked(&mut self, company: CompanyId, marked: Vec<(String, Mark)>) {
        self.marked.insert(company, marked.into_iter().collect());
    }

    /// A way of handing over worked, or failed.
    pub(crate) fn learn(&mut self, line: LineId, way: TransferWay, works: bool, at: Timestamp) {
        if let Some(entry) = self.lines.get_mut(&line) {
            let failed = &mut Arc::make_mut(entry).failed_ways;
            failed.retain(|(known, _)| *known != way);
            if !works {
                failed.push((way, at));
            }
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.lines.values()
    }

    pub(crate) fn of_company(&self, company: CompanyId) -> Vec<LineId> {
        let lines = self.lines.values();
        lines
            .filter(|e| e.company.id == company)
            .map(|e| e.line.id)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_began_earlier_does_not_replace_what_a_later_one_brought() {
        let line = |n| LineId(uuid::Uuid::from_u128(n));
        let mut directory = Directory::default();
        let (first, second) = (directory.begin_read(), directory.begin_read());
        assert!(directory.takes(line(1), second));
        assert!(!directory.takes(line(1), first));
        assert!(directory.takes(line(2), first), "another line");
        let third = directory.begin_read();
        assert!(directory.takes(line(1), third));
    }
}
