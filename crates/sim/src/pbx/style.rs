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

    /// The datagram as it leaves, and how often.
    pub fn write<'a>(&self, datagram: &'a [u8]) -> (Cow<'a, [u8]>, usize) {
        let Some(end) = datagram.windows(4).position(|four| four == b"\r\n\r\n") else {
            return (Cow::Borrowed(datagram), 1);
        };
        let (Ok(head), body) = (std::str::from_utf8(&datagram[..end]), &datagram[end..]) else {
            return (Cow::Borrowed(datagram), 1);
        };
        let (mut head, mut copies) = (Cow::Borrowed(head), 1);
        let mut bytes = None;
        for style in &self.style {
            match style {
                Style::Compact => head = Cow::Owned(names(&head, short)),
                Style::Lower => head = Cow::Owned(names(&head, |n| n.to_lowercase() + " ")),
                Style::Folded => head = Cow::Owned(folded(&head)),
                Style::NoLength => head = Cow::Owned(without_length(&head)),
                Style::Cyrillic => bytes = Some(windows_1251(&head)),
                Style::Twice => copies = 2,
                Style::LostAck => copies = usize::from(!self.loses(&head)),
            }
        }
        let mut written = bytes.unwrap_or_else(|| head.into_owned().into_bytes());
        written.extend_from_slice(body);
        (Cow::Owned(written), copies)
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
        pen.write(INVITE.as_bytes()).0.into_owned()
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
        for style in [Style::Compact, Style::Lower, Style::Folded, Style::NoLength] {
            assert!(text(style).ends_with("\r\n\r\nv="), "{style:?}");
        }
    }

    #[test]
    fn the_first_ack_of_each_call_is_lost() {
        let pen = Pen::new(vec![Style::LostAck]);
        let ack = |call: &str| format!("ACK sip:x@h SIP/2.0\r\nCall-ID: {call}\r\n\r\n");
        let copies = |text: &str| pen.write(text.as_bytes()).1;
        assert_eq!(copies(&ack("a")), 0);
        assert_eq!(copies(&ack("a")), 1);
        assert_eq!(copies(&ack("b")), 0);
        assert_eq!(copies(INVITE), 1);
    }
}
