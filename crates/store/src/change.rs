//! What was written, for those who show it live.

use model::id::{CallId, CompanyId, LineId, MessageId};

/// A committed change of a company's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub company: CompanyId,
    /// Of what.
    pub kind: ChangeKind,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A call came, or something about it changed.
    Call(CallId),
    /// A message was stored, somebody did something with it, or one of its deliveries got on.
    Message(MessageId),
    /// A line, its script, its account, or its journal.
    Line(LineId),
    /// What is known of the company, or its working hours.
    Hours,
    /// Whether employees are available, busy, or away.
    People,
    /// Callers whom the company knows.
    Callers,
    /// Calls that operators owe: of tasks, and to lost callers.
    Tasks,
}
