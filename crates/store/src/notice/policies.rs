//! «Порядок оповещения» of a company and of its departments.

use model::id::{CompanyId, DepartmentId, EmployeeId};
use model::notice::{Policy, Target};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use super::Notice;
use crate::column::{from_json, json, narrow};
use crate::entity::escalation::{Column, Entity, Model};
use crate::{Conflict, Result, StoreError, Versioned, companies, departments, employees, lookup};

/// A policy as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// Whose; none for the company's own.
    pub department: Option<DepartmentId>,
    /// The policy; none where there is none any more.
    pub policy: Option<Policy>,
    /// What a change has to name.
    pub version: u64,
}

impl Notice<'_> {
    /// All policies that were ever written, the company's first.
    pub async fn policies(&self, company: CompanyId) -> Result<Vec<StoredPolicy>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let mut all = rows(reader, company)
            .await?
            .iter()
            .map(stored)
            .collect::<Result<Vec<_>>>()?;
        all.sort_by_key(|policy| policy.department.is_some());
        Ok(all)
    }

    /// The policy of the company, or of a department; version 0 where none was ever written.
    pub async fn policy(
        &self,
        company: CompanyId,
        department: Option<DepartmentId>,
    ) -> Result<Versioned<Option<Policy>>> {
        let reader = self.store.reader();
        known(reader, company, department).await?;
        let scope = department.map_or(company.0, |id| id.0);
        let row = Entity::find_by_id(scope).one(reader).await?;
        let Some(row) = row else {
            return Ok(Versioned {
                version: 0,
                value: None,
            });
        };
        let stored = stored(&row)?;
        Ok(Versioned {
            version: stored.version,
            value: stored.policy,
        })
    }

    /// Replaces it, or takes it away; for messages that come from now on, and
    /// those on their way. Stale where the version is not the stored one. A
    /// step that names somebody whom the company does not have is
    /// [`Conflict::UnknownEmployee`] or [`Conflict::UnknownDepartment`] with
    /// the step's place.
    pub async fn write_policy(
        &self,
        company: CompanyId,
        department: Option<DepartmentId>,
        policy: Option<&Policy>,
        version: u64,
    ) -> Result<Versioned<Option<Policy>>> {
        let txn = self.store.begin().await?;
        lookup::lock_company(&txn, company).await?;
        known(&txn, company, department).await?;
        check(&txn, company, policy).await?;
        let scope = department.map_or(company.0, |id| id.0);
        let old = Entity::find_by_id(scope).one(&txn).await?;
        if old.as_ref().map_or(0, |row| row.version) != companies::stored(version) {
            return Err(StoreError::Stale);
        }
        let new = Model {
            scope_id: scope,
            company_id: company.0,
            department_id: department.map(|id| id.0),
            policy: policy.map(json).transpose()?,
            version: companies::stored(version + 1),
        };
        match old {
            None => {
                Entity::insert(new.into_active_model())
                    .exec_without_returning(&txn)
                    .await?;
            }
            Some(_) => {
                Entity::update(new.into_active_model().reset_all())
                    .exec_without_returning(&txn)
                    .await?;
            }
        }
        txn.commit().await?;
        Ok(Versioned {
            version: version + 1,
            value: policy.cloned(),
        })
    }
}

/// Fails where the department is not the company's.
pub(crate) async fn known<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    department: Option<DepartmentId>,
) -> Result<()> {
    lookup::company(db, company).await?;
    let Some(id) = department else {
        return Ok(());
    };
    let departments = departments::rows(db, company).await?;
    match departments.iter().any(|row| row.id == id.0) {
        true => Ok(()),
        false => Err(StoreError::NotFound),
    }
}

/// Everybody whom it names has to be of the company.
async fn check<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    policy: Option<&Policy>,
) -> Result<()> {
    let employees = employees::rows(db, company).await?;
    let departments = departments::rows(db, company).await?;
    for (row, step) in policy.iter().flat_map(|policy| &policy.steps).enumerate() {
        match step.to {
            Target::Employee { employee } => {
                if employees.iter().all(|known| known.id != employee.0) {
                    return Err(StoreError::conflict(Conflict::UnknownEmployee { row }));
                }
            }
            Target::Department { department } | Target::OnDuty { department } => {
                if departments.iter().all(|known| known.id != department.0) {
                    return Err(StoreError::conflict(Conflict::UnknownDepartment { row }));
                }
            }
            Target::OperatorCall => {}
        }
    }
    Ok(())
}

/// Departments whose policies come to an employee or a department; none stands
/// for the company's own.
pub(crate) async fn coming_to<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    comes: impl Fn(Target) -> bool,
) -> Result<Vec<Option<DepartmentId>>> {
    let mut found = Vec::new();
    for row in rows(db, company).await? {
        let stored = stored(&row)?;
        let steps = stored.policy.unwrap_or_default().steps;
        if steps.iter().any(|step| comes(step.to)) {
            found.push(stored.department);
        }
    }
    Ok(found)
}

/// Whether a step tells the employee alone.
pub(crate) fn tells(target: Target, employee: EmployeeId) -> bool {
    target == Target::Employee { employee }
}

async fn rows<C: ConnectionTrait>(db: &C, company: CompanyId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .order_by_asc(Column::ScopeId)
        .all(db)
        .await?)
}

fn stored(row: &Model) -> Result<StoredPolicy> {
    Ok(StoredPolicy {
        department: row.department_id.map(DepartmentId),
        policy: row.policy.as_deref().map(from_json).transpose()?,
        version: narrow(row.version)?,
    })
}
