//! Telephone numbers: many spellings, one number.

use std::fmt;

/// Longest extension, in digits; anything longer is taken for a number.
const EXTENSION_MAX: usize = 6;

/// Who is at the other end, as far as the digits tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Phone {
    /// A public number in E.164, digits without the plus.
    Public(String),
    /// An extension of the company's PBX.
    Extension(String),
    /// Something that is neither; kept as it came.
    Other(String),
}

impl Phone {
    /// Reads a number. 8 and ten digits, 7 and ten digits, +7 and the bare
    /// ten are one Russian number; up to six digits are an extension.
    /// None where nothing was written.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let plain = text.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '\u{a0}')
        });
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if !plain || digits.is_empty() || text.rfind('+').is_some_and(|at| at > 0) {
            return Some(Self::Other(text.to_owned()));
        }
        Some(if text.starts_with('+') {
            match digits.len() {
                8..=15 => Self::Public(digits),
                _ => Self::Other(text.to_owned()),
            }
        } else {
            match (digits.len(), digits.as_bytes()[0]) {
                (..=EXTENSION_MAX, _) => Self::Extension(digits),
                (10, b'3' | b'4' | b'8' | b'9') => Self::Public(format!("7{digits}")),
                (11, b'7') => Self::Public(digits),
                (11, b'8') => Self::Public(format!("7{}", &digits[1..])),
                (12..=15, _) if digits.starts_with("810") => Self::Public(digits[3..].to_owned()),
                (11..=15, _) => Self::Public(digits),
                _ => Self::Other(text.to_owned()),
            }
        })
    }

    /// As it is stored and searched: `+79261234567`, the bare extension, or the text as it came.
    pub fn stored(&self) -> String {
        match self {
            Self::Public(digits) => format!("+{digits}"),
            Self::Extension(digits) => digits.clone(),
            Self::Other(text) => text.clone(),
        }
    }
}

/// Whether a telephone has such a key.
pub(crate) fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '*' | '#')
}

/// A number as a PBX is asked for it: what was typed without what people put
/// between digits. None where that leaves nothing, or something that no telephone has.
pub fn dialable(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.'))
        .collect();
    let (first, rest) = plain.split_at_checked(1)?;
    let digits = plain.chars().any(|c| c.is_ascii_digit());
    let good = (first == "+" || first.chars().all(is_key)) && rest.chars().all(is_key);
    (digits && good).then_some(plain)
}

impl fmt::Display for Phone {
    /// As a person reads it: `+7 (926) 123-45-67`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(d) if d.len() == 11 && d.starts_with('7') => {
                write!(f, "+7 ({}) {}-{}-{}", &d[1..4], &d[4..7], &d[7..9], &d[9..])
            }
            Self::Public(digits) => write!(f, "+{digits}"),
            Self::Extension(digits) => f.write_str(digits),
            Self::Other(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Phone, dialable};

    #[test]
    fn what_is_dialled_is_what_was_typed_without_what_stands_between() {
        assert_eq!(
            dialable("8 (926) 123-45-67").as_deref(),
            Some("89261234567")
        );
        assert_eq!(
            dialable("+7\u{a0}926.1234567").as_deref(),
            Some("+79261234567")
        );
        assert_eq!(dialable("*21*101#").as_deref(), Some("*21*101#"));
        for nothing in ["", "  ", "нет", "101;x", "1@evil", "12+3", "#", "+"] {
            assert_eq!(dialable(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn every_spelling_of_a_russian_number_is_one() {
        for text in [
            "89261234567",
            "79261234567",
            "+79261234567",
            "9261234567",
            "8 (926) 123-45-67",
        ] {
            let phone = Phone::parse(text).expect(text);
            assert_eq!(phone.stored(), "+79261234567", "{text}");
            assert_eq!(phone.to_string(), "+7 (926) 123-45-67", "{text}");
        }
    }

    #[test]
    fn short_ones_are_extensions_and_strange_ones_stay() {
        assert_eq!(Phone::parse("101"), Some(Phone::Extension("101".into())));
        assert_eq!(
            Phone::parse("anonymous").map(|p| p.stored()),
            Some("anonymous".into())
        );
        assert_eq!(
            Phone::parse("+4930123456").map(|p| p.to_string()),
            Some("+4930123456".into())
        );
        assert_eq!(Phone::parse("  "), None);
        assert_eq!(Phone::parse("1+2"), Some(Phone::Other("1+2".into())));
    }
}
