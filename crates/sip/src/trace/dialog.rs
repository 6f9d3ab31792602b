//! The messages of one call or registration.

use std::time::SystemTime;

use model::id::LineId;
use rsipstack::sip::{Headers, Method, SipMessage};

use super::mask::masked;
use super::{MESSAGES_MAX, TEXT_MAX, TraceHead, TraceMessage};
use crate::wire;

/// A call or registration that is kept.
pub(super) struct Dialog {
    pub(super) line: LineId,
    pub(super) call_id: String,
    pub(super) head: TraceHead,
    /// The method that began it.
    pub(super) method: Method,
    pub(super) messages: Vec<TraceMessage>,
    pub(super) last_at: SystemTime,
    /// The number of a question about what is registered, which is asked every
    /// few seconds: it and its answer are left out.
    pub(super) left_out: Option<u32>,
}

impl Dialog {
    /// Keeps a message while there is room; how many bytes that takes.
    pub(super) fn keep(
        &mut self,
        now: SystemTime,
        outgoing: bool,
        label: String,
        text: &str,
    ) -> usize {
        self.last_at = now;
        self.head.messages += 1;
        if self.messages.len() >= MESSAGES_MAX {
            return 0;
        }
        let text = masked(text, TEXT_MAX);
        let length = text.len();
        self.messages.push(TraceMessage {
            at: now,
            outgoing,
            label,
            text,
        });
        length
    }

    pub(super) fn leaves_out(&mut self, message: &SipMessage) -> bool {
        let number = wire::number(headers(message), "cseq");
        match message {
            SipMessage::Request(request) if request.method == Method::Register => {
                if is_registration(message) {
                    return false;
                }
                self.left_out = number;
                true
            }
            SipMessage::Request(_) => false,
            SipMessage::Response(_) => number.is_some() && number == self.left_out,
        }
    }

    /// Whether the message is a final response to the request that began it.
    pub(super) fn answers(&self, message: &SipMessage) -> bool {
        let SipMessage::Response(response) = message else {
            return false;
        };
        let cseq = wire::values(&response.headers, "cseq").next();
        let method = cseq.and_then(|cseq| cseq.split_whitespace().nth(1));
        response.status_code.code() >= 200 && method == Some(self.method.to_string().as_str())
    }
}

pub(super) fn headers(message: &SipMessage) -> &Headers {
    match message {
        SipMessage::Request(request) => &request.headers,
        SipMessage::Response(response) => &response.headers,
    }
}

/// A REGISTER that names a contact: one without only asks.
pub(super) fn is_registration(message: &SipMessage) -> bool {
    match message {
        SipMessage::Request(request) => {
            request.method == Method::Register
                && wire::values(&request.headers, "contact").next().is_some()
        }
        SipMessage::Response(_) => false,
    }
}

pub(super) fn label(message: &SipMessage) -> String {
    match message {
        SipMessage::Request(request) => request.method.to_string(),
        SipMessage::Response(response) => response.status_code.to_string(),
    }
}
