//! A company's people, read for the rules.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use model::hours::WorkingHours;
use model::id::{CompanyId, DepartmentId, EmployeeId};
use model::line::Recipient;
use model::notice::{Group, Person, Policy, Rota, Staff};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::reach;
use crate::column::from_json;
use crate::entity::{employee, escalation, message, rota};
use crate::{Result, departments, employees, lookup};

/// The people, with what is told of them.
pub(crate) struct Around {
    pub(crate) zone: TimeZone,
    pub(crate) staff: Staff,
    pub(crate) employees: HashMap<Uuid, employee::Model>,
    pub(crate) departments: HashMap<Uuid, String>,
}

/// Reads them.
pub(crate) async fn around<C: ConnectionTrait>(db: &C, company: Uuid) -> Result<Around> {
    let id = CompanyId(company);
    let zone = zone(db, company).await?;
    let employees = employees::rows(db, id).await?;
    let departments = departments::rows(db, id).await?;
    let rotas = rota::Entity::find()
        .filter(rota::Column::CompanyId.eq(company))
        .all(db)
        .await?;
    let mut by_department: HashMap<Uuid, Rota> = HashMap::new();
    for row in rotas {
        by_department.insert(row.department_id, from_json(&row.rota)?);
    }
    let people = employees
        .iter()
        .map(|row| {
            Ok(Person {
                id: EmployeeId(row.id),
                department: row.department_id.map(DepartmentId),
                reach: reach(row)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let groups = departments.iter().map(|row| Group {
        id: DepartmentId(row.id),
        notify: departments::department(row).notify,
        rota: by_department.remove(&row.id).unwrap_or_default(),
    });
    Ok(Around {
        zone,
        staff: Staff {
            people,
            departments: groups.collect(),
        },
        employees: employees.into_iter().map(|row| (row.id, row)).collect(),
        departments: departments
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect(),
    })
}

/// The company's zone; UTC where it has one that nobody knows any more.
pub(crate) async fn zone<C: ConnectionTrait>(db: &C, company: Uuid) -> Result<TimeZone> {
    let row = lookup::company(db, CompanyId(company)).await?;
    let hours: WorkingHours = from_json(&row.hours)?;
    Ok(hours.time_zone().unwrap_or(TimeZone::UTC))
}

/// Whom a message is for now: whoever it was assigned to.
pub(crate) fn recipient(row: &message::Model) -> Result<Recipient> {
    match row.assignee_id {
        Some(id) => Ok(Recipient::Employee {
            employee: EmployeeId(id),
        }),
        None => addressed(row),
    }
}

/// Whom it was addressed to, whoever it was assigned to since.
pub(crate) fn addressed(row: &message::Model) -> Result<Recipient> {
    from_json(&row.recipient)
}

/// The policy of the department that the message, or its employee, belongs
/// to; the company's where that has none. Without either there are no steps.
pub(crate) async fn policy_of<C: ConnectionTrait>(db: &C, row: &message::Model) -> Result<Policy> {
    let department = match recipient(row)? {
        Recipient::Department { department } => Some(department.0),
        Recipient::Employee { employee } => employee::Entity::find_by_id(employee.0)
            .one(db)
            .await?
            .and_then(|row| row.department_id),
    };
    let scopes = department.into_iter().chain([row.company_id]);
    let rows = escalation::Entity::find()
        .filter(escalation::Column::ScopeId.is_in(scopes))
        .filter(escalation::Column::Policy.is_not_null())
        .all(db)
        .await?;
    let own = rows.iter().find(|row| row.department_id.is_some());
    let chosen = own.or(rows.first()).and_then(|row| row.policy.as_deref());
    chosen.map_or_else(|| Ok(Policy::default()), from_json)
}
