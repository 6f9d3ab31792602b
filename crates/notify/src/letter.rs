//! The letter that brings a message.

use jiff::tz::TimeZone;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart};
use minijinja::context;
use model::language::Language;
use model::phone::Phone;
use store::DueDelivery;

use crate::mailer::Mailer;
use template::{Rendered, address, render};

pub(crate) mod template;

/// Longest caller's name or number in a subject, in characters.
const SUBJECT_PART_MAX: usize = 80;

/// Nobody's holiday reply is to answer a machine (RFC 3834, section 5); the
/// second line tells Exchange the same, and still lets it report failures.
const AUTOMATIC: [(&str, &str); 2] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "OOF, AutoReply"),
];

/// Mail programs look at one or another of these (RFC 2156, section 5.3.6).
const URGENT: [(&str, &str); 3] = [
    ("Importance", "high"),
    ("Priority", "urgent"),
    ("X-Priority", "1 (Highest)"),
];

/// Why a letter can't be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    #[error("the address can't be written to")]
    Address(#[from] lettre::address::AddressError),
    #[error("the letter can't be put together: {0}")]
    Message(#[from] lettre::error::Error),
    #[error("the letter's template is wrong: {0}")]
    Template(#[from] minijinja::Error),
}

/// Puts the letter together.
pub(crate) fn letter(due: &DueDelivery, mailer: &Mailer) -> Result<Message, LetterError> {
    let message = &due.message;
    let phone = Phone::parse(&message.caller_phone);
    let shown = phone.as_ref().map(Phone::to_string).unwrap_or_default();
    let subject = subject(due.language, message.urgent, &message.caller_name, &shown);
    let link = format!(
        "{}/app/messages/{}",
        mailer.public_url.trim_end_matches('/'),
        message.id
    );
    let words = context! {
        subject => subject.as_str(),
        company => due.company_name.as_str(),
        line => due.line_name.as_str(),
        recipient => due.recipient_name.as_str(),
        caller_name => one_line(&message.caller_name),
        caller_phone => shown.as_str(),
        tel => phone.as_ref().and_then(dialled),
        text => message.text.as_str(),
        answers => message.answers.iter().map(|answer| context! {
            label => answer.label.as_str(),
            value => answer.shown(due.language),
            line => answer.line(due.language),
        }).collect::<Vec<_>>(),
        urgent => message.urgent,
        voice => message.author.is_none(),
        author => due.author_name.as_deref(),
        called_at => called_at(due),
        // The page accepts when somebody signed in opens it: a mail scanner
        // that follows the link comes to the sign-in, and changes nothing.
        accept => address(format!("{link}?accept=1")),
        link => address(link),
    };
    let Rendered { text, html } = render("message", due.language, words)?;

    let name = due
        .employee
        .as_ref()
        .map(|employee| one_line(&employee.name));
    let to = Mailbox::new(
        name.filter(|n| !n.is_empty()),
        due.delivery.address.parse()?,
    );
    let from = Mailbox::new(Some(one_line(&due.company_name)), mailer.from.email.clone());
    let domain = mailer.from.email.domain();
    // No letter has this id: all letters about one message refer to it, and
    // mail programs put them together.
    let thread = format!("<message.{}@{domain}>", message.id);
    let mut letter = automatic()
        .from(from)
        .to(to)
        .subject(subject)
        .message_id(Some(format!("<{}@{domain}>", due.delivery.id)))
        .in_reply_to(thread.clone())
        .references(thread);
    if message.urgent {
        for (name, value) in URGENT {
            let name = HeaderName::new_from_ascii_str(name);
            letter = letter.raw_header(HeaderValue::new(name, value.to_owned()));
        }
    }
    Ok(letter.multipart(MultiPart::alternative_plain_html(text, html))?)
}

/// Begins a letter that no machine is to answer.
pub(crate) fn automatic() -> MessageBuilder {
    AUTOMATIC
        .iter()
        .fold(Message::builder(), |letter, (name, value)| {
            let name = HeaderName::new_from_ascii_str(name);
            letter.raw_header(HeaderValue::new(name, (*value).to_owned()))
        })
}

/// What a telephone dials; none where it is no number.
fn dialled(phone: &Phone) -> Option<String> {
    match phone {
        Phone::Public(_) => Some(phone.stored()),
        // An extension is dialled at a desk; elsewhere it would reach somebody else.
        Phone::Extension(_) | Phone::Other(_) => None,
    }
}

fn subject(language: Language, urgent: bool, name: &str, phone: &str) -> String {
    let who: Vec<String> = [name, phone]
        .map(|part| {
            one_line(part)
                .chars()
                .take(SUBJECT_PART_MAX)
                .collect::<String>()
        })
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let (said, unknown) = match (language, urgent) {
        (Language::Ru, false) => ("Сообщение", "номер скрыт"),
        (Language::Ru, true) => ("СРОЧНО: сообщение", "номер скрыт"),
        (Language::En, false) => ("Message", "number withheld"),
        (Language::En, true) => ("URGENT: message", "number withheld"),
    };
    let who = if who.is_empty() {
        unknown.to_owned()
    } else {
        who.join(", ")
    };
    format!("{said}: {who}")
}

/// Headers are one line each: whatever a caller is called, nothing can be added to them.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn called_at(due: &DueDelivery) -> String {
    let zone = TimeZone::get(&due.zone).unwrap_or(TimeZone::UTC);
    let time = due.arrived_at.to_zoned_datetime(zone);
    time.strftime("%d.%m.%Y %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use model::call::Caller;
    use model::id::{CallId, CompanyId, DeliveryId, DepartmentId, MessageId, QuestionId};
    use model::line::Recipient;
    use model::message::{Channel, Delivery, DeliveryState};
    use model::question::{Answer, ValueKind};

    use super::*;
    use crate::mailer::{MailSettings, Security};

    fn mailer() -> Mailer {
        Mailer::new(&MailSettings {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            login: None,
            from: "Телефонистка <calls@example.com>".into(),
            public_url: "https://calls.example.com".into(),
        })
        .expect("settings")
    }

    fn due(caller_name: &str, text: &str) -> DueDelivery {
        let id = uuid::Uuid::from_u128(7);
        let at = "2026-11-23T11:05:00Z".parse().expect("a timestamp");
        DueDelivery {
            delivery: Delivery {
                id: DeliveryId(id),
                message: MessageId(id),
                employee: None,
                channel: Channel::Email,
                address: "anna@example.com".into(),
                state: DeliveryState::Queued,
                attempts: 1,
                next_at: None,
                held_until: None,
                error: None,
                changed_at: at,
            },
            message: model::message::Message {
                id: MessageId(id),
                company: CompanyId(id),
                call: CallId(id),
                recipient: Recipient::Department {
                    department: DepartmentId(id),
                },
                caller_name: caller_name.into(),
                caller_phone: "+79161234567".into(),
                text: text.into(),
                answers: Vec::new(),
                urgent: false,
                author: None,
                created_at: at,
            },
            recipient_name: "Отдел продаж".into(),
            company_name: "Ромашка".into(),
            language: Language::En,
            zone: "Europe/Moscow".into(),
            line_name: "Main".into(),
            tried_from: at,
            arrived_at: at,
            caller: Caller::default(),
            author_name: Some("Мария".into()),
            employee: None,
        }
    }

    fn written(due: &DueDelivery) -> String {
        let letter = letter(due, &mailer()).expect("a letter").formatted();
        // Out of the transfer encoding, so that the text can be compared.
        String::from_utf8_lossy(&letter)
            .replace("=\r\n", "")
            .replace("=3D", "=")
    }

    #[test]
    fn the_letter_says_who_called_when_and_what_for() {
        let letter = written(&due("Ivan Petrov", "Asks to be called back."));
        assert!(letter.contains("Message-ID: <00000000-0000-0000-0000-000000000007@example.com>"));
        assert!(letter.contains("Subject: Message: Ivan Petrov, +7 (916) 123-45-67"));
        assert!(letter.contains("Asks to be called back."));
        assert!(
            letter.contains("23.11.2026 14:05"),
            "in the company's zone: {letter}"
        );
        assert!(!letter.contains("Importance:"));
    }

    #[test]
    fn the_letter_leads_to_the_message_and_to_the_telephone() {
        let letter = written(&due("Ivan Petrov", "Asks to be called back."));
        let link = "https://calls.example.com/app/messages/00000000-0000-0000-0000-000000000007";
        let parts: Vec<&str> = letter.split("Content-Type: text/").collect();
        let [_, text, html] = parts[..] else {
            panic!("two parts: {letter}");
        };
        assert!(
            text.contains(&format!("Accept: {link}?accept=1\r\n")),
            "{text}"
        );
        assert!(
            text.contains(&format!("Open the message: {link}\r\n")),
            "{text}"
        );
        assert!(
            html.contains(&format!("href=\"{link}?accept=1\"")),
            "{html}"
        );
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        assert!(html.contains("href=\"tel:+79161234567\""), "{html}");
    }

    #[test]
    fn nobody_is_told_to_dial_an_extension_or_nothing() {
        for phone in ["", "101", "anonymous"] {
            let mut due = due("Ivan Petrov", "Asks to be called back.");
            due.message.caller_phone = phone.into();
            assert!(!written(&due).contains("tel:"), "{phone}");
        }
    }

    #[test]
    fn a_voice_message_leads_to_its_recording() {
        let mut due = due("Ivan Petrov", "Voice message, 0:12");
        assert!(written(&due).contains("Listen to the recording: https://"));
        due.message.author = Some(model::id::UserId(uuid::Uuid::from_u128(7)));
        assert!(!written(&due).contains("Listen to the recording"));
    }

    #[test]
    fn what_was_asked_stands_below_the_text() {
        let mut due = due("Ivan Petrov", "Asks to be called back.");
        due.message.author = Some(model::id::UserId(uuid::Uuid::from_u128(7)));
        due.message.answers = [
            ("When?", ValueKind::Date, "2026-12-01"),
            ("Sum", ValueKind::Text, "<b>"),
        ]
        .map(|(label, kind, value)| Answer {
            question: QuestionId(uuid::Uuid::from_u128(7)),
            label: label.into(),
            kind,
            value: value.into(),
        })
        .into();
        let letter = written(&due);
        let asked = "Asks to be called back.\r\n\r\nWhen? 01.12.2026\r\nSum: <b>\r\n\r\n";
        assert!(letter.contains(asked), "{letter}");
        let html = letter.split("text/html").nth(1).expect("an HTML part");
        assert!(html.contains(">01.12.2026</td>"), "{html}");
        assert!(html.contains("&lt;b&gt;"), "{html}");
    }

    #[test]
    fn an_urgent_letter_says_so_to_people_and_to_programs() {
        let mut due = due("Ivan Petrov", "Water everywhere.");
        due.message.urgent = true;
        let letter = written(&due);
        assert!(
            letter.contains("Subject: URGENT: message: Ivan Petrov"),
            "{letter}"
        );
        assert!(letter.contains("\r\nImportance: high\r\n"), "{letter}");
        assert!(
            letter.contains("\r\nX-Priority: 1 (Highest)\r\n"),
            "{letter}"
        );
    }

    #[test]
    fn letters_about_one_message_stand_together() {
        let first = due("Ivan Petrov", "Asks to be called back.");
        let mut second = first.clone();
        second.delivery.id = DeliveryId(uuid::Uuid::from_u128(8));
        for letter in [written(&first), written(&second)] {
            let thread = "<message.00000000-0000-0000-0000-000000000007@example.com>";
            assert!(
                letter.contains(&format!("\r\nReferences: {thread}\r\n")),
                "{letter}"
            );
            assert!(
                letter.contains(&format!("\r\nIn-Reply-To: {thread}\r\n")),
                "{letter}"
            );
        }
    }

    #[test]
    fn a_name_adds_no_header_and_a_text_no_markup() {
        let letter = written(&due(
            "Eve\r\nBcc: all@example.com",
            "<script>alert(1)</script>",
        ));
        assert!(!letter.contains("\r\nBcc:"));
        assert!(letter.contains("Subject: Message: Eve Bcc: all@example.com"));
        let html = letter.split("text/html").nth(1).expect("an HTML part");
        assert!(!html.contains("<script>"));
    }
}
