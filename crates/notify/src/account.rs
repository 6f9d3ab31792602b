//! Letters with a link to choose a password.

use jiff::SignedDuration;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use minijinja::{Environment, context};
use model::language::Language;
use store::{AccountLetterKind, DueAccountLetter};

use crate::letter::{LetterError, automatic, one_line};
use crate::mailer::Mailer;

const INVITATION_RU: &str = include_str!("../templates/invitation.ru.txt");
const INVITATION_EN: &str = include_str!("../templates/invitation.en.txt");
const RESET_RU: &str = include_str!("../templates/reset.ru.txt");
const RESET_EN: &str = include_str!("../templates/reset.en.txt");

/// How long the link of a letter is good; the letter says the same.
pub(crate) fn good_for(kind: AccountLetterKind) -> SignedDuration {
    match kind {
        AccountLetterKind::Invitation => SignedDuration::from_hours(7 * 24),
        AccountLetterKind::Reset => SignedDuration::from_hours(1),
    }
}

/// Puts the letter together, with the link of this token.
pub(crate) fn letter(
    due: &DueAccountLetter,
    token: &str,
    mailer: &Mailer,
) -> Result<Message, LetterError> {
    let name = one_line(&due.user.name);
    let company = one_line(due.company_name.as_deref().unwrap_or_default());
    let (template, subject) = match (due.kind, due.user.language) {
        (AccountLetterKind::Invitation, Language::Ru) => {
            (INVITATION_RU, format!("Вход в Телефонистку: «{company}»"))
        }
        (AccountLetterKind::Invitation, Language::En) => {
            (INVITATION_EN, format!("Sign in to Телефонистка: {company}"))
        }
        (AccountLetterKind::Reset, Language::Ru) => {
            (RESET_RU, "Новый пароль для входа в Телефонистку".to_owned())
        }
        (AccountLetterKind::Reset, Language::En) => {
            (RESET_EN, "A new password for Телефонистка".to_owned())
        }
    };
    let link = format!("{}/reset/{token}", mailer.public_url.trim_end_matches('/'));
    let words = context! {
        name => name.as_str(),
        company,
        link,
        login => due.user.login.as_str(),
    };
    let text = Environment::new().render_str(template, words)?;
    let to = Mailbox::new((!name.is_empty()).then_some(name), due.user.login.parse()?);
    let id = format!("<{}@{}>", due.id, mailer.from.email.domain());
    Ok(automatic()
        .from(mailer.from.clone())
        .to(to)
        .subject(subject)
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(text)?)
}

#[cfg(test)]
mod tests {
    use model::id::UserId;
    use model::user::{Role, User};

    use super::*;
    use crate::mailer::{MailSettings, Security};

    fn written(kind: AccountLetterKind, name: &str) -> String {
        let mailer = Mailer::new(&MailSettings {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            login: None,
            from: "calls@example.com".into(),
            public_url: "https://calls.example.com/".into(),
        })
        .expect("settings");
        let id = uuid::Uuid::from_u128(7);
        let due = DueAccountLetter {
            id,
            kind,
            user: User {
                id: UserId(id),
                company: None,
                login: "anna@example.com".into(),
                name: name.into(),
                roles: vec![Role::Employee],
                must_change_password: false,
                invited: true,
                language: Language::En,
            },
            company_name: Some("Romashka".into()),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            attempts: 1,
        };
        let letter = letter(&due, "t0ken", &mailer)
            .expect("a letter")
            .formatted();
        // Out of the transfer encoding, so that the text can be compared.
        String::from_utf8_lossy(&letter)
            .replace("=\r\n", "")
            .replace("=3D", "=")
    }

    #[test]
    fn the_link_stands_in_the_letter() {
        for kind in [AccountLetterKind::Invitation, AccountLetterKind::Reset] {
            let letter = written(kind, "Anna");
            assert!(
                letter.contains("https://calls.example.com/reset/t0ken"),
                "{letter}"
            );
            assert!(letter.contains("To: Anna <anna@example.com>"), "{letter}");
        }
    }

    #[test]
    fn a_name_adds_no_header() {
        let letter = written(AccountLetterKind::Reset, "Eve\r\nBcc: all@example.com");
        assert!(!letter.contains("\r\nBcc:"), "{letter}");
    }
}
