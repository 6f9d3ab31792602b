//! Employees: the tab «Сотрудники».

use model::company::Employee;
use model::id::{CompanyId, DepartmentId, EmployeeId};

use crate::{Result, Store, Versioned};

/// A row as it is saved: without an id it is a new employee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeDraft {
    /// Id of a stored one.
    pub id: Option<EmployeeId>,
    /// «Email логин»; kept in lower case, and unchangeable.
    pub email: String,
    /// «ФИО».
    pub name: String,
    /// «Отдел».
    pub department: Option<DepartmentId>,
    /// «Должность».
    pub position: String,
    /// «Добавочный».
    pub extension: String,
    /// «Мобильный номер».
    pub mobile: String,
}

/// Employees.
#[derive(Clone, Copy)]
pub struct Employees<'a> {
    pub(crate) store: &'a Store,
}

impl Employees<'_> {
    /// All of them, in the order in which they were saved.
    pub async fn list(&self, company: CompanyId) -> Result<Versioned<Vec<Employee>>> {
        let _ = company;
        todo!()
    }

    /// Saves the whole list, all or nothing; stored ones that are missing are
    /// deleted, unless a line or a department sends its messages to them
    /// ([`Conflict::InUse`](crate::Conflict::InUse)).
    pub async fn replace_all(
        &self,
        company: CompanyId,
        rows: &[EmployeeDraft],
        version: u64,
    ) -> Result<Versioned<Vec<Employee>>> {
        let _ = (company, rows, version);
        todo!()
    }
}
