//! A call in a list.

use jiff::Timestamp;
use model::call::{CallResult, Ending, RecordingState};
use model::id::{CallId, LineId, MessageId};
use model::phone::Phone;
use serde::Serialize;
use utoipa::ToSchema;

/// A call in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallRow {
    /// Id.
    pub id: CallId,
    /// Name of the company that was called.
    pub company_name: String,
    /// On which line.
    pub line: CallLine,
    /// An operator placed it: the caller is then whoever was called.
    pub outgoing: bool,
    /// The caller's number as stored, E.164 where it can be read as such; empty where hidden.
    pub caller_phone: String,
    /// The caller's number for reading.
    pub caller_phone_shown: String,
    /// The caller's name; empty where not known.
    pub caller_name: String,
    /// When it arrived, or was placed.
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Timestamp,
    /// When an operator answered, or whoever was called.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// How long they talked; where no operator answered, how long the recording is.
    pub duration_ms: u64,
    /// How long the caller waited for an answer.
    pub waited_ms: u64,
    /// How it ended.
    pub ending: Option<Ending>,
    /// What became of it; none while it runs.
    pub result: Option<CallResult>,
    /// The operator who answered, or had it placed.
    pub operator_name: Option<String>,
    /// How the recording stands.
    pub recording: RecordingState,
    /// Length of the recording.
    pub recording_ms: u32,
    /// Whether somebody called a lost caller back.
    pub called_back: bool,
    /// When that was noted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub called_back_at: Option<Timestamp>,
    /// Name of whoever noted it.
    pub called_back_by: Option<String>,
    /// The newest message of the call.
    pub message: Option<CallMessage>,
}

/// The line of a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallLine {
    /// Id.
    id: LineId,
    /// Name.
    pub name: String,
}

/// The message of a call, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallMessage {
    /// Id.
    id: MessageId,
    /// The question.
    pub text: String,
    /// Whom it is for.
    pub recipient_name: String,
}

impl CallRow {
    /// Puts a stored call as it is shown at the moment.
    pub fn of(row: store::CallRow, now: Timestamp) -> Self {
        let store::CallRow {
            call,
            company_name,
            line_name,
            operator_name,
            message,
            called_back_at,
            called_back_by,
        } = row;
        let number = call.caller.number.unwrap_or_default();
        let until = call.ended_at.unwrap_or(now);
        let recorded = u64::from(call.recording_ms);
        let (waited_ms, duration_ms) = match call.answered_at {
            Some(answered) => (between(call.arrived_at, answered), between(answered, until)),
            None => (
                between(call.arrived_at, until).saturating_sub(recorded),
                recorded,
            ),
        };
        Self {
            id: call.id,
            company_name,
            line: CallLine {
                id: call.line,
                name: line_name,
            },
            outgoing: call.outgoing,
            caller_phone_shown: shown(&number),
            caller_phone: number,
            caller_name: call.caller.name.unwrap_or_default(),
            arrived_at: call.arrived_at,
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            duration_ms,
            waited_ms,
            ending: call.ending,
            result: call.result,
            operator_name,
            recording: call.recording,
            recording_ms: call.recording_ms,
            called_back: call.called_back,
            called_back_at,
            called_back_by,
            message: message.map(|message| CallMessage {
                id: message.id,
                text: message.text,
                recipient_name: message.recipient_name,
            }),
        }
    }
}

fn between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millisecond() - from.as_millisecond()).unwrap_or(0)
}

/// A stored number as a person reads it.
pub fn shown(number: &str) -> String {
    Phone::parse(number)
        .map(|phone| phone.to_string())
        .unwrap_or_default()
}
