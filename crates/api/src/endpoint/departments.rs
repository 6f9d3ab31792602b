//! «Отделы».

pub mod read;
pub mod write;

use model::company::Department;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

/// The tab «Отделы».
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentList {
    /// The departments, in the order in which they were saved.
    items: Vec<Department>,
    /// Version to name when saving.
    version: u64,
}

impl DepartmentList {
    fn of(list: Versioned<Vec<Department>>) -> Self {
        Self {
            items: list.value,
            version: list.version,
        }
    }
}
