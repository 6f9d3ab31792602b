//! Keys that open the API to a company's programs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ApiKeyId, CompanyId};

/// What a key opens. Settings are opened by none.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[schema(as = Scope)]
pub enum Scope {
    /// Calls: who called, when, and what became of it.
    #[serde(rename = "calls:read")]
    CallsRead,
    /// The sound of calls.
    #[serde(rename = "recordings:read")]
    RecordingsRead,
    /// Messages with their deliveries.
    #[serde(rename = "messages:read")]
    MessagesRead,
    /// Work on messages and missed calls: accept, comment, close, «called back».
    #[serde(rename = "messages:write")]
    MessagesWrite,
}

impl Scope {
    /// Every scope, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::CallsRead,
        Self::RecordingsRead,
        Self::MessagesRead,
        Self::MessagesWrite,
    ];

    /// The scope's name, such as `calls:read`.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallsRead => "calls:read",
            Self::RecordingsRead => "recordings:read",
            Self::MessagesRead => "messages:read",
            Self::MessagesWrite => "messages:write",
        }
    }
}

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Id.
    pub id: ApiKeyId,
    /// The company whose data it opens.
    pub company: CompanyId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// The beginning of the secret, to recognise it by.
    pub prefix: String,
    /// What it opens; never empty.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// Since when it opens nothing any more.
    pub revoked_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_is_called_as_it_travels() {
        for scope in Scope::ALL {
            assert_eq!(
                serde_json::to_value(scope).expect("JSON"),
                scope.name(),
                "{scope:?}"
            );
        }
    }
}
