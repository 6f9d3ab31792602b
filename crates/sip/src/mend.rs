//! What is wrong in small ways and meant plainly, written so that the stack
//! reads it right: it would lose bodies, headers and addresses otherwise.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::message::Message;
use crate::refusal::is_token;

/// The tag that stands for the one which a caller of RFC 2543 does not have:
/// the stack tells transactions apart by it. It never leaves this side.
pub(crate) const NO_TAG: &str = ";tag=of-rfc-2543";

/// The message's head written anew where the stack would stumble over it, its
/// empty line included; `utf8` tells whether all of its letters could be read.
pub(crate) fn mended(message: &Message<'_>, utf8: bool, body: usize) -> Option<Vec<u8>> {
    let first = first_line(message);
    let lengthless = message.value("content-length", "l").is_none();
    let contactless = contact_of_old(message);
    let mut changed = !utf8 || lengthless || contactless.is_some();
    changed |= matches!(first, Cow::Owned(_));
    let mut text = format!("{first}\r\n");
    for (name, value) in &message.headers {
        let mended = header(message, name, value);
        changed |= matches!(mended, Cow::Owned(_));
        text.extend([name, ": ", &mended, "\r\n"]);
    }
    if let Some(contact) = contactless {
        text.extend(["Contact: <", &contact, ">\r\n"]);
    }
    if lengthless {
        let _ = write!(text, "Content-Length: {body}\r\n");
    }
    text.push_str("\r\n");
    changed.then(|| text.into_bytes())
}

/// What goes out without the tag that came in only for the stack.
pub(crate) fn without_no_tag(datagram: &[u8]) -> Cow<'_, [u8]> {
    let wanted = NO_TAG.as_bytes();
    let Some(mut at) = find(datagram, wanted) else {
        return Cow::Borrowed(datagram);
    };
    let mut rest = datagram;
    let mut text = Vec::with_capacity(datagram.len());
    loop {
        text.extend_from_slice(&rest[..at]);
        rest = &rest[at + wanted.len()..];
        match find(rest, wanted) {
            Some(next) => at = next,
            None => break,
        }
    }
    text.extend_from_slice(rest);
    Cow::Owned(text)
}

pub(crate) fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// The user part may hold `;` and `?` (RFC 3261, section 25.1), at which the
/// stack would end it.
fn first_line<'a>(message: &Message<'a>) -> Cow<'a, str> {
    match message.request_line() {
        Some(line) => match uri(line.uri) {
            Cow::Owned(uri) => Cow::Owned(format!("{} {uri} {}", line.method, line.version)),
            Cow::Borrowed(_) => Cow::Borrowed(message.first),
        },
        None => Cow::Borrowed(message.first),
    }
}

fn uri(uri: &str) -> Cow<'_, str> {
    let (user, host) = match uri.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", uri),
    };
    let host = two_colons(host);
    if !user.contains([';', '?']) && matches!(host, Cow::Borrowed(_)) {
        return Cow::Borrowed(uri);
    }
    let mut text = user.replace(';', "%3B").replace('?', "%3F");
    if uri.contains('@') {
        text.push('@');
    }
    text.push_str(&host);
    Cow::Owned(text)
}

/// The grammar of RFC 3261 led to a colon too many in an IPv6 address
/// (RFC 5118, section 4.10).
fn two_colons(text: &str) -> Cow<'_, str> {
    let address = text.find('[').zip(text.find(']'));
    let colons = address.and_then(|(start, end)| Some(text.get(start..end)?.contains(":::")));
    match colons {
        Some(true) => Cow::Owned(text.replacen(":::", "::", 1)),
        _ => Cow::Borrowed(text),
    }
}

fn header<'v>(message: &Message<'_>, name: &str, value: &'v str) -> Cow<'v, str> {
    let is = |names: &[&str]| names.iter().any(|n| name.eq_ignore_ascii_case(n));
    let mended = if is(&["from", "f"]) {
        let party = party(value, true);
        match crate::wire::tag(&party) {
            None if !message.is_response() => format!("{party}{NO_TAG}"),
            _ => party,
        }
    } else if is(&["to", "t"]) {
        party(value, true)
    } else if is(&["contact", "m"]) {
        party(value, false)
    } else if is(&["via", "v"]) {
        close_up(value, &['/', ';', '=', ','])
    } else if is(&["cseq"]) {
        match message.sequence() {
            Some((number, method)) => format!("{number} {method}"),
            None => return Cow::Borrowed(value),
        }
    } else {
        return Cow::Borrowed(value);
    };
    if mended == value {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(mended)
    }
}

/// RFC 2543 let a caller without Contact be reached at its From.
fn contact_of_old(message: &Message<'_>) -> Option<String> {
    let from = message.value("from", "f")?;
    let old = message.first.starts_with("INVITE ")
        && message.value("contact", "m").is_none()
        && crate::wire::tag(from).is_none();
    let (start, end) = angles(from).unwrap_or((0, from.find(';').unwrap_or(from.len())));
    let address = from.get(start..end)?.trim_start_matches('<');
    old.then(|| address.to_owned())
}

/// Where an address in angle brackets stands, `<` included and `>` not; those
/// in a quoted name are none.
fn angles(value: &str) -> Option<(usize, usize)> {
    let (mut quoted, mut escaped) = (false, false);
    let start = value.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => return Some(at),
            _ => {}
        }
        None
    })?;
    let end = value[start..].find('>')? + start;
    Some((start, end))
}

/// A name and an address (RFC 3261, section 20.10) as the stack reads them:
/// it looks for the first bracket, quoted or not.
fn party(value: &str, single: bool) -> String {
    let balanced = balanced(value);
    let Some((start, end)) = angles(&balanced) else {
        return close_up(&two_colons(&balanced), &[';', '=']);
    };
    let name = balanced[..start].trim();
    let address = uri(balanced[start + 1..end].trim());
    let rest = close_up(&balanced[end + 1..], &[';', '=']);
    let mut text = String::with_capacity(value.len() + 2);
    let plain = name
        .bytes()
        .all(|b| is_token(b) || b.is_ascii_whitespace() || !b.is_ascii());
    if name.starts_with('"') {
        text.extend(name.chars().map(|c| match c {
            '<' => '(',
            '>' => ')',
            c => c,
        }));
    } else if plain || !single {
        text.push_str(name);
    } else {
        // A name with a comma or so in it, but without its quotes.
        text.push('"');
        text.push_str(&name.replace(['"', '\\'], "'"));
        text.push('"');
    }
    // As it came, where a blank stood or none.
    text.push_str(&balanced[..start][balanced[..start].trim_end().len()..]);
    text.extend(["<", &address, ">", &rest]);
    text
}

/// The value with its quotes in pairs: a name that opens one and never closes
/// it, or has one in its midst, ends before the last address.
fn balanced(value: &str) -> Cow<'_, str> {
    let (mut quotes, mut escaped) = (0, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quotes % 2 == 1 => escaped = true,
            '"' => quotes += 1,
            _ => {}
        }
    }
    let end = value.rfind('<').filter(|_| quotes % 2 == 1);
    let Some(end) = end else {
        return Cow::Borrowed(value);
    };
    let name = value[..end].trim();
    let name = name.trim_matches('"').replace(['"', '\\'], "'");
    Cow::Owned(format!("\"{}\" {}", name.trim(), &value[end..]))
}

/// The value without blanks around these marks, and with single ones
/// elsewhere; quoted strings stay.
fn close_up(value: &str, marks: &[char]) -> String {
    let mut text = String::with_capacity(value.len());
    let (mut quoted, mut escaped, mut blank) = (false, false, false);
    for c in value.trim().chars() {
        if !quoted && matches!(c, ' ' | '\t') {
            blank = true;
            continue;
        }
        if blank && !marks.contains(&c) && !text.ends_with(marks) {
            text.push(' ');
        }
        blank = false;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{NO_TAG, close_up, party, uri, without_no_tag};

    #[test]
    fn a_party_is_written_as_the_stack_reads_it() {
        for (value, mended) in [
            ("\"A\" <sip:a@h>;tag=1", "\"A\" <sip:a@h>;tag=1"),
            ("<sip:a@h>;tag=1", "<sip:a@h>;tag=1"),
            ("Анна <sip:a@h>;tag=1", "Анна <sip:a@h>;tag=1"),
            ("caller<sip:a@h>;tag=1", "caller<sip:a@h>;tag=1"),
            ("\"<a> \\\"<\" <sip:a@h>", "\"(a) \\\"(\" <sip:a@h>"),
            ("Bell, A <sip:a@h>;tag=1", "\"Bell, A\" <sip:a@h>;tag=1"),
            ("\"Bell, A <sip:a@h>;tag=1", "\"Bell, A\" <sip:a@h>;tag=1"),
            ("\"OOO \"Bell\" <sip:a@h>", "\"OOO 'Bell\" <sip:a@h>"),
            ("\"A\" < sip:a@h >;tag=1", "\"A\" <sip:a@h>;tag=1"),
            ("sip:a@h ;  tag   =  1", "sip:a@h;tag=1"),
            ("<sip:a;b@h;lr> ; tag = 1", "<sip:a%3Bb@h;lr>;tag=1"),
            ("<sip:a@h", "<sip:a@h"),
            ("", ""),
        ] {
            assert_eq!(party(value, true), mended, "{value}");
        }
        let several = "A, B <sip:a@h>, <sip:b@h>";
        assert_eq!(party(several, false), several);
    }

    #[test]
    fn marks_in_a_user_part_do_not_end_it() {
        assert_eq!(uri("sip:a;b?c=d@h;lr"), "sip:a%3Bb%3Fc=d@h;lr");
        assert_eq!(uri("sip:h;lr?x=y"), "sip:h;lr?x=y");
        assert_eq!(
            uri("sip:[2001:db8:::192.0.2.1]"),
            "sip:[2001:db8::192.0.2.1]"
        );
    }

    #[test]
    fn blanks_go_where_they_mean_nothing() {
        let via = "SIP  /   2.0  /UDP     h ; branch =  z9 , SIP/2.0/TCP i";
        let marks = ['/', ';', '=', ','];
        assert_eq!(
            close_up(via, &marks),
            "SIP/2.0/UDP h;branch=z9,SIP/2.0/TCP i"
        );
        assert_eq!(close_up("\"a ; b\" ; c", &marks), "\"a ; b\";c");
    }

    #[test]
    fn the_tag_for_the_stack_goes_out_nowhere() {
        let text = format!("From: <sip:a@h>{NO_TAG}\r\nTo: b{NO_TAG}\r\n");
        assert_eq!(
            without_no_tag(text.as_bytes()).as_ref(),
            b"From: <sip:a@h>\r\nTo: b\r\n"
        );
        assert_eq!(without_no_tag(b"x").as_ref(), b"x");
    }
}
