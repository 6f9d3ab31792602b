//! What an operator is doing.

use serde::{Deserialize, Serialize};

/// An operator's state, as the desk shows it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OperatorState {
    /// «Не в сети».
    #[default]
    Offline,
    /// «Готов»: may be offered calls.
    Ready,
    /// A call rings at the desk.
    Offered,
    /// «На звонке».
    OnCall,
    /// «Постобработка»: finishes the message of the call before.
    WrapUp,
    /// «Перерыв».
    Break,
    /// «Обед».
    Lunch,
}
