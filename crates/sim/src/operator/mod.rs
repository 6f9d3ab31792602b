//! An operator without hands: signs in, connects for sound over a real WebRTC
//! leg, answers, speaks a file, writes the message, ends the work after the call.

use std::time::Duration;

use jiff::Timestamp;
use model::id::{CallId, MessageId};
use model::line::Recipient;
use thiserror::Error;

use crate::audio::Sound;
use crate::rtp::Packets;

/// When the operator hangs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// Never: the caller does.
    Never,
    /// So long after the answer.
    Answered(Duration),
    /// So long after having said everything.
    Said(Duration),
}

/// The message that the operator writes.
#[derive(Clone, Debug)]
pub struct Note {
    /// Who it is for; none takes the one that the desk proposes.
    pub recipient: Option<Recipient>,
    /// The caller's name; none takes what the desk shows.
    pub caller_name: Option<String>,
    /// The caller's number; none takes what the desk shows.
    pub caller_phone: Option<String>,
    /// The question.
    pub text: String,
}

/// How the operator serves a call.
#[derive(Clone, Debug)]
pub struct Script {
    /// How long it rings at the desk before it is accepted.
    pub answer_after: Duration,
    /// What the operator says.
    pub voice: Sound,
    /// How long after the answer the operator begins to speak.
    pub speak_after: Duration,
    /// The message to write, when the call is over.
    pub note: Option<Note>,
    /// When the operator hangs up.
    pub hang_up: HangUp,
}

/// A call that was served.
#[derive(Clone, Debug)]
pub struct Served {
    /// The call.
    pub call: CallId,
    /// The call's card, as the desk got it.
    pub card: serde_json::Value,
    /// When it rang at the desk.
    pub rang_at: Timestamp,
    /// When it was answered.
    pub answered_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it ended, in the desk's word.
    pub ending: Option<String>,
    /// What the operator heard since the answer.
    pub heard: Sound,
    /// Packets of the WebRTC leg since the answer.
    pub packets: Packets,
    /// The message that was stored.
    pub message: Option<MessageId>,
}

/// Why an operator can't do the work.
#[derive(Debug, Error)]
pub enum OperatorError {
    /// The server can't be reached, or answers in a way that is not understood.
    #[error("the server can't be talked to: {0}")]
    Http(#[from] reqwest::Error),
    /// The server refused a request.
    #[error("{what} was refused with status {status}: {detail}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The status code.
        status: u16,
        /// The server's sentence.
        detail: String,
    },
    /// The desk's socket broke, or says what is not understood.
    #[error("the desk's socket failed: {0}")]
    Desk(String),
    /// The sound leg can't be set up, or broke.
    #[error("the sound failed: {0}")]
    Sound(String),
    /// Nothing of what was awaited came in time.
    #[error("{0} did not come in time")]
    Late(&'static str),
}

/// A signed-in operator; leaves the desk when dropped.
#[derive(Debug)]
pub struct RobotOperator {
    _private: (),
}

impl RobotOperator {
    /// Signs in, opens the desk and connects for sound; the operator's state stays as it was.
    pub async fn sign_in(
        base_url: &str,
        login: &str,
        password: &str,
    ) -> Result<Self, OperatorError> {
        todo!("{base_url} {login} {}", password.len())
    }

    /// Says «Готов», and waits until the desk agrees.
    pub async fn ready(&mut self) -> Result<(), OperatorError> {
        todo!()
    }

    /// Waits for a call and serves it to the end of the work after it. Calls
    /// that are withdrawn before they are answered do not count.
    pub async fn serve_one(&mut self, script: Script) -> Result<Served, OperatorError> {
        todo!("{script:?}")
    }

    /// Goes off: says «Не в сети» and closes the desk.
    pub async fn sign_out(self) -> Result<(), OperatorError> {
        todo!()
    }
}
