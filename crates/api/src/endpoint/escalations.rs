//! «Порядок оповещения».

pub mod read;
pub mod write;

use model::id::DepartmentId;
use model::notice::Policy;
use serde::Serialize;
use utoipa::ToSchema;

/// The policy of the company, or of a department.
#[derive(Debug, Serialize, ToSchema)]
pub struct EscalationRow {
    /// Whose; none for the company's own.
    department: Option<DepartmentId>,
    /// The policy; none where there is none, and a department goes by the company's.
    policy: Option<Policy>,
    /// Version to name when saving.
    version: u64,
}
