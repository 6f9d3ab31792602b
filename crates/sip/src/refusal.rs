//! Requests that can't be served as they are, or are for nobody in particular,
//! and the responses to them. They are made without a transaction (RFC 3261, section 8.2.7), so that a wrong
//! request leaves nothing behind.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;

use rsipstack::sip::Method;

use crate::message::{Message, NEEDED, RequestLine, Uri};
use crate::wire;

/// Extensions that a request may require.
const EXTENSIONS: [&str; 2] = ["timer", "100rel"];
/// Headers of which a request has one (RFC 3261, section 20).
const SINGLE: [(&str, &str); 5] = [
    ("from", "f"),
    ("to", "t"),
    ("call-id", "i"),
    ("cseq", "cseq"),
    ("max-forwards", "max-forwards"),
];

/// Why a request is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Code and phrase.
    status: &'static str,
    /// What the response has to say besides.
    header: Option<(&'static str, String)>,
}

impl From<&'static str> for Refusal {
    fn from(status: &'static str) -> Self {
        Self {
            status,
            header: None,
        }
    }
}

const BAD: &str = "400 Bad Request";

impl Refusal {
    /// The refusal of a request that is wrong, in the order of RFC 3261,
    /// section 8.2; `body` is the number of bytes behind its head.
    pub(crate) fn of(message: &Message<'_>, body: usize) -> Option<Self> {
        let Some(line) = message.request_line() else {
            return Some(BAD.into());
        };
        if !line.version.eq_ignore_ascii_case("SIP/2.0") {
            let other = line.version.starts_with("SIP/");
            return Some(
                if other {
                    "505 Version Not Supported"
                } else {
                    BAD
                }
                .into(),
            );
        }
        if !is_known(line.method) {
            let token = line.method.bytes().all(is_token) && !line.method.is_empty();
            return Some(if token { "501 Not Implemented" } else { BAD }.into());
        }
        let uri = uri_refusal(line.uri);
        let length = message.length();
        let whole = is_whole(message, &line)
            && length.is_ok_and(|length| length.is_none_or(|length| length <= body));
        if let Some(status) = uri.or((!whole).then_some(BAD)) {
            return Some(status.into());
        }
        if is_unserved(line.method) && message.dialog().is_none() {
            return Some(Self {
                status: "405 Method Not Allowed",
                header: Some(("Allow", wire::ALLOW.to_owned())),
            });
        }
        // Whoever says goodbye is gone, whatever else was wanted.
        if !matches!(line.method, "ACK" | "CANCEL" | "BYE") {
            let unknown = unknown_extensions(message);
            if !unknown.is_empty() {
                return Some(Self {
                    status: "420 Bad Extension",
                    header: Some(("Unsupported", unknown.join(", "))),
                });
            }
        }
        let length = length.ok().flatten().unwrap_or(body);
        (line.method == "INVITE")
            .then(|| description_refusal(message, length > 0))
            .flatten()
    }

    /// What a PBX hears whose request is for nobody in particular: that the
    /// service is there, where it asks for that or tells it something.
    pub(crate) fn of_unnamed(message: &Message<'_>) -> Self {
        let service = matches!(message.method(), Some("OPTIONS" | "NOTIFY"))
            && message.user().is_none()
            && message.dialog().is_none();
        if service {
            Self {
                status: "200 OK",
                header: Some(("Allow", wire::ALLOW.to_owned())),
            }
        } else {
            Self::of_stranger(message)
        }
    }

    /// What somebody hears who asks for nobody that is here.
    pub(crate) fn of_stranger(message: &Message<'_>) -> Self {
        let inside = matches!(
            message.method(),
            Some("BYE" | "CANCEL" | "INFO" | "PRACK" | "UPDATE")
        );
        if inside || message.dialog().is_some() {
            "481 Call/Transaction Does Not Exist".into()
        } else {
            "404 Not Found".into()
        }
    }

    /// The response, for whom the request came from; None for an ACK, which
    /// never gets one.
    pub(crate) fn answer(&self, message: &Message<'_>, source: SocketAddr) -> Option<Vec<u8>> {
        if message.first.starts_with("ACK ") {
            return None;
        }
        let mut text = format!("SIP/2.0 {}\r\n", self.status);
        let mut seen = [false; NEEDED.len()];
        for (name, value) in &message.headers {
            let Some(at) = NEEDED
                .iter()
                .position(|(n, s)| name.eq_ignore_ascii_case(n) || name.eq_ignore_ascii_case(s))
            else {
                continue;
            };
            let first = !std::mem::replace(&mut seen[at], true);
            match NEEDED[at].0 {
                "via" if first => text.extend([name, ": ", &with_source(value, source)]),
                "via" => text.extend([name, ": ", value]),
                "to" if first => text.extend([name, ": ", &with_tag(value, message)]),
                _ if first => text.extend([name, ": ", value]),
                _ => continue,
            }
            text.push_str("\r\n");
        }
        if let Some((name, value)) = &self.header {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text.push_str("Content-Length: 0\r\n\r\n");
        Some(text.into_bytes())
    }
}

/// Whether the stack knows the method; methods are case-sensitive.
fn is_known(method: &str) -> bool {
    Method::try_from(method).is_ok_and(|known| known.to_string() == method)
}

fn is_unserved(method: &str) -> bool {
    matches!(
        method,
        "MESSAGE" | "PUBLISH" | "REFER" | "REGISTER" | "SUBSCRIBE"
    )
}

/// RFC 3261, section 25.1.
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

fn uri_refusal(uri: &str) -> Option<&'static str> {
    let Some((scheme, _)) = uri.split_once(':') else {
        return Some(BAD);
    };
    if scheme.eq_ignore_ascii_case("tel") {
        return None;
    }
    let Some(uri) = Uri::read(uri) else {
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        return Some(if named {
            "416 Unsupported URI Scheme"
        } else {
            BAD
        });
    };
    // Headers don't belong in a Request-URI (RFC 3261, section 19.1.1).
    (!uri.host_fits() || uri.headers.is_some()).then_some(BAD)
}

/// Whether what must be there once is, and says what it can.
fn is_whole(message: &Message<'_>, line: &RequestLine<'_>) -> bool {
    let needed = NEEDED
        .iter()
        .all(|(name, short)| message.value(name, short).is_some_and(|v| !v.is_empty()));
    let once = SINGLE
        .iter()
        .all(|(name, short)| message.values(name, short).nth(1).is_none());
    let sequence = message
        .sequence()
        .is_some_and(|(_, method)| method == line.method);
    let vias = message.vias().all(|via| {
        let host = via.split(';').next().unwrap_or(via);
        !host.trim().is_empty()
    });
    // Without brackets a question mark would end the address or belong to it.
    let contacts = message.values("contact", "m").all(|contact| {
        contact.contains('<') || Uri::read(contact).is_none_or(|uri| uri.headers.is_none())
    });
    needed && once && sequence && vias && contacts
}

fn unknown_extensions<'m>(message: &'m Message<'_>) -> Vec<&'m str> {
    message
        .values("require", "require")
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|word| !word.is_empty() && !EXTENSIONS.contains(word))
        .collect()
}

/// An invitation describes its sound, and takes a description, as SDP
/// (RFC 3261, sections 8.2.3 and 21.4.7).
fn description_refusal(message: &Message<'_>, body: bool) -> Option<Refusal> {
    let kind = |value: &str| {
        let kind = value.split(';').next().unwrap_or(value);
        kind.trim().to_ascii_lowercase()
    };
    let described = message
        .value("content-type", "c")
        .is_none_or(|value| kind(value) == "application/sdp");
    if body && !described {
        return Some(Refusal {
            status: "415 Unsupported Media Type",
            header: Some(("Accept", "application/sdp".to_owned())),
        });
    }
    let coded = message
        .values("content-encoding", "e")
        .any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    if body && coded {
        return Some(Refusal {
            status: "415 Unsupported Media Type",
            header: Some(("Accept-Encoding", "identity".to_owned())),
        });
    }
    let mut wanted = message
        .values("accept", "accept")
        .flat_map(|value| value.split(','))
        .map(kind)
        .filter(|kind| !kind.is_empty())
        .peekable();
    let any = wanted.peek().is_none()
        || wanted.any(|kind| matches!(kind.as_str(), "application/sdp" | "application/*" | "*/*"));
    (!any).then(|| "406 Not Acceptable".into())
}

/// Whoever asked for it hears where the request came from (RFC 3581, section 4).
fn with_source(via: &str, source: SocketAddr) -> String {
    let (top, rest) = via.split_at(via.find(',').unwrap_or(via.len()));
    let asked = |parameter: &str| parameter.trim().eq_ignore_ascii_case("rport");
    if !top.split(';').any(asked) {
        return via.to_owned();
    }
    let mut text: Vec<_> = top
        .split(';')
        .filter(|p| !asked(p))
        .map(str::to_owned)
        .collect();
    text.push(format!("rport={}", source.port()));
    text.push(format!("received={}", source.ip().to_canonical()));
    text.join(";") + rest
}

/// A response names our side of the dialog that never came to be; the same
/// request gets the same tag (RFC 3261, section 8.2.7).
fn with_tag(to: &str, message: &Message<'_>) -> String {
    if wire::tag(to).is_some() {
        return to.to_owned();
    }
    let mut hasher = DefaultHasher::new();
    message.value("call-id", "i").hash(&mut hasher);
    message.value("from", "f").hash(&mut hasher);
    format!("{to};tag={:016x}", hasher.finish())
}
