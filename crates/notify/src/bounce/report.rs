//! Reads what mail servers report about letters (RFC 3464).

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use uuid::Uuid;

use super::reason::Reason;

/// Recipients that are looked at in one report: a letter of ours has one.
const RECIPIENTS_MAX: usize = 16;

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// The letter's id: the part of its Message-ID before the «@».
    pub(crate) letter: Uuid,
    /// What became of it.
    pub(crate) fate: Fate,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It won't arrive; why, in words.
    Failed(String),
    /// It did not arrive yet; why, in words.
    Delayed(String),
    /// It lies in the mailbox.
    Delivered,
}

/// Reads a report; none where the letter is something else. `host` is the
/// domain of our letters' ids.
pub(crate) fn read(raw: &[u8], host: &str) -> Option<Report> {
    let message = MessageParser::default().parse(raw)?;
    let status = message.parts.iter().find(|part| is_status(part))?;
    let groups = groups(&String::from_utf8_lossy(status.contents()));
    let (of_letter, of_recipients) = groups.split_first()?;
    let recipients = of_recipients.iter().take(RECIPIENTS_MAX);
    // Nothing is better than to know that it failed.
    let fate = recipients.filter_map(fate).min_by_key(|fate| match fate {
        Fate::Failed(_) => 0,
        Fate::Delivered => 1,
        Fate::Delayed(_) => 2,
    })?;
    let letter = of_letter
        .get("original-envelope-id")
        .and_then(|id| id.parse().ok())
        .or_else(|| of_sender(&message))
        .or_else(|| of_original(&message, host))?;
    Some(Report { letter, fate })
}

fn is_status(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message")
            && ["delivery-status", "global-delivery-status"]
                .iter()
                .any(|known| subtype.eq_ignore_ascii_case(known))
    })
}

fn fate(recipient: &Fields) -> Option<Fate> {
    let action = recipient.get("action")?.to_ascii_lowercase();
    Some(match action.as_str() {
        "failed" => Fate::Failed(why(recipient)),
        "delayed" => Fate::Delayed(why(recipient)),
        "delivered" => Fate::Delivered,
        // «relayed» and «expanded»: it went on to where nobody reports.
        _ => return None,
    })
}

/// The reason with the server's code. What the server said besides may repeat
/// the address, and is not kept.
fn why(recipient: &Fields) -> String {
    let status = recipient.get("status").unwrap_or_default();
    // A status may be followed by a comment.
    let status = status.split_whitespace().next().unwrap_or_default();
    let said = recipient.get("diagnostic-code").unwrap_or_default();
    let said = said.split_once(';').map_or(said, |(_, said)| said).trim();
    let reason = Reason::of_status(status)
        .or_else(|| Reason::of_answer(said))
        .unwrap_or(Reason::Refused);
    let specific = |code: &&str| Reason::of_status(code).is_some();
    let mut codes = said.split(|c: char| c.is_whitespace() || c == '-');
    let code = [status]
        .into_iter()
        .filter(specific)
        .chain(codes.by_ref().take(2).filter(specific))
        .next();
    match code {
        Some(code) => format!("{reason} ({code})"),
        None => reason.to_string(),
    }
}

/// The id in the address that the report came to.
fn of_sender(message: &Message<'_>) -> Option<Uuid> {
    ["To", "Delivered-To", "X-Original-To", "Envelope-To"]
        .into_iter()
        .filter_map(|name| message.header_raw(name))
        .find_map(|value| {
            let (_, id) = value.split_once('+')?;
            let (id, _) = id.split_once('@')?;
            id.parse().ok()
        })
}

/// The id of the letter that comes back with the report, whole or its headers alone.
fn of_original(message: &Message<'_>, host: &str) -> Option<Uuid> {
    message.parts.iter().find_map(|part| {
        let headers = match &part.body {
            PartType::Message(original) => original.message_id().map(str::to_owned),
            _ if part.content_type().is_some_and(|kind| {
                kind.subtype()
                    .is_some_and(|it| it.eq_ignore_ascii_case("rfc822-headers"))
            }) =>
            {
                let fields = groups(&String::from_utf8_lossy(part.contents()));
                fields.first()?.get("message-id").map(str::to_owned)
            }
            _ => None,
        }?;
        let (id, domain) = headers.trim_matches(['<', '>', ' ']).split_once('@')?;
        (domain.eq_ignore_ascii_case(host)).then(|| id.parse().ok())?
    })
}

/// A group of fields of a report, with names in lower case.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The groups of a report: of the letter, then of each recipient.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups = vec![Fields(Vec::new())];
    for line in text.lines() {
        if line.trim().is_empty() {
            if groups.last().is_some_and(|group| !group.0.is_empty()) {
                groups.push(Fields(Vec::new()));
            }
            if groups.len() > RECIPIENTS_MAX + 1 {
                break;
            }
            continue;
        }
        let Some(group) = groups.last_mut() else {
            break;
        };
        if line.starts_with([' ', '\t']) {
            // The line before goes on here.
            if let Some((_, value)) = group.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            group.0.push((name, value.trim().to_owned()));
        }
    }
    groups
}

#[cfg(test)]
mod tests;
