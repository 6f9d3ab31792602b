//! Callers whom a company knows by their numbers.

use serde::{Deserialize, Serialize};

use crate::id::{CallerId, CompanyId};

/// How calls of somebody are met.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As all are.
    #[default]
    Usual,
    /// «VIP»: before all others.
    Vip,
    /// «Чёрный список»: with short beeps.
    Blocked,
}

/// A caller whom a company knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCaller {
    /// Id.
    pub id: CallerId,
    /// Who knows the caller.
    pub company: CompanyId,
    /// Number as it is stored everywhere.
    pub number: String,
    /// Name; may be empty.
    pub name: String,
    /// What is to be known besides; may be empty.
    pub note: String,
    /// How the calls are met.
    pub mark: Mark,
}
