//! A message's head as it stands in a datagram (RFC 3261, section 7), read
//! without believing any of it.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::digest::split_outside_quotes;
use crate::identity::percent_decode;
use crate::wire;

/// Most header lines of a message.
const LINES_MAX: usize = 256;

/// Headers that a message needs for its response to find the way back; the
/// long name and the short one (RFC 3261, section 7.3.3).
pub(crate) const NEEDED: [(&str, &str); 5] = [
    ("via", "v"),
    ("from", "f"),
    ("to", "t"),
    ("call-id", "i"),
    ("cseq", "cseq"),
];

/// A first line and its headers, unfolded.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    pub(crate) first: &'a str,
    pub(crate) headers: Vec<(&'a str, Cow<'a, str>)>,
}

/// A request's first line (RFC 3261, section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestLine<'a> {
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) version: &'a str,
}

impl<'a> Message<'a> {
    /// None where it is no message at all, or one that nobody could be answered by.
    pub(crate) fn read(head: &'a str) -> Option<Self> {
        if head.bytes().filter(|b| *b == b'\n').count() > LINES_MAX {
            return None;
        }
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
        let way_back = message
            .value("via", "v")
            .is_some_and(|via| !via.trim().is_empty());
        way_back.then_some(message)
    }

    /// Values of a header by its two names, in their order.
    pub(crate) fn values<'m>(
        &'m self,
        name: &'m str,
        short: &'m str,
    ) -> impl Iterator<Item = &'m str> {
        self.headers
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name) || n.eq_ignore_ascii_case(short))
            .map(|(_, value)| value.as_ref())
    }

    /// The first value of a header.
    pub(crate) fn value<'m>(&'m self, name: &'m str, short: &'m str) -> Option<&'m str> {
        self.values(name, short).next()
    }

    pub(crate) fn is_response(&self) -> bool {
        self.first
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("SIP/"))
    }

    /// The three words of a request's first line; None where they are not three.
    pub(crate) fn request_line(&self) -> Option<RequestLine<'a>> {
        let mut words = self.first.split(' ');
        let line = RequestLine {
            method: words.next()?,
            uri: words.next()?,
            version: words.next()?,
        };
        (words.next().is_none() && !line.uri.is_empty()).then_some(line)
    }

    /// A request's method, where its first line is sound.
    pub(crate) fn method(&self) -> Option<&'a str> {
        self.request_line().map(|line| line.method)
    }

    /// A response's status, where its first line is sound (RFC 3261, section 7.2).
    pub(crate) fn status(&self) -> Option<u16> {
        let (version, rest) = self.first.split_once(' ')?;
        let code = rest.split(' ').next()?;
        let digits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
        let code = code.parse().ok().filter(|code| (100..700).contains(code))?;
        (version.eq_ignore_ascii_case("SIP/2.0") && digits).then_some(code)
    }

    /// The number and the method of CSeq; None where either can't be.
    pub(crate) fn sequence(&self) -> Option<(u32, &str)> {
        let value = self.value("cseq", "cseq")?;
        let (number, method) = value.split_once(char::is_whitespace)?;
        // RFC 3261, section 8.1.1.5: below 2³¹.
        let number = number.parse().ok().filter(|number| *number < 1 << 31)?;
        let digits = value.starts_with(|c: char| c.is_ascii_digit());
        digits.then_some((number, method.trim()))
    }

    /// Bytes of the body that the message claims; `Err` where what it claims can't be.
    pub(crate) fn length(&self) -> Result<Option<usize>, ()> {
        let mut claimed = None;
        for value in self.values("content-length", "l") {
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let length: usize = value.parse().map_err(|_| ())?;
            if !digits || claimed.is_some_and(|other| other != length) {
                return Err(());
            }
            claimed = Some(length);
        }
        Ok(claimed)
    }

    /// The user part of a request's URI, its escapes undone.
    pub(crate) fn user(&self) -> Option<String> {
        let uri = Uri::read(self.request_line()?.uri)?;
        uri.user.map(percent_decode)
    }

    /// The dialog that a request names: Call-ID and our tag.
    pub(crate) fn dialog(&self) -> Option<(String, String)> {
        let tag = wire::tag(self.value("to", "t")?)?;
        Some((self.value("call-id", "i")?.to_owned(), tag.to_owned()))
    }

    /// Vias in their order, one a value.
    pub(crate) fn vias(&self) -> impl Iterator<Item = &str> {
        self.values("via", "v").flat_map(split_outside_quotes)
    }
}

/// A SIP URI (RFC 3261, section 19.1), as far as it matters where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uri<'a> {
    /// Without a password.
    pub(crate) user: Option<&'a str>,
    pub(crate) host: &'a str,
    /// `?` and what follows it.
    pub(crate) headers: Option<&'a str>,
}

impl<'a> Uri<'a> {
    /// None where the scheme is neither `sip` nor `sips`.
    pub(crate) fn read(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.split_once(':')?;
        if !scheme.eq_ignore_ascii_case("sip") && !scheme.eq_ignore_ascii_case("sips") {
            return None;
        }
        // A user part may hold anything that follows an address but `@`.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let user = user.map(|user| user.split(':').next().unwrap_or(user));
        let (rest, headers) = match rest.split_once('?') {
            Some((rest, headers)) => (rest, Some(headers)),
            None => (rest, None),
        };
        let host = rest.split(';').next().unwrap_or(rest);
        Some(Self {
            user,
            host,
            headers,
        })
    }

    /// Whether the host is one, its port included: a name, an IPv4 address or
    /// an IPv6 address in brackets.
    pub(crate) fn host_fits(&self) -> bool {
        let port_fits = |port: &str| port.parse::<u16>().is_ok();
        if let Some(rest) = self.host.strip_prefix('[') {
            let Some((address, port)) = rest.split_once(']') else {
                return false;
            };
            let port = match port {
                "" => true,
                port => port.strip_prefix(':').is_some_and(port_fits),
            };
            // RFC 5118, section 4.10: the grammar of RFC 3261 led to a colon too many.
            let address = address.replacen(":::", "::", 1);
            return port && address.parse::<Ipv6Addr>().is_ok();
        }
        let (name, port) = match self.host.split_once(':') {
            Some((name, port)) => (name, port_fits(port)),
            None => (self.host, true),
        };
        let letters = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        port && letters && !name.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Uri;

    #[test]
    fn a_user_part_may_hold_what_else_ends_it() {
        let uri = Uri::read("sip:a;b=c?d:secret@h:5060;lr?x=y").expect("a URI");
        assert_eq!(
            (uri.user, uri.host, uri.headers),
            (Some("a;b=c?d"), "h:5060", Some("x=y"))
        );
        assert_eq!(Uri::read("tel:+7"), None);
    }

    #[test]
    fn a_host_is_told_from_what_is_none() {
        for (host, fits) in [
            ("pbx.example.com", true),
            ("192.0.2.1:5060", true),
            ("[2001:db8::10]", true),
            ("[2001:db8::10]:5070", true),
            ("[2001:db8:::192.0.2.1]", true),
            ("2001:db8::10", false),
            ("[2001:db8::10", false),
            ("[2001:db8::10]5070", false),
            ("[x]", false),
            ("h:", false),
            ("h:99999", false),
            ("", false),
            ("a<b", false),
        ] {
            let text = format!("sip:u@{host}");
            let uri = Uri::read(&text).expect("a URI");
            assert_eq!(uri.host_fits(), fits, "{host}");
        }
    }
}
