//! The messages of lines' last calls and registrations, for their companies
//! to look at. They stand in memory alone, bounded, their secrets masked when
//! they are taken. What belongs to no line is not kept at all.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use model::id::LineId;
use rsipstack::sip::{Method, SipMessage};

use crate::known::Known;
use crate::message::Message;
use crate::socket::lock;
use crate::wire;

mod dialog;
mod mask;

use dialog::{Dialog, headers, is_registration, label};

/// Calls of a line that are kept, and registrations: these come by themselves
/// every minute or two, and must not push the calls out.
const CALLS_MAX: usize = 20;
const REGISTRATIONS_MAX: usize = 10;
/// Messages of one of them; a call that goes on repeats itself.
const MESSAGES_MAX: usize = 200;
/// Longest text of a message: more than a datagram usually brings.
const TEXT_MAX: usize = 8 * 1024;
/// Mended messages that wait for the stack to read them: it does so at once.
const MENDED_MAX: usize = 32;
/// Bytes of all texts together: what 1,000 lines' registrations take.
const BYTES_MAX: usize = 32 * 1024 * 1024;
/// A REGISTER so long after the last message begins another registration.
const ROUND: Duration = Duration::from_secs(5);

/// What a dialog was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceSubject {
    /// The line registered, or stayed registered.
    Registration,
    /// The PBX called the line.
    Incoming,
    /// The line called somebody through the PBX.
    Placed,
}

/// A call or registration whose messages are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceHead {
    /// Its number, the same for as long as the program runs.
    pub id: u64,
    /// What it was about.
    pub subject: TraceSubject,
    /// When its first message went.
    pub begun_at: SystemTime,
    /// The other side's number as the PBX spelt it; none for a registration.
    pub party: Option<String>,
    /// Status and words of the last final response to what began it.
    pub outcome: Option<String>,
    /// How many messages there were, those that are not kept included.
    pub messages: usize,
}

/// A message as it went over the wire, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceMessage {
    /// When.
    pub at: SystemTime,
    /// This side sent it.
    pub outgoing: bool,
    /// Method, or status and words: the ladder's rung.
    pub label: String,
    /// The whole of it.
    pub text: String,
}

/// The traces of all lines; cheap to clone.
#[derive(Clone, Default)]
pub struct Traces {
    known: Known,
    book: Arc<Mutex<Book>>,
    /// Messages as they came that were mended on their way to the stack, until
    /// they come out of it: what they are known by, and their texts.
    mended: Arc<Mutex<VecDeque<(String, String)>>>,
}

#[derive(Default)]
struct Book {
    last: u64,
    dialogs: BTreeMap<u64, Dialog>,
    /// The dialog that messages of a Call-ID go to.
    calls: HashMap<String, u64>,
    lines: HashMap<LineId, VecDeque<u64>>,
    bytes: usize,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

impl Traces {
    /// Of the lines that are known.
    pub(crate) fn new(known: Known) -> Self {
        Self {
            known,
            book: Arc::default(),
            mended: Arc::default(),
        }
    }

    /// What is kept of a line, the newest first.
    pub fn of_line(&self, line: LineId) -> Vec<TraceHead> {
        let book = lock(&self.book);
        let ids = book.lines.get(&line).into_iter().flatten().rev();
        ids.filter_map(|id| Some(book.dialogs.get(id)?.head.clone()))
            .collect()
    }

    /// The messages of one of the line's, in their order; empty once it is forgotten.
    pub fn messages(&self, line: LineId, id: u64) -> Vec<TraceMessage> {
        let book = lock(&self.book);
        let dialog = book.dialogs.get(&id).filter(|dialog| dialog.line == line);
        dialog.map_or_else(Vec::new, |dialog| dialog.messages.clone())
    }

    /// Takes a message that went, where it belongs to a line.
    pub(crate) fn take(&self, message: &SipMessage, outgoing: bool) {
        let line_of = |user: &str| lock(&self.known.contacts).get(user).copied();
        let came = (!outgoing).then(|| self.as_it_came(message)).flatten();
        let text = came.unwrap_or_else(|| message.to_string());
        lock(&self.book).take(SystemTime::now(), message, &text, outgoing, line_of);
    }

    /// Keeps a PBX's message as it came, which the stack is given mended.
    pub(crate) fn take_mended(&self, from: IpAddr, came: &[u8], mended: &[u8]) {
        if !self.known.peers.contains(from) {
            return;
        }
        let name = SipMessage::try_from(mended)
            .ok()
            .and_then(|message| name(&message));
        if let Some(name) = name {
            let mut waiting = lock(&self.mended);
            if waiting.len() == MENDED_MAX {
                waiting.pop_front();
            }
            waiting.push_back((name, String::from_utf8_lossy(came).into_owned()));
        }
    }

    fn as_it_came(&self, message: &SipMessage) -> Option<String> {
        let mut waiting = lock(&self.mended);
        if waiting.is_empty() {
            return None;
        }
        let name = name(message)?;
        let at = waiting.iter().position(|(known, _)| *known == name)?;
        waiting.remove(at).map(|(_, text)| text)
    }

    /// Takes a request that went no further than the border, as it came, and
    /// the answer to it, where a PBX sent it to one of its lines. The line and
    /// who called it, where it is a call.
    pub(crate) fn take_refused(
        &self,
        from: IpAddr,
        request: &[u8],
        answer: &[u8],
    ) -> Option<(LineId, Option<String>)> {
        if !self.known.peers.contains(from) {
            return None;
        }
        let (text, answer) = (
            String::from_utf8_lossy(request),
            String::from_utf8_lossy(answer),
        );
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let message = Message::read(head)?;
        let line = lock(&self.known.contacts).get(&message.user()?).copied()?;
        lock(&self.book).take_refused(SystemTime::now(), line, &message, &text, &answer);
        let calls = message.request_line()?.method == "INVITE" && message.dialog().is_none();
        calls.then(|| (line, party(&message)))
    }
}

impl Book {
    fn take(
        &mut self,
        now: SystemTime,
        message: &SipMessage,
        text: &str,
        outgoing: bool,
        line_of: impl Fn(&str) -> Option<LineId>,
    ) {
        let headers = headers(message);
        let Some(call_id) = wire::values(headers, "call-id").next() else {
            return;
        };
        let known = self.calls.get(call_id).copied();
        let id = match known.filter(|id| !self.is_another_round(now, *id, message)) {
            Some(id) => id,
            None => match self.begin(now, message, outgoing, line_of) {
                Some(id) => id,
                None => return,
            },
        };
        let Some(dialog) = self.dialogs.get_mut(&id) else {
            return;
        };
        if dialog.leaves_out(message) {
            return;
        }
        let label = label(message);
        if dialog.answers(message) {
            dialog.head.outcome = Some(label.clone());
        }
        self.bytes += dialog.keep(now, outgoing, label, text);
        self.make_room();
    }

    fn take_refused(
        &mut self,
        now: SystemTime,
        line: LineId,
        message: &Message<'_>,
        text: &str,
        answer: &str,
    ) {
        let Some(method) = message.request_line().map(|line| line.method) else {
            return;
        };
        let call_id = message.value("call-id", "i").unwrap_or_default();
        let known = self.calls.get(call_id).copied();
        let of_line = |id: &u64| self.dialogs.get(id).is_some_and(|d| d.line == line);
        let id = match known.filter(of_line) {
            Some(id) => id,
            None if method == "INVITE" => {
                let party = party(message);
                let call_id = call_id.to_owned();
                self.open(
                    now,
                    line,
                    call_id,
                    TraceSubject::Incoming,
                    party,
                    Method::Invite,
                )
            }
            None => return,
        };
        let Some(dialog) = self.dialogs.get_mut(&id) else {
            return;
        };
        let status = answer.lines().next().unwrap_or_default();
        let status = status.split_once(' ').map_or("", |(_, status)| status);
        if method == dialog.method.to_string() {
            dialog.head.outcome = Some(status.to_owned());
        }
        self.bytes += dialog.keep(now, false, method.to_owned(), text);
        self.bytes += dialog.keep(now, true, status.to_owned(), answer);
        self.make_room();
    }

    fn make_room(&mut self) {
        while self.bytes > BYTES_MAX {
            let Some(oldest) = self.dialogs.keys().next().copied() else {
                return;
            };
            self.forget(oldest);
        }
    }

    fn is_another_round(&self, now: SystemTime, id: u64, message: &SipMessage) -> bool {
        let since = self
            .dialogs
            .get(&id)
            .and_then(|dialog| now.duration_since(dialog.last_at).ok());
        is_registration(message) && since.is_some_and(|since| since >= ROUND)
    }

    /// A dialog that this message begins; none where it is no line's.
    fn begin(
        &mut self,
        now: SystemTime,
        message: &SipMessage,
        outgoing: bool,
        line_of: impl Fn(&str) -> Option<LineId>,
    ) -> Option<u64> {
        let SipMessage::Request(request) = message else {
            return None;
        };
        let value = |name| wire::values(&request.headers, name).next();
        let named = |name| value(name).and_then(user_of);
        let (subject, token, party) = match (&request.method, outgoing) {
            (Method::Register, true) => (TraceSubject::Registration, named("contact"), None),
            (Method::Invite, true) => (TraceSubject::Placed, named("contact"), named("to")),
            (Method::Invite, false) => (
                TraceSubject::Incoming,
                request.uri.auth.as_ref().map(|auth| auth.user.clone()),
                named("p-asserted-identity").or_else(|| named("from")),
            ),
            _ => return None,
        };
        let line = line_of(&token?)?;
        let call_id = value("call-id")?.to_owned();
        Some(self.open(now, line, call_id, subject, party, request.method))
    }

    /// Enters a dialog; the oldest of its kind leaves where there are too many.
    fn open(
        &mut self,
        now: SystemTime,
        line: LineId,
        call_id: String,
        subject: TraceSubject,
        party: Option<String>,
        method: Method,
    ) -> u64 {
        self.last += 1;
        let id = self.last;
        self.calls.insert(call_id.clone(), id);
        self.dialogs.insert(
            id,
            Dialog {
                line,
                call_id,
                head: TraceHead {
                    id,
                    subject,
                    begun_at: now,
                    party,
                    outcome: None,
                    messages: 0,
                },
                method,
                messages: Vec::new(),
                last_at: now,
                left_out: None,
            },
        );
        let of_line = self.lines.entry(line).or_default();
        of_line.push_back(id);
        let registration = |id: &u64| {
            self.dialogs
                .get(id)
                .is_some_and(|dialog| dialog.head.subject == TraceSubject::Registration)
        };
        let alike = |other: &&u64| registration(other) == registration(&id);
        let most = match registration(&id) {
            true => REGISTRATIONS_MAX,
            false => CALLS_MAX,
        };
        if of_line.iter().filter(alike).count() > most
            && let Some(oldest) = of_line.iter().find(alike).copied()
        {
            self.forget(oldest);
        }
        id
    }

    fn forget(&mut self, id: u64) {
        let Some(dialog) = self.dialogs.remove(&id) else {
            return;
        };
        self.bytes -= dialog.messages.iter().map(|m| m.text.len()).sum::<usize>();
        if self.calls.get(&dialog.call_id) == Some(&id) {
            self.calls.remove(&dialog.call_id);
        }
        if let Some(of_line) = self.lines.get_mut(&dialog.line) {
            of_line.retain(|other| *other != id);
            if of_line.is_empty() {
                self.lines.remove(&dialog.line);
            }
        }
    }
}

/// What tells a message from others: what it is, of which call, by which number.
fn name(message: &SipMessage) -> Option<String> {
    let value = |name| wire::values(headers(message), name).next();
    let (call, number) = (value("call-id")?, value("cseq")?);
    Some(format!("{} {call} {number}", label(message)))
}

/// Who calls.
fn party(message: &Message<'_>) -> Option<String> {
    let named = |name, short| message.value(name, short).and_then(user_of);
    named("p-asserted-identity", "p-asserted-identity").or_else(|| named("from", "f"))
}

/// The user part of an address.
fn user_of(value: &str) -> Option<String> {
    Some(wire::parse_uri(value)?.auth?.user)
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
