//! What a message has to be before the SIP stack sees it. The stack loses
//! bodies, headers and whole messages that are wrong in small ways, so these
//! are mended here; what can't be is answered or dropped, and counted. It
//! stands before everything that strangers can send.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Instant;

use rsipstack::sip::SipMessage;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};

use crate::known::Known;
use crate::mark;
use crate::mend::{find, mended};
use crate::message::Message;
use crate::refusal::Refusal;
use crate::socket::lock;
use crate::sources::Sources;

/// Why a message goes no further; the label of its counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Drop {
    TooLarge,
    Malformed,
    TooMany,
    /// From or for nobody that is known here.
    Stranger,
}

impl Drop {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::TooMany => "too_many",
            Self::Stranger => "stranger",
        }
    }
}

/// What becomes of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// It goes on, as it came or mended.
    Pass(Cow<'a, [u8]>),
    /// It is answered from here and goes no further.
    Answer(Vec<u8>),
    /// It vanishes.
    Drop(Drop),
}

/// The border of an endpoint.
#[derive(Default)]
pub(crate) struct Border {
    known: Known,
    sources: Mutex<Sources>,
}

impl Border {
    pub(crate) fn new(known: Known) -> Self {
        Self {
            known,
            sources: Mutex::default(),
        }
    }

    /// Judges one message, and counts it where it goes no further.
    pub(crate) fn judge<'a>(
        &self,
        now: Instant,
        source: SocketAddr,
        datagram: &'a [u8],
    ) -> Verdict<'a> {
        let pbx = self.known.peers.contains(source.ip());
        let verdict = if lock(&self.sources).admit(now, source.ip(), pbx) {
            self.inspect(now, source, pbx, datagram)
        } else {
            Verdict::Drop(Drop::TooMany)
        };
        match &verdict {
            Verdict::Pass(_) => {}
            Verdict::Answer(_) => count("refused"),
            Verdict::Drop(reason) => count(reason.label()),
        }
        verdict
    }

    fn inspect<'a>(
        &self,
        now: Instant,
        source: SocketAddr,
        pbx: bool,
        datagram: &'a [u8],
    ) -> Verdict<'a> {
        // Keep-alives (RFC 5626) are the stack's.
        if datagram.iter().all(u8::is_ascii_whitespace) {
            return Verdict::Pass(Cow::Borrowed(datagram));
        }
        let (head, body, ended) = split(datagram);
        let text = String::from_utf8_lossy(head);
        let Some(message) = Message::read(&text) else {
            return Verdict::Drop(Drop::Malformed);
        };
        if message.is_response() {
            if !is_sound(&message, body.len()) {
                return Verdict::Drop(Drop::Malformed);
            }
            if matches!(message.status(), Some(401 | 407)) && !self.is_asked(&message, source) {
                return Verdict::Drop(Drop::Stranger);
            }
        } else {
            let named = self.known.is_named(&message);
            // These end what a PBX began, and the stack keeps nothing for them.
            let ends = pbx && matches!(message.method(), Some("ACK" | "CANCEL"));
            let refusal = Refusal::of(&message, body.len()).or_else(|| {
                (!named && !ends).then(|| match pbx {
                    true => Refusal::of_unnamed(&message),
                    false => Refusal::of_stranger(&message),
                })
            });
            if let Some(refusal) = refusal {
                if !named && !lock(&self.sources).answer(now, source.ip(), pbx) {
                    return Verdict::Drop(Drop::Stranger);
                }
                return refused(&refusal, &message, source);
            }
        }
        let utf8 = matches!(text, Cow::Borrowed(_));
        let passed = match mended(&message, utf8 && ended, body.len()) {
            Some(mut mended) => {
                mended.extend_from_slice(body);
                Cow::Owned(mended)
            }
            None => Cow::Borrowed(datagram),
        };
        if is_readable(&passed) {
            Verdict::Pass(passed)
        } else if message.is_response() {
            Verdict::Drop(Drop::Malformed)
        } else {
            // The stack would lose it without a word.
            refused(&"400 Bad Request".into(), &message, source)
        }
    }

    /// Whether the response comes from where its request went, and a line is
    /// registered there: nobody else gets an answer to a challenge. Somebody
    /// who called us, and whom we hang up on, is not yet a server of ours.
    fn is_asked(&self, message: &Message<'_>, source: SocketAddr) -> bool {
        let branch = message.vias().next().and_then(mark::branch);
        branch.is_some_and(|branch| mark::is_marked(branch, source.ip()))
            && self.known.peers.contains(source.ip())
    }
}

/// Counts what went no further.
pub(crate) fn count(reason: &'static str) {
    metrics::counter!("telefonistka_sip_datagrams_dropped_total", "reason" => reason).increment(1);
}

fn refused(refusal: &Refusal, message: &Message<'_>, source: SocketAddr) -> Verdict<'static> {
    refusal
        .answer(message, source)
        .map_or(Verdict::Drop(Drop::Malformed), Verdict::Answer)
}

/// Head and body, and whether an empty line stood between them: a datagram
/// without one ends where its head does.
fn split(datagram: &[u8]) -> (&[u8], &[u8], bool) {
    match find(datagram, b"\r\n\r\n") {
        Some(end) => (&datagram[..end], &datagram[end + 4..], true),
        None => (datagram, &[], false),
    }
}

/// Whether a response can be one to us: with a status, a whole body, and with
/// the one Via that we wrote (RFC 3261, sections 8.1.3.3 and 18.3).
fn is_sound(message: &Message<'_>, body: usize) -> bool {
    let length = message.length();
    let once = |name, short| message.values(name, short).count() == 1;
    message.status().is_some()
        && message.sequence().is_some()
        && length.is_ok_and(|length| length.is_none_or(|length| length <= body))
        && once("from", "f")
        && once("to", "t")
        && once("call-id", "i")
        && message.vias().count() == 1
}

/// Whether the stack reads the message and finds a transaction for it.
fn is_readable(message: &[u8]) -> bool {
    let key = match SipMessage::try_from(message) {
        Ok(SipMessage::Request(request)) => {
            TransactionKey::from_request(&request, TransactionRole::Server)
        }
        Ok(SipMessage::Response(response)) => {
            TransactionKey::from_response(&response, TransactionRole::Client)
        }
        Err(_) => return false,
    };
    key.is_ok()
}

#[cfg(test)]
#[path = "border_tests.rs"]
mod tests;
