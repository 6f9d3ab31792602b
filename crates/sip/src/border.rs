//! What a datagram has to be before the SIP stack sees it. The stack loses
//! bodies and headers of messages that are wrong in small ways, so these are
//! mended here; what can't be is dropped, and counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Largest datagram that the stack has room for.
pub(crate) const DATAGRAM_MAX: usize = 8192;
/// Most header lines of a message.
const LINES_MAX: usize = 256;

/// Why a datagram goes no further; the label of its counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Drop {
    TooLarge,
    Malformed,
    TooMany,
}

impl Drop {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::TooMany => "too_many",
        }
    }
}

/// What becomes of a datagram.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// It goes on, as it came or mended.
    Pass(Cow<'a, [u8]>),
    /// It is answered from here and goes no further.
    Answer(Vec<u8>),
    /// It vanishes.
    Drop(Drop),
}

/// Judges one datagram.
pub(crate) fn inspect(datagram: &[u8]) -> Verdict<'_> {
    if datagram.len() > DATAGRAM_MAX {
        return Verdict::Drop(Drop::TooLarge);
    }
    // Keep-alives (RFC 5626) are the stack's.
    if datagram.iter().all(u8::is_ascii_whitespace) {
        return Verdict::Pass(Cow::Borrowed(datagram));
    }
    let Some(end) = find(datagram, b"\r\n\r\n") else {
        return Verdict::Drop(Drop::Malformed);
    };
    let (head, body) = (&datagram[..end], &datagram[end + 4..]);
    let text = String::from_utf8_lossy(head);
    if text.bytes().filter(|b| *b == b'\n').count() > LINES_MAX {
        return Verdict::Drop(Drop::Malformed);
    }
    let Some(message) = Message::read(&text) else {
        return Verdict::Drop(Drop::Malformed);
    };
    if let Some(status) = message.refusal(body.len()) {
        return message
            .answer(status)
            .map_or(Verdict::Drop(Drop::Malformed), Verdict::Answer);
    }
    let utf8 = matches!(text, Cow::Borrowed(_));
    match message.mended(utf8, body.len()) {
        Some(mut mended) => {
            mended.extend_from_slice(body);
            Verdict::Pass(Cow::Owned(mended))
        }
        None => Verdict::Pass(Cow::Borrowed(datagram)),
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// A message's head: its first line and its headers, unfolded.
struct Message<'a> {
    first: &'a str,
    headers: Vec<(&'a str, Cow<'a, str>)>,
}

/// Headers that a message needs for its response to find the way back.
const NEEDED: [(&str, &str); 5] = [
    ("via", "v"),
    ("from", "f"),
    ("to", "t"),
    ("call-id", "i"),
    ("cseq", "cseq"),
];

impl<'a> Message<'a> {
    fn read(head: &'a str) -> Option<Self> {
        let mut lines = head
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line));
        let first = lines.next()?;
        let mut headers: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for line in lines {
            if line.starts_with([' ', '\t']) {
                let (_, value) = headers.last_mut()?;
                let value = value.to_mut();
                value.push(' ');
                value.push_str(line.trim());
            } else if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim(), Cow::Borrowed(value.trim())));
            }
        }
        let message = Self { first, headers };
        NEEDED
            .iter()
            .all(|(name, short)| message.values(name, short).next().is_some())
            .then_some(message)
    }

    fn values(&self, name: &'a str, short: &'a str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name) || n.eq_ignore_ascii_case(short))
            .map(|(_, value)| value.as_ref())
    }

    fn is_response(&self) -> bool {
        self.first.starts_with("SIP/")
    }

    /// The status of a request that can't be served as it is.
    fn refusal(&self, body: usize) -> Option<&'static str> {
        if self.is_response() {
            return None;
        }
        let mut words = self.first.split(' ');
        let (method, uri, version) = (words.next(), words.next(), words.next());
        let (Some(method), Some(uri), Some(version), None) = (method, uri, version, words.next())
        else {
            return Some("400 Bad Request");
        };
        if version != "SIP/2.0" {
            return Some(if version.starts_with("SIP/") {
                "505 Version Not Supported"
            } else {
                "400 Bad Request"
            });
        }
        if rsipstack::sip::Method::try_from(method).is_err() {
            return Some("501 Not Implemented");
        }
        if !["sip:", "sips:", "tel:"].iter().any(|s| {
            uri.get(..s.len())
                .is_some_and(|u| u.eq_ignore_ascii_case(s))
        }) {
            return Some(if uri.contains(':') && !uri.contains('<') {
                "416 Unsupported URI Scheme"
            } else {
                "400 Bad Request"
            });
        }
        let cseq = self.values("cseq", "cseq").next().unwrap_or_default();
        let (number, of) = cseq.split_once(char::is_whitespace).unwrap_or_default();
        let sequence_fits = number.parse::<u32>().is_ok_and(|n| n < 1 << 31) && of.trim() == method;
        let length_fits = self
            .values("content-length", "l")
            .all(|value| value.parse::<usize>().is_ok_and(|length| length <= body));
        (!sequence_fits || !length_fits).then_some("400 Bad Request")
    }

    /// A response made without the stack. An ACK never gets one.
    fn answer(&self, status: &str) -> Option<Vec<u8>> {
        if self.first.starts_with("ACK ") {
            return None;
        }
        let mut text = format!("SIP/2.0 {status}\r\n");
        for (name, value) in &self.headers {
            let needed = NEEDED
                .iter()
                .any(|(n, s)| name.eq_ignore_ascii_case(n) || name.eq_ignore_ascii_case(s));
            if needed {
                text.extend([name, ": ", value, "\r\n"]);
            }
        }
        text.push_str("Content-Length: 0\r\n\r\n");
        Some(text.into_bytes())
    }

    /// The head written anew where the stack would stumble over it, its empty
    /// line included.
    fn mended(&self, utf8: bool, body: usize) -> Option<Vec<u8>> {
        let lengthless = self.values("content-length", "l").next().is_none();
        let quoted = |value: &str| bracket_in_quotes(value).is_some();
        let parties = |name: &str| {
            ["from", "f", "to", "t", "contact", "m"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n))
        };
        let brackets = self
            .headers
            .iter()
            .any(|(name, value)| parties(name) && quoted(value));
        if utf8 && !lengthless && !brackets {
            return None;
        }
        let mut text = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            let mended = bracket_in_quotes(value).filter(|_| parties(name));
            text.extend([name, ": ", mended.as_deref().unwrap_or(value), "\r\n"]);
        }
        if lengthless {
            text.push_str(&format!("Content-Length: {body}\r\n"));
        }
        text.push_str("\r\n");
        Some(text.into_bytes())
    }
}

/// The value with `<` and `>` inside of its quoted strings made round, for
/// the stack looks for the address behind the first one.
fn bracket_in_quotes(value: &str) -> Option<String> {
    let (mut quoted, mut escaped, mut found) = (false, false, false);
    let mended = value
        .chars()
        .map(|c| {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            match c {
                '<' | '>' if quoted => {
                    found = true;
                    if c == '<' { '(' } else { ')' }
                }
                c => c,
            }
        })
        .collect();
    found.then_some(mended)
}

/// Datagrams that a source may send at once.
const BURST: u32 = 400;
/// Datagrams that it may send each second in the long run.
const A_SECOND: u32 = 100;
/// A PBX of ours may have many lines and calls.
const PBX_TIMES: u32 = 50;
/// Sources that are remembered; with more, all begin anew.
const SOURCES_MAX: usize = 50_000;

/// How many datagrams each source sends.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    buckets: HashMap<IpAddr, (f64, Instant)>,
}

impl Sources {
    /// Whether the source may send another one; `pbx` where a line is
    /// registered there.
    pub(crate) fn admit(&mut self, now: Instant, source: IpAddr, pbx: bool) -> bool {
        let times = if pbx { f64::from(PBX_TIMES) } else { 1.0 };
        let (burst, rate) = (f64::from(BURST) * times, f64::from(A_SECOND) * times);
        if self.buckets.len() >= SOURCES_MAX && !self.buckets.contains_key(&source) {
            let idle = Duration::from_secs((BURST / A_SECOND).into());
            self.buckets
                .retain(|_, (_, last)| now.saturating_duration_since(*last) < idle);
            if self.buckets.len() >= SOURCES_MAX {
                self.buckets.clear();
            }
        }
        let (left, last) = self.buckets.entry(source).or_insert((burst, now));
        let passed = now.saturating_duration_since(*last).as_secs_f64();
        *left = (*left + passed * rate).min(burst);
        *last = now;
        let admitted = *left >= 1.0;
        if admitted {
            *left -= 1.0;
        }
        admitted
    }
}

#[cfg(test)]
#[path = "border_tests.rs"]
mod tests;
