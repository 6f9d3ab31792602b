//! «Сотрудники».

pub mod read;
pub mod write;

use model::company::Employee;
use model::id::CompanyId;
use model::user::SignIn;
use serde::Serialize;
use store::Versioned;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;

/// The tab «Сотрудники».
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeList {
    /// The employees, in the order in which they were saved.
    items: Vec<EmployeeRow>,
    /// Version to name when saving.
    version: u64,
}

/// A saved row of «Сотрудники».
#[derive(Debug, Serialize, ToSchema)]
pub struct EmployeeRow {
    /// The employee.
    #[serde(flatten)]
    employee: Employee,
    /// How the employee's sign-in stands.
    sign_in: SignIn,
}

impl EmployeeList {
    async fn of(
        api: &Api,
        company: CompanyId,
        list: Versioned<Vec<Employee>>,
    ) -> Result<Self, Problem> {
        let sign_ins = api.store.employees().sign_ins(company).await?;
        let items = list.value.into_iter().map(|employee| EmployeeRow {
            sign_in: sign_ins.get(&employee.id).copied().unwrap_or(SignIn::None),
            employee,
        });
        Ok(Self {
            items: items.collect(),
            version: list.version,
        })
    }
}
