//! Calls as they happen and as they are told afterwards.

pub(crate) mod figures;
pub(crate) mod history;
pub(crate) mod hourly;
pub(crate) mod lost;
pub(crate) mod progress;
pub(crate) mod told;

pub use figures::{Figures, QuarterHour};
pub use lost::LostCaller;
pub use told::ToldCall;

use jiff::Timestamp;
use model::call::{Call, CallResult, Caller, TimelineEntry};
use model::id::{CallId, CompanyId, LineId, UserId};

use crate::column::{from_name, narrow, timestamp, timestamp_opt};
use crate::entity::call::Model;
use crate::{MessageBrief, Result, Seen, Store, StoredMessage};

/// A call with what a list shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The call. Its number is as stored: E.164 where it can be read as such.
    pub call: Call,
    /// Name of the company.
    pub company_name: String,
    /// Name of the line.
    pub line_name: String,
    /// Name of the operator who answered, or had it placed.
    pub operator_name: Option<String>,
    /// The newest message of the call.
    pub message: Option<MessageBrief>,
    /// When a lost caller was called back.
    pub called_back_at: Option<Timestamp>,
    /// Name of whoever noted that.
    pub called_back_by: Option<String>,
}

/// Something that happened in a call, with the operator's name where one did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineItem {
    /// When and what.
    pub entry: TimelineEntry,
    /// Name of the operator that it names.
    pub operator_name: Option<String>,
    /// Name of the colleague to whom the caller is handed over, while the directory has it.
    pub colleague_name: Option<String>,
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
    /// Lost, and nobody has called back.
    pub not_called_back: bool,
    /// Only those that operators placed, or only those that came in.
    pub outgoing: Option<bool>,
    /// That arrived at this time or later.
    pub from: Option<Timestamp>,
    /// That arrived before this time.
    pub to: Option<Timestamp>,
    /// Parts of a number in any spelling, or beginnings of words of a name or a message.
    pub search: Option<String>,
    /// That somebody may see.
    pub seen: Seen,
}

/// An earlier call of a number, or to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierCall {
    /// The call.
    pub call: CallId,
    /// An operator placed it.
    pub outgoing: bool,
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

/// The call of a row.
pub(crate) fn call(row: &Model) -> Result<Call> {
    let result = row.result.as_deref().filter(|_| row.ended_at.is_some());
    Ok(Call {
        id: CallId(row.id),
        company: CompanyId(row.company_id),
        line: LineId(row.line_id),
        outgoing: row.outgoing,
        caller: Caller {
            number: row.caller_number.clone(),
            name: row.caller_name.clone(),
        },
        arrived_at: timestamp(row.arrived_at)?,
        answered_at: timestamp_opt(row.answered_at)?,
        ended_at: timestamp_opt(row.ended_at)?,
        ending: row.ending.as_deref().map(from_name).transpose()?,
        // While a call runs, the column holds what the result will be; it is told at the end.
        result: result.map(from_name).transpose()?,
        operator: row.operator_id.map(UserId),
        recording: from_name(&row.recording)?,
        recording_ms: narrow(row.recording_ms)?,
        called_back: row.called_back,
    })
}
