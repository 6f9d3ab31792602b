//! «Сотрудники».

pub mod read;
pub mod write;

use model::company::Employee;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

/// The tab «Сотрудники».
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeList {
    /// The employees, in the order in which they were saved.
    items: Vec<Employee>,
    /// Version to name when saving.
    version: u64,
}

impl EmployeeList {
    fn of(list: Versioned<Vec<Employee>>) -> Self {
        Self {
            items: list.value,
            version: list.version,
        }
    }
}
