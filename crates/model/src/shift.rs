//! What operators did in their shifts, and when a supervisor is to be alarmed.

use serde::{Deserialize, Serialize};

/// What became of a call that was offered to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferOutcome {
    /// The operator took it.
    Answered,
    /// It rang until its time was over, or until the desk was lost.
    Missed,
    /// The operator did not want it.
    Declined,
    /// The caller gave up.
    CallerLeft,
}

/// When «Табло» alarms; none of a kind where that is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Somebody has waited for so many seconds.
    pub longest_wait_s: Option<u32>,
    /// So many calls wait.
    pub waiting: Option<u32>,
    /// The day's share of calls answered in good time is below so many percent.
    pub service_level: Option<u32>,
    /// No operator is ready.
    pub nobody_ready: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            longest_wait_s: Some(60),
            waiting: Some(5),
            service_level: None,
            nobody_ready: true,
        }
    }
}
