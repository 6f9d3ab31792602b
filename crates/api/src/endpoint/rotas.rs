//! «График дежурств».

pub mod read;
pub mod write;

use model::notice::{Gap, Rota, Shift};
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

/// A department's rota.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaView {
    /// All duties.
    shifts: Vec<Shift>,
    /// Hours of the week in which nobody is on duty.
    gaps: Vec<Gap>,
    /// Version to name when saving.
    version: u64,
}

impl RotaView {
    fn of(rota: Versioned<Rota>) -> Self {
        Self {
            gaps: rota.value.gaps(),
            shifts: rota.value.shifts,
            version: rota.version,
        }
    }
}
