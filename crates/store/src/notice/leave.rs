//! What holds employees and departments that are to be deleted, and what is
//! cleared up behind them.

use jiff::{SignedDuration, Timestamp};
use model::id::{CompanyId, DepartmentId, EmployeeId};
use model::line::Recipient;
use model::message::MessageState;
use model::notice::{Progress, Target};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{policies, reach, rotas, tasks};
use crate::column::{json, millis, name, timestamp};
use crate::entity::{department, employee, message};
use crate::{Conflict, InUse, Result};

/// Of what is older, nobody new is told.
const TOLD_ANEW: SignedDuration = SignedDuration::from_hours(72);

/// Where a rota, a policy or an absence would have a hole without the
/// employee; `others` are those who stay.
pub(crate) async fn employee_in_use(
    txn: &DatabaseTransaction,
    company: CompanyId,
    row: &employee::Model,
    others: &[&employee::Model],
    departments: &[department::Model],
    now: Timestamp,
) -> Result<Option<Conflict>> {
    let id = EmployeeId(row.id);
    let on_duty = rotas::all(txn, company)
        .await?
        .into_iter()
        .filter(|(_, rota)| rota.shifts.iter().any(|shift| shift.employee == id));
    let rotas: Vec<String> = on_duty.map(|(it, _)| called(departments, it)).collect();
    let told = policies::coming_to(txn, company, |to| policies::tells(to, id)).await?;
    let policies: Vec<Option<String>> = told
        .into_iter()
        .map(|department| department.map(|it| called(departments, it)))
        .collect();
    let mut absences = Vec::new();
    for other in others {
        let absence = reach(other)?.absence;
        if absence.is_some_and(|absence| absence.deputy == Some(id) && absence.to > now) {
            absences.push(other.name.clone());
        }
    }
    if rotas.is_empty() && policies.is_empty() && absences.is_empty() {
        return Ok(None);
    }
    Ok(Some(Conflict::InUse(Box::new(InUse {
        name: row.name.clone(),
        rotas,
        policies,
        absences,
        ..InUse::default()
    }))))
}

/// Where a policy of those that stay comes to the department.
pub(crate) async fn department_in_use(
    txn: &DatabaseTransaction,
    company: CompanyId,
    row: &department::Model,
    staying: &[department::Model],
) -> Result<Option<Conflict>> {
    let comes = |to| match to {
        Target::Department { department } | Target::OnDuty { department } => department.0 == row.id,
        Target::Employee { .. } | Target::OperatorCall => false,
    };
    let told = policies::coming_to(txn, company, comes).await?;
    let stays =
        |of: &Option<DepartmentId>| of.is_none_or(|of| staying.iter().any(|row| row.id == of.0));
    let policies: Vec<Option<String>> = told
        .into_iter()
        .filter(stays)
        .map(|of| of.map(|of| called(staying, of)))
        .collect();
    if policies.is_empty() {
        return Ok(None);
    }
    Ok(Some(Conflict::InUse(Box::new(InUse {
        name: row.name.clone(),
        policies,
        ..InUse::default()
    }))))
}

/// Clears up behind employees or departments that were deleted: nobody calls
/// them, nothing is assigned to them, and of open messages that were theirs
/// somebody else is told.
pub(crate) async fn leave(
    txn: &DatabaseTransaction,
    company: CompanyId,
    gone: &[Recipient],
    now: Timestamp,
) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let employees: Vec<Uuid> = gone
        .iter()
        .filter_map(|gone| match gone {
            Recipient::Employee { employee } => Some(employee.0),
            Recipient::Department { .. } => None,
        })
        .collect();
    let names = gone.iter().map(json).collect::<Result<Vec<_>>>()?;
    tasks::drop_of_employees(txn, company, &employees).await?;
    let now = millis(now);
    let anew = Progress::new(timestamp(now)?);
    let theirs = Condition::any()
        .add(message::Column::Recipient.is_in(names))
        .add(message::Column::AssigneeId.is_in(employees.iter().copied()));
    message::Entity::update_many()
        .col_expr(message::Column::Progress, Expr::value(json(&anew)?))
        .col_expr(message::Column::NextStepAt, Expr::value(now))
        .filter(message::Column::CompanyId.eq(company.0))
        .filter(message::Column::State.eq(name(MessageState::Open)?))
        .filter(message::Column::CreatedAt.gte(now - millis_of(TOLD_ANEW)))
        .filter(theirs)
        .exec(txn)
        .await?;
    message::Entity::update_many()
        .col_expr(message::Column::AssigneeId, Expr::value(None::<Uuid>))
        .filter(message::Column::CompanyId.eq(company.0))
        .filter(message::Column::AssigneeId.is_in(employees))
        .exec(txn)
        .await?;
    Ok(())
}

fn millis_of(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn called(departments: &[department::Model], id: DepartmentId) -> String {
    let known = departments.iter().find(|row| row.id == id.0);
    known.map(|row| row.name.clone()).unwrap_or_default()
}
