//! Employees: the tab «Сотрудники».

use jiff::Timestamp;
use model::company::Employee;
use model::id::{CompanyId, DepartmentId, EmployeeId};
use model::line::Recipient;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::column::narrow;
use crate::entity::company;
use crate::entity::employee::{Column, Entity, Model};
use crate::{
    Conflict, InUse, Own, Result, Seen, Store, StoreError, Versioned, companies, departments,
    lines, lookup, notice, sign_ins,
};

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
        let reader = self.store.reader();
        // The version is read first: a change in between makes it too old, never too new.
        let version = lookup::company(reader, company).await?.employees_version;
        Ok(Versioned {
            version: narrow(version)?,
            value: rows(reader, company).await?.iter().map(employee).collect(),
        })
    }

    /// What the employee of this login may see: what is addressed to the
    /// employee, to the own department, and to departments that notify the
    /// employee alone, and whatever the employee was told of. Nothing where the company has no such employee.
    pub async fn seen_by(&self, company: CompanyId, email: &str) -> Result<Seen> {
        let reader = self.store.reader();
        let Some(row) = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::Email.eq(email))
            .one(reader)
            .await?
        else {
            return Ok(Seen::Of(Own::default()));
        };
        let employee = EmployeeId(row.id);
        let departments = departments::rows(reader, company).await?;
        let own = departments.iter().filter(|department| {
            row.department_id == Some(department.id)
                || department.notify_employee_id == Some(row.id)
        });
        let own = own.map(|department| Recipient::Department {
            department: DepartmentId(department.id),
        });
        let oneself = std::iter::once(Recipient::Employee { employee });
        Ok(Seen::Of(Own {
            recipients: oneself.chain(own).collect(),
            employee: Some(employee),
        }))
    }

    /// Saves the whole list, all or nothing; stored ones that are missing are
    /// deleted, unless a line or a department sends its messages to them, or a
    /// rota, a policy or somebody's absence would have a hole
    /// ([`Conflict::InUse`]). How those who stay are reached stays. Whoever is new among them is invited to sign in,
    /// and who is deleted can't any more.
    pub async fn replace_all(
        &self,
        company: CompanyId,
        drafts: &[EmployeeDraft],
        version: u64,
    ) -> Result<Versioned<Vec<Employee>>> {
        let txn = self.store.begin().await?;
        let settings = lookup::lock_company(&txn, company).await?;
        if settings.employees_version != companies::stored(version) {
            return Err(StoreError::Stale);
        }
        let stored = rows(&txn, company).await?;
        let departments = departments::rows(&txn, company).await?;
        if let Some(row) = drafts.iter().position(|draft| {
            draft
                .department
                .is_some_and(|id| departments.iter().all(|known| known.id != id.0))
        }) {
            return Err(StoreError::conflict(Conflict::UnknownDepartment { row }));
        }
        let wanted = wanted(company, drafts, &stored)?;
        let missing: Vec<&Model> = stored
            .iter()
            .filter(|row| wanted.iter().all(|(_, new)| new.id != row.id))
            .collect();
        for row in &missing {
            let lines = lines::sending_to(&txn, company, row.id).await?;
            let departments: Vec<String> = departments
                .iter()
                .filter(|department| department.notify_employee_id == Some(row.id))
                .map(|department| department.name.clone())
                .collect();
            if !lines.is_empty() || !departments.is_empty() {
                return Err(StoreError::conflict(Conflict::InUse(Box::new(InUse {
                    name: row.name.clone(),
                    lines,
                    departments,
                    ..InUse::default()
                }))));
            }
        }
        let now = Timestamp::now();
        let staying: Vec<&Model> = stored
            .iter()
            .filter(|row| wanted.iter().any(|(_, new)| new.id == row.id))
            .collect();
        for row in &missing {
            let used = notice::employee_in_use(&txn, company, row, &staying, &departments, now);
            if let Some(what) = used.await? {
                return Err(StoreError::conflict(what));
            }
        }
        let gone: Vec<Recipient> = missing
            .iter()
            .map(|row| Recipient::Employee {
                employee: EmployeeId(row.id),
            })
            .collect();
        notice::leave(&txn, company, &gone, now).await?;
        // First, for a new row may have the address of a deleted one.
        Entity::delete_many()
            .filter(Column::Id.is_in(missing.iter().map(|row| row.id)))
            .exec(&txn)
            .await?;
        for (old, new) in &wanted {
            match old {
                None => {
                    Entity::insert(new.clone().into_active_model())
                        .exec_without_returning(&txn)
                        .await?;
                }
                Some(old) if *old != new => {
                    let row = new.clone().into_active_model().reset_all();
                    Entity::update(row).exec_without_returning(&txn).await?;
                }
                Some(_) => {}
            }
        }
        let kept: Vec<&Model> = wanted.iter().map(|(_, row)| row).collect();
        sign_ins::follow(&txn, &settings, &kept, &missing, now).await?;
        bump(&txn, company).await?;
        txn.commit().await?;
        self.store.wake_deliveries();
        self.store.wake_steps();
        Ok(Versioned {
            version: version + 1,
            value: wanted.iter().map(|(_, row)| employee(row)).collect(),
        })
    }
}

/// The rows to be stored, each with the one that it replaces.
fn wanted<'a>(
    company: CompanyId,
    drafts: &[EmployeeDraft],
    stored: &'a [Model],
) -> Result<Vec<(Option<&'a Model>, Model)>> {
    let mut wanted: Vec<(Option<&Model>, Model)> = Vec::with_capacity(drafts.len());
    for (row, draft) in drafts.iter().enumerate() {
        let email = draft.email.trim().to_lowercase();
        let old = match draft.id {
            Some(id) => Some(
                stored
                    .iter()
                    .find(|row| row.id == id.0)
                    .filter(|row| wanted.iter().all(|(_, new)| new.id != row.id))
                    .ok_or(StoreError::NotFound)?,
            ),
            None => None,
        };
        if old.is_some_and(|old| old.email != email) {
            return Err(StoreError::conflict(Conflict::EmailFixed { row }));
        }
        if wanted.iter().any(|(_, earlier)| earlier.email == email) {
            return Err(StoreError::conflict(Conflict::EmailTaken { row }));
        }
        let new = Model {
            id: old.map_or_else(Uuid::now_v7, |row| row.id),
            company_id: company.0,
            place: i64::try_from(row).unwrap_or(i64::MAX),
            email,
            name: draft.name.clone(),
            department_id: draft.department.map(|id| id.0),
            position: draft.position.clone(),
            extension: draft.extension.clone(),
            mobile: draft.mobile.clone(),
            reach: old.map_or_else(|| "{}".to_owned(), |row| row.reach.clone()),
        };
        wanted.push((old, new));
    }
    Ok(wanted)
}

async fn bump(txn: &DatabaseTransaction, company: CompanyId) -> Result<()> {
    let version = company::Column::EmployeesVersion;
    company::Entity::update_many()
        .col_expr(version, companies::next(version))
        .filter(company::Column::Id.eq(company.0))
        .exec(txn)
        .await?;
    Ok(())
}

pub(crate) async fn rows<C: ConnectionTrait>(db: &C, company: CompanyId) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .order_by_asc(Column::Place)
        .all(db)
        .await?)
}

pub(crate) fn employee(row: &Model) -> Employee {
    Employee {
        id: EmployeeId(row.id),
        email: row.email.clone(),
        name: row.name.clone(),
        department: row.department_id.map(DepartmentId),
        position: row.position.clone(),
        extension: row.extension.clone(),
        mobile: row.mobile.clone(),
    }
}
