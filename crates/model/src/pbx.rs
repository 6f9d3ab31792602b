//! A line's account at the company's telephone exchange, and how the
//! connection to it fares.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::audio::Codec;
use crate::secret::Secret;

/// How requests travel to the PBX.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// UDP, the usual one.
    #[default]
    Udp,
    /// TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
}

/// Whose certificate a line takes, where it connects by TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trust {
    /// One that the system's authorities vouch for, with the server's name.
    #[default]
    Public,
    /// One that this authority vouches for, with the server's name.
    Authority {
        /// The authority's certificate, or several (PEM).
        certificate: String,
    },
    /// This very one, whatever its name and dates are.
    Pinned {
        /// SHA-256 of the certificate or of its public key.
        sha256: Fingerprint,
    },
}

/// A SHA-256, written as 64 hexadecimal digits; colons may stand between them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Fingerprint(pub [u8; 32]);

/// The text is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("64 hexadecimal digits are expected")]
pub struct FingerprintError;

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digits = text.chars().filter(|c| *c != ':' && !c.is_whitespace());
        let digits: Vec<u8> = digits
            .map(digit)
            .collect::<Option<_>>()
            .ok_or(FingerprintError)?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|two| two[0] << 4 | two[two.len() - 1])
            .collect();
        match (digits.len(), bytes.try_into()) {
            (64, Ok(bytes)) => Ok(Self(bytes)),
            _ => Err(FingerprintError),
        }
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = FingerprintError;

    fn try_from(text: String) -> Result<Self, FingerprintError> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What «Подключение к АТС (SIP)» asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PbxAccount {
    /// «Пользователь»: the extension's user part.
    pub user: String,
    /// «Пароль».
    pub password: Secret,
    /// «SIP сервер»: the domain or address of the registrar.
    pub server: String,
    /// «SIP proxy»: where requests are sent instead of to the server.
    pub proxy: Option<String>,
    /// Authentication name, where it differs from the user (3CX).
    pub auth_name: Option<String>,
    /// Port, where it differs from what DNS or the transport gives.
    pub port: Option<u16>,
    /// Transport.
    pub transport: Transport,
    /// Registration interval to ask for, in seconds.
    pub interval_s: u32,
    /// Whose certificate is taken (TLS).
    pub trust: Trust,
    /// Codecs that may be used, the preferred one first; never empty.
    pub codecs: Vec<Codec>,
}

/// How a line's connection to its PBX stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// No account is given yet.
    #[default]
    NotConfigured,
    /// The first answer is awaited.
    Connecting,
    /// Registered: calls arrive.
    Registered {
        /// Seconds that the PBX granted.
        granted_s: u32,
    },
    /// Not registered; tried again by itself.
    Failed {
        /// Why.
        fault: Fault,
    },
}

/// Why a registration does not hold. Each maps to one sentence and one field to mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The server's name has no address. Mend: «SIP сервер».
    NameNotResolved,
    /// The address lies in a network that the configuration does not allow.
    AddressNotAllowed,
    /// Nobody answers there. Mend: server, port, transport.
    NoAnswer,
    /// The connection was refused or broke (TCP, TLS).
    ConnectionRefused,
    /// The PBX does not know this user (403 before a challenge, 404). Mend: «Пользователь».
    UserRefused {
        /// The response's status code.
        code: u16,
    },
    /// The login was challenged, answered, and refused. Mend: «Пароль» or authentication name.
    WrongPassword,
    /// The certificate can't be trusted (TLS).
    Certificate {
        /// What is wrong with it.
        flaw: CertificateFlaw,
        /// SHA-256 of the certificate that was shown: whoever compared it at the PBX can pin it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Fingerprint>,
    },
    /// Registrations are limited there (too many contacts, or an interval never accepted).
    RegistrationLimit,
    /// The PBX asks for a login in a way that is not understood.
    UnknownChallenge,
    /// Another refusal.
    Refused {
        /// The response's status code.
        code: u16,
    },
    /// Another line has this PBX user already.
    TakenByAnotherLine,
}

/// What is wrong with a PBX's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateFlaw {
    /// Its time is over.
    Expired,
    /// Its time has not come; or the clock is wrong.
    NotYetValid,
    /// It is for another name than the server's.
    Name,
    /// Nobody whom the line trusts vouches for it; somebody of the same name may.
    Issuer,
    /// It is not the one that the line is pinned to.
    Pin,
    /// The authority that the line is to trust can't be read.
    Authority,
    /// Something else, as that it is not one for servers.
    Unusable,
}

impl Fault {
    /// The form's field that most likely needs mending: `server`, `user`,
    /// `password`, `transport`, `trust` or none.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameNotResolved | Self::AddressNotAllowed | Self::NoAnswer => Some("server"),
            Self::ConnectionRefused => Some("transport"),
            Self::Certificate { flaw, .. } => match flaw {
                CertificateFlaw::Name => Some("server"),
                _ => Some("trust"),
            },
            Self::UserRefused { .. } | Self::TakenByAnotherLine => Some("user"),
            Self::WrongPassword => Some("password"),
            Self::RegistrationLimit | Self::UnknownChallenge | Self::Refused { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CertificateFlaw, Fault, Fingerprint, Trust};

    #[test]
    fn a_fingerprint_is_read_as_people_copy_it() {
        let plain = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        let fingerprint: Fingerprint = plain.parse().expect("digits");
        assert_eq!(colons.parse(), Ok(fingerprint));
        assert_eq!(format!(" {plain}\n").parse(), Ok(fingerprint));
        assert_eq!(fingerprint.to_string(), colons);
        for wrong in [
            "",
            "ab",
            &plain[1..],
            &format!("{plain}0"),
            &"xy".repeat(32),
        ] {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fault_of_before_certificates_were_shown_is_read() {
        let old = r#"{"kind":"certificate","flaw":"expired"}"#;
        let flaw = CertificateFlaw::Expired;
        let fault = Fault::Certificate { flaw, seen: None };
        assert_eq!(serde_json::from_str(old).ok(), Some(fault.clone()));
        assert_eq!(serde_json::to_string(&fault).ok().as_deref(), Some(old));
    }

    #[test]
    fn trust_is_stored_and_read() {
        let sha256 = Fingerprint([7; 32]);
        let pinned = Trust::Pinned { sha256 };
        let authority = Trust::Authority {
            certificate: "PEM".into(),
        };
        for trust in [Trust::Public, authority, pinned] {
            let text = serde_json::to_string(&trust).expect("text");
            assert_eq!(serde_json::from_str::<Trust>(&text).ok(), Some(trust));
        }
    }
}
