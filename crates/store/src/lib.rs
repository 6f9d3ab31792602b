//! Everything that outlives a call: companies, lines, users, calls, messages
//! with their deliveries, and the recordings beside them.
//!
//! One [`Store`] over SQLite or PostgreSQL, the same code for both. Each noun
//! has its repository (`store.calls()`, `store.lines()`, …), and every
//! function on a company's data takes the company and filters by it: another
//! company's id is [`StoreError::NotFound`]. The few that are not scoped say
//! so, and who they are for.
//!
//! Time is stored as milliseconds in UTC. A write that was committed is told
//! to [`Store::changes`]; a due delivery wakes [`Store::delivery_wakeup`].

mod calls;
mod change;
mod companies;
mod deliveries;
mod departments;
mod employees;
mod error;
mod journal;
mod key;
mod lines;
mod messages;
mod page;
mod recordings;
mod sessions;
mod users;

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

pub use calls::{CallDetails, CallFilter, CallRow, Calls, EarlierCall, Figures, TimelineItem};
pub use change::{Change, ChangeKind};
pub use companies::{Companies, Versioned};
pub use deliveries::{Deliveries, DueDelivery};
pub use departments::{DepartmentDraft, Departments};
pub use employees::{EmployeeDraft, Employees};
pub use error::{Conflict, StoreError};
pub use journal::{Journal, JournalItem};
pub use key::{KeyError, MasterKey};
pub use lines::{AccountDraft, Lines};
pub use messages::{CreatedMessage, MessageBrief, Messages, StoredDelivery, StoredMessage};
pub use page::{Cursor, CursorError, Page, PageRequest};
pub use recordings::{RecordingFile, Recordings, RecordingsError};
pub use sessions::{NewSession, Session, Sessions};
pub use users::{NewUser, Users};

/// What every repository function answers with.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    changes: broadcast::Sender<Change>,
    delivery_wakeup: Arc<Notify>,
}

impl Store {
    /// Opens `sqlite://path/to/file.db` (created where missing) or
    /// `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str, key: MasterKey) -> Result<Self> {
        let _ = (url, key);
        todo!()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    /// Closes the connections; what was committed stays.
    pub async fn close(&self) -> Result<()> {
        todo!()
    }

    /// What is written from now on, after its commit, by this process.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    /// Notified when deliveries were stored that are due at once.
    pub fn delivery_wakeup(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.delivery_wakeup)
    }

    /// Companies and their working hours.
    pub fn companies(&self) -> Companies<'_> {
        Companies { store: self }
    }

    /// Departments.
    pub fn departments(&self) -> Departments<'_> {
        Departments { store: self }
    }

    /// Employees.
    pub fn employees(&self) -> Employees<'_> {
        Employees { store: self }
    }

    /// Lines with their scripts and accounts.
    pub fn lines(&self) -> Lines<'_> {
        Lines { store: self }
    }

    /// Connection journals of the lines.
    pub fn journal(&self) -> Journal<'_> {
        Journal { store: self }
    }

    /// Those who can sign in.
    pub fn users(&self) -> Users<'_> {
        Users { store: self }
    }

    /// Signed-in sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { store: self }
    }

    /// Calls.
    pub fn calls(&self) -> Calls<'_> {
        Calls { store: self }
    }

    /// Messages.
    pub fn messages(&self) -> Messages<'_> {
        Messages { store: self }
    }

    /// Deliveries of messages.
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries { store: self }
    }
}
