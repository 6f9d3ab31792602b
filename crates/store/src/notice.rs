//! Who is told of messages: how employees are reached, rotas, escalation, and
//! the calls that operators owe.

mod carry;
mod colleagues;
mod leave;
mod policies;
mod rotas;
pub(crate) mod staff;
pub(crate) mod steps;
pub(crate) mod tasks;

use jiff::Timestamp;
use model::company::Employee;
use model::id::{CompanyId, EmployeeId};
use model::notice::{Presence, Reach};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use crate::column::{from_json, json, millis};
use crate::entity::employee::{Column, Entity, Model};
use crate::entity::{delivery, message};
use crate::{ChangeKind, Conflict, Result, Store, StoreError, employees};

pub use self::colleagues::Colleague;
pub(crate) use self::leave::{department_in_use, employee_in_use, leave};
pub use self::policies::StoredPolicy;
pub use self::steps::StepTaken;
pub use self::tasks::CallTask;

/// Who is told of messages.
#[derive(Clone, Copy)]
pub struct Notice<'a> {
    pub(crate) store: &'a Store,
}

impl Notice<'_> {
    /// The employee whose login this is; none where the company has no such one.
    pub async fn employee_of(&self, company: CompanyId, login: &str) -> Result<Option<Employee>> {
        let row = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::Email.eq(login))
            .one(self.store.reader())
            .await?;
        Ok(row.as_ref().map(employees::employee))
    }

    /// How an employee may be reached.
    pub async fn reach(&self, company: CompanyId, id: EmployeeId) -> Result<Reach> {
        let row = of_company(company, id).one(self.store.reader()).await?;
        reach(&row.ok_or(StoreError::NotFound)?)
    }

    /// Changes how an employee may be reached. What waited for the end of
    /// quiet hours leaves when it may now. A deputy has to be another one of
    /// the company ([`Conflict::UnknownRecipient`]).
    pub async fn write_reach(
        &self,
        company: CompanyId,
        id: EmployeeId,
        new: &Reach,
        now: Timestamp,
    ) -> Result<()> {
        self.change(company, id, now, |_| Ok(new.clone())).await?;
        Ok(())
    }

    /// What an employee says of oneself; until further notice where there is no time.
    pub async fn write_presence(
        &self,
        company: CompanyId,
        id: EmployeeId,
        presence: Presence,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Reach> {
        let change = |stored| {
            Ok(Reach {
                presence,
                presence_until: until,
                ..stored
            })
        };
        self.change(company, id, now, change).await
    }

    async fn change(
        &self,
        company: CompanyId,
        id: EmployeeId,
        now: Timestamp,
        change: impl FnOnce(Reach) -> Result<Reach>,
    ) -> Result<Reach> {
        let txn = self.store.begin().await?;
        let row = of_company(company, id).lock_exclusive().one(&txn).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let new = change(reach(&row)?)?;
        let deputy = new.absence.as_ref().and_then(|absence| absence.deputy);
        if let Some(deputy) = deputy {
            let known = of_company(company, deputy).one(&txn).await?;
            if known.is_none() || deputy == id {
                return Err(StoreError::conflict(Conflict::UnknownRecipient));
            }
        }
        Entity::update_many()
            .col_expr(Column::Reach, Expr::value(json(&new)?))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        hold_anew(&txn, company, id, &new, now).await?;
        txn.commit().await?;
        self.store.tell(company, ChangeKind::People);
        self.store.wake_deliveries();
        Ok(new)
    }
}

fn of_company(company: CompanyId, id: EmployeeId) -> sea_orm::Select<Entity> {
    Entity::find_by_id(id.0).filter(Column::CompanyId.eq(company.0))
}

/// How the employee of a row may be reached.
pub(crate) fn reach(row: &Model) -> Result<Reach> {
    from_json(&row.reach)
}

/// What is held for an employee waits until the time that holds now.
async fn hold_anew(
    txn: &DatabaseTransaction,
    company: CompanyId,
    id: EmployeeId,
    reach: &Reach,
    now: Timestamp,
) -> Result<()> {
    use delivery::Column;
    let held: Vec<(uuid::Uuid, bool)> = delivery::Entity::find()
        .select_only()
        .column(Column::Id)
        .column(message::Column::Urgent)
        .join(
            sea_orm::JoinType::InnerJoin,
            delivery::Entity::belongs_to(message::Entity)
                .from(Column::MessageId)
                .to(message::Column::Id)
                .into(),
        )
        .filter(Column::EmployeeId.eq(id.0))
        .filter(Column::HeldUntil.is_not_null())
        .filter(Column::HeldUntil.gt(millis(now)))
        .into_tuple()
        .all(txn)
        .await?;
    if held.is_empty() {
        return Ok(());
    }
    let zone = staff::zone(txn, company.0).await?;
    for urgent in [false, true] {
        let ids = held
            .iter()
            .filter(|(_, it)| *it == urgent)
            .map(|(id, _)| *id);
        let until = reach.held_until(now, &zone, urgent).map(millis);
        delivery::Entity::update_many()
            .col_expr(Column::HeldUntil, Expr::value(until))
            .col_expr(Column::NextAt, Expr::value(until.unwrap_or(millis(now))))
            .col_expr(Column::TriedFrom, Expr::value(until.unwrap_or(millis(now))))
            .filter(Column::Id.is_in(ids))
            .filter(Expr::col(Column::State).eq("queued"))
            .exec(txn)
            .await?;
    }
    Ok(())
}
