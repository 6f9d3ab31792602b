//! How the PBX's datagrams look before they leave.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::quirks::Style;

/// Headers whose short names are known well (RFC 3261, section 7.3.3).
const SHORT: [(&str, &str); 8] = [
    ("Via", "v"),
    ("From", "f"),
    ("To", "t"),
    ("Call-ID", "i"),
    ("Contact", "m"),
    ("Content-Type", "c"),
    ("Content-Length", "l"),
    ("Supported", "k"),
];

/// Writes datagrams in its style.
#[derive(Debug, Default)]
pub struct Pen {
    style: Vec<Style>,
    /// Calls whose first ACK was lost.
    acknowledged: Mutex<HashSet<String>>,
}

impl Pen {
    pub fn new(style: Vec<Style>) -> Self {
        Self {
            style,
            acknowledged: Mutex::default(),
        }
    }

    /// What leaves in place of the datagram, in this order.
    pub fn write<'a>(&self, datagram: &'a [u8]) -> Vec<Cow<'a, [u8]>> {
        let Some(end) = datagram.windows(4).position(|four| four == b"\r\n\r\n") else {
            return vec![Cow::Borrowed(datagram)];
        };
        let (Ok(head), body) = (std::str::from_utf8(&datagram[..end]), &datagram[end..]) else {
            return vec![Cow::Borrowed(datagram)];
        };
        let (mut head, mut copies) = (Cow::Borrowed(head), 1);
        let (mut bytes, mut kept_alive) = (None, false);
        for style in &self.style {
            match style {
                Style::Compact => head = Cow::Owned(names(&head, short)),
                Style::Lower => head = Cow::Owned(names(&head, |n| n.to_lowercase() + " ")),
                Style::Folded => head = Cow::Owned(folded(&head)),
                Style::NoLength => head = Cow::Owned(without_length(&head)),
                Style::Cyrillic => bytes = Some(windows_1251(&head)),
                Style::Backwards => head = Cow::Owned(backwards(&head)),
                Style::Ornate => head = Cow::Owned(ornate(&head)),
                Style::KeptAlive => kept_alive = true,
                Style::Twice => copies = 2,
                Style::LostAck => copies = usize::from(!self.loses(&head)),
            }
        }
        let whole = |mut head: Vec<u8>| -> Cow<'a, [u8]> {
            head.extend_from_slice(body);
            Cow::Owned(head)
        };
        let written = whole(bytes.unwrap_or_else(|| head.into_owned().into_bytes()));
        let mut leaving = vec![written; copies];
        if kept_alive {
            leaving.insert(0, Cow::Borrowed(&b"\r\n\r\n"[..]));
        }
        leaving
    }

    fn loses(&self, head: &str) -> bool {
        if !head.starts_with("ACK ") {
            return false;
        }
        let call = head.lines().find(|line| line.starts_with("Call-ID:"));
        let mut calls = self
            .acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        call.is_some_and(|call| calls.insert(call.to_owned()))
    }
}

/// The head with its headers' names written so.
fn names(head: &str, write: impl Fn(&str) -> String) -> String {
    let mut lines = head.split("\r\n");
    let mut written = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        written.push_str("\r\n");
        match line.split_once(':') {
            Some((name, value)) => {
                written.push_str(&write(name));
                written.push(':');
                written.push_str(value);
            }
            None => written.push_str(line),
        }
    }
    written
}

fn short(name: &str) -> String {
    let known = SHORT
        .iter()
        .find(|(long, _)| name.eq_ignore_ascii_case(long));
    known.map_or(name, |(_, short)| short).to_owned()
}

fn folded(head: &str) -> String {
    let mut lines = head.split("\r\n");
    let mut written = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        written.push_str("\r\n");
        // Parameters go on in the next line, outside of addresses.
        match (line.rfind('>'), line.starts_with("Via")) {
            (Some(at), false) if line[at + 1..].starts_with(';') => {
                written.push_str(&line[..=at]);
                written.push_str("\r\n\t");
                written.push_str(&line[at + 1..]);
            }
            _ => match line.split_once(": ") {
                Some((name, value)) if value.contains('<') => {
                    written.push_str(name);
                    written.push_str(":\r\n   ");
                    written.push_str(value);
                }
                _ => written.push_str(line),
            },
        }
    }
    written
}

fn without_length(head: &str) -> String {
    let lines = head.split("\r\n");
    let kept = lines.filter(|line| !line.to_lowercase().starts_with("content-length"));
    kept.collect::<Vec<_>>().join("\r\n")
}

/// The headers in another order, Via last.
fn backwards(head: &str) -> String {
    let (first, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    let (vias, mut others): (Vec<_>, Vec<_>) = headers
        .split("\r\n")
        .partition(|line| line.starts_with("Via:"));
    others.reverse();
    [vec![first], others, vias].concat().join("\r\n")
}

/// Contact with parameters that nobody asked for.
fn ornate(head: &str) -> String {
    let lines = head.split("\r\n").map(|line| {
        let decorated = line.starts_with("Contact:") && !line.contains(";expires=");
        if decorated {
            format!("{line};+sip.rendering=\"no\";Q=0.5;isfocus")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\r\n")
}

fn windows_1251(head: &str) -> Vec<u8> {
    let letter = |c: char| match c {
        'А'..='я' => (c as u32 - 'А' as u32 + 0xC0) as u8,
        'Ё' => 0xA8,
        'ё' => 0xB8,
        c if c.is_ascii() => c as u8,
        _ => b'?',
    };
    head.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:x@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z\r\n\
        From: \"Яна\" <sip:7@h>;tag=1\r\nCall-ID: c\r\nContent-Length: 2\r\n\r\nv=";

    fn written(style: Style) -> Vec<u8> {
        let pen = Pen::new(vec![style]);
        pen.write(INVITE.as_bytes())[0].to_vec()
    }

    fn text(style: Style) -> String {
        String::from_utf8(written(style)).expect("text")
    }

    #[test]
    fn a_style_changes_the_head_and_leaves_the_body() {
        assert!(text(Style::Compact).contains("\r\nv: SIP/2.0/UDP h;branch=z\r\nf: \"Яна\""));
        assert!(text(Style::Lower).contains("\r\ncall-id : c\r\n"));
        assert!(text(Style::Folded).contains("<sip:7@h>\r\n\t;tag=1\r\n"));
        assert!(!text(Style::NoLength).contains("Content-Length"));
        let cyrillic = written(Style::Cyrillic);
        assert!(
            cyrillic
                .windows(5)
                .any(|w| w == [b'"', 0xDF, 0xED, 0xE0, b'"'])
        );
        assert!(text(Style::Backwards).ends_with("\r\nVia: SIP/2.0/UDP h;branch=z\r\n\r\nv="));
        for style in [
            Style::Compact,
            Style::Lower,
            Style::Folded,
            Style::NoLength,
            Style::Backwards,
        ] {
            assert!(text(style).ends_with("\r\n\r\nv="), "{style:?}");
        }
    }

    #[test]
    fn empty_lines_come_before_each_message() {
        let pen = Pen::new(vec![Style::KeptAlive]);
        let leaving = pen.write(INVITE.as_bytes());
        assert_eq!(leaving, [b"\r\n\r\n".as_slice(), INVITE.as_bytes()]);
    }

    #[test]
    fn the_first_ack_of_each_call_is_lost() {
        let pen = Pen::new(vec![Style::LostAck]);
        let ack = |call: &str| format!("ACK sip:x@h SIP/2.0\r\nCall-ID: {call}\r\n\r\n");
        let copies = |text: &str| pen.write(text.as_bytes()).len();
        assert_eq!(copies(&ack("a")), 0);
        assert_eq!(copies(&ack("a")), 1);
        assert_eq!(copies(&ack("b")), 0);
        assert_eq!(copies(INVITE), 1);
    }
}
