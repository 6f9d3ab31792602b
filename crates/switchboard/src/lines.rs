//! Lines come, change and go: the registrations follow what the store holds.

use std::sync::Arc;
use std::time::Duration;

use model::id::{CompanyId, LineId};
use model::pbx::Connection;
use store::{Change, ChangeKind, StoreError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;

use crate::desk::DeskEvent;
use crate::directory::{self, Entry};
use crate::exchange::Exchange;
use crate::note::Note;

/// How long «Сохранить и проверить» waits for the PBX.
const OUTCOME_WITHIN: Duration = Duration::from_secs(12);

/// How soon lines are read again where the database was away.
const READ_AGAIN: Duration = Duration::from_secs(2);

impl Exchange {
    /// Reads what has changed, beside the calls.
    pub(crate) fn store_changed(&mut self, change: Result<Change, RecvError>) {
        match change {
            Ok(Change {
                kind: ChangeKind::Line(line),
                ..
            }) => self.read_line(line),
            Ok(Change {
                company,
                kind: ChangeKind::Hours,
            }) => {
                for line in self.directory.of_company(company) {
                    self.read_line(line);
                }
            }
            Ok(Change {
                company,
                kind: ChangeKind::People,
            }) => {
                let shown = self.calls.values();
                for live in shown.filter(|live| live.entry.company.id == company) {
                    self.read_surroundings(live);
                }
            }
            Ok(Change {
                company,
                kind: ChangeKind::Callers,
            }) => {
                self.read_marked(company);
                let shown = self.calls.values();
                for live in shown.filter(|live| live.entry.company.id == company) {
                    self.read_surroundings(live);
                }
            }
            Ok(Change {
                kind: ChangeKind::Tasks,
                ..
            }) => {
                for desk in self.desks.all() {
                    desk.send(DeskEvent::Tasks);
                }
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => {
                self.directory.forget_marked();
                self.read_all_lines();
            }
            Err(RecvError::Closed) => {}
        }
    }

    /// Reads whose calls the company has met otherwise than all.
    fn read_marked(&self, company: CompanyId) {
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            let marked = loop {
                match store.callers().marked(company).await {
                    Ok(marked) => break marked,
                    Err(error) => {
                        tracing::warn!(%company, %error, "marked callers can't be read; tried again");
                        tokio::time::sleep(READ_AGAIN).await;
                    }
                }
            };
            // The switchboard that does not listen any more has stopped.
            let _ = notes.send(Note::Marked { company, marked });
        });
    }

    pub(crate) fn read_line(&mut self, line: LineId) {
        let read = self.directory.begin_read();
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            let entry = loop {
                match directory::read(&store, line).await {
                    Err(error) if error.is_retryable() => tokio::time::sleep(READ_AGAIN).await,
                    other => break other,
                }
            };
            // The switchboard that does not listen any more has stopped.
            let _ = notes.send(Note::LineRead {
                line,
                read,
                entry: entry.map(Arc::new),
            });
        });
    }

    /// Reads every line, as at the start.
    pub(crate) fn read_all_lines(&mut self) {
        let read = self.directory.begin_read();
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            let entries = loop {
                match directory::read_all(&store).await {
                    Ok(entries) => break entries,
                    Err(error) => {
                        tracing::warn!(%error, "the lines can't be read; tried again");
                        tokio::time::sleep(READ_AGAIN).await;
                    }
                }
            };
            for entry in entries {
                let line = entry.line.id;
                let _ = notes.send(Note::LineRead {
                    line,
                    read,
                    entry: Ok(Arc::new(entry)),
                });
            }
        });
    }

    pub(crate) fn line_read(
        &mut self,
        line: LineId,
        read: u64,
        entry: Result<Arc<Entry>, StoreError>,
    ) {
        if self.draining.is_some() {
            return;
        }
        let entry = match entry {
            Err(error) if !matches!(error, StoreError::NotFound) => {
                tracing::error!(%line, %error, "a line can't be read");
                return;
            }
            known => known.ok(),
        };
        if !self.directory.takes(line, read) {
            return;
        }
        match entry {
            Some(entry) => {
                let before = self
                    .directory
                    .get(line)
                    .and_then(|e| e.line.account.clone());
                let now = entry.line.account.clone();
                if before != now {
                    match now {
                        Some(account) => {
                            self.sip.connect(line, entry.line.contact.clone(), account)
                        }
                        None => self.disconnect(line),
                    }
                }
                if !self.directory.has_marked(entry.company.id) {
                    self.read_marked(entry.company.id);
                }
                self.directory.put(entry);
            }
            None => {
                self.directory.remove(line);
                self.disconnect(line);
                self.shared.set_connection(line, None);
            }
        }
    }

    fn disconnect(&self, line: LineId) {
        let sip = self.sip.clone();
        tokio::spawn(async move { sip.disconnect(line).await });
    }

    /// Reads the line for [`Exchange::line_tried`].
    pub(crate) fn try_line(&mut self, line: LineId, outcome: oneshot::Sender<Connection>) {
        let read = self.directory.begin_read();
        let (store, notes) = (self.store.clone(), self.notes.clone());
        tokio::spawn(async move {
            match directory::read(&store, line).await {
                Ok(entry) => {
                    let entry = Arc::new(entry);
                    // The switchboard that does not listen any more has stopped.
                    let _ = notes.send(Note::LineTried {
                        read,
                        entry,
                        outcome,
                    });
                }
                Err(error) => {
                    tracing::warn!(%line, %error, "a line can't be read");
                    // Whoever asked may have gone away.
                    let _ = outcome.send(Connection::Connecting);
                }
            }
        });
    }

    /// Registers anew whatever was before, and tells what comes of it. The
    /// directory knows of it at once: the change that brought it here is read
    /// as well, and must not begin a registration that ends this one unheard.
    pub(crate) fn line_tried(
        &mut self,
        read: u64,
        entry: Arc<Entry>,
        outcome: oneshot::Sender<Connection>,
    ) {
        let line = entry.line.id;
        let Some(account) = entry.line.account.clone() else {
            let _ = outcome.send(Connection::NotConfigured);
            return;
        };
        self.sip.connect(line, entry.line.contact.clone(), account);
        if self.directory.takes(line, read) {
            self.directory.put(entry);
        }
        let sip = self.sip.clone();
        tokio::spawn(async move {
            let _ = outcome.send(sip.await_outcome(line, OUTCOME_WITHIN).await);
        });
    }
}
