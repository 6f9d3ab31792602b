//! Checks of what is filled in, each adding to the list of fields to mend.

use std::net::IpAddr;

use model::greeting::{OWN_WORDING_MAX, Wording};
use model::language::Language;

use crate::problem::{FieldError, Flaw, Problem};

/// Longest text to search for, in characters.
const SEARCH_MAX: usize = 200;

/// Collects the fields to mend, so that a form is told of all at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<(String, Flaw)>);

impl Checks {
    /// Adds a flaw.
    pub fn flaw(&mut self, field: impl Into<String>, flaw: Flaw) {
        self.0.push((field.into(), flaw));
    }

    /// Adds the flaw, should there be one.
    fn put(&mut self, field: &str, flaw: Option<Flaw>) {
        if let Some(flaw) = flaw {
            self.flaw(field, flaw);
        }
    }

    /// A line of text that must be filled in. Trimmed.
    pub fn required(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        self.put(
            field,
            if text.is_empty() {
                Some(Flaw::Empty)
            } else {
                one_line(text, max)
            },
        );
        text.to_owned()
    }

    /// A line of text that may be empty. Trimmed.
    pub fn line(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        self.put(field, one_line(text, max));
        text.to_owned()
    }

    /// A text of several lines that may be empty. Trimmed.
    pub fn text(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        self.put(field, length(text, max).or_else(|| characters(text, true)));
        text.to_owned()
    }

    /// An e-mail address, in lower case.
    pub fn email(&mut self, field: &str, text: &str) -> String {
        let text = text.trim().to_lowercase();
        self.put(field, (!is_email(&text)).then_some(Flaw::NotEmail));
        text
    }

    /// An extension or number as it is dialled; may be empty.
    pub fn dialled(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        let dials = |c: char| c.is_ascii_digit() || " +-()*#.".contains(c);
        let flaw = length(text, max).or((!text.chars().all(dials)).then_some(Flaw::NotPhone));
        self.put(field, flaw);
        text.to_owned()
    }

    /// A number within limits.
    pub fn range(&mut self, field: &str, number: u32, min: u32, max: u32) {
        self.put(
            field,
            (!(min..=max).contains(&number)).then_some(Flaw::OutOfRange { min, max }),
        );
    }

    /// Days of the week, 1 to 7, each once, one at least.
    pub fn weekdays(&mut self, field: &str, days: &[u8]) {
        let mut known = [false; 8];
        for day in days {
            match known.get_mut(usize::from(*day)) {
                Some(seen) if *day > 0 && !*seen => *seen = true,
                Some(_) if *day > 0 => return self.flaw(field, Flaw::Twice),
                _ => return self.flaw(field, Flaw::OutOfRange { min: 1, max: 7 }),
            }
        }
        self.put(field, days.is_empty().then_some(Flaw::Empty));
    }

    /// At most so many rows.
    pub fn rows(&mut self, field: &str, count: usize, max: usize) {
        self.put(field, (count > max).then_some(Flaw::TooMany { max }));
    }

    /// A wording: a variant that exists, or words of one's own.
    pub fn wording(&mut self, field: &str, wording: Wording, variants: usize) -> Wording {
        match wording {
            Wording::Variant { number } => {
                let known = (1..=variants).contains(&usize::from(number));
                self.put(
                    &format!("{field}.number"),
                    (!known).then_some(Flaw::UnknownVariant),
                );
                Wording::Variant { number }
            }
            Wording::Own { text } => {
                let path = format!("{field}.text");
                let text = self.text(&path, &text, OWN_WORDING_MAX);
                self.put(&path, text.is_empty().then_some(Flaw::Empty));
                Wording::Own { text }
            }
        }
    }

    /// What is to be mended, in words.
    pub fn told(self, language: Language) -> Vec<FieldError> {
        let fields = self.0.iter();
        fields
            .map(|(field, flaw)| FieldError::of(field, flaw, language))
            .collect()
    }

    /// Nothing is to be mended.
    pub fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::fields(self.0))
        }
    }
}

fn length(text: &str, max: usize) -> Option<Flaw> {
    (text.chars().count() > max).then_some(Flaw::TooLong { max })
}

fn characters(text: &str, breaks: bool) -> Option<Flaw> {
    let bad = |c: char| c.is_control() && !(breaks && matches!(c, '\n' | '\r' | '\t'));
    text.chars().any(bad).then_some(Flaw::BadCharacters)
}

fn one_line(text: &str, max: usize) -> Option<Flaw> {
    length(text, max).or_else(|| characters(text, false))
}

/// Words to search for: none where nothing was written.
pub fn searched(text: Option<String>) -> Result<Option<String>, Problem> {
    let mut checks = Checks::default();
    let text = checks.line("search", text.as_deref().unwrap_or_default(), SEARCH_MAX);
    checks.done()?;
    Ok((!text.is_empty()).then_some(text))
}

/// Whether a letter could be sent there: one «@», a domain with a dot or an
/// internal name, nothing that would need quoting.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain_labels(domain, |c| c.is_alphanumeric() || c == '-')
}

fn domain_labels(name: &str, allowed: impl Fn(char) -> bool) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(&allowed)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Whether it is a host's name or address; an IPv6 address may stand in brackets.
pub fn is_host(text: &str) -> bool {
    let bare = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .unwrap_or(text);
    if bare.parse::<IpAddr>().is_ok() {
        return true;
    }
    // Only digits and dots would be an address, and is none.
    !text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && domain_labels(text.strip_suffix('.').unwrap_or(text), |c| {
            c.is_ascii_alphanumeric() || c == '-' || c == '_'
        })
}

/// `host:port` taken apart. An IPv6 address with a port needs brackets.
pub fn host_and_port(text: &str) -> (&str, Option<u16>) {
    if let Some((host, port)) = text.rsplit_once(':')
        && (!host.contains(':') || host.ends_with(']'))
        && let Ok(port) = port.parse()
    {
        return (host, Some(port));
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::{host_and_port, is_email, is_host};

    #[test]
    fn addresses_of_mail() {
        for good in [
            "a@b.ru",
            "ivan.petrov+x@mail.example.com",
            "иван@почта.рф",
            "a@localhost",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "", "a", "@b.ru", "a@", "a@b@c.ru", "a b@c.ru", "a@-b.ru", "a@b..ru", ".a@b.ru",
            "a@b.ru\n",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn hosts() {
        for good in [
            "vpbx123.mangosip.ru",
            "10.0.0.1",
            "[::1]",
            "2001:db8::1",
            "pbx",
            "pbx.local.",
        ] {
            assert!(is_host(good), "{good}");
        }
        for bad in [
            "",
            "10.0.0",
            "300.1.1.1",
            "a b",
            "a/b",
            "-a.ru",
            "a..b",
            "user@host",
            "a:b",
        ] {
            assert!(!is_host(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_port_may_stand_behind_the_host() {
        assert_eq!(host_and_port("pbx.ru:5070"), ("pbx.ru", Some(5070)));
        assert_eq!(host_and_port("pbx.ru"), ("pbx.ru", None));
        assert_eq!(host_and_port("[::1]:5060"), ("[::1]", Some(5060)));
        assert_eq!(host_and_port("2001:db8::1"), ("2001:db8::1", None));
        assert_eq!(host_and_port("pbx.ru:99999"), ("pbx.ru:99999", None));
    }
}
