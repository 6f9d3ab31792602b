//! A line's account at the company's telephone exchange, and how the
//! connection to it fares.

use serde::{Deserialize, Serialize};

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
    Certificate,
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

impl Fault {
    /// The form's field that most likely needs mending: `server`, `user`,
    /// `password`, `transport` or none.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameNotResolved | Self::AddressNotAllowed | Self::NoAnswer => Some("server"),
            Self::ConnectionRefused | Self::Certificate => Some("transport"),
            Self::UserRefused { .. } | Self::TakenByAnotherLine => Some("user"),
            Self::WrongPassword => Some("password"),
            Self::RegistrationLimit | Self::UnknownChallenge | Self::Refused { .. } => None,
        }
    }
}
