//! Departments: the tab «Отделы».

use model::company::{Department, Notify};
use model::id::{CompanyId, DepartmentId};

use crate::{Result, Store, Versioned};

/// A row as it is saved: without an id it is a new department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentDraft {
    /// Id of a stored one.
    pub id: Option<DepartmentId>,
    /// «Отдел».
    pub name: String,
    /// «Добавочный».
    pub extension: String,
    /// «Посылать уведомления».
    pub notify: Notify,
}

/// Departments.
#[derive(Clone, Copy)]
pub struct Departments<'a> {
    pub(crate) store: &'a Store,
}

impl Departments<'_> {
    /// All of them, in the order in which they were saved.
    pub async fn list(&self, company: CompanyId) -> Result<Versioned<Vec<Department>>> {
        let _ = company;
        todo!()
    }

    /// Saves the whole list, all or nothing; stored ones that are missing are
    /// deleted, unless a line's messages go there by default
    /// ([`Conflict::InUse`](crate::Conflict::InUse)). Employees of a deleted department stay, without one.
    pub async fn replace_all(
        &self,
        company: CompanyId,
        rows: &[DepartmentDraft],
        version: u64,
    ) -> Result<Versioned<Vec<Department>>> {
        let _ = (company, rows, version);
        todo!()
    }
}
