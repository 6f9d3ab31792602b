//! The letter with a first password: to a new company's administrator, or to
//! somebody of the platform.

use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use minijinja::{Environment, context};
use model::language::Language;
use model::secret::Secret;

use crate::letter::{LetterError, one_line};
use crate::mailer::{Mailer, Refusal};

const RU: &str = include_str!("../templates/welcome.ru.txt");
const EN: &str = include_str!("../templates/welcome.en.txt");
const ACCESS_RU: &str = include_str!("../templates/access.ru.txt");
const ACCESS_EN: &str = include_str!("../templates/access.en.txt");

/// What the letter says.
#[derive(Clone, Copy, Debug)]
pub struct Welcome<'a> {
    /// Name of the company, where its administrator is written to.
    pub company: Option<&'a str>,
    /// Name of whoever is written to; may be empty.
    pub name: &'a str,
    /// The login: the address that the letter goes to.
    pub login: &'a str,
    /// The password, good for the first sign-in.
    pub password: &'a Secret,
    /// Language of the letter.
    pub language: Language,
}

/// Why the letter did not go out: the password has to be told in another way.
#[derive(Debug, thiserror::Error)]
pub enum WelcomeError {
    /// The letter can't be put together: most likely the login is no e-mail address.
    #[error("the letter can't be written: {0}")]
    Letter(String),
    /// The mail server did not take it.
    #[error("{0}")]
    Refused(String),
}

impl Mailer {
    /// Sends the letter at once, in one attempt: whoever creates the company
    /// waits for it, and the password is stored nowhere to try again later.
    pub async fn welcome(&self, welcome: &Welcome<'_>) -> Result<(), WelcomeError> {
        let letter =
            letter(self, welcome).map_err(|error| WelcomeError::Letter(error.to_string()))?;
        self.send(letter).await.map_err(|refusal| match refusal {
            Refusal::ForNow(error) | Refusal::ForGood(error) => WelcomeError::Refused(error),
        })
    }
}

fn letter(mailer: &Mailer, welcome: &Welcome<'_>) -> Result<Message, LetterError> {
    let name = one_line(welcome.name);
    let company = welcome.company.map(one_line);
    let (template, subject) = match (welcome.language, &company) {
        (Language::Ru, Some(company)) => (RU, format!("Личный кабинет компании «{company}»")),
        (Language::En, Some(company)) => (EN, format!("The cabinet of {company}")),
        (Language::Ru, None) => (ACCESS_RU, "Вход в Телефонистку".to_owned()),
        (Language::En, None) => (ACCESS_EN, "Your access to Телефонистка".to_owned()),
    };
    let words = context! {
        company,
        name => name.as_str(),
        address => mailer.public_url.as_str(),
        login => welcome.login,
        password => welcome.password.reveal(),
    };
    let text = Environment::new().render_str(template, words)?;
    let to = Mailbox::new((!name.is_empty()).then_some(name), welcome.login.parse()?);
    Ok(Message::builder()
        .from(mailer.from.clone())
        .to(to)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailer::{MailSettings, Security};

    fn written(name: &str, login: &str) -> Result<String, LetterError> {
        let mailer = Mailer::new(&MailSettings {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            login: None,
            from: "calls@example.com".into(),
            public_url: "https://calls.example.com".into(),
        })
        .expect("settings");
        let welcome = Welcome {
            company: Some("Romashka"),
            name,
            login,
            password: &Secret::new("<correct> & horse"),
            language: Language::En,
        };
        // Out of the transfer encoding, so that the text can be compared.
        let letter = letter(&mailer, &welcome)?.formatted();
        Ok(String::from_utf8_lossy(&letter)
            .replace("=\r\n", "")
            .replace("=3D", "="))
    }

    #[test]
    fn the_letter_names_address_login_and_password() {
        let letter = written("Anna", "anna@example.com").expect("a letter");
        assert!(letter.contains("To: Anna <anna@example.com>"), "{letter}");
        assert!(letter.contains("https://calls.example.com"), "{letter}");
        assert!(letter.contains("anna@example.com"), "{letter}");
        assert!(letter.contains("<correct> & horse"), "{letter}");
    }

    #[test]
    fn nothing_can_be_added_to_the_headers() {
        let letter = written("Eve\r\nBcc: all@example.com", "eve@example.com").expect("a letter");
        assert!(!letter.contains("\r\nBcc:"), "{letter}");
        assert!(written("Eve", "eve@example.com\r\nBcc: all@example.com").is_err());
    }
}
