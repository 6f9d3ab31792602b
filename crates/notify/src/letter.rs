//! The letter that brings a message.

use jiff::tz::TimeZone;
use lettre::Message;
use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use lettre::message::{Mailbox, MultiPart};
use minijinja::{AutoEscape, Environment, context};
use model::language::Language;
use model::phone::Phone;
use store::DueDelivery;

use crate::mailer::Mailer;

const TEXT_RU: &str = include_str!("../templates/message.ru.txt");
const HTML_RU: &str = include_str!("../templates/message.ru.html");
const TEXT_EN: &str = include_str!("../templates/message.en.txt");
const HTML_EN: &str = include_str!("../templates/message.en.html");

/// Longest caller's name or number in a subject, in characters.
const SUBJECT_PART_MAX: usize = 80;

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
    let phone = Phone::parse(&message.caller_phone)
        .map(|p| p.to_string())
        .unwrap_or_default();
    let words = context! {
        company => due.company_name.as_str(),
        line => due.line_name.as_str(),
        recipient => due.recipient_name.as_str(),
        caller_name => one_line(&message.caller_name),
        caller_phone => phone.as_str(),
        text => message.text.as_str(),
        author => due.author_name.as_deref(),
        called_at => called_at(due),
    };
    let (text, html) = match due.language {
        Language::Ru => (TEXT_RU, HTML_RU),
        Language::En => (TEXT_EN, HTML_EN),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_template("message.txt", text)?;
    environment.add_template("message.html", html)?;
    let plain = environment
        .get_template("message.txt")?
        .render(words.clone())?;
    let html = environment.get_template("message.html")?.render(words)?;

    let name = due
        .employee
        .as_ref()
        .map(|employee| one_line(&employee.name));
    let to = Mailbox::new(
        name.filter(|n| !n.is_empty()),
        due.delivery.address.parse()?,
    );
    let from = Mailbox::new(Some(one_line(&due.company_name)), mailer.from.email.clone());
    let id = format!("<{}@{}>", due.delivery.id, mailer.from.email.domain());
    let letter = Message::builder()
        .from(from)
        .to(to)
        .subject(subject(due.language, &message.caller_name, &phone))
        .message_id(Some(id))
        .raw_header(HeaderValue::new(
            // Nobody's holiday reply is to answer a machine (RFC 3834, section 5).
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(plain, html))?;
    Ok(letter)
}

fn subject(language: Language, name: &str, phone: &str) -> String {
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
    let (said, unknown) = match language {
        Language::Ru => ("Сообщение", "номер скрыт"),
        Language::En => ("Message", "number withheld"),
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
    use model::id::{CallId, CompanyId, DeliveryId, DepartmentId, MessageId};
    use model::line::Recipient;
    use model::message::{Channel, Delivery, DeliveryState};

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
        String::from_utf8(letter(due, &mailer()).expect("a letter").formatted()).expect("text")
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
