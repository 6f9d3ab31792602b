//! Handing a caller over to somebody of the company.

use serde::{Deserialize, Serialize};

use crate::line::Recipient;

/// Which of a recipient's numbers is dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialled {
    /// «Добавочный».
    Extension,
    /// «Мобильный номер»; employees only.
    Mobile,
}

/// Whom a caller is handed over to. Desks name somebody of the company's
/// directory and never a number, so nothing else can be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Colleague {
    /// Who.
    pub recipient: Recipient,
    /// At which number.
    pub dialled: Dialled,
}

/// Why a colleague could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferFault {
    /// It rang, and nobody answered.
    NoAnswer,
    /// Busy, or declined.
    Busy,
    /// The directory has no such number.
    NoNumber,
    /// The PBX does not know the number, or does not let the line call it.
    Refused,
    /// The PBX could not be reached, or this side has no resources.
    Failed,
    /// The colleague had answered, and hung up.
    Left,
}
