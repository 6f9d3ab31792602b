//! A call through the PBX, as told to whoever placed it.

use std::time::Duration;

use jiff::Timestamp;
use model::audio::Digit;
use tokio::sync::{mpsc, watch};

use crate::audio::Sound;
use crate::hearing::Hearing;
use crate::rtp::Packets;

/// When the caller hangs up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// Never: the other side does, or [`CallHandle::hang_up`].
    Never,
    /// While it rings, so long after the first ringing.
    Ringing(Duration),
    /// So long after the answer.
    Answered(Duration),
    /// So long after having said everything.
    Said(Duration),
}

/// A call to place.
#[derive(Clone, Debug)]
pub struct CallSpec {
    /// The caller's number, as the PBX got it; none where it is hidden.
    pub caller_number: Option<String>,
    /// The caller's name, where the PBX knows it.
    pub caller_name: Option<String>,
    /// The employee's extension that was dialled.
    pub dialled: String,
    /// The extension that the call is forwarded to: the line.
    pub to_extension: String,
    /// What the caller says.
    pub voice: Sound,
    /// How long after the answer the caller begins to speak.
    pub speak_after: Duration,
    /// When the caller hangs up.
    pub hang_up: HangUp,
    /// How long the caller waits for an answer, from the forwarding on.
    pub patience: Duration,
}

/// Whose doing the end of a call was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The caller hung up, or gave up.
    Caller,
    /// The line hung up, or refused.
    Line,
    /// The PBX: the line's extension is not registered, does not answer, or talks nonsense.
    Pbx,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallEnd {
    /// Whose doing it was.
    pub by: EndedBy,
    /// The status code, where the call was refused or could not be placed.
    pub code: Option<u16>,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// The employee's telephone rings.
    Dialled,
    /// Nobody answered there: the call goes to the line.
    Forwarded,
    /// The line rings.
    Rang,
    /// The line answered.
    Answered,
    /// The caller has said everything.
    Said,
    /// The line sent a digit.
    Digit(Digit),
    /// The line described its sound anew: hold, or another address.
    Changed,
    /// The line agreed to all that the PBX changed.
    Agreed,
    /// The line declined what the PBX asked within the call, with this status code.
    Declined(u16),
    /// The line asked to connect the caller with somebody, and got its answer.
    Referred,
    /// Keys of the line took the caller to somebody else.
    Transferred,
    /// The end; nothing comes after it.
    Ended(CallEnd),
}

/// An event with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: CallEvent,
}

/// What the caller is told to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    HangUp,
    Digit(Digit),
}

/// A running call; clones are the same call. It runs on when all are dropped.
#[derive(Clone, Debug)]
pub struct CallHandle {
    pub(super) events: watch::Receiver<Vec<Happened>>,
    pub(super) hearing: Hearing,
    pub(super) commands: mpsc::UnboundedSender<Command>,
}

impl CallHandle {
    /// What has happened so far.
    pub fn events(&self) -> Vec<Happened> {
        self.events.borrow().clone()
    }

    /// Waits for an event, or takes one that has been. None where the call ends without.
    pub async fn until(&self, wanted: impl Fn(&CallEvent) -> bool) -> Option<Happened> {
        let mut events = self.events.clone();
        let is_wanted = |happened: &&Happened| wanted(&happened.event);
        let seen = events
            .wait_for(|all| all.iter().any(|h| is_wanted(&h) || is_end(h)))
            .await
            .ok()?;
        seen.iter().find(is_wanted).copied()
    }

    /// Waits for the answer. None where the call ends without.
    pub async fn answered(&self) -> Option<Happened> {
        self.until(|event| *event == CallEvent::Answered).await
    }

    /// Waits for the end.
    pub async fn ended(&self) -> CallEnd {
        match self
            .until(|event| matches!(event, CallEvent::Ended(_)))
            .await
        {
            Some(Happened {
                event: CallEvent::Ended(end),
                ..
            }) => end,
            // The PBX was dropped under the call.
            _ => CallEnd {
                by: EndedBy::Pbx,
                code: None,
            },
        }
    }

    /// The caller hangs up: gives up while it rings.
    pub fn hang_up(&self) {
        // An ended call has nobody listening, and nothing to hang up.
        let _ = self.commands.send(Command::HangUp);
    }

    /// The caller presses a key (RFC 4733).
    pub fn press(&self, digit: Digit) {
        let _ = self.commands.send(Command::Digit(digit));
    }

    /// What the caller has heard since the answer.
    pub fn heard(&self) -> Sound {
        self.hearing.sound()
    }

    /// When the caller heard a voice first; none before that.
    pub fn voice_at(&self) -> Option<Timestamp> {
        self.hearing.voice_at()
    }

    /// The packets so far, from the caller's side.
    pub fn packets(&self) -> Packets {
        self.hearing.packets()
    }
}

fn is_end(happened: &Happened) -> bool {
    matches!(happened.event, CallEvent::Ended(_))
}
