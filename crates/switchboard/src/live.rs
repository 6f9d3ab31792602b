//! A live call: its state machine with what the driver knows besides.

use std::net::SocketAddr;
use std::sync::Arc;

use call::{Call, Program};
use jiff::Timestamp;
use model::audio::AudioStream;
use model::call::{Caller, Ending, RecordingState};
use model::id::{CallId, LegId, UserId};
use model::transfer::{Colleague, TransferFault};

use crate::card::Surroundings;
use crate::desk::Errand;
use crate::directory::Entry;
use crate::pressed::Pressed;
use crate::transfer::Second;

/// A call that runs.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) control: Call,
    pub(crate) leg: LegId,
    /// A colleague's leg beside it.
    pub(crate) second: Option<Second>,
    /// The PBX had taken the caller over, and has sent the call back.
    pub(crate) returned: bool,
    /// Who talked with the caller before the call came back.
    pub(crate) before: Option<UserId>,
    /// The company's staff have marked the caller as one who goes first.
    pub(crate) vip: bool,
    /// What the PBX was asked last to connect the caller with.
    pub(crate) asked: u32,
    /// The colleague who was not had last.
    pub(crate) transfer_fault: Option<(Colleague, TransferFault)>,
    pub(crate) entry: Arc<Entry>,
    pub(crate) caller: Caller,
    pub(crate) arrived_at: Timestamp,
    /// The PBX's side of the sound, once known.
    pub(crate) remote: Option<AudioStream>,
    /// Our side's address, once the sound is open.
    pub(crate) sound: Option<SocketAddr>,
    /// The program that runs, with the number that it was started under.
    pub(crate) program: Option<(u64, Program)>,
    pub(crate) around: Surroundings,
    pub(crate) pressed: Pressed,
    /// The operator whose desk shows the call.
    pub(crate) operator: Option<UserId>,
    /// What it was placed for, and the number that the PBX is asked for; none where it came in.
    pub(crate) placed: Option<(Errand, String)>,
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) voice_message_at: Option<Timestamp>,
    /// The desk has to be told.
    pub(crate) changed: bool,
}

impl Live {
    pub(crate) fn new(
        control: Call,
        leg: LegId,
        entry: Arc<Entry>,
        caller: Caller,
        arrived_at: Timestamp,
        remote: Option<AudioStream>,
    ) -> Self {
        Self {
            control,
            leg,
            second: None,
            returned: false,
            before: None,
            vip: false,
            asked: 0,
            transfer_fault: None,
            entry,
            caller,
            arrived_at,
            remote,
            sound: None,
            program: None,
            around: Surroundings::default(),
            pressed: Pressed::default(),
            operator: None,
            placed: None,
            answered_at: None,
            voice_message_at: None,
            changed: false,
        }
    }

    pub(crate) fn id(&self) -> CallId {
        self.control.id()
    }

    /// As the store keeps it at its beginning.
    pub(crate) fn record(&self) -> model::call::Call {
        model::call::Call {
            id: self.id(),
            company: self.entry.company.id,
            line: self.entry.line.id,
            outgoing: self.placed.is_some(),
            caller: self.caller.clone(),
            arrived_at: self.arrived_at,
            answered_at: None,
            ended_at: None,
            ending: None,
            result: None,
            operator: self.operator,
            recording: RecordingState::None,
            recording_ms: 0,
            called_back: false,
        }
    }

    /// The state's name for the metrics.
    pub(crate) fn state_name(&self) -> &'static str {
        use call::State;
        match self.control.state() {
            State::LineCheck => "line_check",
            State::Waiting { .. } => "waiting",
            State::Placing { .. } => "placing",
            State::Connecting(_) => "connecting",
            State::Talking(_) => "talking",
            State::Consulting(_) => "consulting",
            State::Referring(_) => "referring",
            State::Transferred(_) => "transferred",
            State::Dropped(_) => "dropped",
            State::VoiceMessage { .. } | State::Closing { .. } => "voice_message",
            State::Ended(_) => "ended",
        }
    }
}

/// The ending's name for the metrics: as it is stored.
pub(crate) fn ending_name(ending: Ending) -> String {
    match serde_json::to_value(ending) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
