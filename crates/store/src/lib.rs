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

mod account_letters;
mod actor;
mod api_keys;
mod board;
mod bounces;
mod callers;
mod calls;
mod change;
mod column;
mod companies;
mod connect;
mod deliveries;
mod departments;
mod employees;
mod entity;
mod error;
mod events;
mod history;
mod idempotency;
mod journal;
mod key;
mod line_reports;
mod lines;
mod lookup;
mod messages;
mod migration;
mod notice;
mod overview;
mod page;
mod password;
mod password_tokens;
#[cfg(test)]
mod plans;
mod push_subscriptions;
mod recipient;
mod recordings;
mod search;
mod search_index;
mod secrets;
mod seen;
mod sessions;
mod shifts;
mod sign_ins;
mod summaries;
mod timeline;
mod users;
mod ways;
mod webhooks;

use std::sync::Arc;

use model::id::{CompanyId, MessageId};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use tokio::sync::{Notify, broadcast};

use crate::connect::Connections;

pub use account_letters::{AccountLetterKind, AccountLetters, DueAccountLetter};
pub use actor::Actor;
pub use api_keys::{ApiKeyDraft, ApiKeyHolder, ApiKeys, KEYS_MAX, NewApiKey};
pub use board::{Boards, CompanyFigures};
pub use bounces::Bounces;
pub use callers::{CALLERS_MAX, CallerDraft, CallerFilter, Callers};
pub use calls::hourly::Hourly;
pub use calls::{
    CallDetails, CallFilter, CallRow, Calls, EarlierCall, Figures, LostCaller, QuarterHour,
    TimelineItem, ToldCall,
};
pub use change::{Change, ChangeKind};
pub use companies::{Companies, Versioned};
pub use deliveries::{Deliveries, DueDelivery, Taking};
pub use departments::{DepartmentDraft, Departments};
pub use employees::{EmployeeDraft, Employees};
pub use error::{Conflict, InUse, StoreError};
pub use events::{Event, Events, KEPT_FOR as EVENTS_KEPT_FOR};
pub use idempotency::{Begun, Idempotency, StoredAnswer};
pub use journal::{Journal, JournalItem};
pub use key::{KeyError, MasterKey};
pub use line_reports::{LineReport, LineReports};
pub use lines::{AccountDraft, Lines};
pub use messages::{
    Comment, CreatedMessage, Mark, MessageBrief, MessageDetails, MessageFilter, Messages,
    StoredDelivery, StoredMessage,
};
pub use notice::{CallTask, Colleague, Notice, StepTaken, StoredPolicy};
pub use overview::{CompanyOverview, DeliveryFigures};
pub use page::{Cursor, CursorError, Page, PageRequest};
pub use password_tokens::PasswordTokens;
pub use push_subscriptions::{NewPushSubscription, PushSubscription, PushSubscriptions};
pub use recordings::{RecordingFile, Recordings, RecordingsError};
pub use secrets::Secrets;
pub use seen::{Own, Seen};
pub use sessions::{ListedSession, NewSession, Session, Sessions, session_id};
pub use shifts::{Shift, Shifts};
pub use summaries::{DueSummary, LineFigures, Lost, Subscriber, Summaries, SummaryFigures};
pub use timeline::MessageHappening;
pub use users::{NewUser, Users};
pub use webhooks::line::{DueEvent, Passing, Settled, TakenWebhook};
pub use webhooks::{
    DisabledReason, ReplayFrom, StoredAttempt, WEBHOOKS_MAX, Webhook, WebhookDraft, Webhooks,
};

/// What every repository function answers with.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Changes that a slow reader of the feed may lag behind before it is told that it missed some.
const CHANGES_KEPT: usize = 1024;

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    connections: Connections,
    key: MasterKey,
    changes: broadcast::Sender<Change>,
    delivery_wakeup: Arc<Notify>,
    step_wakeup: Arc<Notify>,
}

impl Store {
    /// Opens `sqlite://path/to/file.db` (created where missing, with its
    /// folder) or `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str, key: MasterKey) -> Result<Self> {
        Ok(Self {
            inner: Arc::new(Inner {
                connections: Connections::open(url).await?,
                key,
                changes: broadcast::Sender::new(CHANGES_KEPT),
                delivery_wakeup: Arc::new(Notify::new()),
                step_wakeup: Arc::new(Notify::new()),
            }),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader().ping().await?)
    }

    /// Closes the connections; what was committed stays.
    pub async fn close(&self) -> Result<()> {
        let connections = &self.inner.connections;
        connections.reader.close_by_ref().await?;
        Ok(connections.writer.close_by_ref().await?)
    }

    /// What is written from now on, after its commit, by this process.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    /// Notified when deliveries, or letters about sign-ins, were stored that are due at once.
    pub fn delivery_wakeup(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.delivery_wakeup)
    }

    /// Notified when a message has a step that may be due sooner than any before.
    pub fn step_wakeup(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.step_wakeup)
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

    /// What the doctor of connections found at the lines.
    pub fn line_reports(&self) -> LineReports<'_> {
        LineReports { store: self }
    }

    /// Those who can sign in.
    pub fn users(&self) -> Users<'_> {
        Users { store: self }
    }

    /// Signed-in sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { store: self }
    }

    /// Links to choose a password.
    pub fn password_tokens(&self) -> PasswordTokens<'_> {
        PasswordTokens { store: self }
    }

    /// Letters about sign-ins.
    pub fn account_letters(&self) -> AccountLetters<'_> {
        AccountLetters { store: self }
    }

    /// Keys of the companies' programs.
    pub fn api_keys(&self) -> ApiKeys<'_> {
        ApiKeys { store: self }
    }

    /// What was answered to requests that may come again.
    pub fn idempotency(&self) -> Idempotency<'_> {
        Idempotency { store: self }
    }

    /// Callers whom companies know.
    pub fn callers(&self) -> Callers<'_> {
        Callers { store: self }
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

    /// What mail servers report about letters.
    pub fn bounces(&self) -> Bounces<'_> {
        Bounces { store: self }
    }

    /// Summaries of days and weeks.
    pub fn summaries(&self) -> Summaries<'_> {
        Summaries { store: self }
    }

    /// Who is told of messages.
    pub fn notice(&self) -> Notice<'_> {
        Notice { store: self }
    }

    /// What operators did when.
    pub fn shifts(&self) -> Shifts<'_> {
        Shifts { store: self }
    }

    /// What supervisors see on their boards.
    pub fn boards(&self) -> Boards<'_> {
        Boards { store: self }
    }

    /// Events of companies.
    pub fn events(&self) -> Events<'_> {
        Events { store: self }
    }

    /// Receivers of events.
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks { store: self }
    }

    /// Browsers that take notifications.
    pub fn push_subscriptions(&self) -> PushSubscriptions<'_> {
        PushSubscriptions { store: self }
    }

    /// Secrets of this server's own.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets { store: self }
    }

    fn reader(&self) -> &DatabaseConnection {
        &self.inner.connections.reader
    }

    fn writer(&self) -> &DatabaseConnection {
        &self.inner.connections.writer
    }

    async fn begin(&self) -> Result<DatabaseTransaction> {
        Ok(self.inner.connections.begin().await?)
    }

    fn key(&self) -> &MasterKey {
        &self.inner.key
    }

    /// Tells of a commit; that nobody listens is no error.
    fn tell(&self, company: CompanyId, kind: ChangeKind) {
        let _ = self.inner.changes.send(Change { company, kind });
    }

    fn tell_messages(&self, company: CompanyId, messages: Vec<MessageId>) {
        for message in messages {
            self.tell(company, ChangeKind::Message(message));
        }
    }

    fn wake_deliveries(&self) {
        self.inner.delivery_wakeup.notify_one();
    }

    fn wake_steps(&self) {
        self.inner.step_wakeup.notify_one();
    }
}
