//! Calls that operators owe to those whom a message did not reach.

use jiff::{SignedDuration, Timestamp};
use model::company::Employee;
use model::id::{CompanyId, EmployeeId, MessageId, TaskId, UserId};
use model::message::{Message, MessageState};
use model::notice::{Event, TaskOutcome, TaskState, task};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::Notice;
use crate::column::{from_name, millis, name, narrow, timestamp};
use crate::entity::call_task::{Column, Entity, Model};
use crate::entity::{employee, message, user};
use crate::{
    Actor, ChangeKind, Conflict, Result, StoreError, employees, lookup, messages, timeline,
};

/// An operator who has taken a task keeps others off it for so long.
const TAKEN_FOR: SignedDuration = SignedDuration::from_mins(10);
/// Most tasks that are listed, the longest due first.
const LISTED_MAX: u64 = 100;
/// Written out, for the index that holds only these knows it by this text.
const OPEN: &str = "state = 'open'";

/// A call that operators owe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTask {
    /// Id.
    pub id: TaskId,
    /// Whose.
    pub company: CompanyId,
    /// By name.
    pub company_name: String,
    /// What is to be read.
    pub message: Message,
    /// Name of the message's recipient.
    pub recipient_name: String,
    /// To whom, with the numbers to call; none where the employee was deleted since.
    pub employee: Option<Employee>,
    /// By name.
    pub employee_name: String,
    /// Since when it is due.
    pub due_at: Timestamp,
    /// Calls that nobody answered.
    pub attempts: u32,
    /// How it stands.
    pub state: TaskState,
    /// The operator who is at it.
    pub taken_by: Option<UserId>,
}

impl Notice<'_> {
    /// The calls that are due, the longest due first; 100 at most. For
    /// operators, who serve every company: not scoped.
    pub async fn tasks(&self, now: Timestamp) -> Result<Vec<CallTask>> {
        let rows = due(now).limit(LISTED_MAX).all(self.store.reader()).await?;
        self.told(&rows, now).await
    }

    /// An operator takes a task, and keeps others off it for ten minutes;
    /// again is no error. [`Conflict::TaskTaken`] where another one is at it or
    /// it is done. Not scoped.
    pub async fn take_task(
        &self,
        id: TaskId,
        operator: UserId,
        now: Timestamp,
    ) -> Result<CallTask> {
        let txn = self.store.begin().await?;
        let mut row = of_operator(&txn, id, operator, now).await?;
        row.taken_by = Some(operator.0);
        row.taken_until = Some(millis(now + TAKEN_FOR));
        save(&txn, &row).await?;
        txn.commit().await?;
        self.store
            .tell(CompanyId(row.company_id), ChangeKind::Tasks);
        Ok(self.told(&[row], now).await?.swap_remove(0))
    }

    /// The task, where this operator has taken it and no other one since;
    /// [`Conflict::TaskTaken`] where not, or where it is done. For the
    /// switchboard, not scoped.
    pub async fn taken_task(
        &self,
        id: TaskId,
        operator: UserId,
        now: Timestamp,
    ) -> Result<CallTask> {
        let row = Entity::find_by_id(id.0).one(self.store.reader()).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        if row.taken_by != Some(operator.0) || !is_open(&row)? {
            return Err(StoreError::conflict(Conflict::TaskTaken));
        }
        Ok(self.told(&[row], now).await?.swap_remove(0))
    }

    /// What became of the call. Where the message was read to somebody, the
    /// next step waits anew; where they took it on, it is accepted in their
    /// name. Nobody answered: it is due again in five minutes, and given up
    /// after three calls. Not scoped.
    pub async fn finish_task(
        &self,
        id: TaskId,
        operator: &Actor,
        outcome: TaskOutcome,
        now: Timestamp,
    ) -> Result<CallTask> {
        let txn = self.store.begin().await?;
        let row = Entity::find_by_id(id.0).one(&txn).await?;
        let message_id = row.ok_or(StoreError::NotFound)?.message_id;
        // The message first, as with all that is done with it: no two wait for each other.
        let mut message = message::Entity::find_by_id(message_id)
            .lock(LockType::NoKeyUpdate)
            .one(&txn)
            .await?
            .ok_or(StoreError::NotFound)?;
        let mut row = of_operator(&txn, id, operator.user, now).await?;
        row.attempts += 1;
        row.taken_by = None;
        row.taken_until = None;
        let reached = outcome != TaskOutcome::NoAnswer;
        let state = match outcome {
            TaskOutcome::NoAnswer => match task::after_no_answer(narrow(row.attempts)?, now) {
                Some(due) => {
                    row.due_at = millis(due);
                    TaskState::Open
                }
                None => TaskState::GivenUp,
            },
            TaskOutcome::Reached | TaskOutcome::Accepted => TaskState::Reached,
        };
        row.state = name(state)?;
        save(&txn, &row).await?;
        let called = Event::Called {
            to: row.employee_name.clone(),
            reached,
        };
        timeline::add(&txn, timeline::of(&message), now, Some(operator), &called).await?;
        let open = from_name::<MessageState>(&message.state)? == MessageState::Open;
        if open && outcome == TaskOutcome::Accepted {
            let actor = in_name_of(&txn, &row, operator).await?;
            messages::accept(&txn, &mut message, &actor, now).await?;
        } else if open && reached && message.next_step_at.is_some() {
            messages::postpone(&txn, &mut message, now).await?;
        }
        messages::save(&txn, &message).await?;
        txn.commit().await?;
        let company = CompanyId(row.company_id);
        self.store.tell(company, ChangeKind::Tasks);
        self.store
            .tell(company, ChangeKind::Message(MessageId(message.id)));
        self.store.wake_steps();
        Ok(self.told(&[row], now).await?.swap_remove(0))
    }

    async fn told(&self, rows: &[Model], now: Timestamp) -> Result<Vec<CallTask>> {
        let reader = self.store.reader();
        let companies =
            lookup::company_names(reader, rows.iter().map(|row| row.company_id)).await?;
        let messages = message::Entity::find()
            .filter(message::Column::Id.is_in(rows.iter().map(|row| row.message_id)))
            .all(reader)
            .await?;
        let employees = employee::Entity::find()
            .filter(employee::Column::Id.is_in(rows.iter().map(|row| row.employee_id)))
            .all(reader)
            .await?;
        rows.iter()
            .map(|row| {
                let message = messages
                    .iter()
                    .find(|known| known.id == row.message_id)
                    .ok_or(StoreError::NotFound)?;
                let employee = employees.iter().find(|known| known.id == row.employee_id);
                Ok(CallTask {
                    id: TaskId(row.id),
                    company: CompanyId(row.company_id),
                    company_name: companies.get(&row.company_id).cloned().unwrap_or_default(),
                    message: messages::message(message)?,
                    recipient_name: message.recipient_name.clone(),
                    employee: employee.map(employees::employee),
                    employee_name: row.employee_name.clone(),
                    due_at: timestamp(row.due_at)?,
                    attempts: narrow(row.attempts)?,
                    state: from_name(&row.state)?,
                    taken_by: row
                        .taken_by
                        .filter(|_| row.taken_until.is_some_and(|until| until > millis(now)))
                        .map(UserId),
                })
            })
            .collect()
    }
}

/// Open tasks that are due, the longest due first.
pub(crate) fn due(now: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Expr::cust(OPEN))
        .filter(Column::DueAt.lte(millis(now)))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
}

/// The task, where the operator may be at it.
async fn of_operator(
    txn: &DatabaseTransaction,
    id: TaskId,
    operator: UserId,
    now: Timestamp,
) -> Result<Model> {
    let row = Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
    let row = row.ok_or(StoreError::NotFound)?;
    let by_other = row.taken_by.is_some_and(|by| by != operator.0)
        && row.taken_until.is_some_and(|until| until > millis(now));
    if by_other || !is_open(&row)? {
        return Err(StoreError::conflict(Conflict::TaskTaken));
    }
    Ok(row)
}

fn is_open(row: &Model) -> Result<bool> {
    Ok(from_name::<TaskState>(&row.state)? == TaskState::Open)
}

/// The employee who was called, as whoever accepts; the operator's user where the employee has none.
async fn in_name_of(txn: &DatabaseTransaction, row: &Model, operator: &Actor) -> Result<Actor> {
    let employee = employee::Entity::find_by_id(row.employee_id)
        .one(txn)
        .await?;
    let user = match &employee {
        Some(employee) => {
            user::Entity::find()
                .filter(user::Column::CompanyId.eq(row.company_id))
                .filter(user::Column::Login.eq(employee.email.as_str()))
                .one(txn)
                .await?
        }
        None => None,
    };
    Ok(Actor {
        user: user.map_or(operator.user, |user| UserId(user.id)),
        name: row.employee_name.clone(),
        employee: employee.map(|row| EmployeeId(row.id)),
    })
}

/// Asks operators to call an employee.
pub(crate) async fn add(
    txn: &DatabaseTransaction,
    message: &message::Model,
    employee: &employee::Model,
    due_at: Timestamp,
) -> Result<()> {
    let new = Model {
        id: Uuid::now_v7(),
        company_id: message.company_id,
        message_id: message.id,
        employee_id: employee.id,
        employee_name: employee.name.clone(),
        due_at: millis(due_at),
        attempts: 0,
        state: name(TaskState::Open)?,
        taken_by: None,
        taken_until: None,
    };
    Entity::insert(new.into_active_model())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Whom operators are asked to call about a message.
pub(crate) async fn owed<C: ConnectionTrait>(db: &C, message: Uuid) -> Result<Vec<EmployeeId>> {
    let owed: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::EmployeeId)
        .filter(Column::MessageId.eq(message))
        .filter(Expr::cust(OPEN))
        .into_tuple()
        .all(db)
        .await?;
    Ok(owed.into_iter().map(EmployeeId).collect())
}

/// Nobody is called about the message any more.
pub(crate) async fn drop_of_message(txn: &DatabaseTransaction, message: Uuid) -> Result<()> {
    drop(txn, Condition::all().add(Column::MessageId.eq(message))).await
}

/// Nobody calls employees who are gone.
pub(crate) async fn drop_of_employees(
    txn: &DatabaseTransaction,
    company: CompanyId,
    employees: &[Uuid],
) -> Result<()> {
    let of = Condition::all()
        .add(Column::CompanyId.eq(company.0))
        .add(Column::EmployeeId.is_in(employees.iter().copied()));
    drop(txn, of).await
}

async fn drop(txn: &DatabaseTransaction, of: Condition) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(name(TaskState::Needless)?))
        .filter(Expr::cust(OPEN))
        .filter(of)
        .exec(txn)
        .await?;
    Ok(())
}

async fn save(txn: &DatabaseTransaction, row: &Model) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(row.state.as_str()))
        .col_expr(Column::Attempts, Expr::value(row.attempts))
        .col_expr(Column::DueAt, Expr::value(row.due_at))
        .col_expr(Column::TakenBy, Expr::value(row.taken_by))
        .col_expr(Column::TakenUntil, Expr::value(row.taken_until))
        .filter(Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}
