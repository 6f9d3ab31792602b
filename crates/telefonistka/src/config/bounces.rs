//! The mailbox that reports on letters come to: `[bounces]`.

use model::secret::Secret;

use super::kind;
use super::reader::Reader;
use super::smtp::SmtpSecurity;

/// `[bounces]`
#[derive(Clone, Debug)]
pub struct Bounces {
    /// Host name of the IMAP server; its certificate is checked against it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub security: SmtpSecurity,
    /// Login.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// Folder that reports are looked for in.
    pub folder: String,
    /// Address that leads to the mailbox.
    pub address: String,
    /// Whether each letter comes from an address of its own.
    pub own_addresses: bool,
}

impl Bounces {
    pub(super) fn take(reader: &mut Reader, letters: bool) -> Option<Self> {
        let security = kind::one_of(&[
            ("starttls", SmtpSecurity::StartTls),
            ("tls", SmtpSecurity::Tls),
            ("none", SmtpSecurity::None),
        ]);
        let security = reader.get("bounces", "security", security, SmtpSecurity::Tls);
        let usual_port = match security {
            SmtpSecurity::Tls => 993,
            SmtpSecurity::StartTls | SmtpSecurity::None => 143,
        };
        let host = reader.require("bounces", "host", kind::text());
        let port = reader.get("bounces", "port", kind::whole(1..=65_535), usual_port);
        let user = reader.require("bounces", "user", kind::text());
        let password = reader.require("bounces", "password", kind::secret());
        let folder = reader.get("bounces", "folder", kind::text(), "INBOX".to_owned());
        let address = reader.require("bounces", "address", kind::email());
        let own_addresses = reader.get("bounces", "own_addresses", kind::yes_or_no(), false);
        if !letters {
            reader.complain(
                "bounces",
                "host",
                "without [smtp] there are no letters to report on",
            );
        }
        Some(Self {
            host: host?,
            port,
            security,
            user: user?,
            password: password?,
            folder,
            address: address?,
            own_addresses,
        })
    }
}
