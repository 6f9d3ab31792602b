//! What a company's own programs are told of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kind of an event, by the name that receivers know it under.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
pub enum EventKind {
    /// A call came in.
    #[serde(rename = "call.arrived")]
    CallArrived,
    /// An operator answered it.
    #[serde(rename = "call.answered")]
    CallAnswered,
    /// It ended.
    #[serde(rename = "call.ended")]
    CallEnded,
    /// A message was stored.
    #[serde(rename = "message.created")]
    MessageCreated,
    /// Somebody of those responsible has read it.
    #[serde(rename = "message.read")]
    MessageRead,
    /// Somebody took it on.
    #[serde(rename = "message.accepted")]
    MessageAccepted,
    /// It was closed.
    #[serde(rename = "message.closed")]
    MessageClosed,
    /// One of its deliveries failed for good.
    #[serde(rename = "message.failed")]
    MessageFailed,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::CallArrived,
        Self::CallAnswered,
        Self::CallEnded,
        Self::MessageCreated,
        Self::MessageRead,
        Self::MessageAccepted,
        Self::MessageClosed,
        Self::MessageFailed,
    ];

    /// The name that receivers know it under.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallArrived => "call.arrived",
            Self::CallAnswered => "call.answered",
            Self::CallEnded => "call.ended",
            Self::MessageCreated => "message.created",
            Self::MessageRead => "message.read",
            Self::MessageAccepted => "message.accepted",
            Self::MessageClosed => "message.closed",
            Self::MessageFailed => "message.failed",
        }
    }
}

/// How an attempt to hand an event to a receiver went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookAttempt {
    /// When it began.
    pub at: Timestamp,
    /// Status of the answer; none where there was no proper one.
    pub status: Option<u16>,
    /// Why it failed; none where it went well.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: u32,
}

impl HookAttempt {
    /// Whether the receiver took it.
    pub fn ok(&self) -> bool {
        self.error.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn names_are_those_of_the_json() {
        for kind in EventKind::ALL {
            let json = serde_json::to_value(kind).expect("JSON");
            assert_eq!(json, kind.name());
        }
    }
}
