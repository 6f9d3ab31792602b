//! What a setting may be: what is expected there, in words, and how it is read.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::secret::Secret;
use sip::Network;

use super::source::Value;

/// Ports below this are the system's.
const FIRST_FREE_PORT: u16 = 1024;

/// Reads a value; none where it is of another kind.
pub type Read<T> = Box<dyn Fn(&Value) -> Option<T>>;

/// A kind of setting.
pub struct Kind<T> {
    /// What is expected, in words, with an example.
    pub expected: String,
    /// The value, where it is of this kind.
    pub read: Read<T>,
    /// Whether the value must not be shown.
    pub secret: bool,
}

impl<T: 'static> Kind<T> {
    fn new(expected: impl Into<String>, read: impl Fn(&Value) -> Option<T> + 'static) -> Self {
        Self {
            expected: expected.into(),
            read: Box::new(read),
            secret: false,
        }
    }

    /// The same, with something made of the value.
    pub fn map<U: 'static>(self, into: impl Fn(T) -> U + 'static) -> Kind<U> {
        Kind {
            expected: self.expected,
            read: Box::new(move |value| (self.read)(value).map(&into)),
            secret: self.secret,
        }
    }
}

/// Any text but the empty one.
pub fn text() -> Kind<String> {
    Kind::new("a text in quotes is expected", |value| {
        let text = value.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    })
}

/// A text that is never shown.
pub fn secret() -> Kind<Secret> {
    Kind {
        secret: true,
        ..text().map(Secret::new)
    }
}

/// A file or folder.
pub fn path() -> Kind<PathBuf> {
    Kind {
        expected: "a path in quotes is expected, such as \"/var/lib/telefonistka\"".into(),
        ..text().map(PathBuf::from)
    }
}

/// An address with a port.
pub fn address() -> Kind<SocketAddr> {
    Kind::new(
        "an address with a port is expected, such as \"127.0.0.1:8080\"",
        |value| value.text()?.trim().parse().ok(),
    )
}

/// An address without a port.
pub fn ip() -> Kind<IpAddr> {
    Kind::new(
        "an IP address is expected, such as \"203.0.113.5\"",
        |value| value.text()?.trim().parse().ok(),
    )
}

/// The addresses that others are told: one, or one of each family.
pub fn own_ips() -> Kind<Vec<IpAddr>> {
    Kind::new(
        "an IP address is expected, such as \"203.0.113.5\", or a list with one of each family",
        |value| {
            let each = |text: &str| text.trim().parse().ok();
            let one = value.text().and_then(each).map(|ip| vec![ip]);
            let all: Vec<IpAddr> = match one {
                Some(one) => one,
                None => {
                    let texts = value.texts()?.into_iter();
                    texts.map(each).collect::<Option<_>>()?
                }
            };
            let v4 = all.iter().filter(|ip| ip.is_ipv4()).count();
            (v4 <= 1 && all.len() - v4 <= 1).then_some(all)
        },
    )
}

/// Addresses without ports.
pub fn ips() -> Kind<Vec<IpAddr>> {
    Kind::new(
        "a list of IP addresses is expected, such as [\"203.0.113.5\"]",
        |value| {
            let each = |text: &str| text.trim().parse().ok();
            value.texts()?.into_iter().map(each).collect()
        },
    )
}

/// Networks.
pub fn networks() -> Kind<Vec<Network>> {
    Kind::new(
        "a list of networks is expected, such as [\"10.0.0.0/8\", \"192.168.1.5\"]",
        |value| {
            let each = |text: &str| text.trim().parse().ok();
            value.texts()?.into_iter().map(each).collect()
        },
    )
}

/// A range of ports.
pub fn ports() -> Kind<RangeInclusive<u16>> {
    Kind::new(
        "a range of ports from 1024 up is expected, such as \"20000-29999\"",
        |value| {
            let (first, last) = value.text()?.split_once('-')?;
            let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (FIRST_FREE_PORT <= first && first <= last).then_some(first..=last)
        },
    )
}

/// A whole number within the range.
pub fn whole<T: TryFrom<i64> + 'static>(range: RangeInclusive<i64>) -> Kind<T> {
    Kind::new(
        format!(
            "a whole number from {} to {} is expected",
            range.start(),
            range.end()
        ),
        move |value| {
            let number = value.number().filter(|number| range.contains(number))?;
            T::try_from(number).ok()
        },
    )
}

/// Whole seconds within the range.
pub fn seconds(range: RangeInclusive<i64>) -> Kind<Duration> {
    whole(range).map(Duration::from_secs)
}

/// One word of several.
pub fn one_of<T: Copy + 'static>(words: &[(&'static str, T)]) -> Kind<T> {
    let words = words.to_vec();
    let quoted: Vec<_> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
    Kind::new(
        format!("one of {} is expected", quoted.join(", ")),
        move |value| {
            let text = value.text()?.trim();
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, it)| *it)
        },
    )
}

/// Yes or no.
pub fn yes_or_no() -> Kind<bool> {
    Kind::new("true or false is expected", Value::truth)
}

/// The address that browsers use: scheme, host, port and nothing after.
pub fn origin() -> Kind<String> {
    Kind::new(
        "an address without a path is expected, such as \"https://telefonistka.example.com\"",
        |value| {
            let text = value.text()?.trim().trim_end_matches('/');
            let host = text
                .strip_prefix("https://")
                .or_else(|| text.strip_prefix("http://"))?;
            let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            (!host.is_empty() && host.chars().all(plain)).then(|| text.to_ascii_lowercase())
        },
    )
}

/// A database's address; it may hold a password.
pub fn database() -> Kind<Secret> {
    Kind {
        secret: true,
        ..Kind::new(
            "a database's address is expected, such as \"sqlite:///var/lib/telefonistka/telefonistka.db?mode=rwc\" \
             or \"postgres://user:password@host/database\"",
            |value| {
                let text = value.text()?.trim();
                ["sqlite:", "postgres://", "postgresql://"]
                    .iter()
                    .any(|scheme| {
                        text.strip_prefix(scheme)
                            .is_some_and(|rest| !rest.is_empty())
                    })
                    .then(|| Secret::new(text))
            },
        )
    }
}

/// A letter's sender: an address, or a name with the address in angle brackets.
pub fn mailbox() -> Kind<String> {
    Kind::new(
        "an e-mail address is expected, such as \"Телефонистка <messages@example.com>\"",
        |value| {
            let text = value.text()?.trim();
            let address = match text.strip_suffix('>') {
                Some(rest) => rest.rsplit_once('<')?.1,
                None => text,
            };
            is_email(address).then(|| text.to_owned())
        },
    )
}

/// An e-mail address without a name.
pub fn email() -> Kind<String> {
    Kind::new(
        "an e-mail address is expected, such as \"bounces@example.com\"",
        |value| {
            let address = value.text()?.trim();
            is_email(address).then(|| address.to_owned())
        },
    )
}

fn is_email(address: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || "<>@,;".contains(c);
    address.rsplit_once('@').is_some_and(|(user, host)| {
        let plain = !address.replacen('@', "", 1).contains(strange);
        !user.is_empty() && !host.is_empty() && plain
    })
}

/// The address of an SQLite file, made where it is missing.
pub fn sqlite_url(file: &Path) -> String {
    let path = file.to_string_lossy();
    let mut url = String::from("sqlite://");
    for c in path.chars() {
        match c {
            '%' | '?' | '#' => url.push_str(&format!("%{:02X}", u32::from(c))),
            c => url.push(c),
        }
    }
    url + "?mode=rwc"
}
