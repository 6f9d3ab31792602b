//! How a supervisor takes part in an operator's call.

use serde::{Deserialize, Serialize};

/// How much of a supervisor is heard in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Supervision {
    /// «Прослушивание»: nobody hears the supervisor.
    Listen,
    /// «Суфлирование»: the operator alone does.
    Whisper,
    /// «Вмешательство»: all do.
    Barge,
}

impl Supervision {
    /// Whether the operator hears the supervisor.
    pub fn is_heard_by_the_operator(self) -> bool {
        self != Self::Listen
    }

    /// Whether those whom the operator talks with do.
    pub fn is_heard_by_all(self) -> bool {
        self == Self::Barge
    }
}
