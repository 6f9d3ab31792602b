//! Calls as they happen and as they are told afterwards.

use std::collections::HashMap;

use jiff::Timestamp;
use model::call::{Call, CallResult, Ending, RecordingState, TimelineEntry};
use model::id::{CallId, CompanyId, LineId, UserId};
use model::message::Message;

use crate::{MessageBrief, Page, PageRequest, Result, Store, StoredMessage};

/// A call with what a list shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The call. Its number is as stored: E.164 where it can be read as such.
    pub call: Call,
    /// Name of the company.
    pub company_name: String,
    /// Name of the line.
    pub line_name: String,
    /// Name of the operator who answered.
    pub operator_name: Option<String>,
    /// The newest message of the call.
    pub message: Option<MessageBrief>,
}

/// Something that happened in a call, with the operator's name where one did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineItem {
    /// When and what.
    pub entry: TimelineEntry,
    /// Name of the operator that it names.
    pub operator_name: Option<String>,
}

/// All there is to tell of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallDetails {
    /// The call.
    pub row: CallRow,
    /// What happened, in order.
    pub timeline: Vec<TimelineItem>,
    /// Its messages, the oldest first.
    pub messages: Vec<StoredMessage>,
}

/// Which calls are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Of this line.
    pub line: Option<LineId>,
    /// With this result.
    pub result: Option<CallResult>,
    /// A number in any spelling, a name, or words of a message.
    pub search: Option<String>,
}

/// Figures of a day; test calls do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Calls that arrived.
    pub calls: u64,
    /// Of them answered by an operator.
    pub answered: u64,
    /// Of them lost.
    pub lost: u64,
    /// How long the answered ones waited on average, in milliseconds.
    pub answer_ms_average: Option<u64>,
}

/// An earlier call of somebody who calls again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierCall {
    /// The call.
    pub call: CallId,
    /// When.
    pub at: Timestamp,
    /// What became of it; none where it still runs.
    pub result: Option<CallResult>,
    /// Text of its newest message.
    pub text: Option<String>,
}

/// Calls.
#[derive(Clone, Copy)]
pub struct Calls<'a> {
    pub(crate) store: &'a Store,
}

impl Calls<'_> {
    /// Stores a call that arrived. Again is no error, so an uncertain write can be repeated.
    pub async fn insert(&self, call: &Call) -> Result<()> {
        let _ = call;
        todo!()
    }

    /// Appends to what happened; the same entry twice is kept once.
    pub async fn append_timeline(
        &self,
        company: CompanyId,
        call: CallId,
        entry: &TimelineEntry,
    ) -> Result<()> {
        let _ = (company, call, entry);
        todo!()
    }

    /// An operator answered. The first answer's time stays when another operator takes over.
    pub async fn set_answered(
        &self,
        company: CompanyId,
        call: CallId,
        operator: UserId,
        at: Timestamp,
    ) -> Result<()> {
        let _ = (company, call, operator, at);
        todo!()
    }

    /// Ends the call, and says so in the timeline. Its result is the ending's,
    /// unless a message or the operator gave one. The same ending again is no
    /// error; another one is a conflict.
    pub async fn finish(
        &self,
        company: CompanyId,
        call: CallId,
        ending: Ending,
        ended_at: Timestamp,
    ) -> Result<()> {
        let _ = (company, call, ending, ended_at);
        todo!()
    }

    /// Ends the call with a voice message, which is stored with its deliveries
    /// in the same transaction. Can be repeated like [`Calls::finish`].
    pub async fn finish_with_voice_message(
        &self,
        message: &Message,
        ended_at: Timestamp,
        email_enabled: bool,
    ) -> Result<StoredMessage> {
        let _ = (message, ended_at, email_enabled);
        todo!()
    }

    /// The operator's own choice, before or after the end: it stays against messages and ending.
    pub async fn set_result(
        &self,
        company: CompanyId,
        call: CallId,
        result: CallResult,
    ) -> Result<()> {
        let _ = (company, call, result);
        todo!()
    }

    /// How the recording stands.
    pub async fn set_recording(
        &self,
        company: CompanyId,
        call: CallId,
        state: RecordingState,
        ms: u32,
    ) -> Result<()> {
        let _ = (company, call, state, ms);
        todo!()
    }

    /// Whether somebody called back.
    pub async fn set_called_back(
        &self,
        company: CompanyId,
        call: CallId,
        called_back: bool,
    ) -> Result<()> {
        let _ = (company, call, called_back);
        todo!()
    }

    /// Ends every call that a stopped server left running, and gives them
    /// back as they are now. For the start, not scoped.
    pub async fn close_unfinished(&self, now: Timestamp) -> Result<Vec<Call>> {
        let _ = now;
        todo!()
    }

    /// The company's calls, the newest first.
    pub async fn list(
        &self,
        company: CompanyId,
        filter: &CallFilter,
        page: PageRequest,
    ) -> Result<Page<CallRow>> {
        let _ = (company, filter, page);
        todo!()
    }

    /// One call with timeline and messages.
    pub async fn get(&self, company: CompanyId, call: CallId) -> Result<CallDetails> {
        let _ = (company, call);
        todo!()
    }

    /// A call that this operator answered, of whichever company; scoped by the operator.
    pub async fn get_for_operator(&self, operator: UserId, call: CallId) -> Result<Call> {
        let _ = (operator, call);
        todo!()
    }

    /// Calls that the operator answered and that arrived from then until then,
    /// the newest first, of all companies; scoped by the operator.
    pub async fn list_for_operator(
        &self,
        operator: UserId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<CallRow>> {
        let _ = (operator, from, to);
        todo!()
    }

    /// Figures of the calls that arrived from then until then.
    pub async fn figures(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Figures> {
        let _ = (company, from, to);
        todo!()
    }

    /// How many calls arrived on each line from then until then; lines without any are absent.
    pub async fn count_by_line(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<LineId, u64>> {
        let _ = (company, from, to);
        todo!()
    }

    /// Earlier calls of the same number to the company, the newest first.
    pub async fn earlier(
        &self,
        company: CompanyId,
        number: &str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<EarlierCall>> {
        let _ = (company, number, before, limit);
        todo!()
    }
}
