//! The server that letters leave through: `[smtp]`.

use model::secret::Secret;

use super::kind;
use super::reader::Reader;

/// `[smtp]`
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Host name of the server; its certificate is checked against it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub security: SmtpSecurity,
    /// Login, with its password.
    pub login: Option<(String, Secret)>,
    /// Sender of the letters.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS asked for after the greeting, and demanded.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None.
    None,
}

impl Smtp {
    pub(super) fn take(reader: &mut Reader) -> Option<Self> {
        let security = kind::one_of(&[
            ("starttls", SmtpSecurity::StartTls),
            ("tls", SmtpSecurity::Tls),
            ("none", SmtpSecurity::None),
        ]);
        let security = reader.get("smtp", "security", security, SmtpSecurity::StartTls);
        let usual_port = match security {
            SmtpSecurity::StartTls => 587,
            SmtpSecurity::Tls => 465,
            SmtpSecurity::None => 25,
        };
        let host = reader.require("smtp", "host", kind::text());
        let port = reader.get("smtp", "port", kind::whole(1..=65_535), usual_port);
        let user = reader.find("smtp", "user", kind::text());
        let password = reader.find("smtp", "password", kind::secret());
        match (&user, &password) {
            (Some(_), None) => reader.complain("smtp", "user", "a password is expected beside it"),
            (None, Some(_)) => reader.complain("smtp", "password", "a user is expected beside it"),
            _ => {}
        }
        let from = reader.require("smtp", "from", kind::mailbox());
        Some(Self {
            host: host?,
            port,
            security,
            login: user.zip(password),
            from: from?,
        })
    }
}
