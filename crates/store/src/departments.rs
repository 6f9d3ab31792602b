//! Departments: the tab «Отделы».

use jiff::Timestamp;
use model::company::{Department, Notify};
use model::id::{CompanyId, DepartmentId, EmployeeId};
use model::line::Recipient;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::column::narrow;
use crate::entity::department::{Column, Entity, Model};
use crate::entity::{company, employee};
use crate::{
    Conflict, InUse, Result, Store, StoreError, Versioned, companies, lines, lookup, notice,
};

/// How the rules stand in their column; the chosen employee has one of its own.
const EVERYONE: &str = "everyone";
const ON_DUTY: &str = "on_duty";

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
        let reader = self.store.reader();
        // The version is read first: a change in between makes it too old, never too new.
        let version = lookup::company(reader, company).await?.departments_version;
        Ok(Versioned {
            version: narrow(version)?,
            value: rows(reader, company)
                .await?
                .iter()
                .map(department)
                .collect(),
        })
    }

    /// Saves the whole list, all or nothing; stored ones that are missing are
    /// deleted, unless a line's messages go there by default, or a policy comes
    /// there ([`Conflict::InUse`]). Employees of a deleted department stay, without one.
    pub async fn replace_all(
        &self,
        company: CompanyId,
        drafts: &[DepartmentDraft],
        version: u64,
    ) -> Result<Versioned<Vec<Department>>> {
        let txn = self.store.begin().await?;
        let settings = lookup::lock_company(&txn, company).await?;
        if settings.departments_version != companies::stored(version) {
            return Err(StoreError::Stale);
        }
        let stored = rows(&txn, company).await?;
        let wanted = wanted(company, drafts, &stored)?;
        check_notified(&txn, company, drafts).await?;
        let missing: Vec<&Model> = stored
            .iter()
            .filter(|row| wanted.iter().all(|(_, new)| new.id != row.id))
            .collect();
        for row in &missing {
            let lines = lines::sending_to(&txn, company, row.id).await?;
            if !lines.is_empty() {
                return Err(StoreError::conflict(Conflict::InUse(Box::new(InUse {
                    name: row.name.clone(),
                    lines,
                    ..InUse::default()
                }))));
            }
        }
        let staying: Vec<Model> = stored
            .iter()
            .filter(|row| wanted.iter().any(|(_, new)| new.id == row.id))
            .cloned()
            .collect();
        for row in &missing {
            let used = notice::department_in_use(&txn, company, row, &staying).await?;
            if let Some(what) = used {
                return Err(StoreError::conflict(what));
            }
        }
        let gone: Vec<Recipient> = missing
            .iter()
            .map(|row| Recipient::Department {
                department: DepartmentId(row.id),
            })
            .collect();
        notice::leave(&txn, company, &gone, Timestamp::now()).await?;
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
        bump(&txn, company).await?;
        txn.commit().await?;
        self.store.wake_steps();
        Ok(Versioned {
            version: version + 1,
            value: wanted.iter().map(|(_, row)| department(row)).collect(),
        })
    }
}

/// The rows to be stored, each with the one that it replaces.
fn wanted<'a>(
    company: CompanyId,
    drafts: &[DepartmentDraft],
    stored: &'a [Model],
) -> Result<Vec<(Option<&'a Model>, Model)>> {
    let mut wanted: Vec<(Option<&Model>, Model)> = Vec::with_capacity(drafts.len());
    for (place, draft) in (0..).zip(drafts) {
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
        let new = Model {
            id: old.map_or_else(Uuid::now_v7, |row| row.id),
            company_id: company.0,
            place,
            name: draft.name.clone(),
            extension: draft.extension.clone(),
            notify_employee_id: match draft.notify {
                Notify::Everyone | Notify::OnDuty => None,
                Notify::Employee { employee } => Some(employee.0),
            },
            notify_rule: match draft.notify {
                Notify::Everyone => EVERYONE,
                Notify::Employee { .. } => "employee",
                Notify::OnDuty => ON_DUTY,
            }
            .to_owned(),
        };
        wanted.push((old, new));
    }
    Ok(wanted)
}

/// Those who are notified for a department have to be the company's own.
async fn check_notified(
    txn: &DatabaseTransaction,
    company: CompanyId,
    drafts: &[DepartmentDraft],
) -> Result<()> {
    let known: Vec<Uuid> = employee::Entity::find()
        .select_only()
        .column(employee::Column::Id)
        .filter(employee::Column::CompanyId.eq(company.0))
        .into_tuple()
        .all(txn)
        .await?;
    let stranger = drafts.iter().position(|draft| match draft.notify {
        Notify::Everyone | Notify::OnDuty => false,
        Notify::Employee { employee } => !known.contains(&employee.0),
    });
    match stranger {
        Some(row) => Err(StoreError::conflict(Conflict::UnknownEmployee { row })),
        None => Ok(()),
    }
}

async fn bump(txn: &DatabaseTransaction, company: CompanyId) -> Result<()> {
    let version = company::Column::DepartmentsVersion;
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

pub(crate) fn department(row: &Model) -> Department {
    Department {
        id: DepartmentId(row.id),
        name: row.name.clone(),
        extension: row.extension.clone(),
        notify: match row.notify_employee_id {
            Some(id) => Notify::Employee {
                employee: EmployeeId(id),
            },
            None if row.notify_rule == ON_DUTY => Notify::OnDuty,
            None => Notify::Everyone,
        },
    }
}
