//! Why a letter did not arrive, in words.

use std::fmt;

/// Why a mail server does not take a letter, or can't bring it further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// There is no such mailbox.
    NoMailbox,
    /// There is no such domain, or it takes no letters.
    NoDomain,
    /// The mailbox is there, and takes nothing.
    Disabled,
    /// The mailbox is full.
    Full,
    /// The letter is too large.
    TooLarge,
    /// The next server could not be reached for days.
    Unreachable,
    /// The server does not want it.
    Refused,
}

/// Words that servers say without a code, in lower case; the first that is found counts.
const SAID: [(&str, Reason); 12] = [
    ("quota", Reason::Full),
    ("mailbox full", Reason::Full),
    ("mailbox is full", Reason::Full),
    ("user unknown", Reason::NoMailbox),
    ("unknown user", Reason::NoMailbox),
    ("no such user", Reason::NoMailbox),
    ("no such mailbox", Reason::NoMailbox),
    ("mailbox unavailable", Reason::NoMailbox),
    ("does not exist", Reason::NoMailbox),
    ("unrouteable", Reason::NoMailbox),
    ("disabled", Reason::Disabled),
    ("spam", Reason::Refused),
];

impl Reason {
    /// By an enhanced status code (RFC 3463): `5.1.1`. None where it says
    /// nothing in particular.
    pub(crate) fn of_status(status: &str) -> Option<Self> {
        let mut parts = status.trim().split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || !matches!(class, "4" | "5") {
            return None;
        }
        Some(match (subject.parse::<u16>().ok()?, detail.parse().ok()?) {
            (1, 0 | 1 | 3 | 6) => Self::NoMailbox,
            (1, 2 | 10) | (4, 3 | 4) => Self::NoDomain,
            (2, 1) => Self::Disabled,
            (2, 2) | (3, 1) => Self::Full,
            (2, 3) | (3, 4) => Self::TooLarge,
            (4, 1 | 2 | 7) => Self::Unreachable,
            (7, _) => Self::Refused,
            _ => return None,
        })
    }

    /// Whether it speaks of the mailbox, whoever says it; the others are
    /// something else when our own mail server says them.
    pub(crate) fn is_of_mailbox(self) -> bool {
        match self {
            Self::NoMailbox | Self::NoDomain | Self::Disabled | Self::Full | Self::TooLarge => true,
            Self::Unreachable | Self::Refused => false,
        }
    }

    /// By a server's answer, which may begin with codes: `550 5.1.1 no such user`.
    pub(crate) fn of_answer(answer: &str) -> Option<Self> {
        let mut words = answer.split(|c: char| c.is_whitespace() || c == '-');
        let status = words.by_ref().take(3).find_map(Self::of_status);
        status.or_else(|| {
            let answer = answer.to_lowercase();
            let said = SAID.iter().find(|(words, _)| answer.contains(words));
            said.map(|(_, reason)| *reason)
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMailbox => "the mailbox does not exist",
            Self::NoDomain => "the address's domain takes no letters",
            Self::Disabled => "the mailbox is disabled",
            Self::Full => "the mailbox is full",
            Self::TooLarge => "the letter is too large for the mailbox",
            Self::Unreachable => "the recipient's mail server can't be reached",
            Self::Refused => "the recipient's mail server refused the letter",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_why() {
        for (status, reason) in [
            ("5.1.1", Some(Reason::NoMailbox)),
            ("5.1.10", Some(Reason::NoDomain)),
            ("5.2.2", Some(Reason::Full)),
            ("4.2.2", Some(Reason::Full)),
            ("5.4.4", Some(Reason::NoDomain)),
            ("4.4.7", Some(Reason::Unreachable)),
            ("5.7.26", Some(Reason::Refused)),
            ("5.0.0", None),
            ("2.1.5", None),
            ("5.1", None),
            ("5.1.1.1", None),
            ("5.x.1", None),
            ("", None),
        ] {
            assert_eq!(Reason::of_status(status), reason, "{status}");
        }
    }

    #[test]
    fn a_server_without_codes_says_it_in_words() {
        for (answer, reason) in [
            (
                "550 5.1.1 <anna@example.com>: who?",
                Some(Reason::NoMailbox),
            ),
            ("550-5.2.2 over", Some(Reason::Full)),
            ("550 Mailbox quota exceeded", Some(Reason::Full)),
            ("550 no such mailbox", Some(Reason::NoMailbox)),
            ("Unrouteable address", Some(Reason::NoMailbox)),
            ("550 Administrative prohibition", None),
            ("", None),
        ] {
            assert_eq!(Reason::of_answer(answer), reason, "{answer}");
        }
    }
}
